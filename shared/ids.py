"""Identifiers: 24 hex digits for documents, projects and companies; UUIDs for files (v4, v5) and cases (v7)."""

from __future__ import annotations

import re
import secrets
import time
import uuid

# Regular expressions of ids as we spell them; of UUIDs that is in lower case with four dashes (RFC 9562 §4).
HEX_ID = "[0-9a-f]{24}"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# The name space of what follows from texts.
_OURS = uuid.UUID("6ba3c0f2-51b8-4c1e-9a35-0c7f4d1e8b26")


def new_hex_id() -> str:
    """24 hex digits: 8 of the time in seconds, 16 at random, so that ids of one collection grow with time."""
    return f"{int(time.time()) & 0xFFFFFFFF:08x}{secrets.token_hex(8)}"


def is_hex_id(text: str) -> bool:
    return bool(re.fullmatch(HEX_ID, text))


def new_uuid() -> str:
    return str(uuid.uuid4())


def derived_uuid(*parts: str) -> str:
    """The UUID that follows from these texts, none of which holds a slash (RFC 9562 §5.5)."""
    return str(uuid.uuid5(_OURS, "/".join(parts)))


def is_uuid(text: str) -> bool:
    return bool(re.fullmatch(UUID, text))


def new_uuid7() -> str:
    """A UUID that starts with the time in milliseconds (RFC 9562 §5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
