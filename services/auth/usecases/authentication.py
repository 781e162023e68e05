"""Telling who a client is by what it shows (RFC 6749 §2.3, RFC 7523, S-04 to S-08, S-17)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime

from services.auth.domain.assertions import claimed_client, fault_of
from services.auth.domain.clients import AuthMethod, Client
from services.auth.domain.requests import AssertionProof, Proof, SecretProof
from services.auth.errors import InvalidClient, TooManyFailures
from services.auth.ports import Desk
from shared.addresses import host, read_networks, within
from shared.contracts.audit import Entry
from shared.contracts.auth import LEEWAY_SECONDS
from shared.errors import Refusal, Unavailable
from shared.origin import Origin

MAX_CLAIM_CHARACTERS = 100
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")


def authenticate(desk: Desk, proof: Proof, origin: Origin) -> Client:
    """The client that the proof is of; else InvalidClient, or TooManyFailures for somebody who guesses at secrets."""
    if isinstance(proof, AssertionProof):
        claimed = claimed_client(proof.assertion) or proof.client_id or ""
        client, fault = _by_assertion(desk, proof, claimed)
    else:
        claimed = proof.client_id
        client, fault = _by_secret(desk, proof)
    if client is not None and fault is None:
        fault = fault_of_account(desk, client, origin)
        if fault is None:
            return client
    denied = denial(origin, claimed, client.company_id if client else "", fault or "unknown client")
    if isinstance(proof, AssertionProof):  # nobody guesses signatures
        desk.journal.note(denied)
        raise InvalidClient
    raise refused(desk, InvalidClient(), denied)


def refused(desk: Desk, refusal: Refusal, denial: Entry) -> Refusal:
    """Note the denial and count a failure of its actor; the refusal, or TooManyFailures."""
    desk.journal.note(denial)
    seconds = desk.attempts.fail(denial.actor, host(denial.address), desk.clock().timestamp())
    return TooManyFailures(seconds) if seconds else refusal


def denial(origin: Origin, claimed_id: str, company_id: str, reason: str) -> Entry:
    """The audit entry about somebody, who calls himself so, that got no token."""
    return Entry(
        "token.denied",
        _UNPRINTABLE.sub("?", claimed_id[:MAX_CLAIM_CHARACTERS]),
        company_id,
        request_id=origin.request_id,
        address=origin.address,
        detail={"reason": reason},
    )


def fault_of_account(desk: Desk, client: Client, origin: Origin) -> str | None:
    """Why this client gets no token, whatever it can prove; None when it may get one."""
    company = desk.accounts.company(client.company_id)
    if client.disabled_at is not None:
        return "client disabled"
    if company is None or company.disabled_at is not None:
        return "company disabled"
    if client.networks and not within(origin.address, read_networks(" ".join(client.networks))):
        return "address not in the client's networks"
    return None


def _by_secret(desk: Desk, proof: SecretProof) -> tuple[Client | None, str | None]:
    """The client, and what is wrong with its secret. A wrong one costs a look into the database, as an unknown client
    does, so that a stopwatch tells no more than the answer; and one that was changed elsewhere is good at once.
    """
    client = desk.accounts.remembered(proof.client_id)
    if not _vouches(desk, client, proof.secret):
        client = desk.accounts.client(proof.client_id)
        if not _vouches(desk, client, proof.secret):
            return client, "wrong secret" if client else None
    assert client is not None, "a secret was found among its own"
    _digest_anew(desk, client, proof.secret)
    return client, None


def _vouches(desk: Desk, client: Client | None, secret: str) -> bool:
    vouches = desk.peppers.vouches(client, secret, desk.clock())
    return vouches and client is not None and client.auth_method is AuthMethod.SECRET


def _digest_anew(desk: Desk, client: Client, secret: str) -> None:
    """Digest the secret under the current pepper if it was under the previous one."""
    for known in client.live_secrets(desk.clock()):
        if desk.peppers.is_outdated(known.digest) and desk.peppers.matches(secret, known.digest):
            with suppress(Unavailable):  # the next request will
                desk.directory.redigest_secret(client.id, known.digest, desk.peppers.digest(secret))
                desk.accounts.forget()


def _by_assertion(desk: Desk, proof: AssertionProof, claimed: str) -> tuple[Client | None, str | None]:
    """The client, and what is wrong with its assertion."""
    client = desk.accounts.remembered(claimed) or desk.accounts.client(claimed)
    keys = client.jwks if client and client.auth_method is AuthMethod.PRIVATE_KEY_JWT else ()
    claims = desk.assertions.claims(proof.assertion, keys)
    if client is None or claims is None:
        return client, "assertion: not signed by one of the client's keys"
    if proof.client_id not in (None, client.id):
        return client, "assertion: not of the client_id beside it"
    fault = fault_of(claims, client.id, desk.issuer, desk.clock().timestamp())
    if fault:
        return client, f"assertion: {fault}"
    kept_until = datetime.fromtimestamp(claims["exp"] + 2 * LEEWAY_SECONDS, UTC)
    if not desk.revocations.use_assertion(client.id, claims["jti"], kept_until):
        return client, "assertion: shown before"
    return client, None
