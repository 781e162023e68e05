"""How a project's pages are read: its engine, features and languages, as clients send and get them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from services.documents.domain import projects as domain
from services.documents.domain.projects import FEATURES, LANGUAGES, VARIANTS, Engine
from shared.web.bodies import AnswerSchema, CamelSchema

MAX_LANGUAGES = 5
_READABLE = ", ".join(f"{name} ({code})" for code, name in LANGUAGES.items())
_ENGINE = "Which engine the project was made for. Our own, tesseract, reads for each of them."
_FEATURES = "; ".join(f"{engine}: {', '.join(names)}" for engine, names in FEATURES.items())
_SPELLINGS = [*(spelling for code, name in LANGUAGES.items() for spelling in (name, code)), *VARIANTS]


def _engine(**more: Any) -> fields.Enum[Engine]:
    return fields.Enum(Engine, by_value=True, metadata={"description": _ENGINE, "example": "tesseract"}, **more)


def _features(**more: Any) -> fields.List[str]:
    described = {"description": f"Kept. By engine: {_FEATURES}.", "example": ["barcodes"]}
    names = sorted({name for names in FEATURES.values() for name in names})
    return fields.List(fields.String(validate=validate.OneOf(names)), metadata=described, **more)


def _having(engine: Engine) -> dict[str, Any]:
    """The JSON schema of this engine, with features that it has."""
    members = {"engine": {"const": engine}, "features": {"items": {"enum": sorted(FEATURES[engine])}}}
    return {"properties": members, "required": [] if engine is Engine.TESSERACT else ["engine"]}


def _languages(**more: Any) -> fields.List[str]:
    refused = f"{{input}} cannot be read. These can: {_READABLE}."
    return fields.List(
        fields.String(validate=validate.OneOf(_SPELLINGS, error=refused)),
        validate=validate.Length(1, MAX_LANGUAGES),
        metadata={
            "description": "What documents are written in; en, de, fr, es, it and nl if left out.",
            "example": ["German", "en"],
        },
        **more,
    )


class Ocr(AnswerSchema):
    """How pages without text are read."""

    described: ClassVar[Mapping[str, Any]] = {"allOf": [{"anyOf": [_having(engine) for engine in Engine]}]}

    engine = _engine(load_default=Engine.TESSERACT)
    features = _features(load_default=())
    languages = _languages()

    @validates_schema
    def refuse_features_of_others(self, data: dict[str, Any], **_: Any) -> None:
        known = FEATURES[data["engine"]]
        if unknown := [name for name in data["features"] if name not in known]:
            raise ValidationError(f"{data['engine']} has no {unknown[0]}, only {', '.join(known)}.", "features")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> domain.Ocr:
        chosen = {name: tuple(data[name]) for name in ("features", "languages") if name in data}
        return domain.Ocr(data["engine"], **chosen)


class OcrPatch(CamelSchema):
    """What shall be different of how pages are read; null takes a choice back."""

    engine = _engine(allow_none=True)
    features = _features(allow_none=True)
    languages = _languages(allow_none=True)
