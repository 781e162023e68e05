"""A client that a program of others' writes from our description: it understands all of it and drives the lane."""

from __future__ import annotations

import importlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from paperlane.client import UNREAD_STATES
from tests.support import eventually
from tests.support.samples import BUNDLE, german
from tests.support.stack import Stack

pytestmark = pytest.mark.extra

DESCRIPTION = Path(__file__).parents[2] / "gateway" / "openapi.json"
NAME = "generated_for_a_test"
SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()
# What this generator has to be told: what is bytes, as only application/octet-stream is to it; and to leave patches to
# application/json, for where a body may come in two media types it forgets an import.
CONFIG = """content_type_overrides:
  application/pdf: application/octet-stream
  image/png: application/octet-stream
  application/offset+octet-stream: application/octet-stream
  application/merge-patch+json: text/plain
"""
# What it cannot send, however it is described. An operation that takes anything else beside is written with that.
_NOT_ITS_OWN = (
    r"Unsupported content type (image/(jpeg|png|tiff)|application/(xml|zip|x-zip-compressed|vnd\.[\w.-]+)|"
    r"message/rfc822|text/(xml|plain))"
)


@dataclass(frozen=True)
class Generated:
    """The package in `folder`, and what the generator said."""

    folder: Path
    said: str

    @property
    def complaints(self) -> list[str]:
        """What it did not understand, beside what it cannot do at all."""
        parts = re.split(r"^(?=WARNING|ERROR|Unable)", self.said, flags=re.MULTILINE)[1:]
        lines = [[line for line in part.splitlines() if line.strip()] for part in parts]
        return ["\n".join(part) for part in lines if not re.fullmatch(_NOT_ITS_OWN, part[1])]

    def model(self, kind: str, /, *value: str, **members: Any) -> Any:
        """The body, or the value of an enumeration."""
        return getattr(importlib.import_module(f"{NAME}.models"), kind)(*value, **members)

    def file(self, content: bytes, name: str | None = None) -> Any:
        return importlib.import_module(f"{NAME}.types").File(io.BytesIO(content), name)

    def client(self, base_url: str, token: str = "") -> Any:
        """A client of the server there, which raises when an answer has a status that is not described."""
        kinds = importlib.import_module(f"{NAME}.client")
        more = {"raise_on_unexpected_status": True, "timeout": 60, "httpx_args": {"trust_env": False}}
        return kinds.AuthenticatedClient(base_url, token, **more) if token else kinds.Client(base_url, **more)

    def call(self, client: Any, operation: str, *ids: str, **more: Any) -> Any:
        """The answer of the operation, which is found under whatever tag it has: `status_code` and `parsed`."""
        (file,) = self.folder.glob(f"api/*/{operation}.py")
        module = importlib.import_module(f"{NAME}.api.{file.parent.name}.{operation}")
        return module.sync_detailed(*ids, client=client, **more)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "config.yml").write_text(CONFIG)
    programs = Path(sys.executable).parent
    done = subprocess.run(
        [programs / "openapi-python-client", "generate", "--path", DESCRIPTION, "--meta", "none",
         "--config", folder / "config.yml", "--output-path", folder / NAME],
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},  # it calls ruff
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield Generated(folder / NAME, done.stdout + done.stderr)
    sys.path.remove(str(folder))
    for module in [module for module in sys.modules if module.partition(".")[0] == NAME]:
        del sys.modules[module]


@pytest.fixture(scope="module")
def me(stack: Stack, generated: Generated) -> Any:
    """The stack's first client, which has got its token by the generated client too."""
    local = stack.local
    form = generated.model(
        "IssueTokenBody",
        grant_type="client_credentials",
        client_id=local["client_id"],
        client_secret=local["client_secret"],
    )
    with generated.client(local["base_url"]) as anonymous:
        token = generated.call(anonymous, "issue_token", body=form).parsed
    with generated.client(local["base_url"], token.access_token) as client:
        yield SimpleNamespace(
            call=lambda operation, *ids, **more: generated.call(client, operation, *ids, **more),
            project=local["project_id"],
        )


def final(me: Any, document_id: str) -> Any:
    """The document once it was read."""

    def read() -> Any:
        document = me.call("show_document", document_id).parsed
        return document.state.value not in UNREAD_STATES and document

    return eventually(read, 60)


def test_every_operation_is_understood(generated: Generated) -> None:
    assert generated.complaints == []


