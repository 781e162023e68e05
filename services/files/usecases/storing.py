"""Arriving files."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

from services.files.domain.files import File, Upload, blob_key, erasure_of
from services.files.domain.media import EXTENSIONS
from services.files.domain.names import MAX_NAME_CHARACTERS, sanitise
from services.files.errors import NameTooLong
from services.files.ports import Desk
from services.files.usecases.auditing import entry
from services.files.usecases.reading import find_file, with_duplicate
from shared.clock import rfc3339
from shared.contracts.envelope import ClaimCheck
from shared.contracts.files import Manifest
from shared.errors import Unavailable
from shared.idempotency import Mark


def store_file(desk: Desk, upload: Upload) -> File:
    """Keep the upload as a file, or give the one that the same request made before: NameTooLong, what
    `Storage.take_in` refuses, KeyReused, Unavailable.

    The order is blob, manifest, record, answer, each step only once the one before is durable. So a manifest always has
    its blob, and a file that GET finds is one that process-file finds too. Whoever dies in between leaves objects
    without a record, under an id that nobody was told. The record comes last because messages will leave with it, and
    their receivers must find the manifest. When a later step fails the objects go away again; had the record been
    written after all, though no answer came, GET says `file_missing` for it. Not so with an Idempotency-Key: sent
    again, the request would be answered with that record, so its bytes stay.
    """
    check_name(upload.given_name)
    file_id, actor = desk.new_id(), upload.actor
    blob = desk.storage.take_in(blob_key(actor.company_id, file_id, desk.clock()), upload)
    mark = upload.mark and upload.mark.of(blob.sha256, upload.declared_type, upload.given_name or "")
    with ExitStack() as undo:
        undo.callback(desk.storage.discard, erasure_of(actor.company_id, file_id, blob))
        if mark and (earlier := desk.files.marked(mark)):
            return with_duplicate(desk, actor, find_file(desk, actor, earlier))
        first = desk.files.oldest(actor.reach, [blob.sha256]).get(blob.sha256)
        file = replace(new_file(desk, file_id, upload, blob), duplicate_of=first)
        desk.storage.publish(manifest_of(file))
        kept = _add(desk, file, mark, undo)
        if kept != file.id:
            return with_duplicate(desk, actor, find_file(desk, actor, kept))
        undo.pop_all()
    desk.journal.note(entry("file.uploaded", actor, file))
    return file


def check_name(given: str | None) -> None:
    """NameTooLong."""
    if len(given or "") > MAX_NAME_CHARACTERS:
        raise NameTooLong(f"The file's name may have at most {MAX_NAME_CHARACTERS} characters.")


def new_file(desk: Desk, file_id: str, upload: Upload, blob: ClaimCheck) -> File:
    """The file that the upload becomes, whose bytes are kept already."""
    return File(
        id=file_id,
        company_id=upload.actor.company_id,
        number=desk.numbers.next(upload.actor.company_id, "file"),
        name=sanitise(upload.given_name or "") or file_id + EXTENSIONS[blob.media_type],
        given_name=upload.given_name,
        blob=blob,
        created_at=desk.clock(),
        created_by=upload.actor.client_id,
    )


def _add(desk: Desk, file: File, mark: Mark | None, undo: ExitStack) -> str:
    try:
        return desk.files.add(file, mark)
    except Unavailable:
        if mark:
            undo.pop_all()
        raise


def manifest_of(file: File) -> Manifest:
    """What documents sees of the file."""
    return Manifest(
        file_id=file.id,
        company_id=file.company_id,
        number=file.number,
        name=file.name,
        blob=file.blob,
        created_at=rfc3339(file.created_at),
        created_by=file.created_by,
    )
