"""What stands below the sums and at the foot of every page: terms, bank details, register numbers."""

from __future__ import annotations

from datetime import timedelta

from bench.documents.desk import Desk
from bench.documents.families.parties import tax_lines
from bench.documents.money import cents
from bench.documents.paper import mark
from bench.documents.parties import draw_iban


def terms(desk: Desk) -> None:
    """Sentences about payment, the due date in one of them or only the days."""
    facts, dice, sentences = desk.facts, desk.dice, desk.words["sentences"]
    if facts.kind not in ("invoice", "other"):
        return
    if not desk.room(desk.step * 6):
        desk.turn()
    if facts.days and dice.chance(0.55):
        told = {"due": desk.day(facts.due, "dueDate"), "days": facts.days, "amount": desk.amount(facts.sums.due)}
        desk.paragraph(dice.phrase(sentences["terms"]).format(**told))
    elif dice.chance(0.6):
        desk.paragraph(dice.phrase(sentences["days"]).format(days=facts.days or 14))
    if facts.cash_discount and facts.days:
        _cash_discount(desk)
    if dice.chance(0.25):
        desk.paragraph(dice.phrase(sentences["quote"]).format(number=desk.own_number()))


def _cash_discount(desk: Desk) -> None:
    facts = desk.facts
    reduced = cents(facts.sums.due * (100 - facts.cash_discount) / 100)
    told = {
        "percent": desk.notation.bare(facts.cash_discount), "reduced": desk.amount(reduced), "days": 8,
        "early": desk.day(facts.issued + timedelta(days=min(8, facts.days))),
    }  # fmt: skip
    desk.paragraph(desk.dice.phrase(desk.words["sentences"]["cashDiscount"]).format(**told))


def closing(desk: Desk) -> None:
    """Some friendly or legal words."""
    for _ in range(desk.dice.choice([0, 1, 1, 2])):
        if desk.room(desk.step * 2):
            desk.y += desk.step * 0.5
            desk.paragraph(desk.dice.phrase(desk.words["sentences"]["closing"]))


def bank_lines(desk: Desk) -> list[str]:
    """The account to pay to, the IBAN in groups or not, sometimes a second bank's before or after it."""
    party, dice = desk.issuer, desk.dice
    colon = desk.colon or dice.choice([":", ""])
    lines = [party.bank] if dice.chance(0.4) else [f"{desk.label('bank')}{colon} {party.bank}"]
    if not party.iban:
        return [*lines, f"{desk.label('account')}{colon} {dice.filled('##########')}"]
    ours = f"{desk.label('iban')}{colon} {_iban(desk, party.iban, 'iban' if party is desk.facts.supplier else '')}"
    lines.append(ours)
    if dice.chance(0.7):
        lines.append(f"{desk.label('bic')}{colon} {party.bic}")
    if dice.chance(0.1):
        lines += [f"{desk.label('iban')}{colon} {_iban(desk, draw_iban(dice, party.country), '')}"]
    if dice.chance(0.15):
        lines.insert(1, f"{desk.label('account')}{colon} {dice.filled('### ### ##')}")
    return lines


def _iban(desk: Desk, iban: str, name: str) -> str:
    if desk.dice.chance(0.65):
        iban = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    return mark(name, iban) if name else iban


def bank(desk: Desk) -> None:
    """The account as a block, or in one line."""
    lines = bank_lines(desk)
    if not desk.room(desk.step * (len(lines) + 1)):
        desk.turn()
    desk.y += desk.step * 0.5
    if desk.dice.chance(0.3):
        desk.paragraph(desk.dice.choice(["  ", " - ", ", ", " | "]).join(lines))
        return
    for line in lines:
        desk.write(desk.left, line)
        desk.y += desk.step


def footer(desk: Desk, banked: bool, taxed: bool) -> None:
    """Three or four narrow columns of tiny print, or centred lines, and the number of the page, on every page."""
    dice, party = desk.dice, desk.issuer
    colon = desk.colon or ":"
    office = [desk.named(party), *(desk.addressed(party, part, first=at == 0) for at, part in enumerate(party.address))]
    reach = [f"{desk.label('phone')}{colon} {party.phone}", f"{desk.label('email')}{colon} {party.email}", party.web]
    law = [f"{desk.label('director')}{colon} {party.director}"]
    if party.register:
        law.append(f"{desk.label('register')}{colon} {party.register}")
    law += tax_lines(desk, party) if taxed else []
    columns = [*([office] if dice.chance(0.6) else []), reach, law]
    if banked:
        columns.insert(dice.randrange(len(columns) + 1), bank_lines(desk))
    size = dice.choice([5.5, 6, 6.5, 7, 7.5])
    centred = dice.chance(0.25)
    numbered, place = dice.chance(0.6) or desk.paper.pages > 1, dice.choice(["left", "right", "center"])
    phrase = dice.phrase(desk.words["page"])
    top = desk.paper.height - size * 9
    for page in range(1, desk.paper.pages + 1):
        desk.paper.page = page
        if centred:
            _centred(desk, columns, top, size)
        else:
            _columns(desk, columns, top, size)
        if numbered:
            x = {"left": desk.left, "right": desk.right, "center": (desk.left + desk.right) / 2}[place]
            text = phrase.format(page=page, pages=desk.paper.pages)
            desk.write(x, text, y=desk.paper.height - size * 1.6, size=size, align=place)


def _columns(desk: Desk, columns: list[list[str]], top: float, size: float) -> None:
    desk.paper.rule(desk.left, top - size * 1.4, desk.right, 0.4)
    width = (desk.right - desk.left) / len(columns)
    for at, lines in enumerate(columns):
        longest = max(desk.width(line, size=size) for line in lines)
        fitting = min(size, size * (width - 5) / longest)
        for row, line in enumerate(lines[:6]):
            desk.write(desk.left + at * width, line, y=top + row * size * 1.2, size=max(fitting, 4))


def _centred(desk: Desk, columns: list[list[str]], top: float, size: float) -> None:
    for row, lines in enumerate(columns):
        text = " - ".join(lines)
        fitting = min(size, size * (desk.right - desk.left) / desk.width(text, size=size))
        desk.write((desk.left + desk.right) / 2, text, y=top + row * size * 1.3, size=max(fitting, 4), align="center")
