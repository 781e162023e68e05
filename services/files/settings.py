"""What files reads from the environment."""

from __future__ import annotations

from dataclasses import dataclass

from shared.settings import AuditSettings, BusProcess, HttpProcess, ObjectStorage, Reader


@dataclass(frozen=True, slots=True)
class AppSettings:
    """Of the HTTP process."""

    process: HttpProcess
    mongodb_url: str
    object_storage: ObjectStorage
    bucket: str
    auth_url: str
    audit: AuditSettings


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Of the bus process."""

    process: BusProcess
    mongodb_url: str


def read_app_settings() -> AppSettings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = AppSettings(
        process=env.http_process(),
        mongodb_url=env.mongodb_url(),
        object_storage=env.object_storage(),
        bucket=env.text("FILES_BUCKET", "files"),
        auth_url=env.http_url("AUTH_URL"),
        audit=env.audit(),
    )
    env.finish()
    return settings


def read_worker_settings() -> WorkerSettings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = WorkerSettings(process=env.bus_process(), mongodb_url=env.mongodb_url())
    env.finish()
    return settings
