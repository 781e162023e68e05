"""What is taken for XML, and what only looks like it."""

import time

import pytest

from shared.media import HEAD_BYTES, XML, recognise
from shared.media.xml import is_xml

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'
INVOICE = '<?xml version="1.0" encoding="UTF-16"?><rsm:CrossIndustryInvoice xmlns:rsm="urn:x">'


@pytest.mark.parametrize(
    "head",
    [
        DECLARATION + b"\n<Invoice/>",
        b"\xef\xbb\xbf" + DECLARATION + b"<Invoice xmlns='urn:oasis'>",
        b"\xff\xfe" + INVOICE.encode("utf-16-le"),
        b"\xfe\xff" + INVOICE.encode("utf-16-be"),
        b" \r\n\t<Invoice\tversion='1'>",
        b"<ubl:Invoice>",
        DECLARATION + b"<!-- > [ ] <html> --><?xml-stylesheet href='a'?>\n<!-- b --><Invoice>",
        b'<!DOCTYPE Invoice [<!ENTITY a "b"> <!ELEMENT c (d)>] ><Invoice>',
        b'<!DOCTYPE Invoice SYSTEM "a.dtd"><Invoice>',
        "<Übersicht>".encode(),
        "<?xml version='1.0' encoding='ISO-8859-1'?><Übersicht>".encode("latin-1"),
        b"<Invoice><svg xmlns='http://www.w3.org/2000/svg'>",
        b"<!--" + b" licence " * 400 + b"--><Invoice>",
    ],
)
def test_xml_is_known_by_its_root_element(head: bytes) -> None:
    assert recognise(head) == XML


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<",
        b"Invoice",
        b"a <Invoice>",
        b"<>",
        b"< Invoice>",
        b"</Invoice>",
        b"<Invoice",
        b"<a:b:c>",
        b"<![CDATA[a]]>",
        DECLARATION,
        DECLARATION + b"Invoice",
        b"<!-- a",
        b"<!DOCTYPE Invoice [ <Invoice>",
        b"\xff\xfe" + b"Invoice",
        b"<!--" + b" " * HEAD_BYTES + b"--><Invoice>",
    ],
)
def test_what_shows_no_root_element_is_none(head: bytes) -> None:
    assert recognise(head[:HEAD_BYTES]) is None


@pytest.mark.parametrize(
    "head",
    [
        b"<!DOCTYPE html><html>",
        b"<!doctype html>\n<p>",
        b"<!DOCTYPE html><Invoice>",
        b"<HTML lang='en'>",
        b"<script>alert(1)</script>",
        b"<!-- a --><body onload='alert(1)'>",
        DECLARATION + b"<svg onload='alert(1)'>",
        DECLARATION + b"<x:svg xmlns:x='http://www.w3.org/2000/svg'>",
        DECLARATION + b"<a xmlns='http://www.w3.org/1999/xhtml'>",
        b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x'><Invoice>",
        b"\xff\xfe" + "<html>".encode("utf-16-le"),
    ],
)
def test_pages_and_pictures_of_browsers_are_none(head: bytes) -> None:
    assert recognise(head) is None


@pytest.mark.parametrize(
    "piece",
    [b"<?a?>", b"<!--a-->", b"<!--", b"<?", b"<!DOCTYPE a>", b"<!DOCTYPE a[]>", b"<!DOCTYPE [", b" ", b"[", b"<a"],
)
def test_no_head_takes_long(piece: bytes) -> None:
    heads = [(opening + piece * HEAD_BYTES)[:HEAD_BYTES] for opening in (b"", b"<", b"<!DOCTYPE ", b"<!DOCTYPE a [")]
    began = time.perf_counter()
    assert not any(is_xml(head) for head in heads)
    assert time.perf_counter() - began < 1
