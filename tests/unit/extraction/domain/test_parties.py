"""Address blocks, what they consist of, and whose they are."""

from __future__ import annotations

import pytest

from services.extraction.domain.fields.candidates import labelled
from services.extraction.domain.fields.parties.addresses import Address, find_addresses
from services.extraction.domain.fields.parties.details import find_parties
from services.extraction.domain.layout import lay_out
from tests.support.paper import typed

LETTER = """
    Feldmann Werkzeugbau GmbH · Gewerbestr. 18 · 76228 Karlsruhe
    Oswald KG
    Frau Thielen
    Am Hüttenwerk 7
    57072 Siegen





    Feldmann Werkzeugbau GmbH           USt-IdNr.: DE270417385
    Gewerbestr. 18                      Steuernummer: 35007/41882
    76228 Karlsruhe                     info@feldmann.example
    Deutschland
"""
HEADED = """
    Rechnung an                Verkäufer
    Hotel Post AG              Beispiel Handel
    Marktplatz 1               Ringstr. 4
    1010 Wien                  80333 München
    Österreich
"""
LABELLED = """
    Verkäufer
    Nummer:          549910
    Name:            Lieferant GmbH
    Anschrift:       Lieferantenstraße 20
                     DE 80333 München

    Käufer/Leistungsempfänger
    Name:            Kunden AG Mitte
    Anschrift:       Kundenstraße 15
                     DE 69876 Frankfurt
"""


@pytest.mark.parametrize(
    ("line", "postcode", "city", "country"),
    [
        ("76228 Karlsruhe", "76228", "Karlsruhe", None),
        ("D-76228 Karlsruhe", "76228", "Karlsruhe", "DE"),
        ("CH-8001 Zürich", "8001", "Zürich", "CH"),
        ("1012 AB Amsterdam", "1012 AB", "Amsterdam", None),
        ("M1 1AA Manchester", "M1 1AA", "Manchester", "GB"),
        ("Leeds LS11 5PS", "LS11 5PS", "Leeds", "GB"),
        ("Fairfield, CA 94535", "94535", "Fairfield", "US"),
        ("37153 Verona (VR)", "37153", "Verona", None),
        ("Chennai, Tamil Nadu - 600081", "600081", "Chennai", None),
        ("D02 XA00 Dublin", "D02 XA00", "Dublin", "IE"),
        ("97400 Saint Denis de la Réunion", "97400", "Saint Denis de la Réunion", None),
    ],
)
def test_towns_of_many_countries(line: str, postcode: str, city: str, country: str | None) -> None:
    address = _addresses(f"Muster Ltd\n12 Main Street\n{line}")[0]
    assert (address.postcode, address.city, address.country_code) == (postcode, city, country)
    assert address.name is not None
    assert address.name.text == "Muster Ltd"


@pytest.mark.parametrize("line", ["20000 Stk", "2026 Rechnung", "Gesamt 12345", "Bestellung 4711 vom Montag"])
def test_numbers_before_words_are_no_towns(line: str) -> None:
    assert _addresses(line) == []


def test_a_letter_has_its_recipient_in_the_window_and_its_sender_around_it() -> None:
    sender, recipient = _parties(LETTER)
    assert sender == {
        "name": "Feldmann Werkzeugbau GmbH",
        "street": "Gewerbestr. 18",
        "postcode": "76228",
        "city": "Karlsruhe",
        "countryCode": "DE",
        "address": "Gewerbestr. 18, 76228 Karlsruhe",
        "vatId": "DE270417385",
        "taxId": "35007/41882",
        "email": "info@feldmann.example",
    }
    assert recipient["name"] == "Oswald KG"
    assert recipient["address"] == "Am Hüttenwerk 7, 57072 Siegen"


@pytest.mark.parametrize(
    ("text", "sender_name", "recipient_name"),
    [(HEADED, "Beispiel Handel", "Hotel Post AG"), (LABELLED, "Lieferant GmbH", "Kunden AG Mitte")],
)
def test_headings_say_whose_an_address_is(text: str, sender_name: str, recipient_name: str) -> None:
    sender, recipient = _parties(text)
    assert (sender["name"], recipient["name"]) == (sender_name, recipient_name)


