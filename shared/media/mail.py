"""How the first bytes of a file show that it is an e-mail (RFC 5322)."""

from __future__ import annotations

import re

# A header and its folded lines; the last one may be cut off where the looked-at part ends.
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\Z)")
_BY_WHOM = {b"from", b"sender", b"return-path", b"received"}
_ALSO = {b"to", b"cc", b"subject", b"date", b"message-id", b"mime-version", b"delivered-to"}


def is_mail(head: bytes) -> bool:
    """Whether a file that begins like this is an e-mail: nothing but headers up to the first empty line, among them who
    sent it and two others that every e-mail has.
    """
    names, at = set(), 0
    while field := _FIELD.match(head, at):
        names.add(field[1].lower())
        at = field.end()
    ended = at == len(head) or head.startswith((b"\n", b"\r\n"), at)
    return ended and bool(names & _BY_WHOM) and len(names & _ALSO) >= 2
