"""The rules for changing clients: nobody gives what he does not have, nor takes from himself the means to go on."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

from services.auth.domain.clients import MAX_SECRETS, AuthMethod, Client, Secret
from services.auth.errors import BeyondOwnRights, ClientConflict, ClientContradicts, LockOut, SecretNotFound
from shared.addresses import within
from shared.plans import DEFAULT

MANAGE_CLIENTS = "clients.manage"
MANAGE_COMPANIES = "companies.manage"
# Who made the first client of a company: which client that was is no business of the new company.
PLATFORM = "platform"
# How long tokens may still be given for what a client was: until the change is written, and every process has forgotten
# what it remembers (a second).
_SETTLES_SECONDS = 2
# How far a revocation may move into the future the moment from which on tokens are good; theirs is 30 s.
_FUTURE_SECONDS = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """The client that asks for a change, what its token lets it do, and where it calls from."""

    client_id: str
    company_id: str
    scopes: frozenset[str]
    projects: frozenset[str] | None = None
    networks: tuple[str, ...] = ()
    plan: str = DEFAULT
    request_id: str = ""
    address: str = ""

    @property
    def gives(self) -> frozenset[str]:
        """The scopes of a client for which none are named."""
        return self.scopes - {MANAGE_CLIENTS, MANAGE_COMPANIES}

    def refuse_beyond(self, scopes: frozenset[str]) -> None:
        """BeyondOwnRights names the scopes that the caller lacks."""
        lacking = sorted(scopes - self.scopes)
        if lacking:
            raise BeyondOwnRights(f"Your own token lacks {' '.join(lacking)}. Nobody gives scopes that he lacks.")

    def refuse_more_projects(self, projects: frozenset[str] | None) -> None:
        """BeyondOwnRights when these projects are not all the caller's own."""
        if not _covers_projects(self.projects, projects):
            raise BeyondOwnRights("projects: your own token is limited to some. Name some of those.")

    def refuse_more_networks(self, networks: tuple[str, ...]) -> None:
        """BeyondOwnRights when these networks are not all within the caller's own."""
        if not _covers_networks(self.networks, networks):
            raise BeyondOwnRights("networks: your own token is limited to some. Name some of those, or parts of them.")

    def refuse_plan(self, plan: str) -> None:
        """BeyondOwnRights for another plan than one's own or the default, unless the caller runs the platform."""
        if plan not in (DEFAULT, self.plan) and MANAGE_COMPANIES not in self.scopes:
            raise BeyondOwnRights(f"plan: {plan} is given by whoever runs the platform. Choose {DEFAULT}, or your own.")

    def refuse_out_of_reach(self, client: Client) -> None:
        """BeyondOwnRights for a client of the platform's, or of projects that are not the caller's: not even to take
        something away from it.
        """
        self.refuse_beyond(client.scopes & {MANAGE_COMPANIES})
        self.refuse_more_projects(client.projects)

    def refuse_stronger(self, client: Client) -> None:
        """BeyondOwnRights when the caller, with credentials of this client, could do more than with its own."""
        self.refuse_beyond(client.scopes)
        self.refuse_more_projects(client.projects)
        self.refuse_more_networks(client.networks)


def new_client(client_id: str, by: Administrator, company_id: str, wanted: Mapping[str, Any], now: datetime) -> Client:
    """A client as `wanted` (members of Client); what is not named is as the caller's own, scopes without management."""
    members: dict[str, Any] = {"scopes": by.gives, "projects": by.projects, "networks": by.networks, **wanted}
    disabled = members.pop("disabled", False)
    client = Client(
        **members,
        disabled_at=now if disabled else None,
        id=client_id,
        company_id=company_id,
        created_at=now,
        created_by=by.client_id if company_id == by.company_id else PLATFORM,
        updated_at=now,
    )
    _refuse_contradiction(client)
    by.refuse_stronger(client)
    by.refuse_plan(client.plan)
    return client


def changed_client(before: Client, by: Administrator, wanted: Mapping[str, Any], now: datetime) -> Client:
    """The client with the members of `wanted` (`disabled` for `disabled_at`); tokens are void if it may do less."""
    members = dict(wanted)
    disabled = members.pop("disabled", before.disabled_at is not None)
    disabled_at = (before.disabled_at or now) if disabled else None
    after = dataclasses.replace(before, **members, disabled_at=disabled_at, updated_at=now)
    if after.auth_method is AuthMethod.PRIVATE_KEY_JWT:
        after = dataclasses.replace(after, secrets=())
    _refuse_contradiction(after)
    _refuse_gain(before, after, by)
    if before.id == by.client_id:
        _refuse_lock_out(after, by, now)
    return voided(after, now) if _narrows(before, after) else after


