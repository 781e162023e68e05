"""The fields of a project's own schema: `read_fields` reads what its data points describe, whatever they are."""

from services.extraction.domain.schema.reading import read_fields

__all__ = ["read_fields"]
