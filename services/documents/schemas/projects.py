"""Projects as clients send and get them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from services.documents.domain import projects as domain
from services.documents.domain.projects import (
    Completion,
    Duplicates,
    ProjectSelection,
)
from services.documents.schemas.datapoints import MAX_DATA_POINTS, DataPoint, KeptObject, ProjectSchema, SchemaFeatures
from services.documents.schemas.recognition import Ocr, OcrPatch
from services.documents.schemas.values import Sort, slice_of_sorted
from shared.listing import Slice
from shared.web.bodies import HEX_ID, AnswerSchema, CamelSchema, ListQuery, ListSchema, text
from shared.web.fields import MAX_NUMBER, Include, Moment, NumberFilter, StrictBoolean
from shared.web.patches import patched
from shared.web.reading import load

MAX_MEMBERS = 200
MAX_RETENTION_DAYS = 3650
_ID = {"example": "6040dc9680b782b365ea77d5"}
_CLIENT = {"example": "client-6040dc9680b782b365ea77d5"}
_NAME = {"description": "Need not be unique.", "example": "Incoming invoices"}
_NOTE = {"example": "All that comes by post."}
_MODEL = {"description": "Kept, and not used.", "example": "6040dc9680b782b365ea77d7"}
_COMPLETION = {"description": "Who completes documents that pass all checks.", "example": "automatic"}
_DUPLICATES = {
    "description": "Of a file that came into the project before: `allow` processes it, `link` too and names the first "
    "document in `duplicateOf`, `fail` makes the document failed at once.",
    "example": "fail",
}
_RETENTION = {
    "description": "After how many days documents are to be erased. Kept; erasing comes in a later release.",
    "example": 90,
}
_LIVE = {"description": "Kept, and not used.", "example": True}
_OCR = {"example": {"engine": "tesseract", "features": [], "languages": ["German", "en"]}}
_MEMBERS = {"example": {"allow": "all"}}
_SCHEMA = "What is to be read; the built-in schema if left out."


class ProjectQuery(CamelSchema):
    """What to show of a project."""

    include = Include("number")


class ProjectsQuery(ListQuery):
    """Which projects; `search` is looked for in names, in any case, or is a project's id."""

    search = text(100, load_default="", metadata={"example": "invoices"})
    number = NumberFilter()
    include = Include("number")
    sort = Sort("createdAt")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[ProjectSelection, Slice, bool]:
        selection = ProjectSelection(data["search"], data.get("number"))
        return selection, slice_of_sorted(data), "number" in data["include"]


def _allow(**more: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(["all", "members"]), metadata={"example": "all"}, **more)


def _members(**more: Any) -> fields.List[str]:
    return fields.List(
        fields.String(validate=HEX_ID),
        validate=validate.Length(1, MAX_MEMBERS),
        metadata={"description": "Ids of users, with `members` only.", "example": ["6040dc9680b782b365ea77d8"]},
        **more,
    )


class ProjectMembers(AnswerSchema):
    """Who works on the documents: all, or some members. Kept; there is nothing yet that a user could do."""

    # Within allOf, so that generators of clients make one class of it.
    described: ClassVar[Mapping[str, Any]] = {
        "allOf": [
            {
                "oneOf": [
                    {"properties": {"allow": {"const": "all"}}, "maxProperties": 1},
                    {"properties": {"allow": {"const": "members"}}, "required": ["members"]},
                ]
            }
        ]
    }

    allow = _allow(required=True)
    members = _members()

    @validates_schema
    def refuse_contradictions(self, data: dict[str, Any], **_: Any) -> None:
        if (data["allow"] == "members") != ("members" in data):
            raise ValidationError("Must be named with allow members, and only then.", "members")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> domain.Members:
        return domain.Members(tuple(data["members"]) if "members" in data else None)


# The defaults of these are told of new projects alone: a generated client would send them with every patch too.
def _completion(**told: Any) -> fields.Enum[Completion]:
    return fields.Enum(Completion, by_value=True, metadata=_COMPLETION | told)


def _duplicates(**told: Any) -> fields.Enum[Duplicates]:
    return fields.Enum(Duplicates, by_value=True, metadata=_DUPLICATES | told)


def _live(**told: Any) -> StrictBoolean:
    return StrictBoolean(metadata=_LIVE | told)


def _note(**more: Any) -> fields.String:
    return text(1000, 1, metadata=_NOTE, **more)


def _model(**more: Any) -> fields.String:
    return text(100, 1, metadata=_MODEL, **more)


