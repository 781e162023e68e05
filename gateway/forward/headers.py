"""Which headers travel: not those of one connection, and none by which a client could pose as somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from shared.contracts.auth import CLIENT_HEADER, PLAN_HEADER

# RFC 9110 §7.6.1, with what older agents send besides.
_OF_ONE_CONNECTION = {
    "CONNECTION",
    "HTTP2-SETTINGS",
    "KEEP-ALIVE",
    "PROXY-AUTHENTICATE",
    "PROXY-AUTHORIZATION",
    "PROXY-CONNECTION",
    "TE",
    "TRAILER",
    "TRANSFER-ENCODING",
    "UPGRADE",
}
# Expect has been answered by our server already; Host, X-Request-Id and Traceparent are set anew, API keys replaced.
_NOT_UPWARDS = _OF_ONE_CONNECTION | {
    "API-KEY",
    "EXPECT",
    "FORWARDED",
    "HOST",
    "TRACEPARENT",
    "X-API-KEY",
    "X-REAL-IP",
    "X-REQUEST-ID",
    "X-REQUEST-USER",
}
_FRAMING = (
    ("Content-Type", "CONTENT_TYPE"),
    ("Content-Length", "CONTENT_LENGTH"),
    ("Transfer-Encoding", "HTTP_TRANSFER_ENCODING"),
)
_NOT_UPWARDS_BEGIN = ("X-FORWARDED-", "X-PAPERLANE-", "X-SSL-")
# Our server writes its own Date and Server; the request id and the span are ours already.
_NOT_DOWNWARDS = _OF_ONE_CONNECTION | {
    "DATE",
    "SERVER",
    "TRACEPARENT",
    "X-REQUEST-ID",
    CLIENT_HEADER.upper(),
    PLAN_HEADER.upper(),
}


def upwards(environ: Mapping[str, Any]) -> dict[str, str]:
    """The client's headers that the service gets, with the framing of the body as it came: its length, or chunked."""
    named = _named_by(environ.get("HTTP_CONNECTION", ""))
    headers = {}
    for key, value in environ.items():
        name = _upward_name(key)
        if name and name.upper() not in named:
            headers[name] = value
    for name, key in _FRAMING:
        if value := environ.get(key):
            headers[name] = value
    return headers


@lru_cache(1024)
def _upward_name(key: str) -> str:
    """The header's name, empty for what does not travel and for what is no header."""
    name = key[5:].replace("_", "-") if key.startswith("HTTP_") else ""
    return "" if name in _NOT_UPWARDS or name.startswith(_NOT_UPWARDS_BEGIN) else name.title()


def downwards(headers: Iterable[tuple[str, str]], connection: str) -> list[tuple[str, str]]:
    """The service's headers that the client gets; `connection` is the value of its Connection header."""
    dropped = _NOT_DOWNWARDS | _named_by(connection)
    return [(name, value) for name, value in headers if name.upper() not in dropped]


def _named_by(connection: str) -> set[str]:
    return {name.strip().upper() for name in connection.split(",")}
