"""What documents reads from the environment."""

from __future__ import annotations

from dataclasses import dataclass

from shared.settings import AuditSettings, BusProcess, HttpProcess, ObjectStorage, Reader


@dataclass(frozen=True, slots=True)
class Stores:
    """What both processes need: the database, and where other services leave manifests and results."""

    mongodb_url: str
    object_storage: ObjectStorage
    files_bucket: str
    base_url: str
    audit: AuditSettings


@dataclass(frozen=True, slots=True)
class AppSettings:
    """Of the HTTP process."""

    process: HttpProcess
    auth_url: str
    stores: Stores


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Of the bus process."""

    process: BusProcess
    stores: Stores


def read_app_settings() -> AppSettings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = AppSettings(
        process=env.http_process(),
        auth_url=env.http_url("AUTH_URL"),
        stores=_stores(env),
    )
    env.finish()
    return settings


def read_worker_settings() -> WorkerSettings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = WorkerSettings(
        process=env.bus_process(),
        stores=_stores(env),
    )
    env.finish()
    return settings


def read_mongodb_url() -> str:
    """What a command needs that works on the database alone; SettingsFault as above."""
    env = Reader()
    url = env.mongodb_url()
    env.finish()
    return url


def _stores(env: Reader) -> Stores:
    return Stores(
        mongodb_url=env.mongodb_url(),
        object_storage=env.object_storage(),
        files_bucket=env.text("FILES_BUCKET", "files"),
        base_url=env.http_url("BASE_URL"),
        audit=env.audit(),
    )
