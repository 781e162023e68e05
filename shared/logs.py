"""Logs as JSON lines on standard error, each with its service and, while one is handled, its request or message."""

from __future__ import annotations

import functools
import json
import logging
import os
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger

# Values under these names never reach a log line, whoever logs them (library debug lines included).
_SECRET_NAMES = frozenset(
    {"authorization", "client_secret", "access_token", "assertion", "password", "secret", "token"}
)

_STANDARD_ERROR = 2
_bound: ContextVar[dict[str, str]] = ContextVar("bound", default={})  # noqa: B039  # never changed, always replaced


def configure(service: str, level: str = "INFO") -> None:
    """Send our own and the libraries' log lines through the same steps, as JSON. Called once, by `app` or `worker`."""
    complete = functools.partial(_complete, service)
    # Not by way of the standard library's loggers, which take three times as long: there is a line for each request.
    structlog.configure(
        processors=[complete, structlog.processors.JSONRenderer(_write_json)],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=_Lines,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[complete],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(_write_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("pymongo", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # pika writes a traceback for each refused attempt and the body of each returned message; its callers say enough.
    logging.getLogger("pika").setLevel(logging.CRITICAL)


def get_logger(name: str) -> FilteringBoundLogger:
    logger: FilteringBoundLogger = structlog.get_logger(name)
    return logger


class _Lines:
    """Where our own lines go. Nobody who logs is to fail because nobody reads."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        with suppress(OSError):
            os.write(_STANDARD_ERROR, f"{line}\n".encode("utf-8", "backslashreplace"))

    debug = info = warning = error = critical = exception = msg


_write = json.JSONEncoder(default=repr).encode


def _write_json(line: MutableMapping[str, Any], **_: Any) -> str:
    return _write(line)


def bind(**values: str) -> None:
    """Add these to every line of this thread, until others of the same name take their place."""
    _bound.set(_bound.get() | values)


@contextmanager
def bound(**values: str) -> Iterator[None]:
    """Add these to every line of this thread for the time of the block."""
    token = _bound.set(_bound.get() | values)
    try:
        yield
    finally:
        _bound.reset(token)


def _complete(service: str, logger: Any, level: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """All that a line says beyond its own words, in one step because there are many lines."""
    record = line.get("_record")
    for name in line.keys() & _SECRET_NAMES:
        line[name] = "…"
    if line.get("exc_info"):
        line = structlog.processors.format_exc_info(logger, level, line)
    return {
        **line,
        **_bound.get(),
        "service": service,
        "level": "error" if level == "exception" else level,
        "logger": record.name if record else logger.name,
        "timestamp": datetime.now(UTC).isoformat()[: -len("+00:00")] + "Z",
    }
