"""Answers sealed with AES-256-GCM, under a key that comes from the pepper and the client's own Idempotency-Key."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.auth.domain.clients import Peppers
from services.auth.errors import AnswerLost

_NONCE_BYTES = 12


class AesSeal:
    """The port `Seal`: nonce, ciphertext and tag in one."""

    def __init__(self, peppers: Peppers) -> None:
        self._current = peppers.current
        self._all = [pepper for pepper in (peppers.current, peppers.previous) if pepper is not None]

    def close(self, key: str, answer: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + _cipher(self._current, key).encrypt(nonce, answer, None)

    def open(self, key: str, sealed: bytes) -> bytes:
        for pepper in self._all:
            try:
                return _cipher(pepper, key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
            except InvalidTag:
                continue
        raise AnswerLost


def _cipher(pepper: str, key: str) -> AESGCM:
    """HKDF (RFC 5869) of the pepper, for this key alone."""
    purpose = b"answer to a repeated request:" + key.encode()
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=purpose).derive(pepper.encode()))
