"""The Helm chart as a cluster would get it: rendered with one of its profiles, and what its parts would see."""

from __future__ import annotations

import base64
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.support.deployment import ROOT, SECRETS
from tests.support.tools import helm

CHART = ROOT / "charts/platform"
PROFILES = ("laptop", "small", "large")
Resource = dict[str, Any]


def run(command: str, profile: str | None, *more: str) -> subprocess.CompletedProcess[str]:
    """Helm's answer about the chart with the values of a profile."""
    release = ["paperlane"] if command == "template" else []
    values: list[str | Path] = ["--values", CHART / f"values-{profile}.yaml"] if profile else []
    return subprocess.run(
        [helm(), command, *release, CHART, *values, *more], capture_output=True, text=True, check=False
    )


@cache
def render(profile: str, *more: str) -> tuple[Resource, ...]:
    """Every resource that the profile makes."""
    result = run("template", profile, *more)
    assert result.returncode == 0, result.stderr
    return tuple(resource for resource in yaml.safe_load_all(result.stdout) if resource)


def named(profile: str, kind: str) -> dict[str, Resource]:
    """The resources of a kind, by name."""
    return {resource["metadata"]["name"]: resource for resource in render(profile) if resource["kind"] == kind}


def pods(profile: str) -> dict[str, Resource]:
    """What each workload's pods are made from, by the workload's name."""
    workloads = {**named(profile, "Deployment"), **named(profile, "StatefulSet")}
    return {name: workload["spec"]["template"]["spec"] for name, workload in workloads.items()}


def processes(profile: str) -> dict[str, Resource]:
    """The container of each process, by what `python -m` starts."""
    containers = (pods(profile)[name]["containers"][0] for name in named(profile, "Deployment"))
    return {container["command"][2]: container for container in containers}


def environment(profile: str, container: Resource) -> dict[str, str]:
    """What the process would see; the content of Secrets that this release does not bring is made up."""
    pod = next(pod for pod in pods(profile).values() if container in pod["containers"])
    (mounted,) = (volume["secret"] for volume in pod["volumes"] if volume["name"] == "settings")
    keys = {f"/run/settings/{item['path']}": item["key"] for item in mounted["items"]}

    def value(entry: Resource) -> str:
        if not entry["name"].endswith("_FILE"):
            return str(entry["value"])
        key = keys[entry["value"]]
        if profile != "laptop":
            return SECRETS[key]
        return base64.b64decode(named(profile, "Secret")[mounted["secretName"]]["data"][key]).decode()

    return {entry["name"].removesuffix("_FILE"): value(entry) for entry in container["env"]}
