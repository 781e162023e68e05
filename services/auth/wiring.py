"""Builds auth from its settings, once per process."""

from __future__ import annotations

from functools import partial

from mongoengine.connection import get_db

from services.auth.adapters.grants import AuthlibGrants
from services.auth.adapters.tokens import KeyRing, read_keys
from services.auth.domain import digest_secret
from services.auth.models import ALIAS
from services.auth.ports import Desk
from services.auth.repository import MongoDirectory, ensure_indexes
from services.auth.settings import Settings
from services.auth.usecases import found_company
from shared.clock import utc_now
from shared.database import Numbers, connect, refuse_standalone


def build(settings: Settings) -> Desk:
    """The desk over MongoDB, with the first company and its client in place."""
    connect(settings.mongodb_url, ALIAS)
    refuse_standalone(ALIAS)
    ensure_indexes()
    directory = MongoDirectory(Numbers(get_db(ALIAS)["numbers"]))
    signer = KeyRing(read_keys(settings.signing_keys), settings.base_url, utc_now)
    digest = partial(digest_secret, settings.secret_pepper)
    grants = AuthlibGrants(directory, signer, digest)
    desk = Desk(directory, signer, grants, digest, settings.base_url, utc_now)
    found_company(
        desk,
        settings.first_company_id,
        settings.first_company,
        settings.first_client_id,
        settings.first_client_secret,
    )
    return desk
