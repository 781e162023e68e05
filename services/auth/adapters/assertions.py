"""Client assertions (RFC 7523), checked by joserfc."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from services.auth.domain.assertions import ALGORITHMS
from services.auth.domain.tokens import Claims


class JwtAssertions:
    """The `Assertions` port."""

    def claims(self, assertion: str, keys: Sequence[Mapping[str, Any]]) -> Claims | None:
        try:
            return self._claims(assertion, keys)
        # Whatever a stranger put in it, nested as deep or as large as may be: it proves nothing.
        except (JoseError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError):
            return None

    def _claims(self, assertion: str, keys: Sequence[Mapping[str, Any]]) -> Claims:
        def chosen(part: Any) -> ECKey | RSAKey:
            header = part.headers()
            if "crit" in header:  # of the extensions that could be critical we know none
                raise ValueError("crit")
            kid, algorithm = header.get("kid"), header["alg"]
            (key,) = [key for key in keys if key.get("alg") == algorithm and kid in (None, key.get("kid"))]
            return _imported(json.dumps(dict(key), sort_keys=True))

        claims: Claims = jwt.decode(assertion, chosen, algorithms=list(ALGORITHMS)).claims
        return claims


@functools.lru_cache(maxsize=1024)
def _imported(jwk: str) -> ECKey | RSAKey:
    key = JWKRegistry.import_key(json.loads(jwk))
    if not isinstance(key, (ECKey, RSAKey)):
        raise TypeError("neither EC nor RSA")
    return key
