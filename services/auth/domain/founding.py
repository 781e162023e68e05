"""The first company, which the settings declare: each fact of it is put in place once (ADR 0003)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime

from services.auth.domain.administration import MANAGE_COMPANIES
from services.auth.domain.clients import MAX_SECRETS, Client, Declared, Peppers, Secret
from shared.plans import DEFAULT
from shared.scopes import SCOPES

# The id of the secret that comes from the settings.
DECLARED = "declared"
# Who made and changes what comes from there.
FOUNDER = "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCompany:
    """A company with one client, which has every scope and perhaps an API key."""

    company_id: str
    name: str
    client_id: str
    secret: str = field(repr=False)
    plan: str = DEFAULT
    api_key: str | None = field(default=None, repr=False)


def first_client(first: FirstCompany, now: datetime) -> Client:
    """The first client, before anything was declared of it."""
    return Client(
        id=first.client_id,
        company_id=first.company_id,
        name="first client",
        scopes=frozenset(),
        created_at=now,
        created_by=FOUNDER,
        updated_at=now,
    )


def declared_anew(before: Client, first: FirstCompany, peppers: Peppers, now: datetime) -> Client:
    """The client with what is declared for the first time: a secret, which replaces the one declared before; scopes
    that did not exist until now, if it still runs the platform; the plan of a new client. All else stays as it became.
    """
    known = before.declared
    digest = peppers.digest(first.secret)
    if known is None:
        before_scopes, plan = frozenset[str](), first.plan
    else:
        # Scopes that a later version brings are for whoever runs the platform still.
        before_scopes = known.scopes if MANAGE_COMPANIES in before.scopes else frozenset(SCOPES)
        plan = before.plan
    same_secret = known is not None and peppers.matches(first.secret, known.secret)
    others = tuple(secret for secret in before.live_secrets(now) if secret.id != DECLARED)[1 - MAX_SECRETS :]
    return dataclasses.replace(
        before,
        scopes=before.scopes | (frozenset(SCOPES) - before_scopes),
        plan=plan,
        secrets=before.secrets if same_secret else (*others, Secret(DECLARED, digest, now)),
        declared=Declared(digest, frozenset(SCOPES), known.api_key if known else None),
    )
