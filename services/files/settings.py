"""What files reads from the environment."""

from __future__ import annotations

from dataclasses import dataclass

from shared.settings import HttpProcess, ObjectStorage, Reader


@dataclass(frozen=True, slots=True)
class Settings:
    process: HttpProcess
    mongodb_url: str
    object_storage: ObjectStorage
    bucket: str
    auth_url: str


def read_settings() -> Settings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = Settings(
        process=env.http_process(),
        mongodb_url=env.mongodb_url(),
        object_storage=env.object_storage(),
        bucket=env.text("FILES_BUCKET", "files"),
        auth_url=env.http_url("AUTH_URL"),
    )
    env.finish()
    return settings
