"""Files that go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from services.files.domain.actors import Actor
from services.files.errors import FileNotFound
from services.files.ports import Desk
from services.files.usecases.auditing import entry
from services.files.usecases.reading import find_file
from shared.contracts.announcing import announce
from shared.contracts.files import FileDeleted
from shared.errors import Unavailable

SENDER = "files"


def delete_file(desk: Desk, actor: Actor, file_id: str, because: Mapping[str, str] | None = None) -> None:
    """Delete the file; FileNotFound, Unavailable with nothing done.

    The record goes first, in one write with the note of what is to be erased and with the messages about it: from then
    on nobody reads the file, and whoever dies, the worker finishes. Then the manifest goes, so that with the answer no
    document can begin with the file; if the store is away, with the worker's next try. The worker erases the blob last,
    so that what names it is gone before it.
    """
    file, now = find_file(desk, actor, file_id), desk.clock()
    if not desk.files.remove(file, announce(SENDER, actor, now, FileDeleted(file.id, file.blob.sha256)), now):
        raise FileNotFound
    written = entry("file.deleted", actor, file, because)
    desk.journal.note(replace(written, before=written.after, after=""))
    with suppress(Unavailable):
        desk.storage.withdraw(file.company_id, file.id)


def delete_files_of_document(desk: Desk, actor: Actor, document_id: str, file_ids: Sequence[str]) -> None:
    """Delete what a document leaves behind, as far as it is still there: Unavailable."""
    for file_id in file_ids:
        with suppress(FileNotFound):
            delete_file(desk, actor, file_id, {"document": document_id})


def erase_next(desk: Desk) -> bool:
    """Erase what is left of one deleted file; whether there was one: Unavailable."""
    erasure = desk.erasures.next(desk.clock())
    if erasure is None:
        return False
    desk.storage.erase(erasure)
    desk.erasures.done(erasure)
    return True
