"""What the deployment files must agree with: the processes of the product, and the settings that each reads."""

from __future__ import annotations

import importlib
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

from shared.settings import PREFIX, Reader

ROOT = Path(__file__).parents[2]

# A value that suits the setting, for those that a deployment takes from a secret.
SECRETS = {
    "PAPERLANE_FIRST_COMPANY": "Company",
    "PAPERLANE_FIRST_COMPANY_ID": "a" * 24,
    "PAPERLANE_FIRST_CLIENT_ID": "client",
    "PAPERLANE_FIRST_CLIENT_SECRET": secrets.token_hex(32),
    "PAPERLANE_SECRET_PEPPER": secrets.token_hex(32),
    "PAPERLANE_SECRET_PEPPER_PREVIOUS": secrets.token_hex(32),
    "PAPERLANE_AUDIT_KEY": secrets.token_hex(32),
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


def _reader(module: str) -> Callable[[], Any]:
    """What reads the settings of the process that `python -m module` starts."""
    room, process = module.rsplit(".", 1)
    settings = importlib.import_module(f"{room}.settings")
    read: Callable[[], Any] = getattr(settings, f"read_{process}_settings", None) or settings.read_settings
    return read


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
        _reader(module)()
    return asked
