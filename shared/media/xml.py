"""How the first bytes of a file show that it is XML, and no page for a browser."""

from __future__ import annotations

import codecs
import re

_ENCODINGS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BLANKS = re.compile(r"[ \t\r\n]*")
_TYPE = "<!DOCTYPE"
# What may stand before the root element: an XML declaration and other instructions, comments, a document type.
_PROLOG = {"<?": "?>", "<!--": "-->", _TYPE: ">"}
_NAME = r"[^\s<>/:=&'\"!?\[]+"
_TAG = re.compile(rf"(?:{_NAME}:)?({_NAME})[\s/>]")
# Elements by which browsers know a page, and the namespaces in which they run scripts.
_OF_PAGES = {"html", "head", "body", "script", "style", "iframe", "div", "svg"}
_PAGES = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg")


def is_xml(head: bytes) -> bool:
    """Whether a file that begins like this is XML: its root element, or the begin of it, must be there. HTML and SVG
    are not counted.
    """
    text = _text(head)
    at = _after_blanks(text, 0)
    while opening := next((known for known in _PROLOG if text.startswith(known, at)), None):
        begin = at + len(opening)
        end = _end_of(text, begin, opening)
        if end < 0 or (opening == _TYPE and _is_page(text, _after_blanks(text, begin))):
            return False
        at = _after_blanks(text, end + len(_PROLOG[opening]))
    return text.startswith("<", at) and bool(_TAG.match(text, at + 1)) and not _is_page(text, at + 1)


def _end_of(text: str, begin: int, opening: str) -> int:
    """Where what was opened closes; -1 when that is not to be seen."""
    end = text.find(_PROLOG[opening], begin)
    subset = text.find("[", begin, end) if opening == _TYPE else -1
    if subset < 0:
        return end
    declared = text.find("]", subset)  # closing brackets before it end declarations
    return text.find(">", declared) if declared >= 0 else -1


def _is_page(text: str, at: int) -> bool:
    """Whether the name at `at` is one of a page's, or what goes on there names one of their namespaces."""
    named = _TAG.match(text, at)
    tag = text[at : text.find(">", at) + 1 or None]
    return (named is not None and named[1].lower() in _OF_PAGES) or any(page in tag for page in _PAGES)


def _after_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    assert blanks is not None, "it matches no blanks too"
    return blanks.end()


def _text(head: bytes) -> str:
    for mark, encoding in _ENCODINGS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace")
    # All other encodings in use write the signs of XML as ASCII does.
    return head.decode("latin-1")
