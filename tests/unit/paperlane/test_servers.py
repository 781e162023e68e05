"""The servers' addresses and files, as far as they can be judged without starting one."""

import base64
import hashlib
import json

import pytest

from paperlane.local.servers import rabbitmq
from paperlane.local.servers.mongodb import database_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mongodb://127.0.0.1:27/?replicaSet=p", "mongodb://127.0.0.1:27/auth?replicaSet=p"),
        ("mongodb://db", "mongodb://db/auth"),
        ("mongodb://a:1,b:2/team?w=1", "mongodb://a:1,b:2/team_auth?w=1"),
        # The database of a URL also knows its user; a service's database does not.
        ("mongodb://u:p%40@db/", "mongodb://u:p%40@db/auth?authSource=admin"),
        ("mongodb://u:p@db/team", "mongodb://u:p@db/team_auth?authSource=team"),
        ("mongodb://u:p@db/?authSource=x", "mongodb://u:p@db/auth?authSource=x"),
        ("mongodb+srv://u:p@db/?tls=true", "mongodb+srv://u:p@db/auth?tls=true&authSource=admin"),
    ],
)
def test_each_service_gets_a_database_of_its_own(url: str, expected: str) -> None:
    assert database_url(url, "auth") == expected


def test_the_broker_knows_our_user_only_by_the_hash_of_its_password() -> None:
    files = rabbitmq.files(20_005, "pass word", "cookie", ("/", "stack"))
    user = json.loads(files[rabbitmq.DEFINITIONS])["users"][0]
    salt, digest = (raw := base64.b64decode(user["password_hash"]))[:4], raw[4:]
    assert digest == hashlib.sha256(salt + b"pass word").digest()
    assert "pass word" not in "".join(files.values())
    assert files == rabbitmq.files(20_005, "pass word", "cookie", ("/", "stack"))


def test_the_broker_listens_on_this_machine_only_and_has_every_virtual_host() -> None:
    files = rabbitmq.files(20_005, "p", "cookie", ("/", "stack"))
    assert "listeners.tcp.1 = 127.0.0.1:20005\n" in files[rabbitmq.CONFIGURATION]
    assert {entry["vhost"] for entry in json.loads(files[rabbitmq.DEFINITIONS])["permissions"]} == {"/", "stack"}
