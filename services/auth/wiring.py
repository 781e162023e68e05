"""Builds auth from its settings, once per process."""

from __future__ import annotations

from services.auth.adapters.grants import AuthlibGrants
from services.auth.adapters.journal import LoggedJournal
from services.auth.adapters.tokens import KeyRing, read_keys
from services.auth.domain.clients import Peppers
from services.auth.ports import Desk
from services.auth.repository.directory import MongoDirectory
from services.auth.settings import Settings
from services.auth.usecases.administration import found_company
from shared.clock import utc_now
from shared.metrics import Readiness
from shared.startup import Preparation


def build(settings: Settings) -> tuple[Desk, Readiness]:
    """The desk over MongoDB; once that answers, the first company and its client are put in place."""
    directory = MongoDirectory(settings.mongodb_url)
    signer = KeyRing(read_keys(settings.signing_keys), settings.base_url, utc_now)
    peppers = Peppers(settings.secret_pepper)
    desk = Desk(
        directory=directory,
        signer=signer,
        grants=AuthlibGrants(directory, signer, peppers, utc_now),
        peppers=peppers,
        journal=LoggedJournal(),
        issuer=settings.base_url,
        clock=utc_now,
    )

    def prepare() -> None:
        directory.prepare()
        found_company(
            desk,
            settings.first_company_id,
            settings.first_company,
            settings.first_client_id,
            settings.first_client_secret,
        )

    prepared = Preparation(prepare)
    return desk, lambda: {"prepared": prepared.done, "mongodb": directory.is_up()}
