"""What a cheap scanner makes of a page: tilted, noisy, a little blurred, unevenly lit, stored as JPEG inside a PDF."""

from __future__ import annotations

import io
import time

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

DPI = 200


def scan(pdf: bytes, degrees: float = 1.3, seed: int = 20260312) -> bytes:
    """The first page of `pdf` as a scanned PDF: gray, 200 dpi, turned by `degrees`; equal inputs look equal."""
    image = _light(_turn(_render(pdf), degrees), np.random.default_rng(seed))
    buffer = io.BytesIO()
    epoch = time.gmtime(0)
    image.save(buffer, "PDF", resolution=DPI, quality=38, creationDate=epoch, modDate=epoch)
    return buffer.getvalue()


def _render(pdf: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        page: Image.Image = document[0].render(scale=DPI / 72, grayscale=True).to_pil()
        return page.convert("L")
    finally:
        document.close()


def _turn(page: Image.Image, degrees: float) -> Image.Image:
    return page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=250).filter(ImageFilter.GaussianBlur(0.7))


def _light(page: Image.Image, random: np.random.Generator) -> Image.Image:
    """Darker towards the lower right corner, paper slightly gray, grain of the sensor."""
    pixels = np.asarray(page, dtype=np.float32)
    down, across = np.mgrid[0 : 1 : pixels.shape[0] * 1j, 0 : 1 : pixels.shape[1] * 1j].astype(np.float32)
    lit = pixels * (0.97 - 0.06 * down - 0.07 * across**2)
    grain = random.normal(0, 3, pixels.shape).astype(np.float32)
    return Image.fromarray(np.clip(lit + grain, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.4))
