"""What files reads from the environment."""

from __future__ import annotations

from dataclasses import dataclass

from shared.settings import Reader


@dataclass(frozen=True, slots=True)
class Settings:
    bind: str
    ops_bind: str
    log_level: str
    mongodb_url: str
    s3_url: str
    s3_access_key: str
    s3_secret_key: str
    s3_region: str
    bucket: str
    auth_url: str


def read_settings() -> Settings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = Settings(
        bind=env.text("BIND"),
        ops_bind=env.text("OPS_BIND"),
        log_level=env.text("LOG_LEVEL", "INFO"),
        mongodb_url=env.url("MONGODB_URL", ("mongodb", "mongodb+srv")),
        s3_url=env.url("S3_URL", ("http", "https")),
        s3_access_key=env.secret("S3_ACCESS_KEY", minimum=8),
        s3_secret_key=env.secret("S3_SECRET_KEY", minimum=8),
        s3_region=env.text("S3_REGION", "us-east-1"),
        bucket=env.text("FILES_BUCKET", "files"),
        auth_url=env.url("AUTH_URL", ("http", "https")),
    )
    env.finish()
    return settings
