"""What the deployment files must agree with: the processes of the product, and the settings that each reads."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from unittest.mock import patch

import gateway.settings
import services.auth.settings
import services.documents.settings
import services.extraction.settings
import services.files.settings
from shared.settings import PREFIX, Reader

ROOT = Path(__file__).parents[2]

# What `python -m` starts, and how it reads its settings.
READERS: dict[str, Callable[[], object]] = {
    "gateway.app": gateway.settings.read_settings,
    "services.auth.app": services.auth.settings.read_settings,
    "services.files.app": services.files.settings.read_settings,
    "services.documents.app": services.documents.settings.read_app_settings,
    "services.documents.worker": services.documents.settings.read_worker_settings,
    "services.extraction.worker": services.extraction.settings.read_settings,
}

# A value that suits the setting, for those that a deployment takes from a secret.
SECRETS = {
    "PAPERLANE_FIRST_COMPANY": "Company",
    "PAPERLANE_FIRST_COMPANY_ID": "a" * 24,
    "PAPERLANE_FIRST_CLIENT_ID": "client",
    "PAPERLANE_FIRST_CLIENT_SECRET": secrets.token_hex(32),
    "PAPERLANE_SECRET_PEPPER": secrets.token_hex(32),
    "PAPERLANE_MONGODB_URL": "mongodb://host/database?replicaSet=rs0",
    "PAPERLANE_RABBITMQ_URL": "amqp://user:password@host:5672/%2F",
    "PAPERLANE_S3_URL": "http://host:8333",
    "PAPERLANE_S3_ACCESS_KEY": "k" * 8,
    "PAPERLANE_S3_SECRET_KEY": "k" * 8,
    "RABBITMQ_PASSWORD": "password",
}


def modules() -> set[str]:
    """Every process there is."""
    files = (*(ROOT / "services").glob("*/app.py"), *(ROOT / "services").glob("*/worker.py"), ROOT / "gateway/app.py")
    return {".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files}


def read_settings(module: str, environment: Mapping[str, str]) -> set[str]:
    """Read the settings of a process from this environment alone; the names that it asked for.

    SettingsFault says what is missing or wrong.
    """
    asked: set[str] = set()
    read = Reader._read

    def spy(reader: Reader, parse: object, name: str, *rest: object, **more: object) -> object:
        asked.add(PREFIX + name)
        return read(reader, parse, name, *rest, **more)  # type: ignore[arg-type]

    with patch.dict(os.environ, environment, clear=True), patch.object(Reader, "_read", spy):
        READERS[module]()
    return asked