def test_a_document_goes_from_arrival_to_the_erp(generated: Generated, me: Any) -> None:
    stored = me.call("upload_file", body=generated.file(SAMPLE), x_hy_filename="invoice.pdf").parsed
    order = generated.model("ProcessFile", file_id=stored.id, project_id=me.project, external_id="generated-1")
    document_id = me.call("process_file", body=order).parsed.document_id

    document = final(me, document_id)
    assert document.entities.additional_properties == german().entities()
    assert (document.state.value, document.external_id, document.file_id) == (
        "doneAutomatically", "generated-1", stored.id,
    )  # fmt: skip
    transfer = generated.model("Transfer", successful=True, message="booked as 4711")
    assert me.call("report_transfer", document_id, body=transfer).status_code == 202
    states = me.call("list_states", document_id).parsed
    assert [step.state.value for step in states] == ["new", "processing", "doneAutomatically", "transferred"]
    assert states == sorted(states, key=lambda step: step.updated_at)
    listed = me.call("list_documents", file_id=stored.id).parsed
    assert [item.id for item in listed.data] == [document_id]


def test_a_refusal_says_why(generated: Generated, me: Any) -> None:
    answer = me.call("show_document", "0" * 24)
    assert (answer.status_code, answer.parsed.code, answer.parsed.status) == (404, "not_found", 404)


def test_lists_and_records_of_the_company_are_read(me: Any) -> None:
    companies = me.call("list_companies").parsed
    assert me.call("show_company", companies.data[-1].id).parsed.active is True
    assert me.call("list_users", active=True).parsed.total_count >= 0
    projects = me.call("list_projects", search="Invoices and receipts").parsed
    assert me.project in [project.id for project in projects.data]
    assert me.call("show_project", me.project).parsed.completion.value == "automatic"


def test_a_file_may_come_in_a_form(generated: Generated, me: Any) -> None:
    form = generated.model("UploadFileFilesBody", file=generated.file(SAMPLE, "Büro.pdf"))
    stored = me.call("upload_file", body=form).parsed
    assert me.call("download_file", stored.id).parsed.payload.read() == SAMPLE
    assert me.call("show_file", stored.id).parsed.name == "Büro.pdf"


def test_files_that_arrive_together_are_a_case(generated: Generated, me: Any) -> None:
    file_ids = [me.call("upload_file", body=generated.file(SAMPLE)).parsed.id for _ in range(2)]
    batch = generated.model("ProcessFiles", file_ids=file_ids, project_id=me.project)
    accepted = me.call("process_file_batch", body=batch).parsed
    assert [document.file_id for document in accepted.documents] == file_ids
    opened = me.call("create_case", body=generated.model("CaseCreate", project_id=me.project, name="By hand")).parsed
    me.call("add_files", opened.id, body=generated.model("CaseFiles", file_ids=file_ids[:1]))
    assert me.call("process_case", opened.id).parsed.case_id == opened.id
    cases, completed = {accepted.case_id, opened.id}, generated.model("ListCasesStateItem", "completed")

    def both_completed() -> bool:
        return cases <= {case.id for case in me.call("list_cases", state=[completed], limit=50).parsed.data}

    eventually(both_completed, 60)
    whole = me.call("show_case", accepted.case_id).parsed
    assert [document.state.value for document in whole.documents] == ["doneAutomatically"] * 2


def new_project(generated: Generated, me: Any, name: str) -> Any:
    completion = generated.model("ProjectCreateCompletion", "automatic")
    return me.call("create_project", body=generated.model("ProjectCreate", name=name, completion=completion)).parsed


def test_a_project_is_made_changed_and_found(generated: Generated, me: Any) -> None:
    project = new_project(generated, me, "Generated invoices")
    patch = generated.model("ProjectPatch", note="All that comes by post.")
    changed = me.call("change_project", project.id, body=patch).parsed
    assert (changed.note, changed.name) == ("All that comes by post.", "Generated invoices")
    assert changed.completion.value == "automatic", "what the patch does not name stays"
    found = me.call("list_projects", search="generated inv").parsed.data
    assert [each.id for each in found] == [project.id]
    assert me.call("show_schema", project.id).parsed.data_points


def test_a_document_is_routed(generated: Generated, me: Any) -> None:
    source, target = (new_project(generated, me, name) for name in ("Everything", "Large ones"))
    large = generated.model(
        "Condition",
        field="totals.gross",
        operator=generated.model("ConditionOperator", "atLeast"),
        value=german().entities()["totals"]["gross"],
    )
    rule = {"name": "Large ones", "from_project_id": source.id, "to_project_id": target.id, "routing_node": large}
    routing = me.call("create_routing", body=generated.model("RoutingRule", **rule)).parsed
    stored = me.call("upload_file", body=generated.file(SAMPLE)).parsed
    order = generated.model("ProcessFile", file_id=stored.id, project_id=source.id)
    document_id = me.call("process_file", body=order).parsed.document_id
    eventually(lambda: me.call("show_document", document_id).parsed.project_id == target.id, 60)
    assert final(me, document_id).state.value == "doneAutomatically"
    retired = generated.model("RoutingRule", **rule, active=False)
    assert me.call("replace_routing", routing.id, body=retired).parsed.active is False
    assert routing.id in [each.id for each in me.call("list_routings").parsed.data]
