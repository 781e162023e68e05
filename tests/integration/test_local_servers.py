"""The stack's own servers: who may use them, and that they come back with their data on the same ports or on others."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pika
import pytest
from minio import Minio
from minio.error import MinioException
from pika.exceptions import ProbableAuthenticationError
from pymongo import MongoClient

from paperlane.local import lifecycle, ports
from paperlane.local.home import LOCAL, Home
from paperlane.local.settings import StackSettings
from tests.support.servers import Servers


@pytest.fixture
def home() -> Iterator[Home]:
    with TemporaryDirectory(prefix="paperlane-servers-") as folder:
        home = Home.at(Path(folder))
        home.prepare()
        yield home
        lifecycle.take_down(home, print)


def servers_of(home: Home) -> dict[str, Any]:
    lifecycle.bring_up(home, StackSettings(), os.environ, print, services=())
    return dict(home.read_json(LOCAL)["servers"])


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2].split("/")[0])


def test_they_come_back_with_their_data_also_on_another_port(home: Home) -> None:
    first = servers_of(home)
    with MongoClient[dict[str, int]](first["mongodb"]["url"]) as client:
        client.kept.things.insert_one({"number": 7})
    assert lifecycle.take_down(home, print)
    assert not lifecycle.take_down(home, print)

    another = ports.assign(["mongodb"], {})["mongodb"]
    home.change_json(lifecycle.PORTS, lambda known: known.update(mongodb=another))
    second = servers_of(home)
    assert port_of(second["mongodb"]["url"]) == another
    assert {name: known["url"] for name, known in second.items() if name != "mongodb"} == {
        name: known["url"] for name, known in first.items() if name != "mongodb"
    }
    with MongoClient[dict[str, int]](second["mongodb"]["url"]) as client:
        found = client.kept.things.find_one({})
    assert found is not None
    assert found["number"] == 7


@pytest.mark.parametrize("user", ["guest:guest", "paperlane:wrong"])
def test_the_broker_takes_nobody_else(servers: Servers, user: str) -> None:
    address = servers.rabbitmq_url.rpartition("@")[2]
    with pytest.raises(ProbableAuthenticationError):
        pika.BlockingConnection(pika.URLParameters(f"amqp://{user}@{address}"))


def test_the_store_takes_nobody_else(servers: Servers) -> None:
    store = Minio(
        servers.s3_url.removeprefix("http://"), servers.s3_access_key, "wrong", secure=False, region="us-east-1"
    )
    with pytest.raises(MinioException):
        store.list_buckets()


def test_what_holds_a_port_is_named(servers: Servers) -> None:
    assert "rclone, process" in (ports.obstacle(port_of(servers.s3_url)) or "")
    assert ports.is_free(ports.assign(["new"], {})["new"])
