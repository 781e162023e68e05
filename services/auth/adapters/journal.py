"""A journal in the log, until auth has a chain of its own."""

from __future__ import annotations

from shared.contracts.audit import Entry
from shared.logs import get_logger

log = get_logger(__name__)


class LoggedJournal:
    def note(self, entry: Entry) -> None:
        self.write(entry)

    def write(self, entry: Entry) -> None:
        log.info(entry.action, actor=entry.actor, company_id=entry.company_id, subject=entry.subject)
