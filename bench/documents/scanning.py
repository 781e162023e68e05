"""A page as a scanner or a camera gives it: blurred, tilted, shaded, on coloured paper, compressed."""

from __future__ import annotations

import io
from contextlib import closing

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter

from bench.documents.dice import Dice

DPI = 200


def scanned(pdf: bytes, noise: float, dice: Dice) -> Image.Image:
    """The first page at 200 dpi; `noise` from 0, as rendered, to 1, hard to read."""
    with closing(pdfium.PdfDocument(pdf)) as document:
        picture: Image.Image = document[0].render(scale=DPI / 72).to_pil().convert("L")
    if not noise:
        return picture.convert("RGB")
    tilt = dice.gauss(0, 0.7) * noise
    picture = picture.rotate(tilt, resample=Image.Resampling.BICUBIC, expand=False, fillcolor=255)
    picture = picture.filter(ImageFilter.GaussianBlur(dice.uniform(0.4, 1.8) * noise))
    return _compressed(_shaded(picture, noise, dice), int(95 - dice.uniform(30, 75) * noise))


def _shaded(picture: Image.Image, noise: float, dice: Dice) -> Image.Image:
    """Paler ink, a shadow that grows towards one side, the grain of a sensor, the colour of the paper."""
    grey = np.asarray(picture, dtype=np.float32) / 255
    ink = dice.uniform(0, 0.35) * noise
    grey = ink + grey * (1 - ink)
    down, across = np.linspace(0, 1, grey.shape[0])[:, None], np.linspace(0, 1, grey.shape[1])[None, :]
    side = dice.choice([down, 1 - down, across, 1 - across, (down + across) / 2])
    grey = grey * (1 - dice.uniform(0, 0.4) * noise * side)
    grain = np.random.default_rng(dice.randrange(2**32)).normal(0, 0.07 * noise, grey.shape)
    paper = np.array([1, 1 - dice.uniform(0, 0.04) * noise, 1 - dice.uniform(0, 0.12) * noise])
    shown = np.clip((grey + grain)[:, :, None] * paper, 0, 1) * 255
    return Image.fromarray(shown.astype(np.uint8), "RGB")


def _compressed(picture: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")
