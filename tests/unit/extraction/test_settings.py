"""What the environment must say before extraction starts."""

from pathlib import Path

import pytest

from services.extraction.settings import PACKAGED_TESSDATA, read_settings
from shared.settings import SettingsFault

GIVEN = {
    "OPS_BIND": "127.0.0.1:9105",
    "MONGODB_URL": "mongodb://127.0.0.1:27017/extraction",
    "RABBITMQ_URL": "amqp://guest:guest@127.0.0.1:5672/",
    "S3_URL": "http://127.0.0.1:9000",
    "S3_ACCESS_KEY": "an-access-key",
    "S3_SECRET_KEY": "a-secret-key",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GIVEN.items():
        monkeypatch.setenv(f"PAPERLANE_{name}", value)
    return monkeypatch


def test_what_is_not_given_has_a_default(environment: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    assert settings.job_seconds == 120
    assert settings.process.retry_seconds == (5, 60, 600)
    assert settings.extracts_bucket == "extracts"
    assert settings.tessdata == PACKAGED_TESSDATA


def test_another_folder_of_language_models_can_be_given(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PAPERLANE_TESSDATA", "/usr/share/tesseract-ocr/5/tessdata")
    assert read_settings().tessdata == Path("/usr/share/tesseract-ocr/5/tessdata")


def test_all_faults_are_told_at_once(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PAPERLANE_RABBITMQ_URL", "http://broker")
    environment.setenv("PAPERLANE_JOB_SECONDS", "0")
    environment.delenv("PAPERLANE_S3_SECRET_KEY")
    with pytest.raises(SettingsFault) as fault:
        read_settings()
    for name in ("RABBITMQ_URL", "JOB_SECONDS", "S3_SECRET_KEY"):
        assert f"PAPERLANE_{name}" in str(fault.value)
