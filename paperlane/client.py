"""A client of the HTTP API: gets and renews its own token, and turns refusals into one exception."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

TIMEOUT_SECONDS = 60.0
RENEW_SECONDS = 30.0
UNREAD_STATES = frozenset({"new", "processing"})


class ApiRefusal(Exception):
    """The API said no, or nobody answered (`status` 0). `title` and `detail` are for a person; `retry_after` tells
    after how many seconds to try again, where the API said so.
    """

    def __init__(self, status: int, title: str, detail: str, retry_after: int | None = None) -> None:
        super().__init__(f"{title}: {detail}")
        self.retry_after = retry_after
        self.status = status
        self.title = title
        self.detail = detail


class Client:
    """Speaks for one client of a company. Every method raises ApiRefusal; use it with `with`, or `close` it."""

    def __init__(self, base_url: str, client_id: str, client_secret: str) -> None:
        # Proxies of the environment are for other hosts than one's own Paperlane.
        self._http = httpx.Client(base_url=base_url, timeout=TIMEOUT_SECONDS, trust_env=False)
        self._credentials = (client_id, client_secret)
        self._token = ""
        self._renew_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def token(self) -> str:
        """An access token that is good for half a minute at least."""
        if time.monotonic() > self._renew_at:
            grant = {"grant_type": "client_credentials"}
            answer = self._send("POST", "/v2/auth/token", data=grant, auth=self._credentials).json()
            self._token = str(answer["access_token"])
            self._renew_at = time.monotonic() + float(answer["expires_in"]) - RENEW_SECONDS
        return self._token

    def request(self, method: str, path: str, headers: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        """Any call, with the token; `more` as httpx takes it (json, content, params)."""
        return self._send(method, path, headers={**(headers or {}), "Authorization": f"Bearer {self.token()}"}, **more)

    def upload(self, content: bytes, name: str, media_type: str) -> str:
        """Store a file; the answer is its id."""
        headers = {"Content-Type": media_type, "X-Hy-Filename": quote(name)}
        return str(self.request("POST", "/v2/files", headers, content=content).json()["id"])

    def process_file(self, file_id: str, project_id: str) -> str:
        """Have a stored file processed; the answer is the id of its document."""
        body = {"fileId": file_id, "projectId": project_id}
        return str(self.request("POST", "/v2/documents/process-file", json=body).json()["documentId"])

    def document(self, document_id: str) -> dict[str, Any]:
        return dict(self.request("GET", f"/v2/documents/{document_id}").json())

    def states(self, document_id: str) -> list[dict[str, Any]]:
        return list(self.request("GET", f"/v2/documents/{document_id}/states").json())

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **more)
        except httpx.TransportError as fault:
            raise ApiRefusal(0, "No answer", f"{self._http.base_url} does not answer: {fault}") from fault
        if answer.is_success:
            return answer
        try:
            problem = answer.json()
            later = answer.headers.get("Retry-After", "")
            wait = int(later) if later.isdigit() else None
            raise ApiRefusal(answer.status_code, str(problem["title"]), str(problem["detail"]), wait)
        except (ValueError, KeyError, TypeError):
            raise ApiRefusal(answer.status_code, answer.reason_phrase, answer.text[:200]) from None
