"""One document's life: a child of the fork server locks itself up, reads, finds the fields, answers, ends."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from typing import NoReturn

from services.extraction.adapters.reading import read_pages
from services.extraction.adapters.reading.ocr import Ocr
from services.extraction.adapters.sandbox.confinement import Confinement
from services.extraction.adapters.sandbox.encoding import drawn, indexed
from services.extraction.adapters.sandbox.protocol import NO_WALLS, Answer, Request, framed
from services.extraction.domain.fields import extract
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
            for frame in read(file.read(), request, ocr):
                pipe.write(framed(frame))
                pipe.flush()  # what comes next may break this process, and takes nothing of it along
        status = 0
    finally:  # whatever was raised: a child must never go on as a second server
        os._exit(status)


def read(document: bytes, request: Request, ocr: Ocr) -> Iterator[bytes]:
    """The frames of the answer. Whatever goes wrong is an answer too."""
    try:
        pages = read_pages(document, request.media_type, ocr)
        result = extract(pages, request.languages)
        index, words = indexed(pages)
    except CannotRead as refusal:
        yield write_json(Answer(code=refusal.code, message=refusal.detail))
    except MemoryError:
        yield write_json(Answer(code=OutOfResources.code, message=OutOfResources.text))
    except Exception:  # the child's door: a fault of ours is told to the worker, which logs it
        yield write_json(Answer(trace=traceback.format_exc()[-TRACE_CHARACTERS:]))
    else:
        yield from (write_json(Answer(result=result)), write_json(index), words)
        pictures, index = drawn(index, len(words), document, request.media_type)
        yield from (pictures, write_json(index))
