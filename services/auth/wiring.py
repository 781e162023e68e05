"""Builds auth from its settings, once per process."""

from __future__ import annotations

from dataclasses import dataclass

from services.auth.adapters.assertions import JwtAssertions
from services.auth.adapters.cache import CachedAccounts
from services.auth.adapters.grants import AuthlibGrants
from services.auth.adapters.keys import KeyFolder
from services.auth.adapters.sealing import AesSeal
from services.auth.adapters.tokens import Es256Signer
from services.auth.adapters.trust import LiveTrust, Sources
from services.auth.domain.attempts import Attempts
from services.auth.domain.clients import Peppers
from services.auth.domain.founding import FirstCompany
from services.auth.ports import Desk
from services.auth.repository.directory import MongoDirectory
from services.auth.repository.revocations import MongoRevocations
from services.auth.settings import Settings, WorkerSettings
from services.auth.usecases.founding import found_company
from shared.audit.anchors import MongoAnchors
from shared.audit.journal import ChainJournal
from shared.audit.log import AuditLog
from shared.clock import utc_now
from shared.database import connect, is_up
from shared.metrics import Readiness
from shared.startup import Preparation

ALIAS = "auth"


@dataclass(frozen=True, slots=True)
class Built:
    """The desk, what readiness depends on, and the journal, which must be closed."""

    desk: Desk
    ready: Readiness
    journal: ChainJournal


def build(settings: Settings) -> Built:
    """The desk over MongoDB; once that answers, the first company and its client are put in place."""
    directory = MongoDirectory(settings.mongodb_url)
    anchors = MongoAnchors.of(ALIAS, settings.audit)
    audit = AuditLog(ALIAS, "auth", settings.audit, anchors.add)
    signer = Es256Signer(KeyFolder(settings.signing_keys, settings.key_publish_seconds))
    revocations, issuer = MongoRevocations(), settings.base_url
    peppers = Peppers(settings.secret_pepper, settings.secret_pepper_previous or None)
    desk = Desk(
        directory=directory,
        accounts=CachedAccounts(directory),
        grants=AuthlibGrants(),
        assertions=JwtAssertions(),
        revocations=revocations,
        signer=signer,
        trust=LiveTrust(Sources(directory, revocations, signer, issuer, utc_now)),
        attempts=Attempts(),
        peppers=peppers,
        seal=AesSeal(peppers),
        journal=audit.journal,
        trail=audit.trail,
        anchors=anchors,
        plans=frozenset(settings.plans),
        issuer=issuer,
        key_publish_seconds=settings.key_publish_seconds,
        clock=utc_now,
    )

    def prepare() -> None:
        directory.prepare()
        audit.prepare()
        anchors.prepare()
        found_company(desk, _first_company(settings))

    prepared = Preparation(prepare)
    audit.journal.start()
    return Built(desk, lambda: {"prepared": prepared.done, "mongodb": directory.is_up()}, audit.journal)


def build_anchors(settings: WorkerSettings) -> tuple[MongoAnchors, Readiness]:
    """The anchors, to which the heads that come as messages are added."""
    connect(settings.mongodb_url, ALIAS)
    anchors = MongoAnchors.of(ALIAS, settings.audit)
    prepared = Preparation(anchors.prepare)
    return anchors, lambda: {"prepared": prepared.done, "mongodb": is_up(ALIAS)}


def _first_company(settings: Settings) -> FirstCompany:
    return FirstCompany(
        company_id=settings.first_company_id,
        name=settings.first_company,
        client_id=settings.first_client_id,
        secret=settings.first_client_secret,
        plan=settings.first_client_plan,
        api_key=settings.first_api_key or None,
    )
