"""The trust document of this process, from its signing keys and from what the database says was taken away."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from services.auth.domain.clients import LONGEST_LIFETIME_SECONDS
from services.auth.domain.tokens import Claims
from services.auth.ports.directory import Directory
from services.auth.ports.tokens import Revocations, Signer, TrustDocument
from shared.bearer import Bearer, Verified
from shared.clock import Clock
from shared.contracts.auth import LEEWAY_SECONDS, Trust
from shared.contracts.envelope import write_json
from shared.database import timely
from shared.errors import Unauthenticated, Unavailable
from shared.logs import get_logger

SECONDS = 1.0
# Others ask every two seconds and want to hear of new keys even while the database is away.
DATABASE_SECONDS = 1.0
# What was voided before so long ago, no token that is still good was issued before; clocks may differ by the leeway.
MEMORY = timedelta(seconds=LONGEST_LIFETIME_SECONDS + 2 * LEEWAY_SECONDS)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the document comes from."""

    directory: Directory
    revocations: Revocations
    signer: Signer
    issuer: str
    clock: Clock


class LiveTrust:
    """The `TrustBook` port. What was last read of the database stays good while that is away."""

    def __init__(self, sources: Sources, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._sources, self._monotonic = sources, monotonic
        self._lock = threading.Lock()
        self._document: TrustDocument | None = None
        self._good_until = 0.0
        self._bearer = Bearer(lambda: self.current().trust, lambda: sources.clock().timestamp())

    def current(self) -> TrustDocument:
        document = self._document
        if document is None or self._monotonic() >= self._good_until:
            with self._lock:
                document = self._document
                if document is None or self._monotonic() >= self._good_until:
                    document = self._renew(document)
        return document

    def forget(self) -> None:
        self._good_until = 0.0

    def claims(self, token: str) -> Claims | None:
        return _claims(self._bearer.verify, token)

    def active_claims(self, token: str) -> Claims | None:
        return _claims(self._bearer.accept, token)

    def _renew(self, old: TrustDocument | None) -> TrustDocument:
        # Before it is read: what changes meanwhile, `forget` announces, and that must not be overwritten.
        self._good_until = self._monotonic() + SECONDS
        try:
            trust = self._read()
        except Unavailable as fault:
            if old is None:
                self._good_until = 0.0
                raise
            log.warning("trust_not_renewed", reason=fault.detail)
            self._good_until = self._monotonic() + SECONDS
            trust = replace(old.trust, keys=self._sources.signer.public_keys())
        if old is None or trust != old.trust:
            body = write_json(trust)
            old = self._document = TrustDocument(trust, body, hashlib.sha256(body).hexdigest())
        return old

    @timely(DATABASE_SECONDS)
    def _read(self) -> Trust:
        now = self._sources.clock()
        voided = self._sources.directory.voided_since(now - MEMORY)
        revoked = self._sources.revocations.revoked(now - timedelta(seconds=LEEWAY_SECONDS))
        return Trust(
            issuer=self._sources.issuer,
            keys=self._sources.signer.public_keys(),
            revoked=revoked,
            revoked_before=voided.revoked_before,
            disabled_clients=voided.disabled_clients,
            disabled_companies=voided.disabled_companies,
            revoked_api_keys=voided.api_keys,
        )


def _claims(check: Callable[[str], Verified], token: str) -> Claims | None:
    try:
        return check(token).claims
    except Unauthenticated:
        return None
