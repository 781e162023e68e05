"""How an answer tells a client where it stands: the contract's headers, and those of the IETF's draft."""

from __future__ import annotations

from functools import lru_cache

from gateway.limits.meter import Charge
from shared.plans import WINDOW_SECONDS


def fields(charge: Charge) -> list[tuple[str, str]]:
    """The rate limit headers of an answer (draft-ietf-httpapi-ratelimit-headers-10 beside the older names)."""
    limit, policy = _constant(charge.policy, charge.standing.limit)
    remaining, seconds = charge.standing.remaining, charge.standing.seconds
    return [
        limit,
        ("x-ratelimit-remaining", str(remaining)),
        ("x-ratelimit-reset", str(seconds)),
        policy,
        ("RateLimit", f'"{charge.policy}";r={remaining};t={seconds}'),
    ]


@lru_cache(256)
def _constant(policy: str, limit: int) -> tuple[tuple[str, str], tuple[str, str]]:
    return (
        ("x-ratelimit-limit", f"{limit}, {limit};w={WINDOW_SECONDS}"),
        ("RateLimit-Policy", f'"{policy}";q={limit};w={WINDOW_SECONDS}'),
    )
