"""Kept files: what they are, and their bytes."""

from __future__ import annotations

from collections.abc import Iterator

from services.files.domain.files import Actor, File
from services.files.domain.ranges import Span
from services.files.errors import FileNotFound
from services.files.ports import Desk
from services.files.usecases.auditing import entry
from shared.ids import is_uuid


def find_file(desk: Desk, actor: Actor, file_id: str) -> File:
    """The file, if the actor may see it; FileNotFound, Unavailable."""
    file = desk.files.find(actor.company_id, file_id) if is_uuid(file_id) else None
    if file is None or (actor.own_only and file.created_by != actor.client_id):
        raise FileNotFound
    return file


def open_file(desk: Desk, actor: Actor, file: File, span: Span | None) -> Iterator[bytes]:
    """The file's checked bytes, or the part of them: FileMissing, FileCorrupt, Unavailable."""
    chunks = desk.storage.open(file.blob, span)
    detail = {"start": str(span.start), "size": str(span.size)} if span else None
    desk.journal.note(entry("file.downloaded", actor, file, detail))
    return chunks
