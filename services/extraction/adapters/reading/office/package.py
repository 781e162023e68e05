"""The package that a DOCX or XLSX is (ECMA-376 Part 2): a ZIP of parts, most of them XML without a document type."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from io import BytesIO
from typing import NoReturn

from lxml import etree

from services.extraction.errors import Encrypted, Unreadable, UnsafeArchive
from shared.media import archives

_XML = (".xml", ".rels", ".vml")
_TYPES = {encoding: "<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be")}
# No entity is resolved, no file or address opened; depth, names and texts have libxml2's limits.
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
DAMAGED = "The document is damaged or not what it claims to be; save it again, or print it to a PDF."


def parts_of(document: bytes) -> Mapping[str, bytes]:
    """The parts by their names. Unreadable, Encrypted, UnsafeArchive."""
    try:
        with archives.open_archive(BytesIO(document)) as archive:
            parts = {entry.filename: data for entry, data in archives.unpack(archive)}
    except archives.Locked as fault:
        raise Encrypted from fault
    except archives.UnsafeArchive as fault:
        raise UnsafeArchive(f"The document is not opened: {fault}.") from fault
    if any(name.lower().endswith(_XML) and _has_type(data) for name, data in parts.items()):
        raise Unreadable("The document has a document type definition, which office documents must not have.")
    return parts


def parse(part: bytes) -> etree._Element:
    """The root element of a part in XML; Unreadable."""
    try:
        return etree.fromstring(part, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as fault:
        refuse_damaged(fault)


def refuse_damaged(fault: Exception) -> NoReturn:
    """Unreadable; MemoryError when that is what a parser of XML means by its fault."""
    if isinstance(fault, etree.XMLSyntaxError) and fault.code == etree.ErrorTypes.ERR_NO_MEMORY:
        raise MemoryError from fault
    raise Unreadable(DAMAGED) from fault


def _has_type(data: bytes) -> bool:
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or b"\0" in data[:4]:
        return any(each in data for each in _TYPES.values())
    return _TYPES["ascii"] in data
