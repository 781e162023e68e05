"""What the tests of journals ask for by name: chains in memory, and processes that write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.audit import journal as module
from shared.audit.journal import ChainJournal
from shared.audit.spool import Spool
from shared.contracts.audit import AuditHeadReported
from tests.support.chains import WRITER, MemoryChains


@pytest.fixture
def chains() -> MemoryChains:
    return MemoryChains()


@pytest.fixture
def heads() -> list[AuditHeadReported]:
    return []


@pytest.fixture
def open_journal(
    chains: MemoryChains, heads: list[AuditHeadReported], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], ChainJournal]]:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    made: list[ChainJournal] = []

    def make() -> ChainJournal:
        made.append(ChainJournal(chains, WRITER, Spool(tmp_path, WRITER), heads.append))
        made[-1].start()
        return made[-1]

    yield make
    chains.away = chains.mute = False
    for journal in made:
        journal.close()
