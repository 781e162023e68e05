"""The public OpenAPI document: merged from what each service prints, kept in openapi.json, served as /v2/openapi.json.

`python -m gateway.docs` writes the file anew; with `--check` it only says, by exit status 1, that the file is outdated.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from flask import Response

from gateway.routes import OWN, SERVICE
from gateway.schemas import API_KEY, COMPONENTS, LIMITED, OpenApiDocument, with_limits
from gateway.settings import SERVICES
from shared.audit.door import audit_routes
from shared.audit.trail import Trail
from shared.web.openapi import VERSION, describe
from shared.web.routes import Answer, Operation, Routes

FILE = Path(__file__).with_name("openapi.json")
_ABOUT = """\
Paperlane takes a document from arrival to the ERP: upload, OCR and field extraction, review, transfer.

Get an access token from `POST /v2/auth/token`, send it as `Authorization: Bearer …`; or send an API key as `X-API-Key`.
Every refusal has a JSON body with `type`, `title`, `detail`, `status` and `code`; every answer has an `X-Request-Id`
that leads to it in our logs, and says in `RateLimit` how many requests are left."""
_TAGS = {
    "auth": "Access tokens, and the keys by which they are checked.",
    "companies": "Companies, whose data is kept apart.",
    "clients": "The clients of a company: what they may do and from where, their secrets and API keys.",
    "files": "The bytes of documents: upload and download.",
    "documents": "Documents on their way, from processing to the ERP, and the projects that say how.",
    "audit": "What was done by whom, and the proof that nothing was taken out.",
    OWN: "The API itself.",
}
# The tag of operations whose paths begin like this; others have the name of their service.
_TAGS_BY_PATH = {"/v2/audit/": "audit", "/v2/clients": "clients", "/v2/companies": "companies"}


class Desk(Protocol):
    """What the gateway's own answers are made of: the text of openapi.json and its audit log."""

    @property
    def document(self) -> bytes: ...

    @property
    def trail(self) -> Trail: ...


routes: Routes[Desk] = Routes[Desk](OWN).including(audit_routes(OWN))


class Conflict(ValueError):
    """Two services say different things of the same path, operation or component."""


@routes.get("/v2/openapi.json", Operation(None, "Read this document", Answer(200, OpenApiDocument)))
def read_openapi(desk: Desk) -> Response:
    """The OpenAPI document of all services together; what it does not list is not there."""
    return Response(desk.document, content_type="application/json")


def merge(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """One document of the parts, by service, with what the gateway adds to each. Conflict when two of them disagree."""
    paths: dict[str, dict[str, Any]] = {}
    components: dict[str, dict[str, Any]] = {kind: dict(named) for kind, named in COMPONENTS.items()}
    for service, part in parts.items():
        for path, item in part["paths"].items():
            for method, operation in item.items():
                _add(paths.setdefault(path, {}), method, _at_the_edge(path, operation, service), path)
        for kind, named in part["components"].items():
            for name, component in named.items():
                _add(components.setdefault(kind, {}), name, component, kind)
    _refuse_doubles("operationId", [operation["operationId"] for item in paths.values() for operation in item.values()])
    _refuse_doubles("path", [re.sub(r"\{\w+\}", "{}", path) for path in paths])
    return {
        "openapi": "3.1.0",
        "info": {"title": "Paperlane", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {kind: dict(sorted(named.items())) for kind, named in sorted(components.items())},
    }


def _at_the_edge(path: str, operation: Mapping[str, Any], service: str) -> dict[str, Any]:
    """The operation as clients meet it: behind rate limits, and open to API keys where it takes tokens."""
    tag = next((tag for begin, tag in _TAGS_BY_PATH.items() if path.startswith(begin)), service)
    answers = {"429": LIMITED} | operation["responses"]
    return {
        **operation,
        SERVICE: service,
        "tags": [tag],
        "security": [*operation["security"], {API_KEY: []}] if operation["security"] else [],
        "responses": {status: _limited(status, answer) for status, answer in sorted(answers.items())},
    }


def _limited(status: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The headers stand at these two only, so that the document stays readable; all answers have them."""
    return with_limits(answer) if status < "300" or status == "429" else answer


def _add(named: dict[str, Any], name: str, value: Any, where: str) -> None:
    if named.setdefault(name, value) != value:
        raise Conflict(f"{where} {name}: described twice, differently")


def _refuse_doubles(what: str, names: list[str]) -> None:
    doubles = [name for name, times in Counter(names).items() if times > 1]
    if doubles:
        raise Conflict(f"{what} used twice: {', '.join(doubles)}")


def render() -> str:
    """The text of openapi.json as the services' code says it should be."""
    document = merge({**{service: _printed_by(service) for service in SERVICES}, OWN: describe(routes)})
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _printed_by(service: str) -> dict[str, Any]:
    """A service's part, by a process of its own: the gateway and the services never meet in one."""
    command = [sys.executable, "-m", f"services.{service}.app", "openapi"]
    printed = subprocess.run(command, cwd=FILE.parents[1], stdout=subprocess.PIPE, check=True)  # noqa: S603 # our own code
    part: dict[str, Any] = json.loads(printed.stdout)
    return part


def main() -> None:
    text = render()
    if sys.argv[1:] != ["--check"]:
        FILE.write_text(text, encoding="utf-8")
    elif FILE.read_text(encoding="utf-8") != text:
        sys.exit(f"{FILE.name} is not what the services say. Run: make openapi")


if __name__ == "__main__":
    main()
