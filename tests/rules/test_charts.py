"""The Helm chart: complete in itself, refusing wrong values, and with exactly the settings that the processes read."""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from tests.support.chart import CHART, PROFILES, environment, named, processes, render, run
from tests.support.deployment import ROOT, modules, read_settings
from tests.support.tools import helm

KUBERNETES = ("1.29", "1.33", "1.37")
SCHEMA = json.loads((CHART / "values.schema.json").read_text())
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def load(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text())
    return content


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: merged(base[key], over[key]) for key in base.keys() & over.keys() if isinstance(base[key], dict)}
    return {**base, **over, **both}


def test_the_chart_is_complete_in_its_folder_and_of_this_version() -> None:
    charts = {path.parent.name: load(path) for path in CHART.glob("charts/*/Chart.yaml")}
    parent = load(CHART / "Chart.yaml")
    listed = {entry["name"]: entry for entry in parent["dependencies"]}
    assert set(listed) == set(charts)
    assert all("repository" not in entry for entry in listed.values())
    assert {chart["version"] for chart in (*charts.values(), *listed.values(), parent)} == {VERSION}
    assert {chart["appVersion"] for chart in (*charts.values(), parent)} == {VERSION}


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_keeps_to_the_schema(profile: str) -> None:
    values = merged(load(CHART / "values.yaml"), load(CHART / f"values-{profile}.yaml"))
    jsonschema.validate(values, SCHEMA)
    assert bool(values["global"]["ownServers"]) == (profile == "laptop")


def test_the_schema_knows_every_name() -> None:
    def open_objects(schema: Any, path: str) -> Iterator[str]:
        if isinstance(schema, dict):
            if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
                yield path
            for key, part in schema.items():
                yield from open_objects(part, f"{path}/{key}")

    assert list(open_objects(SCHEMA, "")) == ["/properties/library"]  # Helm itself puts `global` there


def test_servers_of_the_chart_are_those_of_compose() -> None:
    compose = load(ROOT / "docker-compose.yml")["services"]
    servers = load(CHART / "values.yaml")["servers"]
    assert {name: server["image"] for name, server in servers.items()} == {
        name: compose[name]["image"] for name in servers
    }


# What follows asks Helm.


@pytest.mark.extra
@pytest.mark.parametrize("profile", PROFILES)
def test_helm_finds_no_fault(profile: str) -> None:
    result = run("lint", profile, "--strict")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.extra
@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("profile", PROFILES)
def test_kubernetes_would_take_it(profile: str, version: str) -> None:
    resources = render(profile, "--kube-version", version)
    for resource in resources:
        kubernetes_validate.validate(resource, version, strict=True)
    assert {resource["apiVersion"] for resource in resources} <= {"v1", "apps/v1", "networking.k8s.io/v1"}


@pytest.mark.extra
@pytest.mark.parametrize("module", sorted(modules()))
@pytest.mark.parametrize("profile", PROFILES)
def test_a_process_gets_all_it_must_have_and_nothing_it_does_not_read(profile: str, module: str) -> None:
    given = environment(profile, processes(profile)[module])
    asked = read_settings(module, given)
    assert set(given) <= asked


@pytest.mark.extra
@pytest.mark.parametrize("profile", PROFILES)
def test_addresses_lead_to_services_and_services_to_pods(profile: str) -> None:
    services = named(profile, "Service")
    workloads = {**named(profile, "Deployment"), **named(profile, "StatefulSet")}
    for service in services.values():
        chosen = [
            workload["spec"]["template"]
            for workload in workloads.values()
            if service["spec"]["selector"].items() <= workload["spec"]["template"]["metadata"]["labels"].items()
        ]
        assert len(chosen) == 1, service["metadata"]["name"]
        port = service["spec"]["ports"][0]
        listening = {entry["name"]: entry["containerPort"] for entry in chosen[0]["spec"]["containers"][0]["ports"]}
        assert port.get("targetPort", port["port"]) in {*listening, *listening.values()}
    for container in processes(profile).values():
        for name, value in environment(profile, container).items():
            if name in ("PAPERLANE_AUTH_URL", "PAPERLANE_FILES_URL", "PAPERLANE_DOCUMENTS_URL"):
                assert value.removeprefix("http://") in services


@pytest.mark.extra
def test_a_small_company_has_two_of_every_http_process() -> None:
    deployments = named("small", "Deployment")
    for name in named("small", "Service"):
        assert deployments[name]["spec"]["replicas"] == 2
        assert deployments[name]["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


@pytest.mark.extra
@pytest.mark.parametrize("profile", ["small", "large"])
def test_the_same_values_give_the_same_text(profile: str) -> None:
    assert run("template", profile).stdout == run("template", profile).stdout


@pytest.mark.extra
def test_the_longest_release_name_makes_names_that_kubernetes_takes() -> None:
    result = subprocess.run(
        [helm(), "template", "n" * 53, CHART, "--values", CHART / "values-laptop.yaml"],
        capture_output=True,
        text=True,
        check=True,
    )
    names = [resource["metadata"]["name"] for resource in yaml.safe_load_all(result.stdout) if resource]
    assert max(map(len, names)) <= 63
    assert len(names) == len(render("laptop"))


@pytest.mark.extra
@pytest.mark.parametrize(
    "name",
    [
        "global.baseUrl",
        "gateway.existingSecret",
        "auth.existingSecret",
        "auth.signingKeysSecret",
        "files.existingSecret",
        "documents.existingSecret",
        "extraction.existingSecret",
    ],
)
def test_what_must_be_given_is_asked_for_by_name(name: str) -> None:
    result = run("template", "small", "--set", f"{name}=")
    assert result.returncode != 0
    assert f"{name}: " in result.stderr


@pytest.mark.extra
@pytest.mark.parametrize(
    "value",
    [
        "nonsense=1",
        "gateway.app.replica=2",
        "gateway.app.replicas=-1",
        "gateway.app.resources.limits.memory=lots",
        "global.baseUrl=https://paperlane.example.com/path",
        "global.image.tag=latest",
        "global.logLevel=chatty",
        "global.plans.default.requests=0",
        "global.plans.Gold.requests=1",
        "gateway.trustedProxies={10.0.0.1}",
        "auth.firstCompany.id=1",
        "auth.keyPublishSeconds=-1",
        "extraction.jobSeconds=0",
        "servers.mongodb.image=mongo",
    ],
)
def test_a_wrong_value_is_refused(value: str) -> None:
    result = run("template", "small", "--set", value)
    assert result.returncode != 0
    assert "values don't meet the specifications of the schema" in result.stderr
