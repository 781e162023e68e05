"""Pages as clients get them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from shared.contracts.pages import PICTURE_WIDTHS
from shared.web.bodies import CamelSchema
from shared.web.fields import QueryInteger

_FRACTION = {"description": "A fraction of the page, from its top left corner.", "example": 0.125}


class PageSchema(CamelSchema):
    """What is said of a page wherever it is shown."""

    number = fields.Integer(required=True, metadata={"description": "Counted from 1.", "example": 1})
    source = fields.String(
        required=True,
        metadata={"description": "Where its words come from: `textLayer`, or `ocr`.", "example": "textLayer"},
    )


class PageText(PageSchema):
    """The text of a page, line by line."""

    text = fields.String(required=True, metadata={"example": "Invoice 2018-DE-0011122351\nTotal 119.00 EUR"})


class DocumentText(CamelSchema):
    """The text of all pages."""

    pages = fields.List(fields.Nested(PageText), required=True)


class PrintedWord(CamelSchema):
    """A word and where it stands, as in the regions of `entityDetails`."""

    text = fields.String(required=True, metadata={"example": "Invoice"})
    left = fields.Float(required=True, metadata=_FRACTION)
    top = fields.Float(required=True, metadata=_FRACTION)
    width = fields.Float(required=True, metadata=_FRACTION)
    height = fields.Float(required=True, metadata=_FRACTION)
    confidence = fields.Float(required=True, metadata={"description": "0 to 1; 1 in a text layer.", "example": 0.96})
    line = fields.Integer(required=True, metadata={"description": "Which line of text, from 0.", "example": 0})


class PageWords(PageSchema):
    """A page and all words on it."""

    width = fields.Float(required=True, metadata={"description": "In points (1/72 inch).", "example": 595.0})
    height = fields.Float(required=True, metadata={"description": "In points (1/72 inch).", "example": 842.0})
    turned = fields.Integer(
        required=True,
        metadata={
            "description": "By how many degrees clockwise the page of the file was turned to be read. Words, regions "
            "and pictures are those of the page as it was turned.",
            "example": 0,
        },
    )
    words = fields.List(fields.Nested(PrintedWord), required=True)


class TableRegion(CamelSchema):
    """Where on the page it is."""

    left = fields.Float(required=True, metadata=_FRACTION)
    top = fields.Float(required=True, metadata=_FRACTION)
    width = fields.Float(required=True, metadata=_FRACTION)
    height = fields.Float(required=True, metadata=_FRACTION)


class PageTable(CamelSchema):
    """A table as it is printed: nothing is known of what it means."""

    page = fields.Integer(required=True, metadata={"description": "Counted from 1.", "example": 1})
    region = fields.Nested(TableRegion, required=True, attribute="*")
    header = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Empty if it has none.", "example": ["Meter", "Reading"]},
    )
    rows = fields.List(
        fields.List(fields.String()),
        required=True,
        metadata={"example": [["E-10044", "10,442.5"], ["W-20981", "120.0"]]},
    )

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        return obj if attr == "*" else super().get_attribute(obj, attr, default)


class DocumentTables(CamelSchema):
    """The tables on all pages, in their order."""

    tables = fields.List(fields.Nested(PageTable), required=True)


class PictureQuery(CamelSchema):
    """Which picture of a page."""

    width = QueryInteger(
        load_default=PICTURE_WIDTHS[0],
        validate=validate.OneOf(PICTURE_WIDTHS),
        metadata={"description": "In pixels: one to read on, or one to leaf through. Scans are never enlarged."},
    )
