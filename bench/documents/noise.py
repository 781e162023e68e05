"""What OCR does to words: letters confused, words glued, cut or lost, boxes that shake on a tilted page."""

from __future__ import annotations

import math
from dataclasses import replace

from bench.documents.dice import Dice
from services.extraction.domain.pages import Page, Word

CONFUSED = {
    "O": "0",
    "0": "O",
    "l": "1I",
    "1": "lI",
    "I": "l1",
    "5": "S",
    "S": "5",
    "8": "B",
    "B": "8",
    "rn": "m",
    "m": "rn",
    ",": ".",
    ".": ",",
    ":": ".",
    "G": "6",
    "6": "G",
    "Z": "2",
    "2": "Z",
    "ü": "u",
    "ö": "o",
    "ä": "a",
    "é": "e",
    "ß": "B",
    "€": "E",
    "/": "7",
    "c": "e",
    "e": "c",
    "h": "b",
    "u": "v",
    "7": "1",
    "3": "8",
    "9": "g",
    "-": "~",
    "'": "",
    "A": "4",
}
DIRT = ("|", ".", "-", "_", "~", "'", "—", "=", "i", "*")


def misread(page: Page, noise: float, dice: Dice) -> Page:
    """The page as OCR gives it at `noise`, 0 to 1."""
    tilt = dice.gauss(0, 0.012) * noise
    words: list[Word] = []
    for word in page.words:
        if dice.chance(0.012 * noise):
            continue
        for part in _parted(word, noise, dice):
            last = words[-1] if words else None
            if last and last.line == part.line and _near(last, part, page) and dice.chance(0.05 * noise):
                words[-1] = _glued(last, part)
            else:
                words.append(part)
        if dice.chance(0.006 * noise):
            words.append(_dirt(word, dice))
    shaken = tuple(_shaken(_spelled(word, noise, dice), page, tilt, noise, dice) for word in words)
    return replace(page, words=shaken)


def _parted(word: Word, noise: float, dice: Dice) -> list[Word]:
    """Mostly the word; sometimes its two halves, as if there were a space."""
    length = len(word.text)
    if length < 4 or not dice.chance(0.02 * noise):
        return [word]
    at = next((at for at in range(1, length - 1) if word.text[at] in ",./-"), length // 2) + dice.choice([0, 1])
    share = at / length
    return [
        replace(word, text=word.text[:at], width=word.width * share * 0.97),
        replace(word, text=word.text[at:], left=word.left + word.width * share, width=word.width * (1 - share)),
    ]


def _near(one: Word, other: Word, page: Page) -> bool:
    gap = (other.left - one.left - one.width) * page.width
    return 0 <= gap < 0.7 * max(one.height, other.height) * page.height


def _glued(one: Word, other: Word) -> Word:
    top = min(one.top, other.top)
    bottom = max(one.top + one.height, other.top + other.height)
    return replace(
        one, text=one.text + other.text, width=other.left + other.width - one.left, top=top, height=bottom - top
    )


def _dirt(word: Word, dice: Dice) -> Word:
    """A speck behind the word."""
    return replace(word, text=dice.choice(DIRT), left=min(word.left + word.width + 0.005, 0.99), width=0.004)


def _spelled(word: Word, noise: float, dice: Dice) -> Word:
    """Letters confused at random, the confidence lower where that happened, and elsewhere a little."""
    spelled, wrong, at = "", 0, 0
    while at < len(word.text):
        sign = "rn" if word.text.startswith("rn", at) else word.text[at]
        if sign in CONFUSED and dice.chance(0.018 * noise):
            spelled += dice.choice(CONFUSED[sign]) if len(CONFUSED[sign]) > 1 and sign != "m" else CONFUSED[sign]
            wrong += 1
        else:
            spelled += sign
        at += len(sign)
    sure = dice.uniform(0.3, 0.9) if wrong else 1 - abs(dice.gauss(0, 0.06)) * (0.3 + noise)
    return replace(word, text=spelled or word.text, confidence=round(min(0.99, max(0.05, sure)), 2))


def _shaken(word: Word, page: Page, tilt: float, noise: float, dice: Dice) -> Word:
    """The box a little off, on a page that is turned by `tilt` around its middle."""
    x = (word.left + word.width / 2 - 0.5) * page.width
    y = (word.top + word.height / 2 - 0.5) * page.height
    across = x * math.cos(tilt) - y * math.sin(tilt) - x
    down = x * math.sin(tilt) + y * math.cos(tilt) - y
    shake = 0.04 * noise * word.height
    left = word.left + across / page.width + dice.gauss(0, shake)
    top = word.top + down / page.height + dice.gauss(0, shake)
    return replace(
        word,
        left=min(max(left, 0.0), 0.999),
        top=min(max(top, 0.0), 0.999),
        width=word.width * (1 + dice.gauss(0, 0.01 * noise)),
        height=word.height * (1 + dice.gauss(0, 0.05 * noise)),
    )
