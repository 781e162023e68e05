"""What the stack keeps secret: made once per home, one file each (0600), read by the services from those files."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from paperlane.local.home import Home

SIGNING_KEYS = "credentials/signing-keys"

_MADE: dict[str, Callable[[], str]] = {
    "company_id": lambda: secrets.token_hex(12),
    "client_id": lambda: f"local-{secrets.token_hex(8)}",
    "client_secret": lambda: secrets.token_urlsafe(36),
    # 256 bits after a mark by which scanners for secrets know it.
    "api_key": lambda: f"paperlane_{secrets.token_urlsafe(32)}",
    "pepper": lambda: secrets.token_urlsafe(36),
    "audit_key": lambda: secrets.token_urlsafe(36),
    "s3_access_key": lambda: secrets.token_hex(10),
    "s3_secret_key": lambda: secrets.token_urlsafe(30),
    "rabbitmq_password": lambda: secrets.token_urlsafe(24),
    "rabbitmq_cookie": lambda: secrets.token_urlsafe(24),
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """`company_id` is 24 hex digits; the others are URL-safe text of at least 20 characters. `previous_pepper` is empty
    but while a pepper is replaced: then its old value lies in that file.
    """

    company_id: str
    client_id: str
    client_secret: str
    api_key: str
    pepper: str
    previous_pepper: str
    audit_key: str
    s3_access_key: str
    s3_secret_key: str
    rabbitmq_password: str
    rabbitmq_cookie: str

    @classmethod
    def of(cls, home: Home) -> Credentials:
        """Those of `home`, made now where they are missing, with the key that signs its tokens."""
        if not any((home.path / SIGNING_KEYS).glob("*.pem")):
            add_signing_key(home)
        return cls(**{field.name: _keep(home, field.name) for field in fields(cls)})


def add_signing_key(home: Home) -> Path:
    """Put a new key behind those that are there, by its name, and tell where."""
    numbers = (int(file.stem) for file in (home.path / SIGNING_KEYS).glob("*.pem") if file.stem.isdecimal())
    name = f"{SIGNING_KEYS}/{max(numbers, default=0) + 1:04}.pem"
    home.write(name, _new_signing_key())
    return home.path / name


def _keep(home: Home, name: str) -> str:
    value = home.read(f"credentials/{name}") or ""
    if not value and name in _MADE:
        value = _MADE[name]()
        home.write(f"credentials/{name}", value)
    return value


def _new_signing_key() -> str:
    """An EC P-256 private key in PEM (PKCS #8), what ES256 signs with (RFC 7518 §3.4)."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
