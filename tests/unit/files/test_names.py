"""File names: whatever a client sends, what is kept is harmless and comes back whole."""

import unicodedata
from email.message import Message

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from services.files.domain.names import attachment, read_header, sanitise, write_header

# Headers carry bytes; every byte but those that HTTP itself refuses.
HEADERS = st.text(st.characters(max_codepoint=255, exclude_characters="\0\r\n"))


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("Rechnung%20M%C3%A4rz%20%E2%82%AC.pdf", "Rechnung März €.pdf"),
        ("Rechnung M\xe4rz.pdf", "Rechnung März.pdf"),
        ("Rechnung März €.pdf".encode().decode("latin-1"), "Rechnung März €.pdf"),
        ("a%CC%88.pdf", "ä.pdf"),
        ("M\xe4rz%20100%.pdf", "März%20100%.pdf"),
        ("100% sure.pdf", "100% sure.pdf"),
        ("%ff.pdf", "%ff.pdf"),
    ],
)
def test_a_header_is_percent_encoded_utf_8_or_utf_8_or_latin_1(header: str, name: str) -> None:
    assert read_header(header) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\scan.pdf", "scan.pdf"),
        ("a\0b\r\nc.pdf", "abc.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066\u200bx\ufeff.pdf", "x.pdf"),
        (" . .hidden . ", "hidden"),
        ("folder/", ""),
        ("..", ""),
        ("\ud800.pdf", "pdf"),
        ("CON", "_CON"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("nul .txt", "_nul .txt"),
        ("console.pdf", "console.pdf"),
        ("🧾 a\u0308.pdf", "🧾 ä.pdf"),
    ],
)
def test_only_the_harmless_part_of_a_name_is_kept(text: str, name: str) -> None:
    assert sanitise(text) == name


@given(st.text(st.characters()))
@example("con.")
@example(".\u0308con")
@example("a/\u200b ../b")
def test_a_sanitised_name_is_harmless_and_stays_as_it_is(text: str) -> None:
    name = sanitise(text)
    assert sanitise(name) == name
    assert unicodedata.is_normalized("NFC", name)
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in name)
    assert not set(name) & set("/\\")
    assert name == name.strip(" .")
    name.encode()


@given(HEADERS)
def test_every_header_is_read_as_text(header: str) -> None:
    assert unicodedata.is_normalized("NFC", read_header(header))


@given(st.text())
@example("a%41.pdf")
@example("100%.pdf")
@example("Ã¤.pdf")
@example("€")
def test_the_echoed_header_reads_as_the_name(text: str) -> None:
    name = sanitise(text)
    header = write_header(name)
    assert header.isprintable() or "\xa0" in header
    assert read_header(header.encode("latin-1").decode("latin-1")) == name


def test_the_echo_is_what_was_sent_where_that_is_unambiguous() -> None:
    for header in ("Rechnung M\xe4rz (2).pdf", "Rechnung%20%E2%82%AC.pdf", "100% sure.pdf"):
        assert write_header(read_header(header)) == header


@given(st.text(st.characters(), max_size=60))
@example('quote " and \\ and ; and %41.pdf')
@example("Rechnung März €.pdf")
def test_a_download_is_saved_under_the_name(text: str) -> None:
    name = sanitise(text) or "x"
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    kind, options = parse_options_header(header)
    assert (kind, options["filename"]) == ("attachment", name)
    message = Message()
    message["Content-Disposition"] = header.partition("; filename*=")[0]  # what an old reader understands
    assert len(message.get_filename() or "") == len(name)


@pytest.mark.parametrize("name", ["€" * 252 + ".pdf", "x" * 256, "x." + "y" * 254, "ä" * 200 + ".tif"])
def test_a_name_that_no_file_system_takes_is_cut_before_its_extension(name: str) -> None:
    saved = parse_options_header(attachment(name))[1]["filename"]
    extension = name[-4:] if name[-4] == "." else ""
    assert 250 < len(saved.encode()) <= 255
    assert saved.endswith(extension)
    assert name.startswith(saved.removesuffix(extension))


def test_a_name_that_no_header_could_hold_is_read_as_it_is() -> None:
    """A reader of headers may have put U+FFFD where bytes were no UTF-8."""
    assert read_header("a\ufffd.pdf") == "a\ufffd.pdf"
