"""The folder of signing keys: shown at once, used when everybody can know them, gone with their files (S-13)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.auth.adapters import keys
from services.auth.adapters.keys import KeyFolder

PUBLISH_SECONDS = 60


class Time:
    """A clock that a test sets, in seconds after the newest file."""

    def __init__(self) -> None:
        self.now = 4e9

    def __call__(self) -> float:
        return self.now


def put(folder: Path, name: str, private: object = None) -> None:
    key = private or ec.generate_private_key(ec.SECP256R1())
    assert isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey))
    (folder / name).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.fixture(autouse=True)
def looked_at_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "LOOK_SECONDS", 0.0)


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def ring(tmp_path: Path, clock: Time) -> KeyFolder:
    put(tmp_path, "1.pem")
    return KeyFolder(tmp_path, PUBLISH_SECONDS, clock)


def shown(ring: KeyFolder) -> list[str]:
    return [key["kid"] for key in ring.public_keys()]


def signing(ring: KeyFolder) -> str:
    key = ring.signing_key()
    assert key is not None
    return key.kid


def test_the_only_key_signs_at_once_and_shows_nothing_private(ring: KeyFolder) -> None:
    (public,) = ring.public_keys()
    assert signing(ring) == public["kid"]
    assert set(public) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_a_new_key_is_shown_before_it_signs(ring: KeyFolder, tmp_path: Path, clock: Time) -> None:
    old = signing(ring)
    put(tmp_path, "2.pem")
    assert len(shown(ring)) == 2
    assert signing(ring) == old
    clock.now += PUBLISH_SECONDS
    assert signing(ring) == shown(ring)[1] != old


def test_a_file_that_goes_takes_its_key_with_it(ring: KeyFolder, tmp_path: Path) -> None:
    put(tmp_path, "2.pem")
    gone = shown(ring)[0]
    (tmp_path / "1.pem").unlink()
    assert gone not in shown(ring)
    assert signing(ring) == shown(ring)[0]
    (tmp_path / "2.pem").unlink()
    assert ring.public_keys() == ()
    assert ring.signing_key() is None


@pytest.mark.parametrize("name", ["1.pem", "2.pem"])
def test_a_file_that_is_no_key_changes_nothing(ring: KeyFolder, tmp_path: Path, name: str) -> None:
    before = shown(ring)
    (tmp_path / name).write_text("-----BEGIN PRIVATE KEY-----\nhalf a ke")
    assert shown(ring) == before
    assert signing(ring) == before[0]


def test_a_key_of_another_kind_is_no_key(ring: KeyFolder, tmp_path: Path) -> None:
    put(tmp_path, "2.pem", ec.generate_private_key(ec.SECP384R1()))
    put(tmp_path, "3.pem", rsa.generate_private_key(65537, 2048))
    assert len(shown(ring)) == 1


def test_a_folder_that_cannot_be_looked_at_changes_nothing(ring: KeyFolder, tmp_path: Path) -> None:
    before = ring.public_keys()
    tmp_path.rename(tmp_path.with_name("elsewhere"))
    assert ring.public_keys() is before


def test_after_a_start_the_newest_key_that_was_there_long_enough_signs(tmp_path: Path, clock: Time) -> None:
    put(tmp_path, "1.pem")
    put(tmp_path, "2.pem")
    ring = KeyFolder(tmp_path, PUBLISH_SECONDS, clock)
    assert signing(ring) == shown(ring)[1]
    clock.now = 0  # all of them are new
    assert signing(KeyFolder(tmp_path, PUBLISH_SECONDS, clock)) == shown(ring)[0]


@pytest.mark.parametrize(
    "prepare",
    [
        Path.exists,
        lambda folder: (folder / "1.pem").write_text("nothing"),
        lambda folder: folder.rmdir(),
    ],
)
def test_without_a_key_there_is_no_start(tmp_path: Path, prepare: Callable[[Path], None]) -> None:
    prepare(tmp_path)
    with pytest.raises(SystemExit, match=r"pem|keys"):
        KeyFolder(tmp_path, PUBLISH_SECONDS)
