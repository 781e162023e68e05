"""Getting tokens, asking about them and giving them back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.auth.domain.clients import API_KEY_LIFETIME_SECONDS, Client, grant_scopes
from services.auth.domain.requests import SignedRequest, requested_scopes
from services.auth.domain.tokens import Grant, IssuedToken, claims_of, describe_token
from services.auth.errors import InvalidApiKey, UnauthorizedClient
from services.auth.ports import Desk
from services.auth.usecases.authentication import authenticate, denial, fault_of_account, refused
from shared.contracts.audit import Entry
from shared.contracts.auth import LEEWAY_SECONDS
from shared.errors import Refusal, Unavailable
from shared.origin import Origin

_API_KEY = re.compile(r"paperlane_[A-Za-z0-9_-]{43}\Z")
# Whoever shows a wrong API key claims to be nobody; his failures are counted by address alone.
_SOMEBODY = "api key"


def issue_token(desk: Desk, request: SignedRequest, origin: Origin) -> IssuedToken:
    """An access token for the client that the request proves to be of."""
    request.required("grant_type")
    return desk.grants.run(request, _Steps(desk, request, origin))


@dataclass(frozen=True, slots=True)
class _Steps:
    """The steps of a grant by which a client gets a token for itself."""

    desk: Desk
    request: SignedRequest
    origin: Origin

    def authenticate(self) -> Client:
        return authenticate(self.desk, self.request.proof, self.origin)

    def scopes(self, client: Client) -> frozenset[str]:
        try:
            if not client.scopes:
                raise UnauthorizedClient("The client has no scopes, so there is no token for it. Have it given some.")
            return grant_scopes(client, requested_scopes(self.request.members))
        except Refusal as refusal:
            self.desk.journal.note(denial(self.origin, client.id, client.company_id, refusal.code))
            raise

    def issue(self, client: Client, scopes: frozenset[str]) -> IssuedToken:
        return _issue(self.desk, Grant(client, scopes, client.lifetime_seconds), self.origin)


def exchange_api_key(desk: Desk, key: str, origin: Origin) -> IssuedToken:
    """A short-lived access token of the client that the API key stands for, with all of its scopes."""
    client, key_id = _client_of(desk, key, origin)
    return _issue(desk, Grant(client, client.scopes, API_KEY_LIFETIME_SECONDS, key_id), origin)


def introspect_token(desk: Desk, request: SignedRequest, origin: Origin) -> Mapping[str, Any]:
    """What the client may know of a token (RFC 7662 §2.2)."""
    token = request.required("token")
    client = authenticate(desk, request.proof, origin)
    return describe_token(desk.trust.active_claims(token), client.company_id)


def revoke_token(desk: Desk, request: SignedRequest, origin: Origin) -> None:
    """Void the token if it is the client's own (RFC 7009); whatever else it may be, nothing happens."""
    token = request.required("token")
    client = authenticate(desk, request.proof, origin)
    claims = desk.trust.claims(token)
    if claims is None or claims["client_id"] != client.id:
        return
    desk.revocations.revoke(claims["jti"], datetime.fromtimestamp(claims["exp"] + LEEWAY_SECONDS, UTC))
    desk.trust.forget()
    desk.journal.write(_entry("token.revoked", client, claims["jti"], origin))


def _issue(desk: Desk, grant: Grant, origin: Origin) -> IssuedToken:
    client, token_id = grant.client, secrets.token_urlsafe(16)
    claims = claims_of(grant, desk.issuer, token_id, int(desk.clock().timestamp()))
    token = desk.signer.sign(claims)
    desk.journal.note(_entry("token.issued", client, token_id, origin))
    return IssuedToken(token, grant.lifetime_seconds, claims["scope"], client.id, client.plan)


def _client_of(desk: Desk, key: str, origin: Origin) -> tuple[Client, str]:
    """The client behind an API key, and the key's id."""
    digests = desk.peppers.digests(key) if _API_KEY.match(key) else ()
    known = desk.accounts.api_key(digests) if digests else None
    if known is None:
        raise refused(desk, InvalidApiKey(), denial(origin, _SOMEBODY, "", "unknown API key"))
    client = desk.accounts.remembered(known.client_id) or desk.accounts.client(known.client_id)
    fault = "the client has no scopes" if client and not client.scopes else None
    fault = fault or (fault_of_account(desk, client, origin) if client else "client deleted")
    if client is None or fault:
        raise refused(
            desk, InvalidApiKey(), denial(origin, _SOMEBODY, known.company_id, f"API key {known.id}: {fault}")
        )
    if desk.peppers.is_outdated(known.digest):
        with suppress(Unavailable):  # the next exchange will
            desk.directory.redigest_api_key(known.digest, desk.peppers.digest(key))
            desk.accounts.forget()
    return client, known.id


def _entry(action: str, client: Client, token_id: str, origin: Origin) -> Entry:
    return Entry(action, client.id, client.company_id, token_id, origin.request_id, origin.address)
