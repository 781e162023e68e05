"""Refusals that know their own fate: a stable code, an HTTP status, a safe text, and whether trying again can help.

    Refusal
    ├── BadRequest           400  bad_request
    ├── Unauthenticated      401  authentication_failed
    ├── Forbidden            403  access_forbidden
    ├── NotFound             404  not_found
    ├── RequestTimeout       408  request_timeout
    ├── Conflict             409  conflict_status
    ├── PayloadTooLarge      413  payload_too_large
    ├── TooManyRequests      429  rate_limited          (retryable)
    ├── BadGateway           502  bad_gateway
    ├── Unavailable          503  service_unavailable   (retryable)
    └── GatewayTimeout       504  gateway_timeout       (retryable)

A service names its own refusals in its `errors` room by subclassing one of these and giving a more precise `code`.
The text of a refusal is shown to strangers: never put a secret, a token or another company's id in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class Refusal(Exception):
    """A request or message that is turned down on purpose.

    `detail` says what is wrong and what to do about it; `headers` are added to an HTTP answer. `sample` is what the one
    in the API's description is made with; a class with a constructor of its own that asks for nothing needs none.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Error"
    retryable: ClassVar[bool] = False
    sample: ClassVar[tuple[Any, ...]] = ("Something is wrong with the request.",)

    def __init__(self, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = dict(headers or {})

    @property
    def members(self) -> Mapping[str, Any]:
        """What the body of an HTTP answer says beyond title, detail, status and code."""
        return {}


class BadRequest(Refusal):
    code, status, title = "bad_request", 400, "Bad request"
    sample = ("name: Unknown field.",)


class Unauthenticated(Refusal):
    """No usable credentials (RFC 6750 §3.1). `error` is None when no token was sent at all."""

    code, status, title = "authentication_failed", 401, "Authentication failed"
    sample = ("The token has expired. Get a new one from POST /v2/auth/token.",)

    def __init__(self, detail: str, error: str | None = "invalid_token") -> None:
        challenge = 'Bearer realm="paperlane"'
        if error:
            challenge += f', error="{error}", error_description="{detail}"'
        super().__init__(detail, {"WWW-Authenticate": challenge})


class Forbidden(Refusal):
    """The token is good but lacks a scope (RFC 6750 §3.1, insufficient_scope)."""

    code, status, title = "access_forbidden", 403, "Access forbidden"
    sample = (
        "This needs a token with the scope documents.read. Ask for it when you get the token.",
        "documents.read",
    )

    def __init__(self, detail: str, scope: str) -> None:
        super().__init__(
            detail,
            {"WWW-Authenticate": f'Bearer realm="paperlane", error="insufficient_scope", scope="{scope}"'},
        )


class NotFound(Refusal):
    code, status, title = "not_found", 404, "Not found"
    sample = ("There is nothing with this id.",)


class RequestTimeout(Refusal):
    code, status, title = "request_timeout", 408, "Request timeout"
    sample = ("The body comes too slowly. Send the request again.",)


class Conflict(Refusal):
    code, status, title = "conflict_status", 409, "Conflict"
    sample: ClassVar[tuple[Any, ...]] = ("What it is at present does not allow this.",)


class PayloadTooLarge(Refusal):
    code, status, title = "payload_too_large", 413, "Payload too large"
    sample: ClassVar[tuple[Any, ...]] = ("The body is larger than 1000000 bytes.",)


class TooManyRequests(Refusal):
    """Whoever asks has asked too often; the answer tells when to come back (RFC 6585 §4)."""

    code, status, title, retryable = "rate_limited", 429, "Too many requests", True
    sample: ClassVar[tuple[Any, ...]] = ("The limit is reached. Try again in 30 seconds.", 30)

    def __init__(self, detail: str, retry_after_seconds: int) -> None:
        super().__init__(detail, {"Retry-After": str(retry_after_seconds)})


class BadGateway(Refusal):
    code, status, title = "bad_gateway", 502, "Bad gateway"
    sample = ("The documents service broke off its answer.",)


class Unavailable(Refusal):
    """A part we need is down; the answer tells the client when to come back (RFC 9110 §10.2.3)."""

    code, status, title, retryable = "service_unavailable", 503, "Service unavailable", True
    sample = ("The documents service is not there at the moment. Send the request again.",)

    def __init__(self, detail: str, retry_after_seconds: int = 5) -> None:
        super().__init__(detail, {"Retry-After": str(retry_after_seconds)})


class GatewayTimeout(Refusal):
    code, status, title, retryable = "gateway_timeout", 504, "Gateway timeout", True
    sample = ("The documents service did not answer in time.",)
