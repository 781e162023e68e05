"""Regular expressions that come from strangers, run by RE2: in time that grows with the text, whatever they say."""

from __future__ import annotations

from typing import Any

import re2

MAX_PATTERN = 200
# Repetitions of repetitions can make a short pattern a huge machine.
_MAX_BYTES = 1024 * 1024
ALLOWED = f"A regular expression (RE2's) of at most {MAX_PATTERN} characters: without look-around and back-references."


class Unsafe(ValueError):
    """The pattern is none that may be run; the text says why, and what to do."""


def compiled(pattern: str) -> Any:
    """The pattern, with `search` and `finditer` as Python's; Unsafe."""
    if len(pattern) > MAX_PATTERN:
        raise Unsafe(f"Must have at most {MAX_PATTERN} characters.")
    try:
        return re2.compile(pattern, _options())
    except (re2.error, UnicodeError) as fault:
        told = fault.args[0].decode("utf-8", "replace") if isinstance(fault, re2.error) else "not Unicode"
        raise Unsafe(f"Must be a regular expression of RE2: {told}.") from fault


def _options() -> Any:
    options = re2.Options()
    options.max_mem = _MAX_BYTES
    options.log_errors = False
    return options
