"""Docker Compose: pinned, closed to the outside, and with exactly the settings that the processes read."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.auth.adapters.keys import KeyFolder
from tests.support.deployment import ROOT, SECRETS, modules, read_settings
from tests.support.tools import docker_compose

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROCESSES = {name: service for name, service in SERVICES.items() if service["image"].startswith("paperlane:")}
REQUIRED = set(re.findall(r"\$\{(\w+):\?", TEXT))
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
GUIDE = (ROOT / "docs/deploying.md").read_text()
MAKE_ENV = next(block for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) if "cat > .env" in block)


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """As Compose does it: `${NAME:?text}` and `${NAME:-default}`, the innermost first."""
    while found := re.search(r"\$\{(\w+):([?-])([^${}]*)\}", text):
        name, kind, rest = found.groups()
        text = text.replace(found.group(), values[name] if kind == "?" else values.get(name, rest))
    return text


def environment(service: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    return {name: filled_in(str(value), values) for name, value in service["environment"].items()}


def test_every_process_is_there_once() -> None:
    commands = [service["command"] for service in PROCESSES.values()]
    assert all(command[:2] == ["python", "-m"] for command in commands)
    assert sorted(command[2] for command in commands) == sorted(modules())


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_gets_all_it_must_have_and_nothing_it_does_not_read(name: str) -> None:
    given = environment(PROCESSES[name], SECRETS)
    asked = read_settings(PROCESSES[name]["command"][2], given)
    assert set(given) <= asked


def test_the_guide_lists_every_setting_and_no_other() -> None:
    asked = set().union(*(read_settings(s["command"][2], environment(s, SECRETS)) for s in PROCESSES.values()))
    table = GUIDE.partition("\n## Settings\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"`(PAPERLANE_\w+)`", table)) == asked


def test_images_are_pinned_and_ours_is_of_this_version() -> None:
    base = re.findall(r"^ARG PYTHON=(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    foreign = [service["image"] for name, service in SERVICES.items() if name not in PROCESSES]
    assert all(re.search(r":\d+\.\d+[\w.-]*$", image) for image in (*foreign, *base)), (foreign, base)
    assert {service["image"] for service in PROCESSES.values()} == {f"paperlane:{VERSION}"}


def test_only_the_gateway_can_be_reached_and_only_from_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"gateway": ["127.0.0.1:${PAPERLANE_PORT:-8080}:8080"]}
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["gateway"]
    assert {name for name, network in COMPOSE["networks"].items() if not network.get("internal")} == {"outside"}


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_has_no_rights_beyond_its_work(name: str) -> None:
    service = PROCESSES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


def test_everything_waits_until_what_it_needs_is_healthy() -> None:
    for name, service in SERVICES.items():
        assert "test" in service["healthcheck"], name
        for condition in service.get("depends_on", {}).values():
            assert condition == {"condition": "service_healthy"}, name


def test_the_image_holds_what_the_processes_are_made_of_and_no_secret() -> None:
    copied = set(re.findall(r"^COPY (\w+) \w+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    assert copied == {"shared", *(module.split(".")[0] for module in modules())}
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == {*copied, "requirements/runtime.txt"}


def run_guide(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", MAKE_ENV], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the guide uses openssl, which is not installed")
def test_the_guides_lines_make_every_secret_once(tmp_path: Path) -> None:
    first = run_guide(tmp_path)
    assert first.returncode == 0, first.stderr
    made = (tmp_path / ".env").read_text()
    values = {name: value.strip('"') for name, value in (line.split("=", 1) for line in made.splitlines())}
    assert set(values) == REQUIRED == REQUIRED & set(SECRETS)
    assert os.stat(tmp_path / ".env").st_mode & 0o077 == 0
    assert os.stat(tmp_path / "secrets").st_mode & 0o077 == 0
    for service in PROCESSES.values():
        read_settings(service["command"][2], environment(service, values))
    assert run_guide(tmp_path).returncode != 0
    assert (tmp_path / ".env").read_text() == made


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the guide uses openssl, which is not installed")
def test_the_guides_signing_key_is_one_that_auth_takes(tmp_path: Path) -> None:
    run_guide(tmp_path)
    assert len(KeyFolder(tmp_path / "secrets/signing-keys", 0).public_keys()) == 1


def compose_config(values: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [docker_compose(), "--file", ROOT / "docker-compose.yml", "--env-file", os.devnull, "config", "--quiet"],
        env={"PATH": os.defpath, **values},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.extra
def test_compose_accepts_the_file() -> None:
    result = compose_config({name: SECRETS[name] for name in REQUIRED})
    assert result.returncode == 0, result.stderr
    assert not result.stderr


@pytest.mark.extra
@pytest.mark.parametrize("missing", sorted(REQUIRED))
def test_compose_says_what_is_missing_and_the_cure(missing: str) -> None:
    result = compose_config({name: SECRETS[name] for name in REQUIRED - {missing}})
    assert result.returncode != 0
    assert f"{missing} is missing a value: make .env first, docs/deploying.md says how" in result.stderr
