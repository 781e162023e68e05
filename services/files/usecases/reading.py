"""Kept files: what they are, and their bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from services.files.domain.actors import Actor
from services.files.domain.files import File, Selection
from services.files.domain.ranges import Span
from services.files.errors import FileNotFound
from services.files.ports import Desk
from services.files.usecases.auditing import entry
from shared.ids import is_uuid
from shared.listing import Page, Slice


def find_file(desk: Desk, actor: Actor, file_id: str) -> File:
    """The file, if the actor may see it; FileNotFound, Unavailable."""
    file = desk.files.find(actor.reach, file_id) if is_uuid(file_id) else None
    if file is None:
        raise FileNotFound
    return file


def list_files(desk: Desk, actor: Actor, selection: Selection, part: Slice) -> Page[File]:
    """A part of the files that the actor may see, each told what it is a duplicate of; Unavailable."""
    page = desk.files.page(actor.reach, selection, part)
    oldest = desk.files.oldest(actor.reach, {file.blob.sha256 for file in page.items})
    return page.each(lambda file: _told(file, oldest))


def with_duplicate(desk: Desk, actor: Actor, file: File) -> File:
    """The file, told what it is a duplicate of; Unavailable."""
    return _told(file, desk.files.oldest(actor.reach, [file.blob.sha256]))


def open_file(desk: Desk, actor: Actor, file: File, span: Span | None) -> Iterator[bytes]:
    """The file's checked bytes, or the part of them, which cannot be checked unless it is the whole: FileMissing,
    FileCorrupt, Unavailable.
    """
    chunks = desk.storage.open(file.blob, None if span == Span(0, file.blob.size) else span)
    detail = {"start": str(span.start), "size": str(span.size)} if span else None
    desk.journal.note(entry("file.downloaded", actor, file, detail))
    return chunks


def _told(file: File, oldest: Mapping[str, str]) -> File:
    first = oldest.get(file.blob.sha256, file.id)
    return file if first == file.id else replace(file, duplicate_of=first)
