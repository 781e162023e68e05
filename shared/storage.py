"""Object storage: where bytes travel. A port, and its S3 side; every read is checked by its hash."""

from __future__ import annotations

import hashlib
import io
import mmap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, BinaryIO, Protocol, cast
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.datatypes import Part
from minio.error import InvalidResponseError, MinioException, S3Error

from shared.contracts.envelope import ClaimCheck
from shared.errors import Refusal, Unavailable

CHUNK = 64 * 1024
# S3's smallest part; a stream of unknown length is held in memory one part at a time.
PART = 5 * 1024 * 1024


class Missing(Refusal):
    """No object lies under this key."""

    code, status, title = "object_missing", 404, "Object missing"


class Corrupt(Refusal):
    """The object's bytes are not those that were stored."""

    code, status, title = "object_corrupt", 500, "Object corrupt"


class ObjectStore(Protocol):
    """What services need of object storage. Each method raises Unavailable when the store does not answer."""

    def put(self, bucket: str, key: str, data: bytes, media_type: str) -> ClaimCheck: ...

    def put_stream(self, bucket: str, key: str, stream: BinaryIO, media_type: str) -> ClaimCheck:
        """Store what `stream.read(n)` gives until it gives nothing, hashing on the way.

        What the stream raises is passed on, and nothing is stored.
        """
        ...

    def read(self, bucket: str, key: str) -> bytes:
        """The whole object; Missing."""
        ...

    def get(self, claim: ClaimCheck) -> bytes:
        """The whole object, checked; Missing, Corrupt."""
        ...

    def open(self, claim: ClaimCheck) -> Iterator[bytes]:
        """The object in chunks; Missing before the first.

        Corrupt comes in place of the last chunk, so that a damaged object is never complete.
        """
        ...

    def open_part(self, claim: ClaimCheck, start: int, size: int) -> Iterator[bytes]:
        """`size` bytes of the object from the one at `start` on, in chunks; Missing before the first.

        A part cannot be checked by the hash of the whole: Corrupt comes where bytes are missing.
        """
        ...

    def delete(self, bucket: str, key: str) -> None:
        """Remove the object; it may be absent."""
        ...

    def keys(self, bucket: str, prefix: str) -> Iterator[str]:
        """The keys of all objects whose key begins so."""
        ...

    def ensure_bucket(self, bucket: str) -> None: ...

    def is_up(self, bucket: str) -> bool:
        """Does the store answer, and is the bucket there?"""
        ...


