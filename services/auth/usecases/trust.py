"""Whom to trust, and what there is to ask of us."""

from __future__ import annotations

from typing import Any

from services.auth.domain.assertions import ALGORITHMS
from services.auth.domain.requests import GRANT_TYPE
from services.auth.ports import Desk
from services.auth.ports.tokens import TrustDocument
from shared.contracts.auth import INTROSPECTION_PATH, JWKS_PATH, REVOCATION_PATH, TOKEN_PATH
from shared.scopes import SCOPES

_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt"]


def show_trust(desk: Desk) -> TrustDocument:
    """The document by which every other process checks tokens."""
    return desk.trust.current()


def show_keys(desk: Desk) -> dict[str, Any]:
    """The public keys that tokens are signed with (RFC 7517 §5)."""
    return {"keys": list(desk.signer.public_keys())}


def show_metadata(desk: Desk) -> dict[str, Any]:
    """What generic clients need to know of this server (RFC 8414 §2)."""
    issuer = desk.issuer
    endpoints = {"token": TOKEN_PATH, "introspection": INTROSPECTION_PATH, "revocation": REVOCATION_PATH}
    described: dict[str, Any] = {"issuer": issuer, "jwks_uri": issuer + JWKS_PATH}
    for name, path in endpoints.items():
        described[f"{name}_endpoint"] = issuer + path
        described[f"{name}_endpoint_auth_methods_supported"] = _AUTH_METHODS
        described[f"{name}_endpoint_auth_signing_alg_values_supported"] = list(ALGORITHMS)
    return described | {
        "scopes_supported": list(SCOPES),
        "response_types_supported": [],
        "grant_types_supported": [GRANT_TYPE],
    }
