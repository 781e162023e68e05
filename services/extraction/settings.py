"""What extraction reads from the environment."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from shared.settings import BusProcess, ObjectStorage, Reader

# Where the packages tessdata-fast-* of the Python index put their language models.
PACKAGED_TESSDATA = Path(sys.prefix, "share", "tessdata")


@dataclass(frozen=True, slots=True)
class Settings:
    """`job_seconds` is the wall clock of one document; `tessdata` the folder with Tesseract's language models."""

    process: BusProcess
    mongodb_url: str
    object_storage: ObjectStorage
    extracts_bucket: str
    job_seconds: int
    tessdata: Path


def read_settings() -> Settings:
    """The settings; SettingsFault tells all that is wrong with them."""
    env = Reader()
    settings = Settings(
        process=env.bus_process(),
        mongodb_url=env.mongodb_url(),
        object_storage=env.object_storage(),
        extracts_bucket=env.text("EXTRACTS_BUCKET", "extracts"),
        job_seconds=env.integer("JOB_SECONDS", 120, minimum=1),
        tessdata=Path(env.text("TESSDATA", str(PACKAGED_TESSDATA))),
    )
    env.finish()
    return settings