class S3Store:
    """Any S3-compatible store. Safe for many threads; make it after a fork."""

    def __init__(self, url: str, access_key: str, secret_key: str, region: str) -> None:
        parts = urlsplit(url)

        def client(read_seconds: float) -> Minio:
            pool = urllib3.PoolManager(
                maxsize=16,
                timeout=urllib3.Timeout(connect=3, read=read_seconds),
                # A refused connection is tried again; an answer, whatever it says, is not.
                retries=urllib3.Retry(total=None, connect=1, read=0, redirect=0, status=0, other=0, backoff_factor=0.1),
            )
            secure = parts.scheme == "https"
            return Minio(parts.netloc, access_key, secret_key, region=region, secure=secure, http_client=pool)

        self._client = client(read_seconds=20)
        self._probe = client(read_seconds=1)  # readiness is asked every few seconds and must not hang

    def put(self, bucket: str, key: str, data: bytes, media_type: str) -> ClaimCheck:
        with _translated(key):
            self._client.put_object(bucket, key, io.BytesIO(data), len(data), media_type)
        return ClaimCheck(bucket, key, hashlib.sha256(data).hexdigest(), len(data), media_type)

    def put_stream(self, bucket: str, key: str, stream: BinaryIO, media_type: str) -> ClaimCheck:
        hashing = HashingReader(stream)
        # A map of its own rather than an allocation: the allocator keeps such large pieces, for every thread.
        part = memoryview(mmap.mmap(-1, PART))
        with _translated(key):
            size = _fill(part, hashing)
            if size < PART:
                self._client._put_object(bucket, key, cast(bytes, part[:size]), {"Content-Type": media_type})
            else:
                self._put_parts(bucket, key, part, hashing, media_type)
        return ClaimCheck(bucket, key, hashing.sha256, hashing.size, media_type)

    def _put_parts(self, bucket: str, key: str, part: memoryview, stream: HashingReader, media_type: str) -> None:
        """Store the full `part` and what `stream` still gives, refilling it.

        By minio's own steps: its `put_object` would hold each part up to three times.
        """
        upload = self._client._create_multipart_upload(bucket, key, {"Content-Type": media_type})
        with ExitStack() as undo:
            undo.callback(self._abort, bucket, key, upload)
            parts: list[Part] = []
            size = PART
            while size:
                number, data = len(parts) + 1, cast(bytes, part[:size])
                parts.append(Part(number, self._client._upload_part(bucket, key, data, None, upload, number)))
                size = _fill(part, stream)
            self._client._complete_multipart_upload(bucket, key, upload, parts)
            undo.pop_all()

    def _abort(self, bucket: str, key: str, upload: str) -> None:
        with suppress(MinioException, urllib3.exceptions.HTTPError):  # what began it is told instead
            self._client._abort_multipart_upload(bucket, key, upload)

    def read(self, bucket: str, key: str) -> bytes:
        return b"".join(self._chunks(bucket, key))

    def get(self, claim: ClaimCheck) -> bytes:
        return b"".join(self.open(claim))

    def open(self, claim: ClaimCheck) -> Iterator[bytes]:
        return verified(self._chunks(claim.bucket, claim.key), claim)

    def open_part(self, claim: ClaimCheck, start: int, size: int) -> Iterator[bytes]:
        return counted(self._chunks(claim.bucket, claim.key, start, size), claim, size)

    def delete(self, bucket: str, key: str) -> None:
        with suppress(Missing), _translated(key):
            self._client.remove_object(bucket, key)

    def keys(self, bucket: str, prefix: str) -> Iterator[str]:
        with _translated(prefix):
            for found in self._client.list_objects(bucket, prefix, recursive=True):
                yield str(found.object_name)

    def ensure_bucket(self, bucket: str) -> None:
        with _translated(bucket):
            if not self._client.bucket_exists(bucket):
                with suppress(S3Error):  # another process was faster
                    self._client.make_bucket(bucket)

    def is_up(self, bucket: str) -> bool:
        try:
            return self._probe.bucket_exists(bucket)
        except (MinioException, urllib3.exceptions.HTTPError):
            return False

    def _chunks(self, bucket: str, key: str, start: int = 0, size: int = 0) -> Iterator[bytes]:
        """All from `start` on, or `size` bytes of it."""
        with _translated(key):
            response = self._client.get_object(bucket, key, offset=start, length=size)
        return _drain(response, key)


class HashingReader:
    """A readable that knows the SHA-256 and the size of what was read through it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._hash.update(data)
        self.size += len(data)
        return data

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def _fill(part: memoryview, stream: HashingReader) -> int:
    """How many bytes of the stream now lie in `part`: all that fit, or all there are."""
    size = 0
    while size < len(part) and (data := stream.read(min(CHUNK, len(part) - size))):
        part[size : size + len(data)] = data
        size += len(data)
    return size


def verified(chunks: Iterator[bytes], claim: ClaimCheck) -> Iterator[bytes]:
    """The chunks, the last of them only once size and hash are those of the claim; else Corrupt in its place."""
    digest, size, held = hashlib.sha256(), 0, b""
    for chunk in chunks:
        if held:
            yield held
        digest.update(chunk)
        size += len(chunk)
        held = chunk
    if (size, digest.hexdigest()) != (claim.size, claim.sha256):
        raise Corrupt(f"{claim.key} is not what was stored: {size} of {claim.size} bytes, or another hash.")
    if held:
        yield held


def counted(chunks: Iterator[bytes], claim: ClaimCheck, size: int) -> Iterator[bytes]:
    """The chunks, which are `size` bytes together; else Corrupt as soon as it shows."""
    rest = size
    for chunk in chunks:
        rest -= len(chunk)
        if rest < 0:
            break
        yield chunk
    if rest:
        raise Corrupt(f"{claim.key} does not have the part that was asked for.")


def _drain(response: Any, key: str) -> Iterator[bytes]:
    try:
        with _translated(key):
            yield from response.stream(CHUNK)
    finally:
        response.close()
        response.release_conn()


@contextmanager
def _translated(key: str) -> Iterator[None]:
    """The client's faults as ours. A store that answers errors in another media type than S3's is understood too."""
    try:
        yield
    except (MinioException, urllib3.exceptions.HTTPError) as fault:
        if _says(fault, "NoSuchKey"):
            raise Missing(f"There is no object {key}.") from fault
        if _says(fault, "InvalidRange"):
            raise Corrupt(f"{key} is shorter than what was stored.") from fault
        raise Unavailable("Object storage does not answer as it should. Send the request again.") from fault


def _says(fault: Exception, code: str) -> bool:
    # InvalidResponseError keeps the body of an answer that is not application/xml only in its text.
    return getattr(fault, "code", None) == code or (isinstance(fault, InvalidResponseError) and code in str(fault))
