"""How an answer that shows a secret is kept for whoever sends the request again."""

from __future__ import annotations

from typing import Protocol


class Seal(Protocol):
    """Opens only with the Idempotency-Key that an answer was sealed with, which is kept nowhere."""

    def close(self, key: str, answer: bytes) -> bytes: ...

    def open(self, key: str, sealed: bytes) -> bytes:
        """The answer; AnswerLost when it cannot be opened any more."""
        ...
