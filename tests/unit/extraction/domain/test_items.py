"""Line items: headers, columns, rows that belong together, repairs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from services.extraction.domain.fields.findings import plain
from services.extraction.domain.fields.items import find_items, find_roll
from services.extraction.domain.layout import lay_out
from tests.support.paper import typed

TABLE = """
    Pos  Art.-Nr.   Bezeichnung              Menge  Einheit   Einzelpreis   USt %   Gesamt EUR
    1    FW-1180    Spannzange ER32           24    Stk             18,90   19          453,60
    2    FW-2044    Schaftfräser VHM,         12    Stk             46,25   19          555,00
                    beschichtet
    3    FW-3310    Kühlschmierstoff         2,5    kg              31,40   19           78,50
    Nettobetrag                                                                       1.087,10
"""


def test_every_column_of_a_table() -> None:
    items = _items(TABLE)
    assert [item["position"] for item in items] == ["1", "2", "3"]
    assert items[1] == {
        "position": "2",
        "articleNumber": "FW-2044",
        "name": "Schaftfräser VHM, beschichtet",
        "qty": 12,
        "unit": "Stk",
        "unitPrice": 46.25,
        "taxRate": 19,
        "net": 555,
    }


def test_the_totals_are_no_items() -> None:
    assert sum(item["net"] for item in _items(TABLE)) == 1087.1


def test_a_heading_may_break_over_two_rows() -> None:
    items = _items("""
        Description             Quantity     Unit         Line
                                             price        total
        Copier paper A4         40           17.85        714.00
        Atlas                   15           24.50        367.50
    """)
    assert [(item["name"], item["qty"], item["unitPrice"], item["net"]) for item in items] == [
        ("Copier paper A4", 40, 17.85, 714),
        ("Atlas", 15, 24.5, 367.5),
    ]


def test_quantity_and_unit_in_one_column_are_parted() -> None:
    items = _items("""
        Produkt                 Menge        Einzelpreis      Gesamtpreis
        High-Grade Screws       5 kg         18,00 €          90,00 €
    """)
    assert [(item["qty"], item["unit"], item["net"]) for item in items] == [(5, "kg", 90)]


def test_names_may_stand_below_the_numbers_of_articles() -> None:
    items = _items("""
        GTIN            Art-Nr-Lieferant   Menge            Nettopreis    Nettowert
                        Artikelbezeichnung
        4123456000014   ZS997              100,0000 Stk.        1,0000       100,00
                        Zitronensäure 100ml
        4123456000021   GZ250              50,0000 Stk.         1,4500        72,50
                        Gelierzucker Extra 250g
        Nettobetrag                                                          172,50
    """)
    assert [(item["articleNumber"], item["name"], item["net"]) for item in items] == [
        ("ZS997", "Zitronensäure 100ml", 100),
        ("GZ250", "Gelierzucker Extra 250g", 72.5),
    ]


@pytest.mark.parametrize(
    "heading", ["Totaal excl. btw", "Montant HT", "Total (EUR)", "Amount excl. VAT", "Ext. Amount"]
)
def test_a_heading_may_also_speak_of_tax_and_currency(heading: str) -> None:
    items = _items(f"""
        Description             Qty        Price         {heading}
        Copier paper            40         17.85         714.00
    """)
    assert [(item["name"], item["net"]) for item in items] == [("Copier paper", 714)]


def test_an_amount_and_its_currency_stay_in_one_column() -> None:
    items = _items("""
        Mg. Art.Nr.   Produkt                     Summe             Stückpreis
        25  945553    Winkel verzinkt weiß        3.193,25 EUR      127,73 EUR
        10  656096    Wandfarbe blau matt außen   50,70 EUR         5,07 EUR
    """)
    assert [(item["qty"], item["unitPrice"], item["net"]) for item in items] == [
        (25, 127.73, 3193.25),
        (10, 5.07, 50.7),
    ]


ROLL = """
    GROCERY LTD
    ITEM                            RM
    FUSE 16A
    3 * 1.10                        3.30 A
    5630 Steel bracket
    1 @ 25.21                      25.21 A
    2 Wall paint                    4.00 A
    Total:                         32.51
    Cash                           40.00
    Change                          7.49
"""


def test_entries_of_a_till_have_no_columns() -> None:
    items, taken = _roll(ROLL, "32.51")
    assert items == [
        {"name": "FUSE 16A", "qty": 3, "unitPrice": 1.1, "net": 3.3},
        {"name": "Steel bracket", "articleNumber": "5630", "qty": 1, "unitPrice": 25.21, "net": 25.21},
        {"name": "Wall paint", "qty": 2, "net": 4},
    ]
    assert taken == {(1, row) for row in range(2, 7)}


def test_a_sentence_that_ends_in_the_total_is_no_item() -> None:
    letter = "unsere Rechnung 4711 vom 1.2.2026 ist offen mit   119,00\nGesamtbetrag   119,00"
    assert _roll(letter, "119.00") == ([], set())


def test_entries_that_make_no_total_are_none() -> None:
    assert _roll(ROLL, "33.00") == ([], set())


def test_a_table_goes_on_at_the_top_of_the_next_page() -> None:
    first = """
        Description             Qty      Unit price       Amount
        Copier paper A4         40       17.85            714.00
    """
    second = """
        Atlas                   15       24.50            367.50
        Total                                           1,081.50
    """
    sheets = [lay_out(typed(first)), lay_out(typed(second, number=2))]
    items, _ = find_items(sheets, ".")
    assert [item["name"].value for item in items] == ["Copier paper A4", "Atlas"]
    assert [item["net"].page.number for item in items] == [1, 2]


def test_arithmetic_restores_what_ocr_lost() -> None:
    """The comma of 2,5, the position 2 and a litre read as a one."""
    items = _items(
        """
        Pos   Bezeichnung         Menge   Einheit   Einzelpreis    Gesamt EUR
        1     Spannzange          24      Stk             18,90        453,60
        =     Öl                  25      1               31,40         78,50
        3     Fräser              12      Stk             46,25        555,00
        """,
        source="ocr",
    )
    assert [(item["position"], item["qty"], item["unit"]) for item in items] == [
        ("1", 24, "Stk"),
        ("2", 2.5, "l"),
        ("3", 12, "Stk"),
    ]


def test_a_text_layer_is_believed_as_printed() -> None:
    items = _items("""
        Bezeichnung         Menge   Einzelpreis    Gesamt EUR
        Öl                  25            31,40         78,50
        Fräser              12            46,25        555,00
    """)
    assert [item["qty"] for item in items] == [25, 12]


def test_a_letter_has_no_items() -> None:
    assert _items("Sehr geehrte Damen und Herren,\nwir danken für Ihren Auftrag.") == []


def _items(text: str, source: str = "textLayer") -> list[dict[str, Any]]:
    items, _ = find_items([lay_out(typed(text, source))], None)
    return [{name: plain(finding.value) for name, finding in item.items()} for item in items]


def _roll(text: str, total: str) -> tuple[list[dict[str, Any]], set[tuple[int, int]]]:
    items, taken = find_roll([lay_out(typed(text))], {Decimal(total)}, ".")
    return [{name: plain(finding.value) for name, finding in item.items()} for item in items], taken
