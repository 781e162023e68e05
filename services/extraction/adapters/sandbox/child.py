"""One document's life: a child of the fork server locks itself up, reads, finds the fields, answers, ends."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator, Sequence
from typing import NoReturn

from services.extraction.adapters.reading.ocr import Ocr
from services.extraction.adapters.reading.papers import read_paper, shown_as
from services.extraction.adapters.reading.parcels.opening import Contents, Paper, open_file
from services.extraction.adapters.sandbox.confinement import Confinement
from services.extraction.adapters.sandbox.encoding import drawn, indexed
from services.extraction.adapters.sandbox.parcels import mail_frames, split_frames, with_contents
from services.extraction.adapters.sandbox.protocol import NO_WALLS, Answer, Request, framed
from services.extraction.domain.fields import extract
from services.extraction.domain.pages import Page
from services.extraction.domain.schema import read_fields
from services.extraction.errors import CannotRead, OutOfResources
from shared.contracts.envelope import read_json, write_json
from shared.contracts.extraction import ExtractionResult
from shared.contracts.fields import WantedFields

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
            fields = file.readline()
            for frame in read(file.read(), request, ocr, fields):
                pipe.write(framed(frame))
                pipe.flush()  # what comes next may break this process, and takes nothing of it along
        status = 0
    finally:  # whatever was raised: a child must never go on as a second server
        os._exit(status)


def read(document: bytes, request: Request, ocr: Ocr, fields: bytes = b"") -> Iterator[bytes]:
    """The frames of the answer. Whatever goes wrong is an answer too. `fields`: the `WantedFields`, if any."""
    try:
        found = open_file(document, request.media_type, request.nested)
        frames = _split(found) if isinstance(found, Contents) else _read(found, request, ocr, fields.rstrip(b"\n"))
        matters = next(frames)
    except CannotRead as refusal:
        yield write_json(Answer(code=refusal.code, message=refusal.detail))
    except MemoryError:
        yield write_json(Answer(code=OutOfResources.code, message=OutOfResources.text))
    except Exception:  # the child's door: a fault of ours is told to the worker, which logs it
        yield write_json(Answer(trace=traceback.format_exc()[-TRACE_CHARACTERS:]))
    else:
        yield from matters
        for more in frames:
            yield from more


def _read(paper: Paper, request: Request, ocr: Ocr, fields: bytes) -> Iterator[Sequence[bytes]]:
    """The frames that matter, then those that can be lost without harm."""
    pages = read_paper(paper, ocr)
    result = with_contents(_fields_of(pages, request.languages, fields), paper)
    index, words = indexed(pages)
    yield write_json(Answer(result=result)), write_json(index), words
    pictures, index = drawn(index, len(words), *shown_as(paper, pages))
    yield pictures, write_json(index)
    yield mail_frames(paper.contents)


def _fields_of(pages: Sequence[Page], languages: Sequence[str], fields: bytes) -> ExtractionResult:
    """What is built in, or the `WantedFields` in `fields`."""
    built_in = extract(pages, languages)
    if not fields:
        return built_in
    return read_fields(pages, languages, read_json(WantedFields, fields, "fields"), built_in)


def _split(contents: Contents) -> Iterator[Sequence[bytes]]:
    """The same of what is split."""
    yield split_frames(contents)
    yield mail_frames(contents)
