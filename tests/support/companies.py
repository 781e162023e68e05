"""A second company in the stack under test, founded as whoever operates the platform does it."""

from __future__ import annotations

from tests.support.stack import Stack


def found_other_company(stack: Stack) -> tuple[str, str]:
    """Client id and secret of a new company's first client, which has every scope but `companies.manage`."""
    body = {"name": "Another company", "client": {"plan": "local"}}
    with stack.client() as client:
        made = client.request("POST", "/v2/companies", json=body).json()["client"]
    return made["id"], made["secret"]
