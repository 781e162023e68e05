"""The directory of auth in dicts."""

from __future__ import annotations

from services.auth.domain.clients import Client, Company


class MemoryDirectory:
    def __init__(self) -> None:
        self.companies: dict[str, Company] = {}
        self.clients: dict[str, Client] = {}

    def client(self, client_id: str) -> Client | None:
        return self.clients.get(client_id)

    def found(self, company: Company, client: Client) -> None:
        self.companies.setdefault(company.id, company)
        self.clients[client.id] = client

    def next_number(self) -> int:
        return len(self.companies) + 1
