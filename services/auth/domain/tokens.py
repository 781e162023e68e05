"""What access tokens say (RFC 9068), and what is said about one that is shown (RFC 7662)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.auth.domain.clients import Client, States
from shared.contracts.auth import (
    API_KEY_CLAIM,
    AUDIENCE,
    COMPANY_CLAIM,
    DOCUMENTED,
    NETWORKS_CLAIM,
    PLAN_CLAIM,
    PROJECTS_CLAIM,
    STATES_CLAIM,
)
from shared.plans import DEFAULT
from shared.scopes import format_scope

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token is made of: for how many seconds the client may do what, and by which API key it got it."""

    client: Client
    scopes: frozenset[str]
    lifetime_seconds: int
    api_key_id: str | None = None


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """An access token and how long it lives, in seconds; whose it is, and the plan that it is charged to."""

    token: str
    expires_in: int
    scope: str
    client_id: str
    plan: str


def claims_of(grant: Grant, issuer: str, token_id: str, now: int) -> dict[str, Any]:
    """The claims of a token that is issued `now` (seconds since 1970).

    Where older tokens of the client were voided just now, it counts as issued after that, even if that is yet to come.
    """
    client = grant.client
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": client.id,
        "aud": AUDIENCE,
        "exp": now + grant.lifetime_seconds,
        "iat": max(now, client.revoked_before),
        "jti": token_id,
        "client_id": client.id,
        "scope": format_scope(grant.scopes),
        COMPANY_CLAIM: client.company_id,
    }
    if client.plan != DEFAULT:
        claims[PLAN_CLAIM] = client.plan
    if client.projects is not None:
        claims[PROJECTS_CLAIM] = sorted(client.projects)
    if client.networks:
        claims[NETWORKS_CLAIM] = list(client.networks)
    if client.states is States.DOCUMENTED:
        claims[STATES_CLAIM] = DOCUMENTED
    if grant.api_key_id is not None:
        claims[API_KEY_CLAIM] = grant.api_key_id
    return claims


def describe_token(claims: Claims | None, company_id: str) -> dict[str, Any]:
    """What a client of this company learns of a token: nothing but that it is of no use, unless it is the company's."""
    if claims is None or claims[COMPANY_CLAIM] != company_id:
        return {"active": False}
    return {"active": True, "token_type": "Bearer", **claims}
