"""Companies for a fuzzer to act in: each with some of everything, by names that nobody else may see."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support import eventually
from tests.support.companies import found_other_company
from tests.support.oauth import Actor, Credentials, claims_of
from tests.support.samples import BUNDLE
from tests.support.stack import Stack
from tests.support.users import a_user, introduce

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()
UNREAD = ("new", "processing")


@dataclass(frozen=True, slots=True)
class Party:
    """A client of a company, and the ids of what the company has, by the names of path parameters."""

    actor: Actor
    mark: str
    company_id: str
    ids: Mapping[str, Sequence[str]]

    def shows(self) -> dict[str, tuple[int, bytes]]:
        """What the company itself sees of its things."""
        lists = ["documents", "projects", "files", "cases", "routings", "clients", "users", "companies"]
        paths = [f"/v2/{name}?limit=50" for name in lists]
        paths += [f"/v2/documents/{document_id}" for document_id in self.ids["document_id"]]
        answers = {path: self.actor.call("GET", path) for path in paths}
        return {path: (answer.status_code, answer.content) for path, answer in answers.items()}


def found_party(stack: Stack) -> Party:
    """A new company of the stack, furnished."""
    mark = f"mark-{secrets.token_hex(8)}"
    actor = Actor(stack.local["base_url"], Credentials(*found_other_company(stack)))
    company_id = str(claims_of(actor.token())["company_id"])
    user = a_user(company_id, name=f"{mark} Ann")
    introduce(stack, user)
    return Party(actor, mark, company_id, {"company_id": [company_id], "user_id": [user.id], **_furnished(actor, mark)})


def _furnished(actor: Actor, mark: str) -> dict[str, list[str]]:
    projects = [
        actor.made("/v2/projects", {"name": f"{mark} {number}", "completion": "automatic", "duplicates": "allow"})["id"]
        for number in range(3)
    ]
    routing = {"name": mark, "fromProjectId": projects[0], "toProjectId": projects[1], "active": False}
    headers = {"Content-Type": "application/pdf", "X-Hy-Filename": f"{mark}.pdf"}
    files = [actor.call("POST", "/v2/files", content=SAMPLE, headers=headers).json()["id"] for _ in range(5)]
    documents = [_processed(actor, mark, file_id, projects[2]) for file_id in files]
    case_id = actor.made("/v2/cases", {"name": mark, "projectId": projects[0]})["id"]
    begun = actor.call("POST", "/v2/uploads", headers={"Upload-Length": "10"})
    client, spare = (actor.new_client(name=mark) for _ in range(2))
    gone = documents.pop()
    assert actor.call("DELETE", f"/v2/documents/{gone}").status_code == 200
    return {
        "project_id": projects,
        "routing_id": [actor.made("/v2/routings", routing)["id"]],
        "file_id": files,
        "document_id": documents,
        "erased_id": [gone],
        "page": ["1"],
        "case_id": [case_id, actor.call("GET", f"/v2/documents/{documents[0]}").json()["caseId"]],
        "upload_id": [begun.headers["Location"].rpartition("/")[2]],
        "client_id": [client.id, spare.id],
        "key_id": [actor.new_key(client.id)[0]],
        "secret_id": [actor.made(f"/v2/clients/{client.id}/secrets", {})["id"]],
    }


def _processed(actor: Actor, mark: str, file_id: str, project_id: str) -> str:
    """A document that was read."""
    order = {"fileId": file_id, "projectId": project_id, "externalId": mark, "externalData": {"mark": mark}}
    document_id = str(actor.call("POST", "/v2/documents/process-file", json=order).json()["documentId"])
    text = {"Content-Type": "text/plain"}
    assert actor.call("POST", f"/v2/documents/{document_id}/title", content=mark, headers=text).status_code == 202

    def read() -> dict[str, Any] | None:
        document: dict[str, Any] = actor.call("GET", f"/v2/documents/{document_id}").json()
        return document if document["state"] not in UNREAD else None

    assert eventually(read, 60)
    return document_id
