"""Archives that are looked at before they are unpacked, and counted while they are."""

import io
import tracemalloc

import pytest

from shared.media import DOCX, XLSX, ZIP, recognise
from shared.media.archives import (
    MAX_BYTES,
    MAX_ENTRIES,
    Locked,
    UnsafeArchive,
    files_in,
    media_type_of,
    open_archive,
    unpack,
)
from tests.support.parcels import locked, lying, overlapping, quoted, symlinked, zipped

GOOD = {"a.pdf": b"%PDF-1.7 a", "folder/b.pdf": b"%PDF-1.7 b"}


def test_what_is_in_an_archive_comes_out() -> None:
    data = zipped(GOOD)
    assert recognise(data) == ZIP
    with open_archive(io.BytesIO(data)) as archive:
        assert media_type_of(archive) == ZIP
        assert {entry.filename: content for entry, content in unpack(archive)} == GOOD


def test_folders_are_no_files() -> None:
    with open_archive(io.BytesIO(zipped({"folder/": b"", "folder/a": b"a"}))) as archive:
        assert [entry.filename for entry in files_in(archive)] == ["folder/a"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["[Content_Types].xml", "word/document.xml"], DOCX),
        (["docProps/app.xml", "xl/workbook.xml", "[Content_Types].xml"], XLSX),
        (["word/document.xml"], ZIP),
        (["[Content_Types].xml", "ppt/presentation.xml"], ZIP),
        (["[Content_Types].xml", "word/document.xml", "xl/workbook.xml"], ZIP),
    ],
)
def test_office_documents_are_known_by_their_parts(names: list[str], expected: str) -> None:
    with open_archive(io.BytesIO(zipped(dict.fromkeys(names, b"<a/>")))) as archive:
        assert media_type_of(archive) == expected


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\3\4 and nothing more", "no ZIP archive"),
        (zipped(GOOD)[:-30], "no ZIP archive"),
        (zipped({str(number): b"" for number in range(MAX_ENTRIES + 1)}), "2001 entries"),
        (zipped({"bomb": bytes(20_000_000)}), "100 times its size"),
        (zipped({"../invoice.pdf": b"%PDF"}), "leads out"),
        (zipped({"a/../../b": b"%PDF"}), "leads out"),
        (zipped({"a\\..\\b": b"%PDF"}), "leads out"),
        (zipped({"/etc/passwd": b"%PDF"}), "leads out"),
        (zipped({"C:\\a.pdf": b"%PDF"}), "leads out"),
        (symlinked(), "is a link"),
        (overlapping(), "overlap"),
        (quoted(), "overlap"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_archive_that_could_do_harm_is_not_opened(data: bytes, why: str) -> None:
    with pytest.raises(UnsafeArchive, match=why):
        open_archive(io.BytesIO(data))


def test_more_than_may_come_out_is_refused_by_the_directory_alone() -> None:
    data = zipped({str(number): bytes(1_000_000) for number in range(MAX_BYTES // 1_000_000 + 1)})
    with pytest.raises(UnsafeArchive, match="200000000"):
        open_archive(io.BytesIO(data))


def test_small_archives_may_be_packed_as_tight_as_they_like() -> None:
    with open_archive(io.BytesIO(zipped({"blank.txt": bytes(999_000)}))) as archive:
        assert [len(data) for _, data in unpack(archive)] == [999_000]


def test_what_comes_out_is_counted_whatever_the_directory_says() -> None:
    tracemalloc.start()
    with open_archive(io.BytesIO(lying())) as archive, pytest.raises(UnsafeArchive, match="not what the directory"):
        list(unpack(archive))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_an_entry_with_a_password_says_so() -> None:
    with open_archive(io.BytesIO(locked(GOOD))) as archive, pytest.raises(Locked):
        list(unpack(archive))
