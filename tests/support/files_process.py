"""The process of files on the real servers, for tests that need its sockets."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from minio import Minio

from shared.storage import S3Store
from tests.support import eventually
from tests.support.servers import Servers
from tests.support.tokens import serving_trust

BUCKET = "files-process"


@dataclass(frozen=True)
class FilesProcess:
    """The service at `url`, its operators' door at `ops_url`, and the way to its store."""

    url: str
    ops_url: str
    store: S3Store
    s3: Minio

    def stored(self, company: str) -> list[Any]:
        """The keys of all that lies in the bucket for the company."""
        return [found.object_name for found in self.s3.list_objects(BUCKET, f"files/{company}/", recursive=True)]


@contextmanager
def running_files(servers: Servers, database: str) -> Iterator[FilesProcess]:
    """The process for the time of the block."""
    with serving_trust() as auth_url, socket.create_server(("127.0.0.1", 0)) as door:
        with socket.create_server(("127.0.0.1", 0)) as free:
            ops = f"127.0.0.1:{free.getsockname()[1]}"
        settings = {
            "BIND": "fd://0",
            "OPS_BIND": ops,
            "MONGODB_URL": servers.mongodb_url(database),
            "S3_URL": servers.s3_url,
            "S3_ACCESS_KEY": servers.s3_access_key,
            "S3_SECRET_KEY": servers.s3_secret_key,
            "FILES_BUCKET": BUCKET,
            "AUTH_URL": auth_url,
            "AUDIT_KEY": secrets.token_urlsafe(36),
        }
        environment = {"PATH": os.defpath, **{f"PAPERLANE_{name}": value for name, value in settings.items()}}
        command = [sys.executable, "-m", "services.files.app"]
        running = subprocess.Popen(command, env=environment, stdin=door.fileno(), stderr=subprocess.DEVNULL)
        try:
            eventually(lambda: _ready(f"http://{ops}"), seconds=30)
            keys = servers.s3_access_key, servers.s3_secret_key
            s3 = Minio(urlsplit(servers.s3_url).netloc, *keys, secure=False, region="us-east-1")
            url = f"http://127.0.0.1:{door.getsockname()[1]}"
            yield FilesProcess(url, f"http://{ops}", S3Store(servers.s3_url, *keys, "us-east-1"), s3)
        finally:
            running.terminate()
            assert running.wait(timeout=40) == 0


def _ready(ops_url: str) -> bool:
    try:
        return httpx.get(f"{ops_url}/health/ready").status_code == 200
    except httpx.TransportError:
        return False
