"""The plan of a stack: which settings each service gets, where secrets lie, what local.json says."""

import json
import re
from configparser import RawConfigParser
from pathlib import Path

import pytest

from paperlane.local import supervision
from paperlane.local.home import Home
from paperlane.local.plan import Plan, make_plan, port_names
from paperlane.local.servers.s3 import Account
from paperlane.local.services import SECRET, SERVICES, Service
from paperlane.local.settings import StackSettings
from tests.support.deployment import read_settings

GIVEN = StackSettings(
    port=8123,
    mongodb_url="mongodb://user:geheim@db/team",
    rabbitmq_url="amqp://user:geheim@broker/",
    s3=Account("http://store", "accesskey", "geheimer schluessel"),
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "home")
    home.prepare()
    return home


def planned(home: Home, settings: StackSettings) -> Plan:
    ports = {name: 20_000 + number for number, name in enumerate(port_names(settings))}
    return make_plan(home, settings, ports)


def test_a_server_given_by_url_is_not_started(home: Home) -> None:
    plan = planned(home, GIVEN)
    assert [(server.name, server.command) for server in plan.servers] == [("mongodb", ()), ("rabbitmq", ()), ("s3", ())]
    assert not any(name in plan.files[supervision.CONFIGURATION] for name in ("mongodb", "rabbitmq", "epmd", "s3"))


def test_no_secret_lies_in_a_variable_or_an_argument(home: Home) -> None:
    for settings in (StackSettings(), GIVEN):
        plan = planned(home, settings)
        names = ("pepper", "client_secret", "api_key", "audit_key", "s3_secret_key")
        own = {(home.path / "credentials" / name).read_text() for name in names}
        for part in plan.services:
            told = " ".join((*part.command, *part.environment.values()))
            assert not [secret for secret in (*own, "geheim") if secret in told]
            assert not SECRET & part.environment.keys()


def test_the_files_that_variables_name_hold_the_secrets(home: Home) -> None:
    plan = planned(home, GIVEN)
    files = next(part for part in plan.services if part.name == "files")
    named = Path(files.environment["PAPERLANE_MONGODB_URL_FILE"]).relative_to(home.path)
    assert plan.files[str(named)] == "mongodb://user:geheim@db/team_files?authSource=team"


def test_a_replaced_pepper_is_still_known(home: Home) -> None:
    first = planned(home, StackSettings()).files
    assert not [name for name in first if "PREVIOUS" in name]
    (home.path / "credentials/pepper").rename(home.path / "credentials/previous_pepper")
    then = planned(home, StackSettings()).files
    pepper = "run/settings/auth/PAPERLANE_SECRET_PEPPER"
    assert then[f"{pepper}_PREVIOUS"] == first[pepper]
    assert then[pepper] != first[pepper]


def test_http_services_get_their_socket_from_the_supervisor(home: Home) -> None:
    plan = planned(home, StackSettings(port=8123))
    configuration = RawConfigParser()
    configuration.read_string(plan.files[supervision.CONFIGURATION])
    for part in plan.services:
        if part.listens_on:
            assert part.environment["PAPERLANE_BIND"] == "fd://0"
            section = configuration[f"fcgi-program:{part.name}"]
            assert section["socket"] == f"tcp://127.0.0.1:{part.listens_on}"
        else:
            assert f"program:{part.name}" in configuration
    assert next(part for part in plan.services if part.name == "gateway").listens_on == 8123


def test_local_json_says_where_everything_is(home: Home) -> None:
    local = planned(home, StackSettings(port=8123)).local
    assert local["base_url"] == "http://127.0.0.1:8123"
    assert local["token_url"] == "http://127.0.0.1:8123/v2/auth/token"
    assert list(local["services"]) == [service.name for service in SERVICES]
    assert list(local["servers"]) == ["mongodb", "rabbitmq", "s3"]
    assert local["servers"]["s3"].keys() == {"url", "pid", "access_key", "secret_key"}
    assert len(local["client_secret"]) >= 43
    assert re.fullmatch(r"paperlane_[A-Za-z0-9_-]{43}", local["api_key"])
    assert len(local["company_id"]) == 24


def test_the_same_home_gives_the_same_plan(home: Home) -> None:
    assert planned(home, StackSettings()).files == planned(home, StackSettings()).files


def test_a_recipe_starts_what_the_part_is(home: Home) -> None:
    plan = planned(home, StackSettings())
    recipe = json.loads(plan.files["run/parts/extraction.json"])
    assert recipe["command"][1:] == ["-P", "-m", "services.extraction.worker"]
    assert recipe["kind"] == "service"


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_each_service_gets_all_it_must_have_and_nothing_it_does_not_read(home: Home, service: Service) -> None:
    plan = planned(home, GIVEN)
    for name, content in plan.files.items():
        home.write(name, content)
    given = next(part for part in plan.services if part.name == service.name).environment
    asked = read_settings(service.module, given)
    assert {name.removesuffix("_FILE") for name in given} <= asked
