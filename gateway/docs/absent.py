"""What the contract has and this product has not yet: described, and answered with 501."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from gateway.errors import NotCovered
from shared.web.refusals import describe_refusals

TAG = "not covered"


class Absent(NamedTuple):
    """An operation of the contract, and the scope that it asks for there."""

    method: str
    path: str
    summary: str
    scope: str


# Whoever builds one of these takes its line out; whatever else lies below these paths answers 501 as well.
TABLE = (
    Absent("get", "/v2/agents", "List agents", "agents.read"),
    Absent("post", "/v2/agents", "Create an agent", "agents.write"),
    Absent("get", "/v2/agents/{agent_id}", "Read an agent", "agents.read"),
    Absent("get", "/v2/agent-workflows", "List agent workflows", "agents.read"),
    Absent("post", "/v2/agent-workflows", "Create an agent workflow", "agents.write"),
    Absent("get", "/v2/agent-workflows/{workflow_id}", "Read an agent workflow", "agents.read"),
    Absent("get", "/v2/callbacks", "List webhook subscriptions", "callbacks.read"),
    Absent("post", "/v2/callbacks", "Subscribe a webhook", "callbacks.write"),
    Absent("get", "/v2/e-invoices", "List e-invoices", "documents.read"),
    Absent("get", "/v2/enrichment-workflows", "List enrichment workflows", "enrichment-workflows.read"),
    Absent("post", "/v2/enrichment-workflows", "Create an enrichment workflow", "enrichment-workflows.write"),
    Absent("get", "/v2/enrichment-workflows/{workflow_id}", "Read an enrichment workflow", "enrichment-workflows.read"),
    Absent(
        "put", "/v2/enrichment-workflows/{workflow_id}", "Replace an enrichment workflow", "enrichment-workflows.write"
    ),
    Absent("post", "/v2/enrichment/{kind}", "Keep a record of master data", "enrichment.write"),
    Absent("patch", "/v2/enrichment/{kind}/{external_id}", "Change a record of master data", "enrichment.write"),
    Absent("delete", "/v2/enrichment/{kind}/{external_id}", "Delete a record of master data", "enrichment.delete"),
    Absent("post", "/v2/enrichment/lookup-tables/{table}", "Keep a row of a lookup table", "enrichment.write"),
    Absent(
        "delete",
        "/v2/enrichment/lookup-tables/{table}/{external_id}",
        "Delete a row of a lookup table",
        "enrichment.delete",
    ),
)


def describe() -> dict[str, Any]:
    """The OpenAPI document of these operations alone, as plain data."""
    name, response = describe_refusals([NotCovered])
    paths: dict[str, dict[str, Any]] = {}
    for absent in TABLE:
        paths.setdefault(absent.path, {})[absent.method] = _operation(absent, name)
    return {"paths": paths, "components": {"responses": {name: response}}}


def _operation(absent: Absent, response: str) -> dict[str, Any]:
    return {
        "operationId": absent.summary.lower().replace(" ", "_").replace("-", "_"),
        "summary": absent.summary,
        "description": f"Not covered yet. The contract asks for the scope `{absent.scope}` here.",
        "parameters": [
            {
                "name": parameter,
                "in": "path",
                "required": True,
                "description": "As the contract has it.",
                "schema": {"type": "string"},
            }
            for parameter in re.findall(r"\{(\w+)\}", absent.path)
        ],
        "responses": {str(NotCovered.status): {"$ref": f"#/components/responses/{response}"}},
        "security": [],
    }
