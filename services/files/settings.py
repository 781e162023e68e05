"""What files reads from the environment."""

from __future__ import annotations

from dataclasses import dataclass

from shared.settings import AuditSettings, BusProcess, HttpProcess, ObjectStorage, Reader


@dataclass(frozen=True, slots=True)
class Stores:
    """Where both processes keep things."""

    mongodb_url: str
    object_storage: ObjectStorage
    bucket: str
    audit: AuditSettings


@dataclass(frozen=True, slots=True)
class AppSettings:
    """Of the HTTP process."""

    process: HttpProcess
    stores: Stores
    auth_url: str


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Of the bus process."""

    process: BusProcess
    stores: Stores


def read_app_settings() -> AppSettings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = AppSettings(env.http_process(), _stores(env), env.http_url("AUTH_URL"))
    env.finish()
    return settings


def read_worker_settings() -> WorkerSettings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = WorkerSettings(env.bus_process(), _stores(env))
    env.finish()
    return settings


def _stores(env: Reader) -> Stores:
    return Stores(env.mongodb_url(), env.object_storage(), env.text("FILES_BUCKET", "files"), env.audit())
