"""What documents reads from the environment."""

from __future__ import annotations

from dataclasses import dataclass

from shared.settings import Reader


@dataclass(frozen=True, slots=True)
class Stores:
    """What both processes need: the database, and where other services leave manifests and results."""

    mongodb_url: str
    s3_url: str
    s3_access_key: str
    s3_secret_key: str
    s3_region: str
    files_bucket: str
    extracts_bucket: str
    base_url: str


@dataclass(frozen=True, slots=True)
class AppSettings:
    """Of the HTTP process."""

    bind: str
    ops_bind: str
    log_level: str
    auth_url: str
    stores: Stores


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Of the bus process."""

    ops_bind: str
    log_level: str
    rabbitmq_url: str
    retry_seconds: tuple[float, ...]
    stores: Stores


def read_app_settings() -> AppSettings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = AppSettings(
        bind=env.text("BIND"),
        ops_bind=env.text("OPS_BIND"),
        log_level=env.text("LOG_LEVEL", "INFO"),
        auth_url=env.url("AUTH_URL", ("http", "https")),
        stores=_stores(env),
    )
    env.finish()
    return settings


def read_worker_settings() -> WorkerSettings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = WorkerSettings(
        ops_bind=env.text("OPS_BIND"),
        log_level=env.text("LOG_LEVEL", "INFO"),
        rabbitmq_url=env.url("RABBITMQ_URL", ("amqp", "amqps")),
        retry_seconds=env.numbers("RETRY_SECONDS", (5, 60, 600)),
        stores=_stores(env),
    )
    env.finish()
    return settings


def _stores(env: Reader) -> Stores:
    return Stores(
        mongodb_url=env.url("MONGODB_URL", ("mongodb", "mongodb+srv")),
        s3_url=env.url("S3_URL", ("http", "https")),
        s3_access_key=env.secret("S3_ACCESS_KEY"),
        s3_secret_key=env.secret("S3_SECRET_KEY"),
        s3_region=env.text("S3_REGION", "us-east-1"),
        files_bucket=env.text("FILES_BUCKET", "files"),
        extracts_bucket=env.text("EXTRACTS_BUCKET", "extracts"),
        base_url=env.url("BASE_URL", ("http", "https")),
    )
