"""Uploads that come in several requests: begun, added to, and made files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from services.files.domain.actors import Actor
from services.files.domain.arriving import Addition, Arriving, Joined
from services.files.domain.files import MAX_FILE_BYTES, Erasure, Upload
from services.files.domain.media import check_declared, decide
from services.files.domain.resumable import GROWING_BYTES, LIFETIME, RENEW, Resumable
from services.files.errors import (
    ChecksumMismatch,
    EmptyFile,
    FileTooLarge,
    OffsetMismatch,
    UploadLocked,
    UploadNotFound,
)
from services.files.ports import Desk
from services.files.usecases.storing import check_name, store_file
from shared.errors import Refusal, Unavailable
from shared.idempotency import Mark, digest
from shared.ids import is_uuid
from shared.media import HEAD_BYTES


def begin(desk: Desk, actor: Actor, length: int, metadata: str, mark: Mark | None) -> Resumable:
    """A new upload of so many bytes, or the one that the same request began before: BadRequest for metadata that cannot
    be read, EmptyFile, FileTooLarge, NameTooLong, UnsupportedContentType, KeyReused, Unavailable.
    """
    upload = Resumable(
        id=desk.new_id(),
        company_id=actor.company_id,
        length=length,
        metadata=metadata,
        created_by=actor.client_id,
        expires_at=desk.clock() + LIFETIME,
    )
    if length > MAX_FILE_BYTES:
        raise FileTooLarge(MAX_FILE_BYTES)
    if not length:
        raise EmptyFile
    check_name(upload.given_name)
    check_declared(upload.declared_type)
    kept = desk.uploads.add(upload, mark and mark.of(str(length), metadata))
    return upload if kept == upload.id else find_upload(desk, actor, kept)


def find_upload(desk: Desk, actor: Actor, upload_id: str) -> Resumable:
    """The upload, if the actor may see it; UploadNotFound, also when it has expired; Unavailable."""
    upload = desk.uploads.find(actor.reach, upload_id) if is_uuid(upload_id) else None
    if upload is None or upload.expires_at <= desk.clock():
        raise UploadNotFound
    return upload


def add_to_upload(desk: Desk, actor: Actor, upload: Resumable, addition: Addition) -> Resumable:
    """The upload with what the request adds; with its last byte it becomes a file, and `file_id` says which.

    OffsetMismatch, UploadLocked, FileTooLarge, ChecksumMismatch. IncompleteBody, with what came added unless there is a
    checksum. What `store_file` refuses, without the last bytes: whoever sends them again asks for the file again.
    """
    if addition.offset != upload.offset:
        raise OffsetMismatch(upload.offset)
    if upload.file_id:
        return upload
    with _holding(desk, upload) as hold:
        arriving = Arriving(addition, upload, hold.renew)
        if not upload.offset:
            _judge(upload, arriving)
        whole = _receive(desk, hold, arriving, addition)
        if whole.offset == whole.length:
            return _finish(desk, actor, whole)
        hold.keep(whole)
        if arriving.broken:
            raise arriving.broken
    return whole


def end_upload(desk: Desk, upload: Resumable) -> None:
    """Forget the upload, whether or not it was finished; UploadNotFound, Unavailable. A file that it became stays."""
    if not desk.uploads.remove(upload, desk.clock()):
        raise UploadNotFound


def expire_next(desk: Desk) -> bool:
    """Forget one upload that has expired; whether there was one: Unavailable."""
    upload = desk.uploads.expired(desk.clock())
    if upload:
        desk.uploads.remove(upload, desk.clock())
    return upload is not None


class _Hold:
    """An upload that this request holds; `kept` is what of it counts."""

    def __init__(self, desk: Desk, held: Resumable) -> None:
        self._desk = desk
        self._renew_at = desk.clock() + RENEW
        self.kept = held

    def keep(self, upload: Resumable) -> None:
        """Have the upload's pieces count; UploadLocked when another holds it by now."""
        now = self._desk.clock()
        if not self._desk.uploads.advance(self.kept, upload.pieces, now):
            raise UploadLocked
        before, self.kept, self._renew_at = self.kept, upload, now + RENEW
        _discard(self._desk, before, upload)

    def renew(self) -> None:
        """Hold it on, if it is time for that; UploadLocked."""
        if self._desk.clock() >= self._renew_at:
            self.keep(self.kept)


@contextmanager
def _holding(desk: Desk, upload: Resumable) -> Iterator[_Hold]:
    held = replace(upload, holder=desk.new_id())
    if not desk.uploads.hold(upload, str(held.holder), desk.clock()):
        raise UploadLocked
    try:
        yield _Hold(desk, held)
    finally:
        with suppress(Unavailable):  # it ends by itself
            desk.uploads.release(held)


def _judge(upload: Resumable, arriving: Arriving) -> None:
    """Refuse with its first bytes what would be refused with the last."""
    head = arriving.head(HEAD_BYTES)
    if len(head) in (HEAD_BYTES, upload.length):
        decide(upload.declared_type, head)


def _receive(desk: Desk, hold: _Hold, arriving: Arriving, addition: Addition) -> Resumable:
    """The upload with all that arrives. It counts piece by piece, for a process may die; but neither what has a
    checksum nor what makes the upload whole.
    """
    upload = hold.kept
    try:
        while arriving.head(1):
            upload = _with_piece(desk, upload, arriving)
            if upload.offset < upload.length and not addition.check.is_needed:
                hold.keep(upload)
        if not addition.check.fits:
            raise ChecksumMismatch
    except Refusal as refusal:
        if not isinstance(refusal, Unavailable):  # after which they may count all the same
            _discard(desk, upload, hold.kept)
        raise
    return upload


def _with_piece(desk: Desk, upload: Resumable, arriving: Arriving) -> Resumable:
    last = [piece for piece in upload.pieces[-1:] if piece.size < GROWING_BYTES]
    content = Joined(desk.storage.join(last), arriving) if last else arriving
    piece = desk.storage.keep_piece(upload.prefix + desk.new_id(), content)
    return replace(upload, pieces=(*upload.pieces[: len(upload.pieces) - len(last)], piece))


def _finish(desk: Desk, actor: Actor, whole: Resumable) -> Resumable:
    """Put the pieces together as if they had come in one request. By its mark, whoever does it again gets the file."""
    mark = Mark(digest(("upload", whole.id)), "")
    content = desk.storage.join(whole.pieces)
    file = store_file(desk, Upload(actor, content, whole.declared_type, whole.length, whole.given_name, mark))
    desk.uploads.finish(whole, file.id, desk.clock())
    return replace(whole, file_id=file.id)


def _discard(desk: Desk, before: Resumable, after: Resumable) -> None:
    """Remove the pieces that count no more."""
    for piece in set(before.pieces) - set(after.pieces):
        desk.storage.discard(Erasure(piece.key, piece.bucket, (piece.key,)))
