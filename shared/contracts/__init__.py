"""The language between services: a module per owner, a dataclass per message body, and the registry of all kinds."""
