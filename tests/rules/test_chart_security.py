"""The Helm chart's guards: what a pod may do, who may connect to it, and which secrets it gets."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from services.auth.adapters.keys import KeyFolder
from tests.support.chart import PROFILES, Resource, environment, named, pods, processes, run


@pytest.mark.extra
@pytest.mark.parametrize("profile", PROFILES)
def test_no_pod_has_rights_beyond_its_work(profile: str) -> None:
    for name, pod in pods(profile).items():
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["runAsUser"] > 0, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert all(set(volume) <= {"name", "emptyDir", "secret"} for volume in pod["volumes"]), name
        for container in pod["containers"]:
            assert container["securityContext"]["allowPrivilegeEscalation"] is False, name
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name
            assert container["resources"]["requests"]["cpu"], name
            assert container["resources"]["limits"]["memory"], name
    assert all(container["securityContext"]["readOnlyRootFilesystem"] for container in processes(profile).values())


@pytest.mark.extra
@pytest.mark.parametrize("profile", PROFILES)
def test_only_who_must_may_connect(profile: str) -> None:
    needed: dict[str, set[str]] = {name: set() for name in named(profile, "Service")}
    for container in processes(profile).values():
        for value in environment(profile, container).values():
            host = urlsplit(value).hostname if "://" in value else None
            if host in needed:
                needed[host].add(container["name"])
    granted: dict[str, set[str]] = {}
    for name, policy in named(profile, "NetworkPolicy").items():
        assert policy["spec"]["policyTypes"] == ["Ingress"]
        for rule in policy["spec"]["ingress"]:
            if rule["ports"] != [{"port": "ops"}]:
                granted[name] = {caller for peer in rule.get("from", ()) for caller in callers(peer)}
    assert named(profile, "NetworkPolicy").keys() == pods(profile).keys()
    assert granted == needed


def callers(peer: Resource) -> list[str]:
    """The parts of this release that a policy's peer names."""
    assert peer["podSelector"]["matchLabels"] == {"app.kubernetes.io/instance": "paperlane"}
    (named_by,) = peer["podSelector"]["matchExpressions"]
    assert (named_by["key"], named_by["operator"]) == ("app.kubernetes.io/name", "In")
    parts: list[str] = named_by["values"]
    return parts


@pytest.mark.extra
def test_a_replaced_pepper_is_handed_to_auth_alone() -> None:
    result = run("template", "small", "--set", "auth.pepperIsReplaced=true")
    named_files = re.findall(r"value: /run/settings/(\w+_PREVIOUS)", result.stdout)
    assert named_files == ["PAPERLANE_SECRET_PEPPER_PREVIOUS"]
    assert result.stdout.count("key: PAPERLANE_SECRET_PEPPER_PREVIOUS,") == 1


@pytest.mark.extra
def test_the_laptops_signing_key_is_one_that_auth_takes(tmp_path: Path) -> None:
    volumes = {volume["name"]: volume for volume in pods("laptop")["paperlane-auth"]["volumes"]}
    keys = named("laptop", "Secret")[volumes["signing-keys"]["secret"]["secretName"]]
    for name, content in keys["data"].items():
        (tmp_path / name).write_bytes(base64.b64decode(content))
    assert len(KeyFolder(tmp_path, 0).public_keys()) == 1
