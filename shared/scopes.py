"""Every scope there is, with the sentence that describes it in the OpenAPI document. Nothing else lists scopes."""

from __future__ import annotations

SCOPES: dict[str, str] = {
    "files.read": "Download files and read what is known of them.",
    "files.write": "Upload and delete files.",
    "documents.read": "Read documents, their fields and state history, cases, and proofs of deletion.",
    "documents.write": "Process files, alone or in cases, and documents again; cancel and delete documents; report "
    "transfer, rejection, titles and external data.",
    "projects.read": "Read projects.",
    "projects.write": "Create, change and import projects.",
    "routings.read": "Read routings.",
    "routings.write": "Create and change routings.",
    "emails.read": "Read the content of e-mails.",
    "enrichment.read": "Read master data.",
    "enrichment.write": "Create and change master data.",
    "enrichment.delete": "Delete master data.",
    "enrichment-workflows.read": "Read enrichment workflows.",
    "enrichment-workflows.write": "Create and change enrichment workflows.",
    "agents.read": "Read agents and agent workflows.",
    "agents.write": "Create and change agents and agent workflows.",
    "companies.read": "Read the company.",
    "companies.manage": "Found companies and lock them; for whoever operates the platform.",
    "users.read": "Read the company's users.",
    "clients.manage": "Create, change and lock the company's clients, their secrets and API keys.",
    "callbacks.read": "Read webhook subscriptions and their deliveries.",
    "callbacks.write": "Create and change webhook subscriptions.",
    "audit.read": "Read and verify the audit log.",
}


def parse_scope(text: str) -> frozenset[str]:
    """The set a space-separated scope string names (RFC 6749 §3.3)."""
    return frozenset(text.split())


def format_scope(scopes: frozenset[str]) -> str:
    """The scopes as one string, in the order of `SCOPES`, so that equal sets read equal."""
    return " ".join(scope for scope in SCOPES if scope in scopes)