def voided(client: Client, now: datetime) -> Client:
    """The client with every token void that it was given until now, or is given by who does not know of it yet."""
    moment = max(int(now.timestamp()) + _SETTLES_SECONDS, client.revoked_before) + 1
    if moment - now.timestamp() > _FUTURE_SECONDS:
        raise ClientConflict("Its tokens were voided many times within a second. Send the request again in a minute.")
    return dataclasses.replace(client, revoked_before=moment, updated_at=now)


def rotated(before: Client, secret: Secret, overlap_seconds: int, now: datetime) -> Client:
    """The client with this secret; the newest of those before ends after the overlap, any older one at once."""
    if before.auth_method is not AuthMethod.SECRET:
        raise ClientConflict("The client signs with its own key and has no secrets. PATCH its jwks instead.")
    end = now + timedelta(seconds=overlap_seconds)
    kept = before.live_secrets(now)[1 - MAX_SECRETS :]
    ending = (dataclasses.replace(old, not_after=min(old.not_after or end, end)) for old in kept)
    secrets = (*(old for old in ending if old.is_live(now)), secret)
    return dataclasses.replace(before, secrets=secrets, updated_at=now)


def without_secret(before: Client, secret_id: str, now: datetime) -> Client:
    """The client without that secret, which must not be its last live one."""
    live = before.live_secrets(now)
    remaining = tuple(secret for secret in live if secret.id != secret_id)
    if len(remaining) == len(live):
        raise SecretNotFound
    if not remaining:
        raise ClientConflict("It is the client's last secret. Rotate first, or disable the client.")
    return dataclasses.replace(before, secrets=remaining, updated_at=now)


def _refuse_contradiction(client: Client) -> None:
    if not client.scopes:
        raise ClientContradicts("scopes: you have none to give but those of management. Name what the client shall do.")
    if client.auth_method is AuthMethod.PRIVATE_KEY_JWT and not client.jwks:
        raise ClientContradicts(f"jwks: authMethod {client.auth_method} needs the client's public keys. Send them.")


def _refuse_gain(before: Client, after: Client, by: Administrator) -> None:
    """The caller may change what is within its reach, and give only what it has."""
    by.refuse_beyond(after.scopes - before.scopes)
    if not _covers_projects(before.projects, after.projects):
        by.refuse_more_projects(after.projects)
    if not _covers_networks(before.networks, after.networks):
        by.refuse_more_networks(after.networks)
    if after.plan != before.plan:
        by.refuse_plan(after.plan)
    if (after.auth_method, after.jwks) != (before.auth_method, before.jwks):
        by.refuse_stronger(after)


def _refuse_lock_out(after: Client, by: Administrator, now: datetime) -> None:
    if after.disabled_at:
        raise LockOut("disabled: a client cannot disable itself. Have another client do it.")
    if MANAGE_CLIENTS not in after.scopes:
        raise LockOut(f"scopes: a client cannot take {MANAGE_CLIENTS} from itself. Have another client do it.")
    if after.auth_method is AuthMethod.SECRET and not after.live_secrets(now):
        raise LockOut("authMethod: you would have no secret. Have another client change it and rotate.")
    if after.networks and not within(by.address, map(ip_network, after.networks)):
        raise LockOut(f"networks: you call from {by.address}, which is in none of them. Add it.")


def _narrows(before: Client, after: Client) -> bool:
    return (
        not before.scopes <= after.scopes
        or not _covers_projects(after.projects, before.projects)
        or not _covers_networks(after.networks, before.networks)
        or (before.disabled_at is None and after.disabled_at is not None)
    )


def _covers_projects(outer: frozenset[str] | None, inner: frozenset[str] | None) -> bool:
    return outer is None or (inner is not None and inner <= outer)


def _covers_networks(outer: tuple[str, ...], inner: tuple[str, ...]) -> bool:
    """Whether whoever is in `inner` is in `outer` too; () is everybody."""
    if not outer or not inner:
        return not outer
    outers = [ip_network(cidr) for cidr in outer]
    return all(any(_is_within(ip_network(cidr), network) for network in outers) for cidr in inner)


def _is_within(inner: Any, outer: Any) -> bool:
    return inner.version == outer.version and bool(inner.subnet_of(outer))
