"""Public keys of clients (RFC 7517), as they send them."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from marshmallow import ValidationError, fields

MAX_KEYS = 5
MAX_KID = 200
_ALGORITHMS = {"EC": ("ES256",), "RSA": ("RS256", "PS256")}
_MEMBERS = {"EC": {"crv", "x", "y"}, "RSA": {"n", "e"}}
_COMMON = {"kty", "kid", "alg", "use"}
_PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
_RSA_BITS = range(2048, 8193)
# P-256 (SEC 2 §2.4.2).
_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


class PublicKey(fields.Dict):
    """A JWK with `kid` and `alg`: P-256 for ES256, or RSA of 2048 bits and more for RS256 or PS256."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> dict[str, str]:  # noqa: ARG002
        if not isinstance(value, dict) or not all(isinstance(member, str) for member in value.values()):
            raise ValidationError("Must be a JSON Web Key: an object of texts.")
        if _PRIVATE & value.keys():
            raise ValidationError("Holds a private key. Send the public one, and use another: this one was sent about.")
        kind = value.get("kty")
        if kind not in _MEMBERS:
            raise ValidationError("kty: must be EC or RSA.")
        unknown = sorted(value.keys() - _COMMON - _MEMBERS[kind])
        if unknown:
            raise ValidationError(f"{unknown[0]}: unknown member. Leave it out.")
        if value.get("alg") not in _ALGORITHMS[kind]:
            raise ValidationError(f"alg: must be {' or '.join(_ALGORITHMS[kind])} for a key of kty {kind}.")
        if not 1 <= len(value.get("kid", "")) <= MAX_KID:
            raise ValidationError(f"kid: must be 1 to {MAX_KID} characters.")
        if value.get("use", "sig") != "sig":
            raise ValidationError("use: must be sig.")
        (_check_point if kind == "EC" else _check_modulus)(value)
        return value


def differently_named(keys: list[dict[str, str]]) -> None:
    """ValidationError when two have the same `kid`."""
    if len({key["kid"] for key in keys}) < len(keys):
        raise ValidationError("Two keys have the same kid.")


def _check_point(key: dict[str, str]) -> None:
    x, y = (_number(key, name) for name in ("x", "y"))
    if key.get("crv") != "P-256" or not max(x, y) < _P or (y * y - x**3 + 3 * x - _B) % _P:
        raise ValidationError("crv, x, y: must be a point of P-256.")


def _check_modulus(key: dict[str, str]) -> None:
    exponent = _number(key, "e")
    if _number(key, "n").bit_length() not in _RSA_BITS or not (2 < exponent < 2**33 and exponent % 2):
        raise ValidationError(f"n, e: must be an RSA key of {_RSA_BITS[0]} to {_RSA_BITS[-1]} bits.")


def _number(key: dict[str, str], name: str) -> int:
    """The member as a number (RFC 7518 §2, Base64urlUInt)."""
    text = key.get(name, "")
    try:
        if not text or "=" in text:
            raise ValueError
        return int.from_bytes(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise ValidationError(f"{name}: must be Base64url without padding.") from None
