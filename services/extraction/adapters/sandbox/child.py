"""One document's life: a child of the fork server locks itself up, reads, finds the fields, answers, ends."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Iterable, Sequence
from typing import NoReturn

from services.extraction.adapters.reading import read_pages
from services.extraction.adapters.reading.ocr import Ocr
from services.extraction.adapters.sandbox.confinement import Confinement
from services.extraction.adapters.sandbox.protocol import NO_WALLS, Answer, Request
from services.extraction.domain.fields import extract
from services.extraction.domain.pages import Page, Word
from services.extraction.errors import CannotRead, OutOfResources
from shared.contracts.envelope import write_json

FAILED = 1
TRACE_CHARACTERS = 4000
DOCUMENT, OUT, ERR, ANSWER, REST = range(5)


def run(request: Request, document: int, answer: int, ocr: Ocr, confinement: Confinement) -> NoReturn:
    """The child's whole life, after the fork. Exits 0 once its answer is taken."""
    status = NO_WALLS
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        confinement.enter()
        for ours, theirs in ((DOCUMENT, document), (OUT, nothing), (ERR, nothing), (ANSWER, answer)):
            os.dup2(theirs, ours)
        os.closerange(REST, 1024)
        os.environ.clear()
        status = FAILED
        with open(DOCUMENT, "rb") as file, open(ANSWER, "wb") as pipe:
            pipe.writelines(read(file.read(), request, ocr))
        status = 0
    finally:  # whatever was raised: a child must never go on as a second server
        os._exit(status)


def read(document: bytes, request: Request, ocr: Ocr) -> Iterable[bytes]:
    """The answer as it goes through the pipe. Whatever goes wrong is an answer too."""
    try:
        pages = read_pages(document, request.media_type, ocr)
        result = extract(pages, request.languages)
        return [write_json(Answer(result=result)), b"\n", encode_pages(pages)]
    except CannotRead as refusal:
        answer = Answer(code=refusal.code, message=refusal.detail)
    except MemoryError:
        answer = Answer(code=OutOfResources.code, message=OutOfResources.text)
    except Exception:  # the child's door: a fault of ours is told to the worker, which logs it
        answer = Answer(trace=traceback.format_exc()[-TRACE_CHARACTERS:])
    return [write_json(answer), b"\n"]


def encode_pages(pages: Sequence[Page]) -> bytes:
    """The pages as JSON: number, width and height in points, source, text by lines, and words as arrays.

    A word is [text, left, top, width, height, confidence, line] as in `Word`.
    """
    plain = [
        {
            "number": page.number,
            "width": page.width,
            "height": page.height,
            "source": page.source,
            "text": text_of(page),
            "words": [[getattr(word, name) for name in Word.__slots__] for word in page.words],
        }
        for page in pages
    ]
    return json.dumps({"pages": plain}, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def text_of(page: Page) -> str:
    """The page's words, each text line on a line of its own."""
    lines: dict[int, list[str]] = {}
    for word in page.words:
        lines.setdefault(word.line, []).append(word.text)
    return "\n".join(" ".join(words) for words in lines.values())
