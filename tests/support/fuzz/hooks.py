"""Loaded by schemathesis itself: credentials for each call, files that are files, the watch for another company's
data, what was answered how often, and which failures are excused.
"""

from __future__ import annotations

import atexit
import base64
import json
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis import AuthContext, CheckContext, HookContext, Response
from schemathesis.core.failures import Failure

from shared.idempotency import HEADER
from shared.web.openapi import KEY_EXAMPLE
from tests.support.fuzz.excuses import excused
from tests.support.fuzz.running import ANY
from tests.support.samples import BUNDLE

Case = schemathesis.Case[Any]
# The JSON of a `tests.support.fuzz.running.Setup`, and where to write what was counted.
SETUP: dict[str, Any] = json.loads(Path(os.environ["PAPERLANE_FUZZ"]).read_text())
COUNTED = Path(os.environ["PAPERLANE_FUZZED"])
BASIC = "Basic " + base64.b64encode(f"{SETUP['client_id']}:{SETUP['client_secret']}".encode()).decode()
# Calls of OAuth bring the client's own credentials.
OAUTH = "/v2/auth/"

_PDF = (BUNDLE / "invoice.pdf").read_bytes()
_XML = st.sampled_from([b"<a/>", b'<?xml version="1.0" encoding="UTF-8"?>\n<Invoice><ID>1</ID></Invoice>'])
schemathesis.openapi.media_type("application/pdf", st.just(_PDF), aliases=["application/octet-stream"])
schemathesis.openapi.media_type("application/xml", _XML, aliases=["text/xml"])
schemathesis.openapi.media_type("application/offset+octet-stream", st.binary(min_size=1, max_size=12))

_statuses: defaultdict[str, Counter[int]] = defaultdict(Counter)
atexit.register(lambda: COUNTED.write_text(json.dumps(_statuses)))


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """What an OAuth token is sent as, which is all that ignored_auth knows to leave out and to forge."""
    raw_schema["components"]["securitySchemes"]["oauth2"] = {"type": "http", "scheme": "bearer"}
    for item in raw_schema["paths"].values():
        for operation in item.values():
            operation["security"] = [{name: [] for name in demand} for demand in operation["security"]]


@schemathesis.auth(refresh_interval=240)
class Credentials:
    """A token, renewed in time; the calls of OAuth and the public ones get what is theirs."""

    def get(self, case: Case, context: AuthContext) -> str:  # noqa: ARG002
        with httpx.Client(base_url=SETUP["base_url"], trust_env=False, timeout=60) as http:
            grant = {"grant_type": "client_credentials"}
            answer = http.post("/v2/auth/token", data=grant, headers={"Authorization": BASIC})
        return f"Bearer {answer.raise_for_status().json()['access_token']}"

    def set(self, case: Case, data: str, context: AuthContext) -> None:  # noqa: ARG002
        if case.operation.path.startswith(OAUTH):
            case.headers["Authorization"] = BASIC
        elif case.operation.definition.raw.get("security"):
            case.headers["Authorization"] = data


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """No call may end what makes the calls, or all that they are about: such an id is replaced by that of a spare. And
    the key of the description's example is good for the first call alone; the others get their own.
    """
    method = case.method.upper()
    parameters: dict[str, Any] = case.path_parameters or {}
    if method == "GET":
        return
    for name, spare in SETUP["spares"].items():
        ends_it = method == "DELETE" and case.operation.path.endswith(f"{{{name}}}")
        protected = SETUP["callers"].get(name, []) + (SETUP["needed"].get(name, []) if ends_it else [])
        if name in parameters and {ANY, parameters[name]} & set(protected):
            parameters[name] = spare
    if case.headers and case.headers.get(HEADER) == KEY_EXAMPLE:
        case.headers[HEADER] = str(uuid4())


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    _statuses[f"{case.method.upper()} {case.operation.path}"][response.status_code] += 1


@schemathesis.check
def keeps_companies_apart(ctx: CheckContext, response: Response, case: Case) -> None:
    """No answer, whatever was asked, holds the texts by which another company's things are marked."""
    shown = [mark for mark in SETUP["foreign_marks"] if mark.encode() in response.content]
    assert not shown, f"The answer shows what belongs to another company: {shown}"


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    return excused(type(failure).__name__, case.operation.label, failure.message, response.content) is None
