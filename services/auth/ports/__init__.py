"""What the use cases of auth need from outside."""

from __future__ import annotations

from dataclasses import dataclass

from services.auth.domain.attempts import Attempts
from services.auth.domain.clients import Peppers
from services.auth.ports.directory import Directory
from services.auth.ports.sealing import Seal
from services.auth.ports.tokens import Accounts, Assertions, Grants, Revocations, Signer, TrustBook
from shared.audit.trail import Anchors, Trail
from shared.clock import Clock
from shared.contracts.audit import Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything the use cases work with. `plans` are those that a client may be given, by name; `key_publish_seconds`
    says how long what is said of keys may be cached.
    """

    directory: Directory
    accounts: Accounts
    grants: Grants
    assertions: Assertions
    revocations: Revocations
    signer: Signer
    trust: TrustBook
    attempts: Attempts
    peppers: Peppers
    seal: Seal
    journal: Journal
    trail: Trail
    anchors: Anchors
    plans: frozenset[str]
    issuer: str
    key_publish_seconds: int
    clock: Clock
