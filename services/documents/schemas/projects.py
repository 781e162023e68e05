"""Projects as clients send and get them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from services.documents.domain.projects import LANGUAGES, Completion, Duplicates, Plan
from services.documents.schemas.values import (
    Sort,
    slice_of_sorted,
)
from shared.listing import Slice
from shared.web.bodies import AnswerSchema, CamelSchema, ListQuery, ListSchema, text
from shared.web.fields import Moment


class ProjectsQuery(ListQuery):
    """Which projects; `search` is looked for in names, in any case, or is a project's id."""

    search = text(100, load_default="")
    sort = Sort("createdAt")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[str, Slice]:
        return data["search"], slice_of_sorted(data)


class ProjectCreate(CamelSchema):
    """How the project's documents are processed and completed."""

    name = text(60, 1, required=True, metadata={"example": "Incoming invoices"})
    note = text(1000, 1)
    completion = fields.Enum(Completion, by_value=True)
    duplicates = fields.Enum(Duplicates, by_value=True)
    languages = fields.List(
        fields.String(validate=validate.OneOf(LANGUAGES)),
        validate=validate.Length(1, len(LANGUAGES)),
        metadata={"description": "ISO 639-1; what the project's documents may be written in.", "example": ["en"]},
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Plan:
        if "languages" in data:
            data["languages"] = tuple(dict.fromkeys(data["languages"]))
        return Plan(**data)


class Project(AnswerSchema):
    """A project."""

    id = fields.String(required=True, metadata={"example": "6040dc9680b782b365ea77d5"})
    name = fields.String(required=True, attribute="plan.name", metadata={"example": "Incoming invoices"})
    note = fields.String(attribute="plan.note")
    completion = fields.Enum(Completion, by_value=True, required=True, attribute="plan.completion")
    duplicates = fields.Enum(Duplicates, by_value=True, required=True, attribute="plan.duplicates")
    languages = fields.List(fields.String(), required=True, attribute="plan.languages", metadata={"example": ["en"]})
    created_at = Moment(required=True)
    created_by = fields.String(required=True)


class ProjectList(ListSchema):
    """A part of the projects, and how many there are in all."""

    data = fields.List(fields.Nested(Project), required=True)
