"""Files that arrive inside others: what extraction found in an archive or e-mail becomes files of their own."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from services.files.domain.actors import SYSTEM, Actor, Reach
from services.files.domain.files import File, Readable, Upload, blob_key
from services.files.domain.names import MAX_NAME_CHARACTERS
from services.files.errors import FileCorrupt, FileMissing, FileNotFound, FileTooLarge
from services.files.ports import Desk
from services.files.usecases.auditing import entry
from services.files.usecases.deleting import SENDER, delete_file
from services.files.usecases.storing import manifest_of, new_file
from shared.contracts.announcing import announce
from shared.contracts.envelope import read_json
from shared.contracts.extraction import DocumentSplit, Split, SplitMember
from shared.contracts.files import MembersStored
from shared.errors import BadRequest
from shared.ids import derived_uuid

MAX_MEMBERS = 100
"""Extraction finds no more in one file."""

_MOST_LISTED = 4 * 1024 * 1024


def store_members(desk: Desk, actor: Actor, fact: DocumentSplit) -> None:
    """Keep each of them as a file, then tell: Unavailable, with some of them kept perhaps.

    Safe to repeat, also for two workers at once: the ids follow from the document, so whoever does it again comes upon
    the same files. What is not there any more, because the document was deleted, is left out. The files are of whoever
    uploaded the one that they were in.
    """
    if desk.takeovers.is_done(actor.company_id, fact.document_id, fact.attempt):
        return
    parcel = desk.files.find(Reach(actor.company_id), fact.file_id)
    stored = [
        file_id
        for place, member in enumerate(_members(desk, fact))
        if (file_id := _store(desk, actor, fact, parcel, place, member))
    ]
    _tell(desk, actor, fact, stored)


def give_up_members(desk: Desk, actor: Actor, fact: DocumentSplit) -> None:
    """After the last failed attempt: keep none of them, and tell that; but all, if an attempt came to its end."""
    if desk.takeovers.is_done(actor.company_id, fact.document_id, fact.attempt):
        return
    for place in range(MAX_MEMBERS):
        with suppress(FileNotFound):
            delete_file(desk, actor, _file_id(actor, fact, place), {"document": fact.document_id})
    _tell(desk, actor, fact, [])


def _tell(desk: Desk, actor: Actor, fact: DocumentSplit, file_ids: list[str]) -> None:
    now = desk.clock()
    told = MembersStored(fact.document_id, fact.attempt, tuple(file_ids), fact.split)
    desk.takeovers.finish(actor.company_id, fact.document_id, fact.attempt, announce(SENDER, actor, now, told), now)


def _members(desk: Desk, fact: DocumentSplit) -> tuple[SplitMember, ...]:
    try:
        listed = _read(desk.storage.join([fact.split]))
    except (FileMissing, FileCorrupt):
        return ()
    return read_json(Split, listed, "split").members[:MAX_MEMBERS]


def _read(content: Readable) -> bytes:
    data = b""
    while len(data) <= _MOST_LISTED and (piece := content.read(_MOST_LISTED)):
        data += piece
    return data


def _store(
    desk: Desk, actor: Actor, fact: DocumentSplit, parcel: File | None, place: int, member: SplitMember
) -> str | None:
    file_id = _file_id(actor, fact, place)
    if desk.files.find(Reach(actor.company_id), file_id):
        return file_id
    owner = replace(actor, client_id=parcel.created_by if parcel else SYSTEM)
    name = member.name if len(member.name) <= MAX_NAME_CHARACTERS else None
    content = desk.storage.join([member.blob])
    upload = Upload(owner, content, member.blob.media_type, member.blob.size, name)
    key = blob_key(actor.company_id, file_id, parcel.created_at if parcel else desk.clock())
    try:
        blob = desk.storage.take_in(key, upload)
    except (FileMissing, FileCorrupt, FileTooLarge, BadRequest):
        return None
    file = new_file(desk, file_id, upload, blob)
    desk.storage.publish(manifest_of(file))
    kept = desk.files.ensure(file)
    if kept.number != file.number:  # another worker was faster
        desk.storage.publish(manifest_of(kept))
    else:
        desk.journal.note(entry("file.uploaded", actor, kept, {"document": fact.document_id}))
    return file_id


def _file_id(actor: Actor, fact: DocumentSplit, place: int) -> str:
    return derived_uuid(actor.company_id, fact.document_id, str(fact.attempt), str(place))
