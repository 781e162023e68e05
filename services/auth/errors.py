"""What the token endpoint refuses, in the words of RFC 6749 §5.2 and of the contract at once.

TokenRefusal
├── InvalidRequest         400  invalid_request
├── InvalidClient          401  invalid_client
├── UnsupportedGrantType   400  unsupported_grant_type
└── InvalidScope           400  invalid_scope
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.errors import Refusal

# RFC 6749 §5.1: nothing the token endpoint says may be kept by a cache.
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class TokenRefusal(Refusal):
    status, title = 400, "Bad request"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, {**NO_STORE, "Content-Type": "application/json"})

    @property
    def members(self) -> Mapping[str, str]:
        return {"error": self.code, "error_description": self.detail}


class InvalidRequest(TokenRefusal):
    code = "invalid_request"


class InvalidClient(TokenRefusal):
    """Unknown client, disabled client and wrong secret read the same, so that nobody learns which clients exist."""

    code, status, title = "invalid_client", 401, "Authentication failed"

    def __init__(self) -> None:
        super().__init__("The client credentials are not valid. Send client id and secret by HTTP Basic.")
        self.headers["WWW-Authenticate"] = 'Basic realm="paperlane", charset="UTF-8"'


class UnsupportedGrantType(TokenRefusal):
    code = "unsupported_grant_type"


class InvalidScope(TokenRefusal):
    code = "invalid_scope"
