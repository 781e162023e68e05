"""Logs as JSON lines on standard error, each with its service and, while one is handled, its request or message."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

# Values under these names never reach a log line, whoever logs them (library debug lines included).
_SECRET_NAMES = frozenset(
    {"authorization", "client_secret", "access_token", "assertion", "password", "secret", "token"}
)


def configure(service: str, level: str = "INFO") -> None:
    """Send our own and the libraries' log lines through one JSON formatter. Called once, by `app` or `worker`."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _named(service),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
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


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def bind(**values: str) -> None:
    """Add these to every line of this thread, until others of the same name take their place."""
    structlog.contextvars.bind_contextvars(**values)


def _named(service: str) -> Callable[[Any, str, MutableMapping[str, Any]], MutableMapping[str, Any]]:
    """Names the service in every line; a context variable would reach those of one thread only."""

    def name(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        line["service"] = service
        return line

    return name


def _hide_secrets(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in line.keys() & _SECRET_NAMES:
        line[name] = "…"
    return line
