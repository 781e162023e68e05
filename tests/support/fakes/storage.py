"""Object storage in a dict."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from shared.contracts.envelope import ClaimCheck
from shared.storage import HashingReader, Missing, counted, verified


class MemoryStore:
    """An ObjectStore; `objects` maps (bucket, key) to bytes, so that a test can damage them."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}
        self._buckets: set[str] = set()

    def put(self, bucket: str, key: str, data: bytes, media_type: str) -> ClaimCheck:
        self.objects[bucket, key] = data
        return ClaimCheck(bucket, key, hashlib.sha256(data).hexdigest(), len(data), media_type)

    def put_stream(self, bucket: str, key: str, stream: BinaryIO, media_type: str) -> ClaimCheck:
        reader, parts = HashingReader(stream), []
        while part := reader.read(1 << 16):
            parts.append(part)
        return self.put(bucket, key, b"".join(parts), media_type)

    def read(self, bucket: str, key: str) -> bytes:
        try:
            return self.objects[bucket, key]
        except KeyError:
            raise Missing(f"There is no object {key}.") from None

    def get(self, claim: ClaimCheck) -> bytes:
        return b"".join(self.open(claim))

    def open(self, claim: ClaimCheck) -> Iterator[bytes]:
        return verified(iter([self.read(claim.bucket, claim.key)]), claim)

    def open_part(self, claim: ClaimCheck, start: int, size: int) -> Iterator[bytes]:
        data = self.read(claim.bucket, claim.key)[start : start + size]
        return counted(iter([data] if data else []), claim, size)

    def delete(self, bucket: str, key: str) -> None:
        self.objects.pop((bucket, key), None)

    def keys(self, bucket: str, prefix: str) -> Iterator[str]:
        yield from [key for place, key in self.objects if place == bucket and key.startswith(prefix)]

    def ensure_bucket(self, bucket: str) -> None:
        self._buckets.add(bucket)

    def is_up(self, bucket: str) -> bool:
        return bucket in self._buckets
