"""The layout of a business letter: letterhead, window address, details on the right, table, totals, footer."""

from __future__ import annotations

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from tests.support.samples.truth import Invoice, Party
from tests.support.samples.wording import WORDINGS, Wording

LEFT, RIGHT = 20 * mm, A4[0] - 18 * mm
PLAIN, BOLD = "Helvetica", "Helvetica-Bold"
# Where each column of the table stands, in points from the left, and whether its text ends there.
COLUMNS = ((20, False), (30, False), (51, False), (118, True), (122, False), (151, True), (164, True), (192, True))


def draw_letter(invoice: Invoice) -> bytes:
    """The invoice as a PDF of one A4 page. Equal invoices give equal bytes."""
    buffer = io.BytesIO()
    # Compressed bytes differ between builds of zlib, and tests compare bytes.
    canvas = Canvas(buffer, pagesize=A4, invariant=1, pageCompression=0)
    canvas.setTitle(f"{WORDINGS[invoice.language].title} {invoice.number}")
    words = WORDINGS[invoice.language]
    _letterhead(canvas, invoice.sender, words)
    _window(canvas, invoice)
    _details(canvas, invoice, words)
    below = _table(canvas, invoice, words)
    below = _totals(canvas, invoice, words, below)
    _closing(canvas, invoice, words, below)
    _footer(canvas, invoice, words)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _write(canvas: Canvas, x: float, y: float, text: str, size: float = 9, font: str = PLAIN) -> None:
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def _write_to(canvas: Canvas, x: float, y: float, text: str, size: float = 9, font: str = PLAIN) -> None:
    canvas.setFont(font, size)
    canvas.drawRightString(x, y, text)


def _letterhead(canvas: Canvas, sender: Party, words: Wording) -> None:
    canvas.setFillGray(0.25)
    canvas.rect(LEFT, 272 * mm, 9 * mm, 9 * mm, stroke=0, fill=1)
    canvas.setFillGray(0.6)
    canvas.rect(LEFT + 4 * mm, 276 * mm, 9 * mm, 9 * mm, stroke=0, fill=1)
    canvas.setFillGray(0)
    _write(canvas, LEFT + 18 * mm, 275 * mm, sender.name, 17, BOLD)
    _write_to(canvas, RIGHT, 266 * mm, f"{words.phone} {sender.phone}", 8)
    canvas.line(LEFT, 263 * mm, RIGHT, 263 * mm)


def _window(canvas: Canvas, invoice: Invoice) -> None:
    sender, recipient = invoice.sender, invoice.recipient
    _write(canvas, LEFT, 248 * mm, f"{sender.name} · {sender.street} · {sender.town}", 6.5)
    lines = [recipient.name, invoice.contact, recipient.street, recipient.town]
    for index, line in enumerate(lines):
        _write(canvas, LEFT, (241 - 5 * index) * mm, line, 10)


def _details(canvas: Canvas, invoice: Invoice, words: Wording) -> None:
    pairs = (
        (words.number, invoice.number),
        (words.issued, words.write_date(invoice.issued)),
        (words.delivered, words.write_date(invoice.delivered)),
        (words.due, words.write_date(invoice.due)),
        (words.customer_number, invoice.customer_number),
        (words.purchase_order, invoice.purchase_order),
        (words.delivery_note, invoice.delivery_note),
        (words.recipient_vat, invoice.recipient.vat_id),
    )
    for index, (label, value) in enumerate(pairs):
        y = (246 - 5 * index) * mm
        _write(canvas, 122 * mm, y, label + ":", 9)
        _write(canvas, 160 * mm, y, value, 9)


def _table(canvas: Canvas, invoice: Invoice, words: Wording) -> float:
    _write(canvas, LEFT, 196 * mm, f"{words.title} {invoice.number}", 14, BOLD)
    _write(canvas, LEFT, 188 * mm, words.greeting)
    y = 178 * mm
    canvas.setFillGray(0.88)
    canvas.rect(LEFT - 1 * mm, y - 2 * mm, RIGHT - LEFT + 2 * mm, 6.5 * mm, stroke=0, fill=1)
    canvas.setFillGray(0)
    _cells(canvas, y, words.columns, BOLD)
    for position, item in enumerate(invoice.items, 1):
        y -= 7 * mm
        name, *more = item.name.split("\n")
        price, net = words.amount(item.unit_price), words.amount(item.net)
        quantity, rate = words.quantity(item.qty), words.quantity(item.tax_rate)
        _cells(canvas, y, (str(position), item.article_number, name, quantity, item.unit, price, rate, net), PLAIN)
        for line in more:
            y -= 4.2 * mm
            _write(canvas, COLUMNS[2][0] * mm, y, line)
    canvas.line(LEFT, y - 3 * mm, RIGHT, y - 3 * mm)
    return y - 3 * mm


def _cells(canvas: Canvas, y: float, texts: tuple[str, ...], font: str) -> None:
    for (x, ends), text in zip(COLUMNS, texts, strict=True):
        (_write_to if ends else _write)(canvas, x * mm, y, text, 9, font)


def _totals(canvas: Canvas, invoice: Invoice, words: Wording, y: float) -> float:
    rows = [(words.net, invoice.net, PLAIN)]
    rows += [(f"{words.tax} {words.quantity(tax.rate)} %", tax.amount, PLAIN) for tax in invoice.taxes]
    rows += [(words.gross, invoice.gross, BOLD)]
    for label, value, font in rows:
        y -= 5.5 * mm
        _write(canvas, 122 * mm, y, label, 10, font)
        _write_to(canvas, RIGHT, y, words.money(value, invoice.currency), 10, font)
    y -= 9 * mm
    heads = (30, 65, 95)
    for x, text in zip(heads, words.tax_table, strict=True):
        _write_to(canvas, LEFT + x * mm, y, text, 8, BOLD)
    for tax in invoice.taxes:
        y -= 4.5 * mm
        texts = (f"{words.quantity(tax.rate)} %", words.amount(tax.base), words.amount(tax.amount))
        for x, text in zip(heads, texts, strict=True):
            _write_to(canvas, LEFT + x * mm, y, text, 8)
    return y


def _closing(canvas: Canvas, invoice: Invoice, words: Wording, y: float) -> None:
    _write(canvas, LEFT, y - 10 * mm, f"{words.terms}: {invoice.terms}")
    _write(canvas, LEFT, y - 15 * mm, f"{words.reference}: {invoice.reference}")
    _write(canvas, LEFT, y - 22 * mm, words.closing)


def _footer(canvas: Canvas, invoice: Invoice, words: Wording) -> None:
    sender = invoice.sender
    iban = " ".join(invoice.iban[start : start + 4] for start in range(0, len(invoice.iban), 4))
    tax_id = f"{words.tax_id}: {sender.tax_id}" if sender.tax_id else words.page
    columns = (
        (sender.name, sender.street, sender.town, sender.country),
        (words.bank, invoice.bank, f"IBAN: {iban}", f"BIC: {invoice.bic}"),
        (f"{words.vat_id}: {sender.vat_id}", tax_id, f"{words.email}:", sender.email),
    )
    canvas.line(LEFT, 32 * mm, RIGHT, 32 * mm)
    for x, lines in zip((20, 78, 138), columns, strict=True):
        for index, line in enumerate(lines):
            _write(canvas, x * mm, (28 - 3.8 * index) * mm, line, 7.5)
    _write_to(canvas, RIGHT, 8 * mm, words.page, 7)
