"""What was logged during a test."""

from __future__ import annotations

import json
from typing import Any

import pytest


def logged(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The lines that were logged since this was asked last, each of which is one JSON object."""
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]
