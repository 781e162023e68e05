"""Pictures of pages for people to look at: small PNGs of sixteen greys, of the first pages of a document."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from io import BytesIO

from PIL import Image
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from services.extraction.adapters.reading.images import FORMATS, count_of, frame_of
from shared.contracts.pages import PICTURE_WIDTHS
from shared.media import PDF

MOST_PICTURED = 50
# Tills print metres of paper.
MOST_HEIGHT = 8000
_GREYS = 16
_STEP = 255 // (_GREYS - 1)
_LEVEL_OF = bytes((value + _STEP // 2) // _STEP for value in range(256))
_PALETTE = [level * _STEP for level in range(_GREYS) for _ in "RGB"]


def pictured(document: bytes, media_type: str) -> Iterator[Image.Image]:
    """The first pages of a document that was read before, as people see them, in grey (mode L), at most as wide as the
    widest picture. Ends early at a page that cannot be shown.
    """
    widest, *_ = PICTURE_WIDTHS
    try:
        pages = _of_pdf(document, widest) if media_type == PDF else _of_image(document, widest)
        yield from pages
    except (PdfiumError, OSError, SyntaxError, ValueError):
        return


def narrowed(page: Image.Image, width: int) -> Image.Image:
    """The page at most so wide, and no higher than a picture may be."""
    scale = min(1.0, width / page.width, MOST_HEIGHT / page.height)
    if scale == 1:
        return page
    size = max(1, round(page.width * scale)), max(1, round(page.height * scale))
    return page.resize(size, Image.Resampling.BOX)


def as_png(page: Image.Image) -> bytes:
    """The page in sixteen greys: measured, half the bytes and half the time of 256, and as legible."""
    few = Image.frombytes("P", page.size, page.tobytes().translate(_LEVEL_OF))
    few.putpalette(_PALETTE)
    file = BytesIO()
    few.save(file, "PNG", bits=4, compress_level=1)
    return file.getvalue()


def _of_pdf(document: bytes, width: int) -> Iterator[Image.Image]:
    with closing(PdfDocument(document)) as pdf:
        for index in range(min(len(pdf), MOST_PICTURED)):
            with closing(pdf[index]) as page:
                yield _rendered(page, width)


def _rendered(page: PdfPage, width: int) -> Image.Image:
    across, down = page.get_size()
    scale = min(width / max(across, 1), MOST_HEIGHT / max(down, 1))
    image: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return narrowed(image, width)


def _of_image(document: bytes, width: int) -> Iterator[Image.Image]:
    with Image.open(BytesIO(document), formats=FORMATS) as image:
        for index in range(min(count_of(image), MOST_PICTURED)):
            yield narrowed(frame_of(image, index), width)
