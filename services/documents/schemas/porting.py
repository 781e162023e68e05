"""The file in which projects are carried from company to company."""

from __future__ import annotations

import dataclasses
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_dump, validate, validates_schema

from services.documents.domain.porting import KIND, MAX_PROJECTS, VERSION, Bundle, Packed
from services.documents.domain.projects import Plan
from services.documents.domain.routings import MAX_ROUTINGS
from services.documents.schemas.projects import ProjectCreate
from services.documents.schemas.routings import RoutingRule
from shared.web.bodies import HEX_ID, AnswerSchema, CamelSchema, text

_ID = {"example": "6040dc9680b782b365ea77d5"}
_NEW_ID = {"example": "6040dc9680b782b365ea77d9"}
_CHOICES = [field.name for field in dataclasses.fields(Plan)]
_NAME = {"example": "Incoming invoices"}


class ExportQuery(CamelSchema):
    """Which projects; all if none is named."""

    project_id = fields.List(fields.String(validate=HEX_ID), load_default=(), metadata={"example": [_ID["example"]]})


class PackedProject(ProjectCreate):
    """A project as it would be created, and the id by which routings in the file name it."""

    id = text(100, 1, required=True, metadata=_ID)

    @pre_dump
    def flatten(self, packed: Packed, **_: Any) -> dict[str, Any]:
        return {name: getattr(packed.plan, name) for name in _CHOICES} | {"id": packed.id}

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Packed:
        return Packed(data.pop("id"), Plan(**data))


class ProjectExport(AnswerSchema):
    """Projects in a file, and the routings from one of them to another."""

    kind = fields.String(required=True, dump_default=KIND, validate=validate.OneOf([KIND]), metadata={"example": KIND})
    version = fields.Integer(
        required=True, strict=True, dump_default=VERSION, validate=validate.OneOf([VERSION]), metadata={"example": 1}
    )
    projects = fields.List(fields.Nested(PackedProject), required=True, validate=validate.Length(max=MAX_PROJECTS))
    routings = fields.List(fields.Nested(RoutingRule), load_default=(), validate=validate.Length(max=MAX_ROUTINGS))


class ProjectFile(ProjectExport):
    """What was exported: at least one project, and routings, also to projects that are not in the file."""

    projects = fields.List(fields.Nested(PackedProject), required=True, validate=validate.Length(1, MAX_PROJECTS))

    @validates_schema
    def refuse_doubles(self, data: dict[str, Any], **_: Any) -> None:
        seen: set[str] = set()
        for packed in data["projects"]:
            if packed.id in seen:
                raise ValidationError(f"The id {packed.id} comes more than once.", "projects")
            seen.add(packed.id)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Bundle:
        return Bundle(tuple(data["projects"]), tuple(data["routings"]))


class ImportedProject(CamelSchema):
    """A project that was made, and the id that it had in the file."""

    id = fields.String(required=True, metadata=_NEW_ID)
    name = fields.String(required=True, metadata=_NAME)
    imported_from = fields.String(required=True, metadata=_ID)


class ImportedRouting(CamelSchema):
    """A routing that was made."""

    id = fields.String(required=True, metadata={"example": "6040dc9680b782b365ea77e0"})
    name = fields.String(required=True, attribute="rule.name", metadata={"example": "Large ones to accounting"})


class ProjectImport(CamelSchema):
    """What was made of a file, in its order."""

    projects = fields.List(fields.Nested(ImportedProject), required=True)
    routings = fields.List(fields.Nested(ImportedRouting), required=True)