def _retention(**more: Any) -> fields.Integer:
    return fields.Integer(
        strict=True, validate=validate.Range(1, MAX_RETENTION_DAYS), metadata=_RETENTION, allow_none=True, **more
    )


class ProjectCreate(AnswerSchema):
    """How the project's documents are read, completed and kept. Only the name must be there."""

    name = text(60, 1, required=True, metadata=_NAME)
    note = _note()
    completion = _completion(default="manual")
    duplicates = _duplicates(default="fail")
    is_live = _live(default=True)
    ocr = fields.Nested(Ocr, metadata=_OCR)
    extraction_model_id = _model()
    members = fields.Nested(ProjectMembers, metadata=_MEMBERS)
    retention_days = _retention()
    schema = fields.Nested(ProjectSchema, metadata={"description": _SCHEMA})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        return domain.Plan(**data)


class ProjectMembersPatch(CamelSchema):
    """Who shall work on the documents; with `all`, the members named before are forgotten."""

    allow = _allow()
    members = _members(allow_none=True)


class ProjectSchemaPatch(CamelSchema):
    """What shall be different of the project's own schema; lists are replaced as a whole."""

    version = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(0, MAX_NUMBER), metadata={"example": 2}
    )
    data_points = fields.List(fields.Nested(DataPoint), validate=validate.Length(1, MAX_DATA_POINTS))
    features = fields.Nested(SchemaFeatures, allow_none=True)
    enrichment = KeptObject(allow_none=True)
    normalization = KeptObject(allow_none=True)
    validation = KeptObject(allow_none=True)


class ProjectPatch(CamelSchema):
    """A JSON merge patch (RFC 7396): what is left out stays, objects are merged, null takes a choice back."""

    name = text(60, 1, metadata=_NAME)
    note = _note(allow_none=True)
    completion = _completion()
    duplicates = _duplicates()
    is_live = _live()
    ocr = fields.Nested(OcrPatch, allow_none=True, metadata=_OCR)
    extraction_model_id = _model(allow_none=True)
    members = fields.Nested(ProjectMembersPatch, allow_none=True, metadata=_MEMBERS)
    retention_days = _retention()
    schema = fields.Nested(ProjectSchemaPatch, allow_none=True)

    @post_load(pass_original=True)
    def make(self, _: Any, original: dict[str, Any], **__: Any) -> Any:
        members = original.get("members") or {}
        forgotten = {"members": {"members": None, **members}} if members.get("allow") == "all" else {}
        return original | forgotten


def plan_after(plan: domain.Plan, patch: Mapping[str, Any]) -> domain.Plan:
    """The plan after a patch that `ProjectPatch` let through; BadRequest names what it cannot become."""
    schema = ProjectCreate()
    changed: domain.Plan = load(schema, patched(schema.dump(plan), patch))
    return changed


class ProjectItem(AnswerSchema):
    """A project as lists show it."""

    id = fields.String(required=True, metadata=_ID)
    number = fields.Integer(metadata={"description": "With `include=number`.", "example": 17})
    name = fields.String(required=True, attribute="plan.name", metadata=_NAME)
    note = fields.String(attribute="plan.note", metadata=_NOTE)
    ocr = fields.Nested(Ocr, required=True, attribute="plan.ocr", metadata=_OCR)
    extraction_model_id = fields.String(attribute="plan.extraction_model_id", metadata=_MODEL)
    completion = fields.Enum(
        Completion, by_value=True, required=True, attribute="plan.completion", metadata=_COMPLETION
    )
    duplicates = fields.Enum(
        Duplicates, by_value=True, required=True, attribute="plan.duplicates", metadata=_DUPLICATES
    )
    members = fields.Nested(ProjectMembers, required=True, attribute="plan.members", metadata=_MEMBERS)
    retention_days = fields.Integer(attribute="plan.retention_days", metadata=_RETENTION)
    is_live = fields.Boolean(required=True, attribute="plan.is_live", metadata=_LIVE)
    created_at = Moment(required=True)
    created_by = fields.String(required=True, metadata=_CLIENT)
    updated_at = Moment(required=True)
    updated_by = fields.String(required=True, metadata=_CLIENT)


class Project(ProjectItem):
    """A project; one without a schema of its own has the built-in one."""

    schema = fields.Nested(
        ProjectSchema, attribute="plan.schema", metadata={"description": "If it has one of its own."}
    )


class ProjectList(ListSchema):
    """A part of the projects, without their schemas, and how many there are in all."""

    data = fields.List(fields.Nested(ProjectItem), required=True)
