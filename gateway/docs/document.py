"""The public OpenAPI document: the parts of all services in one, as clients meet them at the gateway."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gateway.docs import absent
from gateway.docs.api import routes
from gateway.docs.edge import passed_on
from gateway.routes import ABSENT, MOCK, OWN
from gateway.settings import SERVICES
from shared.web.openapi import VERSION, describe

FILE = Path(__file__).parents[1] / "openapi.json"
_ABOUT = """\
Paperlane takes a document from arrival to the ERP: upload, OCR and field extraction, review, transfer.

Get an access token from `POST /v2/auth/token`, send it as `Authorization: Bearer …`; or send an API key as `X-API-Key`.
Every refusal has a JSON body with `type`, `title`, `detail`, `status` and `code`. Every answer has an `X-Request-Id`
that leads to it in our logs, and says in `API-Version` which version of this document it follows, and in `RateLimit`
how many requests are left. What cannot be read as HTTP is refused before any of this, with 400, 414, 417, 431 or 501.

Versions are semantic: within 2.x nothing is taken away and nothing more is demanded. New operations, new optional
members and parameters, new values of a list in an answer may come with any version; ignore what you do not know."""
_TAGS = {
    "auth": "Access tokens, and the keys by which they are checked.",
    "files": "The bytes of documents: upload and download.",
    "documents": "Documents on their way, from processing to the ERP.",
    "cases": "What arrives together, in one file or many.",
    "projects": "Projects, which say how documents are processed.",
    "routings": "Which documents go on to another project.",
    "emails": "The e-mails that documents came with.",
    "users": "The persons of a company.",
    "companies": "Companies, whose data is kept apart.",
    "clients": "The clients of a company: what they may do and from where, their secrets and API keys.",
    "audit": "What was done by whom, and the proof that nothing was taken out.",
    OWN: "The API itself.",
    absent.TAG: "Parts of the contract that are not there yet; they answer 501.",
}
# The segment behind /v2/ is the tag of an operation where there is such a tag; others have the name of their service.
_SEGMENT = re.compile(r"/v2/([a-z-]+)")


class Conflict(ValueError):
    """Two services say different things of the same path, operation or component."""


def merge(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """One document of the parts, by service, with what the gateway adds to each. Conflict when two of them disagree."""
    paths: dict[str, dict[str, Any]] = {}
    components: dict[str, dict[str, Any]] = {}
    for service, printed in parts.items():
        part = passed_on(printed, service)
        for path, item in part["paths"].items():
            for method, operation in item.items():
                _add(paths.setdefault(path, {}), method, {**operation, "tags": [_tag(path, service)]}, path)
        for kind, named in part["components"].items():
            for name, component in named.items():
                _add(components.setdefault(kind, {}), name, component, kind)
    _refuse_doubles("operationId", [operation["operationId"] for item in paths.values() for operation in item.values()])
    _refuse_doubles("path", [re.sub(r"\{\w+\}", "{}", path) for path in paths])
    used = {tag for item in paths.values() for operation in item.values() for tag in operation["tags"]}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Paperlane", "version": VERSION, "description": _ABOUT},
        "servers": [
            {"url": "/", "description": "This installation."},
            {"url": MOCK, "description": "Its mock: examples, no data, any token."},
        ],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items() if name in used],
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {kind: dict(sorted(named.items())) for kind, named in sorted(components.items())},
    }


def _tag(path: str, service: str) -> str:
    found = _SEGMENT.match(path)
    if service == ABSENT:
        return absent.TAG
    return found[1] if found and found[1] in _TAGS else service


def _add(named: dict[str, Any], name: str, value: Any, where: str) -> None:
    if named.setdefault(name, value) != value:
        raise Conflict(f"{where} {name}: described twice, differently")


def _refuse_doubles(what: str, names: list[str]) -> None:
    doubles = [name for name, times in Counter(names).items() if times > 1]
    if doubles:
        raise Conflict(f"{what} used twice: {', '.join(doubles)}")


def render() -> str:
    """The text of openapi.json as the services' code says it should be."""
    parts = {service: _printed_by(service) for service in SERVICES}
    document = merge({**parts, OWN: describe(routes), ABSENT: absent.describe()})
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _printed_by(service: str) -> dict[str, Any]:
    """A service's part, by a process of its own: the gateway and the services never meet in one."""
    command = [sys.executable, "-m", f"services.{service}.app", "openapi"]
    printed = subprocess.run(command, cwd=FILE.parents[1], stdout=subprocess.PIPE, check=True)  # noqa: S603 # our own code
    part: dict[str, Any] = json.loads(printed.stdout)
    return part
