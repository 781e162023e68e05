"""The lane as an e2e test walks it: a client of the stack under test, and a few steps that many tests take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from paperlane.client import UNREAD_STATES, Client
from tests.support import eventually


class Lane:
    """Speaks to the stack of `local` (its local.json) as its first client, or as `credentials`."""

    def __init__(self, local: Mapping[str, Any], credentials: tuple[str, str] | None = None) -> None:
        self.local = local
        self.client = Client(local["base_url"], *(credentials or (local["client_id"], local["client_secret"])))

    def submit(self, content: bytes, name: str = "invoice.pdf", media_type: str = "application/pdf") -> str:
        """Upload and process; the answer is the id of the document."""
        file_id = self.client.upload(content, name, media_type)
        return self.client.process_file(file_id, self.local["project_id"])

    def await_final(self, document_id: str, seconds: float = 60) -> dict[str, Any]:
        """The document once it has been read."""

        def probe() -> dict[str, Any] | None:
            document = self.client.document(document_id)
            return None if document["state"] in UNREAD_STATES else document

        return eventually(probe, seconds)

    def process(self, content: bytes, **more: str) -> dict[str, Any]:
        return self.await_final(self.submit(content, **more))

    def get(self, path: str) -> Any:
        return self.client.request("GET", path).json()

    def post(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        return self.client.request("POST", path, json=body)

    def post_text(self, path: str, text: str) -> httpx.Response:
        return self.client.request("POST", path, {"Content-Type": "text/plain; charset=utf-8"}, content=text.encode())
