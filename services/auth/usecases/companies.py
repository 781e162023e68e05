"""Keeping companies."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.auth.domain.administration import MANAGE_COMPANIES, Administrator
from services.auth.domain.clients import Company
from services.auth.errors import CompanyNotFound, LockOut, Overtaken
from services.auth.ports import Desk
from services.auth.usecases.administration import NewClient, make_client
from services.auth.usecases.recording import Change, recorded
from services.auth.usecases.settling import Keep, settled
from shared.ids import new_hex_id
from shared.listing import Page, Slice


@dataclass(frozen=True, slots=True)
class NewCompany:
    """A company, and its first client."""

    company: Company
    first: NewClient


def list_companies(desk: Desk, by: Administrator, part: Slice, number: int | None = None) -> Page[Company]:
    """The caller's own company; all, for whoever runs the platform. With a number, only the one that has it."""
    return desk.directory.companies(part, None if MANAGE_COMPANIES in by.scopes else by.company_id, number)


def get_company(desk: Desk, by: Administrator, company_id: str) -> Company:
    company = desk.directory.company(company_id)
    if company is None or (company_id != by.company_id and MANAGE_COMPANIES not in by.scopes):
        raise CompanyNotFound
    return company


def create_company(
    desk: Desk, by: Administrator, name: str, client: Mapping[str, Any], keep: Keep[NewCompany]
) -> NewCompany:
    """Found a company with a first client as `client` wants it; it gets all but the platform's own scope by default."""
    company = Company(new_hex_id(), name, desk.directory.next_number(), desk.clock())
    wanted = {"name": "first client", "scopes": by.scopes - {MANAGE_COMPANIES}, **client}
    new = NewCompany(company, make_client(desk, by, company.id, wanted))
    detail = {"client": new.first.client.id}
    with recorded(desk, by, Change("company.created", company.id, after=company, detail=detail)):
        if not desk.directory.add_company(company, new.first.client, keep(new)):
            raise Overtaken
    return new


def change_company(desk: Desk, by: Administrator, company_id: str, wanted: Mapping[str, Any]) -> Company:
    """Rename a company, or lock it, or give it back. The tokens that it had before stay void."""

    detail = {"members": " ".join(sorted(wanted))}
    voided = False

    def change() -> Company:
        nonlocal voided
        before = get_company(desk, by, company_id)
        now, disabled = desk.clock(), wanted.get("disabled", before.disabled_at is not None)
        if disabled and company_id == by.company_id:
            raise LockOut("disabled: a company cannot disable itself. Have another company do it.")
        after = dataclasses.replace(
            before,
            name=wanted.get("name", before.name),
            disabled_at=(before.disabled_at or now) if disabled else None,
        )
        with recorded(desk, by, Change("company.changed", company_id, before, after, detail)):
            if before.disabled_at and not disabled and not voided:
                desk.directory.void_tokens(company_id, now)
                voided = True
            if not desk.directory.change_company(before, after):
                raise Overtaken
        return after

    return settled(change)
