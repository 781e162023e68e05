"""Documents that cannot be read, or have nothing to read: what users send by mistake."""

from __future__ import annotations

import io

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas


def encrypted(pdf: bytes, password: str = "geheim") -> bytes:
    """`pdf` so that it opens only with `password` (AES-256)."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(buffer, encryption=pikepdf.Encryption(owner=password, user=password, R=6))
    return buffer.getvalue()


def broken(pdf: bytes) -> bytes:
    """The head of `pdf` with its objects cut off: it starts like a PDF and is none."""
    return pdf[:120] + b"\x00" * 400


def blank() -> bytes:
    """A PDF of one empty page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, pageCompression=0)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def not_a_pdf() -> bytes:
    """A text file under a PDF's name."""
    return b"Dear accountant, please find the invoice attached.\n"