@pytest.mark.parametrize(
    ("text", "sender_id", "recipient_id"),
    [
        ("USt-IdNr.: DE270417385      Ihre UID: ATU65653223", "DE270417385", "ATU65653223"),
        ("P.IVA cliente: IT89730638015     Part. IVA: IT99949410601", "IT99949410601", "IT89730638015"),
        ("USt-IdNr.: DE270417385", "DE270417385", None),
        ("Kunden-Nr.: 4711          USt-IdNr.: DE270417385", "DE270417385", None),
        ("Customer service 0721 4711     VAT no.: DE270417385", "DE270417385", None),
        ("Your reference: AB          VAT no.: DE270417385", "DE270417385", None),
    ],
)
def test_vat_ids_are_the_senders_unless_called_the_customers(
    text: str, sender_id: str, recipient_id: str | None
) -> None:
    sender, recipient = _parties(text)
    assert (sender.get("vatId"), recipient.get("vatId")) == (sender_id, recipient_id)


def test_words_that_look_like_labels_without_a_space_are_none() -> None:
    sender, recipient = _parties(_letter("53113 Bonn", "53175 Bonn", "", "Ivan Petrov            0721 4711000"))
    assert (sender["name"], sender["city"]) == ("Feldmann Werkzeugbau GmbH", "Bonn")
    assert (recipient["city"], sender.get("taxId")) == ("Bonn", None)


def test_an_amount_of_tax_is_no_tax_number() -> None:
    sender, _ = _parties("TVA 20 %                          12987.01")
    assert sender.get("taxId") is None


def test_a_vat_id_right_under_the_recipients_address_is_the_recipients() -> None:
    sender, recipient = _parties(
        _letter("76228 Karlsruhe", "57072 Siegen", "ATU65653223", "", "", "USt-IdNr.: DE270417385")
    )
    assert (sender["vatId"], recipient["vatId"]) == ("DE270417385", "ATU65653223")


@pytest.mark.parametrize("number", ["061 665 369", "87 427/2759", "35FCAUH0540C4Z0", "R-17263884", "21/815/08150"])
@pytest.mark.parametrize("label", ["Steuernummer", "VAT Reg No", "N.I.F."])
def test_what_is_called_a_vat_or_tax_number_is_one_of_the_tax_office(label: str, number: str) -> None:
    sender, _ = _parties(f"{label}: {number}     Tel: 0721 / 4711")
    assert sender["taxId"] == number


@pytest.mark.parametrize("name", ["Brandner GmbH (HRB 299 860)", "Brandner GmbH (CH-684.9.845.364-5)"])
def test_a_register_number_is_no_part_of_a_name(name: str) -> None:
    sender, _ = _parties(f"{name}\nGewerbestr. 18\n76228 Karlsruhe\nTel: 0721 / 4711")
    assert sender["name"] == "Brandner GmbH"


def test_a_receipt_begins_with_its_merchant() -> None:
    sender, recipient = _parties(
        """
        BOOK TALK (TAMAN DAYA) SDN BHD
        789417-W
        NO.53, JALAN SAGU 18,
        81100 JOHOR BAHRU
        TEL: 07-3551234
        """,
        kind="receipt",
    )
    assert sender["name"] == "BOOK TALK (TAMAN DAYA) SDN BHD"
    assert sender["address"] == "NO.53, JALAN SAGU 18, 81100 JOHOR BAHRU"
    assert recipient == {}


def _letter(sender_town: str, recipient_town: str, *below: str) -> str:
    head = f"Feldmann Werkzeugbau GmbH · Gewerbestr. 18 · {sender_town}"
    return "\n".join([head, "Oswald KG", "Am Hüttenwerk 7", recipient_town, *below])


def _addresses(text: str) -> list[Address]:
    return find_addresses(lay_out(typed(text)))


def _parties(text: str, kind: str = "invoice") -> tuple[dict[str, str], dict[str, str]]:
    sheets = [lay_out(typed(text, top=120.0))]
    sender, recipient = find_parties(sheets, labelled(sheets, month_first=False), kind)
    known = ({name: each.value for name, each in party.items() if each} for party in (sender, recipient))
    return next(known), next(known)
