"""A document as it is drawn: runs of print, rules and patches on pages, and where each fact was printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

Place = tuple[int, tuple[float, float, float, float]]

# A fact inside a text: opening sign, name of the field, separator, what is printed, closing sign.
_OPEN, _NAMED, _CLOSE, _GLUED = "\ue000", "\ue001", "\ue002", "\ue003"
_MARK = re.compile(f"{_OPEN}([^{_NAMED}]*){_NAMED}|{_CLOSE}")
_TALL = re.compile(r"[^acegmnopqrsuvwxyz.,;:_+=~«»·-]")
_DEEP = re.compile(r"[gjpqyQ,;()\[\]{}|/@_§]")
_BLACK = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Typeface:
    """The names of a typeface's fonts."""

    plain: str
    bold: str
    italic: str


TYPEFACES = {
    "sans": Typeface("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
    "serif": Typeface("Times-Roman", "Times-Bold", "Times-Italic"),
    "typewriter": Typeface("Courier", "Courier-Bold", "Courier-Oblique"),
    "wide": Typeface("Vera", "VeraBd", "VeraIt"),
}
for _name in ("Vera", "VeraBd", "VeraIt"):
    pdfmetrics.registerFont(TTFont(_name, f"{_name}.ttf"))


@dataclass(frozen=True, slots=True)
class Run:
    """Print from `x` on the baseline `y`, in points from the top left corner of its page."""

    page: int
    x: float
    y: float
    text: str
    font: str
    size: float
    colour: tuple[float, float, float] = _BLACK

    def words(self) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
        """Each word and its box: left, top, right, bottom, in points."""
        for word in re.finditer(r"\S+", self.text):
            yield word.group(), self.box(word.start(), word.end())

    def box(self, start: int, end: int) -> tuple[float, float, float, float]:
        """The box around the ink of these characters."""
        left = self.x + width_of(self.text[:start], self.font, self.size)
        right = self.x + width_of(self.text[:end], self.font, self.size)
        print_ = self.text[start:end]
        up = 0.72 if _TALL.search(print_) else 0.53
        down = 0.2 if _DEEP.search(print_) else 0.01
        return left, self.y - up * self.size, right, self.y + down * self.size


@dataclass(frozen=True, slots=True)
class Patch:
    """A filled box; a rule is a thin one."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    colour: tuple[float, float, float] = _BLACK


@dataclass(slots=True)
class Paper:
    """Pages of one size, in points. `places` says where the value of each field was printed first."""

    width: float
    height: float
    runs: list[Run] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    page: int = 1
    pages: int = 1
    _closed: set[str] = field(default_factory=set)

    def write(self, x: float, y: float, text: str, font: str, size: float, **look: object) -> float:
        """Print `text`, which may hold marks, and give its width; `align` is left, right or center, `colour` RGB."""
        plain, marks = _read_marks(text)
        if not plain.strip():
            return 0.0
        width = width_of(plain, font, size)
        align, colour = look.get("align", "left"), look.get("colour", _BLACK)
        x -= {"right": width, "center": width / 2}.get(str(align), 0.0)
        assert isinstance(colour, tuple)
        run = Run(self.page, x, y, plain, font, size, colour)
        self.runs.append(run)
        for name, start, end in marks:
            self._place(name, run.box(start, end))
        return width

    def rule(self, left: float, y: float, right: float, thickness: float = 0.5) -> None:
        self.patch(left, y, right, y + thickness)

    def patch(
        self, left: float, top: float, right: float, bottom: float, colour: tuple[float, float, float] = _BLACK
    ) -> None:
        self.patches.append(Patch(self.page, left, top, right, bottom, colour))

    def turn(self) -> None:
        """Go on on a new page."""
        self.page += 1
        self.pages = max(self.pages, self.page)

    def _place(self, name: str, box: tuple[float, float, float, float]) -> None:
        """A second mark for a field is a repetition, unless its name ends in +, which goes on where the last ended."""
        goes_on, name = name.endswith("+"), name.rstrip("+")
        share = (box[0] / self.width, box[1] / self.height, box[2] / self.width, box[3] / self.height)
        if name not in self.places:
            self.places[name] = (self.page, share)
        elif not goes_on:
            self._closed.add(name)
        elif name not in self._closed and self.places[name][0] == self.page:
            known = self.places[name][1]
            low, high = (
                [min(pair) for pair in zip(known, share, strict=True)],
                [max(pair) for pair in zip(known, share, strict=True)],
            )
            self.places[name] = (self.page, (low[0], low[1], high[2], high[3]))


def mark(name: str, text: str) -> str:
    """`text` as the value of a field; a name that ends in + goes on with the mark before."""
    return f"{_OPEN}{name}{_NAMED}{text.replace(' ', _GLUED)}{_CLOSE}"


def plain(text: str) -> str:
    """`text` without marks."""
    return _read_marks(text)[0]


def wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    """`text` in lines of at most `width` where spaces allow it; marks stay whole."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and width_of(plain(longer), font, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@lru_cache(100_000)
def width_of(text: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


def _read_marks(text: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text without marks, and each mark's name, start and end in it."""
    parts: list[str] = []
    length, at = 0, 0
    open_: list[tuple[str, int]] = []
    marks: list[tuple[str, int, int]] = []
    for sign in _MARK.finditer(text):
        parts.append(text[at : sign.start()])
        length, at = length + len(parts[-1]), sign.end()
        if sign.group() == _CLOSE:
            name, start = open_.pop()
            marks.append((name, start, length))
        else:
            open_.append((sign.group(1), length))
    return "".join([*parts, text[at:]]).replace(_GLUED, " "), marks
