"""The signing keys: EC P-256 private keys as PEM files in a folder, which may change while we run."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import ECKey

from shared.bearer import ALGORITHMS
from shared.logs import get_logger

LOOK_SECONDS = 0.5

Clock = Callable[[], float]
# What tells that a file has changed: modification time in nanoseconds, and size.
Marks = Mapping[str, tuple[int, int]]

log = get_logger(__name__)


class KeyFault(Exception):
    """A file is no key to sign tokens with."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`public` is the JWK that others get, `shown_at` when they could get it first, in seconds since 1970."""

    kid: str
    private: ECKey
    public: dict[str, Any]
    shown_at: float


class KeyFolder:
    """The keys of the folder's `*.pem` files, looked at twice a second at most. SystemExit when it starts without any.

    A key is shown from the moment it is there and signs `publish_seconds` later, when everybody can know it; of those
    that may sign, the last by file name does. A file that goes takes its key with it; one that cannot be read changes
    nothing.
    """

    def __init__(self, folder: Path, publish_seconds: float, clock: Clock = time.time) -> None:
        self._folder, self._publish_seconds, self._clock = folder, publish_seconds, clock
        self._lock = threading.Lock()
        self._look_again_at = 0.0
        try:
            self._marks: Marks = _marks(folder)
            self._keys = {
                name: read_key(folder / name, min(clock(), at / 1e9)) for name, (at, _) in self._marks.items()
            }
        except (OSError, KeyFault) as fault:
            raise SystemExit(f"The signing keys cannot be read: {fault}") from fault
        if not self._keys:
            raise SystemExit(f"There is no *.pem file in {folder}. Put an EC P-256 private key there.")
        self._public = self._shown()

    def public_keys(self) -> tuple[dict[str, Any], ...]:
        """The public keys; the same object for as long as they are the same."""
        self._look()
        return self._public

    def signing_key(self) -> SigningKey | None:
        """The key to sign with, None when the folder is empty."""
        self._look()
        keys = list(self._keys.values())
        known = [key for key in keys if self._clock() >= key.shown_at + self._publish_seconds]
        # Keys that are all new came together; the first has been there longest by its name.
        return known[-1] if known else next(iter(keys), None)

    def _look(self) -> None:
        now = time.monotonic()
        if now < self._look_again_at or not self._lock.acquire(blocking=False):
            return
        try:
            self._look_again_at = now + LOOK_SECONDS
            marks = _marks(self._folder)
            if marks != self._marks:
                self._read(marks)
                self._marks = marks
        except OSError as fault:
            log.warning("signing_keys_not_looked_at", reason=str(fault))
        finally:
            self._lock.release()

    def _read(self, marks: Marks) -> None:
        keys = {}
        for name in marks:
            known = self._keys.get(name)
            if known is None or marks[name] != self._marks.get(name):
                known = self._read_anew(name, known)
            if known is not None:
                keys[name] = known
        self._keys, before = keys, self._keys
        self._public = self._shown()
        kids = [key.kid for key in keys.values()]
        log.warning("signing_keys_changed", now=kids, gone=[k.kid for k in before.values() if k.kid not in kids])

    def _read_anew(self, name: str, known: SigningKey | None) -> SigningKey | None:
        try:
            read = read_key(self._folder / name, self._clock())
        except KeyFault as fault:
            log.warning("signing_key_ignored", reason=str(fault))
            return known
        return known if known is not None and known.kid == read.kid else read

    def _shown(self) -> tuple[dict[str, Any], ...]:
        return tuple(key.public for key in self._keys.values())


def read_key(file: Path, shown_at: float) -> SigningKey:
    """The key in the file; KeyFault says what is wrong with it."""
    try:
        private = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise KeyFault(f"{file} is no readable PEM key: {fault}") from fault
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise KeyFault(f"{file} is not an EC P-256 private key.")
    return make_key(private, shown_at)


def make_key(private: ec.EllipticCurvePrivateKey, shown_at: float) -> SigningKey:
    """The key with its public JWK, under its RFC 7638 thumbprint."""
    jwk = ECKey.import_key(private.public_key())
    kid = jwk.thumbprint()
    return SigningKey(
        kid, ECKey.import_key(private), {**jwk.as_dict(), "kid": kid, "use": "sig", "alg": ALGORITHMS[0]}, shown_at
    )


def _marks(folder: Path) -> Marks:
    """By name and in its order, what tells each `*.pem` file from an earlier one."""
    with os.scandir(folder) as entries:
        files = sorted((entry.name, entry.stat()) for entry in entries if entry.name.endswith(".pem"))
    return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in files}
