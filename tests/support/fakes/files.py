"""The records of files in a dict, and a desk over them."""

from __future__ import annotations

from services.files.adapters.storage import StoredFiles
from services.files.domain.files import File
from services.files.ports import Desk, Files
from shared.clock import utc_now
from shared.ids import new_uuid
from shared.storage import ObjectStore
from tests.support.fakes.audit import MemoryJournal
from tests.support.fakes.documents import MemoryNumbers

BUCKET = "files"


class MemoryFiles:
    """The port `Files`; `files` maps ids to files."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}

    def add(self, file: File) -> None:
        self.files[file.id] = file

    def find(self, company_id: str, file_id: str) -> File | None:
        file = self.files.get(file_id)
        return file if file and file.company_id == company_id else None


def desk_over(store: ObjectStore, files: Files | None = None) -> Desk:
    """A desk whose bytes and manifests lie in `store`, where documents can read them."""
    journal = MemoryJournal()
    return Desk(
        storage=StoredFiles(store, BUCKET),
        files=files or MemoryFiles(),
        numbers=MemoryNumbers(),
        journal=journal,
        trail=journal.trail,
        clock=utc_now,
        new_id=new_uuid,
    )
