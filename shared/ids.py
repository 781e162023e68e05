"""Identifiers: 24 hex digits for documents, projects and companies; UUIDs for files (v4) and cases (v7)."""

from __future__ import annotations

import re
import secrets
import time
import uuid

_HEX24 = re.compile(r"[0-9a-f]{24}\Z")


def new_hex_id() -> str:
    """24 hex digits: 8 of the time in seconds, 16 at random, so that ids of one collection grow with time."""
    return f"{int(time.time()) & 0xFFFFFFFF:08x}{secrets.token_hex(8)}"


def is_hex_id(text: str) -> bool:
    return bool(_HEX24.match(text))


def new_uuid() -> str:
    return str(uuid.uuid4())


def is_uuid(text: str) -> bool:
    """True for the canonical spelling only: lower case, four dashes (RFC 9562 §4)."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def new_uuid7() -> str:
    """A UUID that starts with the time in milliseconds (RFC 9562 §5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
