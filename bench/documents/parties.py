"""Invented businesses: names, addresses, tax numbers and bank accounts, some of which fail their checksum."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stdnum.at import uid
from stdnum.be import vat as be_vat
from stdnum.de import vat as de_vat
from stdnum.es import nif
from stdnum.fr import tva
from stdnum.gb import vat as gb_vat
from stdnum.ie import vat as ie_vat
from stdnum.it import iva
from stdnum.nl import btw

from bench.documents.dice import Dice

WORDS = Path(__file__).with_name("words")
_CHECKED = {
    "AT": uid,
    "BE": be_vat,
    "DE": de_vat,
    "ES": nif,
    "FR": tva,
    "GB": gb_vat,
    "IE": ie_vat,
    "IT": iva,
    "NL": btw,
}
# So many of the numbers with a checksum fail it, as those on real specimens do.
INVALID = 0.3
TRIES = 400


@dataclass(frozen=True, slots=True)
class Party:
    """A business; what it does not have is empty."""

    country: str
    name: str
    street: str
    city: str
    land: str
    vat_id: str
    tax_number: str
    register: str
    phone: str
    fax: str
    email: str
    web: str
    iban: str
    bic: str
    bank: str
    contact: str
    director: str
    area: str = ""

    @property
    def address(self) -> tuple[str, ...]:
        """The lines below the name, without the country."""
        return tuple(line for line in (self.street, self.area, self.city) if line)


@cache
def countries() -> dict[str, dict[str, Any]]:
    """By ISO code, what words/countries*.toml say."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(WORDS.glob("countries*.toml")):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def draw_party(dice: Dice, country: str) -> Party:
    words = countries()[country]
    name, stem = _name(dice, words)
    street, area, city, town = _address(dice, words)
    domain = "".join(sign for sign in stem.lower() if sign.isascii() and sign.isalnum()) or "firma"
    domain += dice.choice([f".{country.lower()}", ".example", ".com", ".net"])
    box = dice.choice(["info", "office", "sales", "accounts", dice.choice(words["first"]).split()[0].lower()])
    phone = dice.filled(dice.choice(words["phone"]))
    return Party(
        country,
        name,
        street,
        city,
        dice.choice(words["name"]),
        _vat_id(dice, country, words),
        dice.filled(dice.choice(words["tax"])) if words["tax"] else "",
        dice.filled(dice.choice(words["register"])) if words["register"] else "",
        phone,
        phone[:-1] + dice.choice("0123456789"),
        f"{box}@{domain}",
        f"{dice.choice(['www.', 'www.', 'https://'])}{domain}",
        draw_iban(dice, country),
        dice.filled(words.get("bic", "")),
        dice.choice(words["bank"]).format(city=town),
        _person(dice, words),
        _person(dice, words),
        area,
    )


def draw_iban(dice: Dice, country: str) -> str:
    """Empty in a country without."""
    pattern = countries()[country].get("bban", "")
    if not pattern:
        return ""
    account = dice.filled(pattern)
    rest = "".join(str(int(sign, 36)) for sign in f"{account}{country}00")
    check = 98 - int(rest) % 97
    if dice.chance(INVALID):
        check = (check + dice.randrange(1, 90)) % 97
    return f"{country}{check:02}{account}"


def _name(dice: Dice, words: dict[str, Any]) -> tuple[str, str]:
    """The name of a business, and the part that makes it its own."""
    surname, trade, legal = dice.phrase(words["surnames"]), dice.phrase(words["trades"]), dice.choice(words["legal"])
    coined = _coined(dice)
    forms = [
        (f"{surname} {trade} {legal}", surname), (f"{trade} {surname} {legal}", surname), (f"{coined} {legal}", coined),
        (f"{surname} & {dice.phrase(words['surnames'])} {legal}", surname), (f"{coined} {trade} {legal}", coined),
        (f"{dice.choice(words['first'])} {surname} {trade}", surname), (f"{surname} {legal}", surname),
    ]  # fmt: skip
    name, stem = dice.choice(forms)
    name = " ".join(name.split())
    return (name.upper() if dice.chance(0.08) else name), stem


def _coined(dice: Dice) -> str:
    heads = [
        "Nor",
        "Vel",
        "Tra",
        "Kor",
        "Lum",
        "Sy",
        "Alto",
        "Bri",
        "Quan",
        "Opti",
        "Pan",
        "Ter",
        "Zeni",
        "Hydro",
        "Da",
    ]
    tails = ["vex", "nova", "lis", "tec", "dis", "mar", "tal", "ona", "plan", "con", "ria", "via", "lux", "mind", "ta"]
    coined = dice.choice(heads) + dice.choice(tails) + dice.choice(["", "", "x", " 24", " Solutions", " Systems", "ia"])
    return coined.upper() if dice.chance(0.15) else coined


def _address(dice: Dice, words: dict[str, Any]) -> tuple[str, str, str, str]:
    """Street, area, city line, and the town alone."""
    house = f"{dice.randrange(1, 180)}{dice.choice(['', '', '', '', 'a', ' b', '-' + dice.digits(2)])}"
    street = words["street_form"].format(street=dice.choice(words["streets"]), house=house)
    postcode, town = dice.filled(dice.choice(words["cities"])).split("|")
    postcode = dice.choice(words.get("postcode_prefix", [""])) + postcode
    city = words.get("city_form", "{postcode} {city}").format(city=town, postcode=postcode)
    return street, dice.choice(words.get("areas", [""])), city, town.split(",")[0]


def _vat_id(dice: Dice, country: str, words: dict[str, Any]) -> str:
    pattern = words["vat"]
    number = dice.filled(pattern)
    if country not in _CHECKED or dice.chance(INVALID):
        return number
    for _ in range(TRIES):
        if _CHECKED[country].is_valid(number):
            break
        number = dice.filled(pattern)
    return number


def _person(dice: Dice, words: dict[str, Any]) -> str:
    return f"{dice.choice(words['first'])} {dice.choice(words['surnames']).title()}"
