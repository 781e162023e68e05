"""Who stands at the door: by token or API key, and from one of the networks that the client is held to."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from gateway.forward.keys import KeyRing
from shared.addresses import read_networks, within
from shared.bearer import Bearer, Caller
from shared.errors import BadRequest, Unauthenticated
from shared.origin import Origin

# Where a request keeps the API key that came with it.
_KEY = "paperlane.api_key"
# Both names are in use among clients of the contract.
_KEY_HEADERS = ("HTTP_X_API_KEY", "HTTP_API_KEY")
_ONE = "Send one kind of credentials only: Authorization, X-API-Key or API-KEY."


class Guard:
    """Tells who calls. An API key is replaced in the request by the token that it was exchanged for."""

    def __init__(self, bearer: Bearer, keys: KeyRing) -> None:
        self._bearer = bearer
        self._keys = keys

    def caller(self, environ: MutableMapping[str, Any], origin: Origin) -> Caller:
        """Unauthenticated without good credentials, BadRequest with several, Unavailable when they cannot be checked.

        Whether the caller may call from where he is, `is_at_home` tells.
        """
        given = [environ.pop(name) for name in _KEY_HEADERS if name in environ]
        if not given:
            return self._bearer.authenticate(environ.get("HTTP_AUTHORIZATION"), origin)
        if len(given) > 1 or "HTTP_AUTHORIZATION" in environ:
            raise BadRequest(_ONE)
        (key,) = given
        token = self._keys.token(key, origin)
        try:
            caller = self._bearer.authenticate(f"Bearer {token}", origin)
        except Unauthenticated:
            # Voided since it was exchanged: what the key is worth now, auth knows.
            self._keys.drop(key, token)
            token = self._keys.token(key, origin)
            caller = self._bearer.authenticate(f"Bearer {token}", origin)
        environ["HTTP_AUTHORIZATION"], environ[_KEY] = f"Bearer {token}", key
        return caller

    def renew(self, environ: MutableMapping[str, Any], origin: Origin) -> bool:
        """Exchange the request's API key anew, after a service that knew more of revocations refused the token; False
        when the request came without one.
        """
        key = environ.pop(_KEY, None)
        if key is None:
            return False
        self._keys.drop(key, environ["HTTP_AUTHORIZATION"].removeprefix("Bearer "))
        environ["HTTP_AUTHORIZATION"] = f"Bearer {self._keys.token(key, origin)}"
        return True


def is_at_home(caller: Caller) -> bool:
    """Whether the caller may call from the address that the request came from."""
    return not caller.networks or _is_within(caller.origin.address, caller.networks)


@lru_cache(4096)
def _is_within(address: str, networks: tuple[str, ...]) -> bool:
    return within(address, read_networks(" ".join(networks)))
