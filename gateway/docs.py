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
from typing import Any

from flask import Response

from gateway.routes import OWN, SERVICE
from gateway.schemas import OpenApiDocument
from gateway.settings import SERVICES
from shared.web.openapi import VERSION, describe
from shared.web.routes import Answer, Operation, Routes

FILE = Path(__file__).with_name("openapi.json")
_ABOUT = """\
Paperlane takes a document from arrival to the ERP: upload, OCR and field extraction, review, transfer.

Get an access token from `POST /v2/auth/token`, send it as `Authorization: Bearer …`. Every refusal has a JSON body with
`type`, `title`, `detail`, `status` and `code`; every answer has an `X-Request-Id` that leads to it in our logs."""
_TAGS = {
    "auth": "Access tokens.",
    "files": "The bytes of documents: upload and download.",
    "documents": "Documents on their way, from processing to the ERP, and the projects that say how.",
    OWN: "The API itself.",
}

routes: Routes[bytes] = Routes(OWN)


class Conflict(ValueError):
    """Two services say different things of the same path, operation or component."""


@routes.get("/v2/openapi.json", Operation(None, "Read this document", Answer(200, OpenApiDocument)))
def read_openapi(document: bytes) -> Response:
    """The OpenAPI document of all services together; what it does not list is not there."""
    return Response(document, content_type="application/json")


def merge(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """One document of the parts, by service; each operation names its service. Conflict when two of them disagree."""
    paths: dict[str, dict[str, Any]] = {}
    components: dict[str, dict[str, Any]] = {}
    for service, part in parts.items():
        for path, item in part["paths"].items():
            for method, operation in item.items():
                _add(paths.setdefault(path, {}), method, {**operation, SERVICE: service}, path)
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
