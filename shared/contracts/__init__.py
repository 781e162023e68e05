"""The language between services: one module per owner, one dataclass per message body, and the registry of all kinds."""
