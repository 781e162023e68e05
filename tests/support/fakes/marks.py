"""Idempotency marks and what bears them, in a dict."""

from __future__ import annotations

from shared.idempotency import KeyReused, Mark


class MemoryMarks:
    """No mark stands on two records. Not safe for threads by itself."""

    def __init__(self) -> None:
        self._bearers: dict[str, tuple[Mark, str]] = {}

    def put(self, mark: Mark | None, record_id: str) -> None:
        if mark:
            self._bearers[mark.id] = mark, record_id

    def forget(self, record_id: str) -> None:
        """The record is gone, with the marks that it bore."""
        self._bearers = {mark: kept for mark, kept in self._bearers.items() if kept[1] != record_id}

    def bearer(self, mark: Mark | None) -> str | None:
        """The id of the record that bears the mark, whatever was sent with it."""
        return self._bearers[mark.id][1] if mark and mark.id in self._bearers else None

    def find(self, mark: Mark | None) -> str | None:
        """The id of the record that bears the mark; KeyReused when it was another request's."""
        if mark is None or mark.id not in self._bearers:
            return None
        kept, record_id = self._bearers[mark.id]
        mark.refuse_other(kept.fingerprint)
        return record_id

    def answer(self, mark: Mark) -> bytes | None:
        """The answer that was kept with the mark, None when no record bears it; KeyReused as above."""
        return self._bearers[mark.id][0].answer if self.find(mark) else None


def bears(marks: MemoryMarks, record_id: str, mark: Mark | None) -> bool:
    """Whether the record bears the mark from now on; False when it did already, KeyReused when another one does."""
    bearer = marks.bearer(mark)
    if bearer not in (None, record_id):
        raise KeyReused
    marks.put(mark, record_id)
    return bearer is None
