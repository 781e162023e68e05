"""The fields of invoices and receipts: `extract` reads pages of words and gives entities, their details and checks."""

from services.extraction.domain.fields.choose import extract

__all__ = ["extract"]
