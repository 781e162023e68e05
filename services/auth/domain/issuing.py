"""What auth makes up: ids of clients, secrets and API keys."""

from __future__ import annotations

import secrets

from shared.ids import new_hex_id

# By what stands before them scanners for secrets know ours. 32 random bytes follow as 43 characters, of an alphabet
# that reads the same whether or not a client encodes it.
SECRET_PREFIX = "paperlane_secret_"  # noqa: S105
API_KEY_PREFIX = "paperlane_"
_RANDOM_BYTES = 32
_HINT_CHARACTERS = 4


def new_client_id() -> str:
    """Never equal to the id of a company or a person (RFC 9700 §4.15)."""
    return f"client-{new_hex_id()}"


def new_secret() -> str:
    return SECRET_PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def new_api_key() -> str:
    return API_KEY_PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def hint(api_key: str) -> str:
    """The end of a key, to know it by."""
    return api_key[-_HINT_CHARACTERS:]
