"""What the gateway itself refuses, beyond the refusals that all share."""

from __future__ import annotations

from collections.abc import Iterable

from shared.errors import Refusal


class NotCovered(Refusal):
    """The contract has this path; this product does not, yet."""

    code, status, title = "not_implemented", 501, "Not implemented"


class MethodNotAllowed(Refusal):
    """The path exists, but not with this method (RFC 9110 §15.5.6)."""

    code, status, title = "method_not_allowed", 405, "Method not allowed"

    def __init__(self, allowed: Iterable[str]) -> None:
        methods = ", ".join(sorted(allowed))
        super().__init__(f"This path takes {methods}.", {"Allow": methods})
