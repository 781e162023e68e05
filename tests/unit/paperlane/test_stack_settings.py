"""What a stack is asked to be, and that it is remembered."""

from pathlib import Path

import pytest

from paperlane.local.errors import StackFault
from paperlane.local.home import Home
from paperlane.local.servers.s3 import Account
from paperlane.local.settings import StackSettings


def test_without_variables_every_server_is_started() -> None:
    settings = StackSettings.from_environment({"PAPERLANE_MONGODB_URL": ""}, 8080)
    assert settings == StackSettings(port=8080)
    assert (settings.mongodb_url, settings.rabbitmq_url, settings.s3) == (None, None, None)


def test_each_server_can_be_given() -> None:
    environment = {
        "PAPERLANE_MONGODB_URL": "mongodb://db/",
        "PAPERLANE_RABBITMQ_URL": "amqp://broker/",
        "PAPERLANE_S3_URL": "https://store/",
        "PAPERLANE_S3_ACCESS_KEY": "access",
        "PAPERLANE_S3_SECRET_KEY": "secret",
        "PAPERLANE_FILES_BUCKET": "mine",
        "PAPERLANE_PLANS": "default=1/1 anonymous=1/1",
    }
    settings = StackSettings.from_environment(environment, 9)
    assert (settings.mongodb_url, settings.rabbitmq_url) == ("mongodb://db/", "amqp://broker/")
    assert settings.s3 == Account("https://store", "access", "secret")
    assert (settings.files_bucket, settings.extracts_bucket) == ("mine", "extracts")
    assert settings.plans == "default=1/1 anonymous=1/1"


def test_a_store_without_its_keys_is_refused() -> None:
    with pytest.raises(StackFault, match="without the keys"):
        StackSettings.from_environment({"PAPERLANE_S3_URL": "https://store", "PAPERLANE_S3_ACCESS_KEY": "a"}, 1)


@pytest.mark.parametrize("s3", [None, Account("http://store", "a", "b")])
def test_they_are_kept_in_the_home(tmp_path: Path, s3: Account | None) -> None:
    home = Home.at(tmp_path / "home")
    home.prepare()
    assert StackSettings.kept(home) is None
    settings = StackSettings(port=81, mongodb_url="mongodb://x", s3=s3, vhosts=("/", "other"))
    settings.keep(home)
    assert StackSettings.kept(home) == settings
