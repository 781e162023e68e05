"""What the gateway itself refuses, beyond the refusals that all share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shared.errors import Refusal, TooManyRequests, Unavailable


class NotCovered(Refusal):
    """The contract has this path; this product does not, yet."""

    code, status, title = "not_implemented", 501, "Not implemented"

    def __init__(self) -> None:
        super().__init__("This part of the contract is not covered yet. What is, stands in /v2/openapi.json.")


class MethodNotAllowed(Refusal):
    """The path exists, but not with this method (RFC 9110 §15.5.6). `in_oauth` tells that OAuth is spoken there."""

    code, status, title = "method_not_allowed", 405, "Method not allowed"

    def __init__(self, allowed: Iterable[str], in_oauth: bool = False) -> None:
        methods = ", ".join(sorted(allowed))
        super().__init__(f"This path takes {methods}.", {"Allow": methods})
        self.in_oauth = in_oauth


class WrongNetwork(Refusal):
    """The token is good, but not where it comes from."""

    code, status, title = "access_forbidden", 403, "Access forbidden"

    def __init__(self) -> None:
        super().__init__("This client may not call from this network address. Call from one of its networks.")


class RateLimited(TooManyRequests):
    """The quota of `policy` is used up for so many seconds."""

    sample = ("default", 30)

    def __init__(self, policy: str, seconds: int) -> None:
        super().__init__(f"The limit is reached. Try again in {seconds} seconds.", seconds)
        self._policy = policy

    @property
    def members(self) -> Mapping[str, Any]:
        """The problem type of draft-ietf-httpapi-ratelimit-headers-10."""
        return {
            "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
            "violated-policies": [self._policy],
        }


class TooManyKeys(TooManyRequests):
    """Too many wrong API keys came from one address."""

    sample = (30,)

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many wrong API keys came from here. Try again in {seconds} seconds.", seconds)


class Busy(Unavailable):
    """A service has as many requests at hand as the gateway gives it."""

    sample = ("documents",)

    def __init__(self, service: str) -> None:
        super().__init__(f"The {service} service is busy. Send the request again.", retry_after_seconds=2)
