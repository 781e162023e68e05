"""A project: how its documents are read, completed and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from services.documents.domain.schema import Schema

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch",
        "af": "Afrikaans", "br": "Breton", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish",
        "et": "Estonian", "eu": "Basque", "fi": "Finnish", "fo": "Faroese", "fy": "Frisian", "ga": "Irish",
        "gd": "Gaelic", "gl": "Galician", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic",
        "la": "Latin", "lb": "Luxembourgish", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "mt": "Maltese",
        "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "sk": "Slovak", "sl": "Slovenian",
        "sq": "Albanian", "sv": "Swedish", "sw": "Swahili", "tl": "Tagalog", "tr": "Turkish",
    }
)  # fmt: skip
"""The languages in Latin letters that a project can name, by their ISO 639-1 codes."""

VARIANTS: Mapping[str, str] = MappingProxyType(
    {
        "DutchBelgian": "nl", "GermanLuxembourg": "de", "GermanNewSpelling": "de", "NorwegianBokmal": "no",
        "NorwegianNynorsk": "no", "PortugueseBrazilian": "pt", "PortugueseStandard": "pt",
    }
)  # fmt: skip
"""Other names of theirs, with the codes."""

USUAL = ("en", "de", "fr", "es", "it", "nl")
"""What documents are read in unless their project names languages."""


class Completion(StrEnum):
    """Who completes the documents of a project: a person, or the product where nothing speaks against it."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class Duplicates(StrEnum):
    """What happens to a file that came into the project before."""

    ALLOW = "allow"
    FAIL = "fail"
    LINK = "link"


class Engine(StrEnum):
    """The names of OCR engines. Whichever is named, our own reads, which is tesseract."""

    TESSERACT = "tesseract"
    ABBYY = "abbyy"
    GOOGLE = "google"


FEATURES: Mapping[Engine, tuple[str, ...]] = MappingProxyType(
    {
        Engine.TESSERACT: ("barcodes",),
        Engine.ABBYY: ("barcodes",),
        Engine.GOOGLE: ("barcodes", "disableBoxFilter", "plainText"),
    }
)


@dataclass(frozen=True, slots=True)
class Ocr:
    """How pages without text are read. `languages` are ISO 639-1 codes or English names, None for the usual ones."""

    engine: Engine = Engine.TESSERACT
    features: tuple[str, ...] = ()
    languages: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Members:
    """Who works on the project's documents: these users, everybody for None."""

    members: tuple[str, ...] | None = None

    @property
    def allow(self) -> str:
        return "all" if self.members is None else "members"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a client chooses for a project. Without a `schema` it is the built-in one."""

    name: str
    note: str | None = None
    ocr: Ocr = Ocr()
    extraction_model_id: str | None = None
    completion: Completion = Completion.MANUAL
    duplicates: Duplicates = Duplicates.FAIL
    members: Members = Members()
    retention_days: int | None = None
    is_live: bool = True
    schema: Schema | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """The ISO 639-1 codes of the languages that the documents are read in."""
        named = {**{name: code for code, name in LANGUAGES.items()}, **VARIANTS}
        chosen = self.ocr.languages or USUAL
        return tuple(dict.fromkeys(named.get(language, language) for language in chosen))


@dataclass(frozen=True, slots=True)
class Project:
    """A project of one company. `version` counts its changes."""

    id: str
    company_id: str
    number: int
    plan: Plan
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class ProjectSelection:
    """Which projects: of those with these ids (all for None) the ones with `search` in their name, in any case, or as
    their id, and with this number. `whole`: with their schemas.
    """

    search: str = ""
    number: int | None = None
    only: frozenset[str] | None = None
    whole: bool = False
