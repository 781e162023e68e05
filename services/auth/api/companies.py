"""Companies: whoever runs the platform founds and locks them, everybody reads his own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Response

from services.auth.api.clients import with_secret
from services.auth.api.making import NEW_COMPANY, Shown, administrator, made_once
from services.auth.domain.administration import MANAGE_COMPANIES
from services.auth.domain.clients import Company
from services.auth.errors import BeyondOwnRights, ClientContradicts, CompanyNotFound, LockOut, Overtaken, UnknownPlan
from services.auth.ports import Desk
from services.auth.schemas import administered as answers
from services.auth.schemas import administration as requests
from services.auth.usecases import companies
from services.auth.usecases.companies import NewCompany
from shared.bearer import Caller
from shared.idempotency import Mark
from shared.listing import Slice
from shared.web.bodies import listed
from shared.web.routes import Answer, Json, Operation, Routes

routes: Routes[Desk] = Routes("auth")


@routes.get(
    "/v2/companies",
    Operation(
        scope="companies.read",
        summary="List companies",
        answer=Answer(200, answers.CompanyList),
        query=requests.CompaniesQuery,
    ),
)
def list_companies(desk: Desk, caller: Caller, query: Mapping[str, Any]) -> dict[str, Any]:
    """One's own company; with the scope `companies.manage` too, all of them, newest first."""
    part: Slice = query["part"]
    page = companies.list_companies(desk, administrator(caller), part, query["number"])
    return listed(page.each(lambda company: _shown(company, query["include"])), part)


@routes.post(
    "/v2/companies",
    Operation(
        scope=MANAGE_COMPANIES,
        summary="Found a company",
        answer=NEW_COMPANY,
        body=Json(requests.CompanyCreate),
        refusals=(ClientContradicts, UnknownPlan, BeyondOwnRights, Overtaken),
        keyed=True,
    ),
)
def create_company(desk: Desk, caller: Caller, body: Mapping[str, Any], mark: Mark | None) -> Response:
    """Founds a company with its first client, whose secret is shown this once."""
    by = administrator(caller)
    return made_once(
        desk,
        mark,
        NEW_COMPANY,
        lambda keep: companies.create_company(desk, by, body["name"], body["client"], keep),
        _with_client,
    )


@routes.get(
    "/v2/companies/<company_id>",
    Operation(
        scope="companies.read",
        summary="Read a company",
        answer=Answer(200, answers.Company),
        query=requests.CompanyQuery,
        refusals=(CompanyNotFound,),
    ),
)
def show_company(desk: Desk, caller: Caller, company_id: str, query: Mapping[str, Sequence[str]]) -> Shown:
    """One's own company; with the scope `companies.manage` too, any."""
    return _shown(companies.get_company(desk, administrator(caller), company_id), query["include"])


@routes.patch(
    "/v2/companies/<company_id>",
    Operation(
        scope=MANAGE_COMPANIES,
        summary="Change a company",
        answer=Answer(200, answers.Company),
        body=Json(requests.CompanyChange),
        refusals=(CompanyNotFound, LockOut, Overtaken),
    ),
)
def change_company(desk: Desk, caller: Caller, company_id: str, body: Mapping[str, Any]) -> Company:
    """Renames a company, disables it or gives it back. Disabling voids all its tokens for good, everywhere within five
    seconds.
    """
    return companies.change_company(desk, administrator(caller), company_id, body)


def _shown(company: Company, include: Sequence[str]) -> Shown:
    return Shown(company, {"shown_number": company.number} if "number" in include else {})


def _with_client(new: NewCompany) -> Shown:
    return Shown(new.company, {"client": with_secret(new.first)})
