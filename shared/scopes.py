"""Every scope there is, with the sentence that describes it in the OpenAPI document. Nothing else lists scopes."""

from __future__ import annotations

SCOPES: dict[str, str] = {
    "files.read": "Download files.",
    "files.write": "Upload files.",
    "documents.read": "Read documents, their fields and their state history.",
    "documents.write": "Process files and report transfer, rejection, titles and external data.",
    "projects.read": "Read projects.",
    "projects.write": "Create projects.",
}


def parse_scope(text: str) -> frozenset[str]:
    """The set a space-separated scope string names (RFC 6749 §3.3)."""
    return frozenset(text.split())


def format_scope(scopes: frozenset[str]) -> str:
    """The scopes as one string, in the order of `SCOPES`, so that equal sets read equal."""
    return " ".join(scope for scope in SCOPES if scope in scopes)
