"""What extraction reads from the environment."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from shared.settings import Reader

# Where the packages tessdata-fast-* of the Python index put their language models.
PACKAGED_TESSDATA = Path(sys.prefix, "share", "tessdata")


@dataclass(frozen=True, slots=True)
class Settings:
    """`job_seconds` is the wall clock of one document; `tessdata` the folder with Tesseract's language models."""

    ops_bind: str
    log_level: str
    mongodb_url: str
    rabbitmq_url: str
    retry_seconds: tuple[float, ...]
    s3_url: str
    s3_access_key: str
    s3_secret_key: str
    s3_region: str
    extracts_bucket: str
    job_seconds: int
    tessdata: Path


def read_settings() -> Settings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = Settings(
        ops_bind=env.text("OPS_BIND"),
        log_level=env.text("LOG_LEVEL", "INFO"),
        mongodb_url=env.url("MONGODB_URL", ("mongodb", "mongodb+srv")),
        rabbitmq_url=env.url("RABBITMQ_URL", ("amqp", "amqps")),
        retry_seconds=env.numbers("RETRY_SECONDS", (5, 60, 600)),
        s3_url=env.url("S3_URL", ("http", "https")),
        s3_access_key=env.secret("S3_ACCESS_KEY"),
        s3_secret_key=env.secret("S3_SECRET_KEY"),
        s3_region=env.text("S3_REGION", "us-east-1"),
        extracts_bucket=env.text("EXTRACTS_BUCKET", "extracts"),
        job_seconds=env.integer("JOB_SECONDS", 120, minimum=1),
        tessdata=Path(env.text("TESSDATA", str(PACKAGED_TESSDATA))),
    )
    env.finish()
    return settings
