"""What a till prints from the merchant's head to the thanks."""

from __future__ import annotations

from bench.documents.families import purchases
from bench.documents.paper import mark, plain, width_of, wrapped
from bench.documents.till import Till


def compose(till: Till) -> float:
    """Print the whole receipt; gives where it ends."""
    _head(till)
    titled = till.dice.chance(0.7)
    if titled:
        till.y += till.size * 0.4
        till.line(
            till.phrase("titles"),
            till.dice.choice(["center", "center", "left"]),
            till.dice.chance(0.6),
            till.size * 1.1,
        )
        till.y += till.size * 0.4
    late = till.dice.chance(0.12)
    if not late:
        _meta(till)
    till.dashes()
    purchases.items(till)
    till.dashes()
    purchases.totals(till)
    if till.dice.chance(0.45):
        purchases.summary(till)
    if late:
        _meta(till)
    till.y += till.size * 0.5
    for _ in range(till.dice.choice([0, 1, 2, 3])):
        till.line(till.phrase("thanks"), "center")
    return till.y


def _head(till: Till) -> None:
    dice, merchant = till.dice, till.purchase.merchant
    align = dice.choice(["center", "center", "center", "left"])
    if dice.chance(0.15):
        scrawl = [
            dice.filled("# ######"),
            merchant.contact.lower(),
            dice.filled("####"),
            "A",
            merchant.name.split()[0].title(),
        ]
        till.line(
            till.phrase("slogans") if dice.chance(0.5) else dice.choice(scrawl),
            align,
            size=till.size * dice.choice([1, 1.6]),
        )
    register = merchant.register.strip("()")
    behind = register and dice.chance(0.3)
    _name(till, align, f" ({register})" if behind else "")
    if register and not behind and dice.chance(0.5):
        till.line(f"({register})" if dice.chance(0.6) else f"Co. Reg No{till.colon} {register}", align)
    _address(till, align)
    _numbers(till, align)
    if dice.chance(0.4):
        till.dashes()


def _name(till: Till, align: str, behind: str) -> None:
    """In one line, or in two when it is long."""
    dice, name = till.dice, till.purchase.merchant.name
    size = till.size * dice.choice([1, 1, 1.2, 1.5, 2])
    bold, words = dice.chance(0.6), name.split()
    if len(words) > 2 and dice.chance(0.2):
        at = dice.randrange(1, len(words))
        till.line(mark("supplierName", " ".join(words[:at])), align, bold, size)
        till.line(mark("supplierName+", " ".join(words[at:])) + behind, align, bold, size)
    else:
        till.line(mark("supplierName", name) + behind, align, bold, size)


def _address(till: Till, align: str) -> None:
    """Broken into lines at its commas, anywhere, or as it is."""
    dice, parts = till.dice, list(till.purchase.merchant.address)
    if dice.chance(0.06):
        return
    comma = "," if dice.chance(0.6) else ""
    lines = [f"{part}{comma if at < len(parts) - 1 else dice.choice(['', '', '.'])}" for at, part in enumerate(parts)]
    if dice.chance(0.4):
        wide = (till.right - till.left) * dice.choice([0.6, 0.8, 1])
        lines = wrapped(", ".join(parts), till.face.plain, till.size, wide)
    for at, line in enumerate(lines):
        till.line(mark("supplierAddress+" if at else "supplierAddress", line), align)


def _numbers(till: Till, align: str) -> None:
    dice, merchant, colon = till.dice, till.purchase.merchant, till.colon or " "
    if dice.chance(0.7):
        fax = f"  FAX{colon} {merchant.fax}" if dice.chance(0.3) else ""
        till.line(f"{dice.choice(['TEL', 'Tel', 'Tel No', 'Phone'])}{colon} {merchant.phone}{fax}", align)
    if dice.chance(0.15):
        till.line(dice.choice([merchant.email, merchant.web]), align)
    if merchant.vat_id and dice.chance(0.5):
        label = dice.phrase(till.goods["labels"]["supplierVatId"])
        till.line(f"{label}{colon} {mark('supplierVatId', merchant.vat_id)}", align)
    elif merchant.tax_number and dice.chance(0.7):
        text = f"{till.phrase('tax_number')}{colon} {mark('supplierTaxNumber', merchant.tax_number)}"
        till.line(f"({text})" if dice.chance(0.25) else text, align)


def _moment(till: Till) -> tuple[str, str]:
    """Day and time as they are printed."""
    hour, minute = divmod(till.purchase.minute, 60)
    form = till.dice.choice(["{h:02}:{m:02}", "{h:02}:{m:02}:{s:02}", "{t}:{m:02} {ap}", "{t}:{m:02}:{s:02}{ap}"])
    told = form.format(
        h=hour, m=minute, s=till.dice.randrange(60), t=(hour - 1) % 12 + 1, ap="AM" if hour < 12 else "PM"
    )
    day = till.notation.day(till.purchase.day)
    return mark("issueDate", day.upper() if till.dice.chance(0.3) else day), told


def _meta(till: Till) -> None:
    """Number, day and time, till and cashier, in any order, as lines or in two columns."""
    dice, colon = till.dice, till.colon or " "
    day, time = _moment(till)
    bare = dice.chance(0.2)
    label = "" if bare else f"{till.phrase('date')}{colon} "
    moment = dice.choice(
        [
            f"{label}{day} {time}",
            f"{label}{day}{time}",
            f"{label}{day}   {till.phrase('time')}{colon} {time}",
            f"{label}{day}",
        ]
    )
    lines = [moment] if dice.chance(0.94) else [f"{till.phrase('time')}{colon} {time}", f"{label}{day}"]
    if dice.chance(0.85):
        lines.insert(dice.randrange(2), f"{till.phrase('number')}{colon} {mark('invoiceNumber', till.purchase.number)}")
    if dice.chance(0.6):
        lines.append(
            f"{dice.phrase(till.goods['labels']['cashier'])}{colon} {till.purchase.merchant.contact.split()[0]}"
        )
    if dice.chance(0.4):
        lines.append(f"{till.phrase('till')}{colon} {dice.filled(dice.choice(['#', '##', 'POS##', '###-#']))}")
    if dice.chance(0.35):
        lines.append(f"{till.phrase('table')}{colon} {dice.filled(dice.choice(['#', '##', '######']))}")
    if dice.chance(0.2):
        dice.shuffle(lines)
    variant = dice.layout((_as_lines, _as_lines, _as_lines, _as_columns), (_as_pairs, _as_columns))
    variant(till, lines)


def _as_lines(till: Till, lines: list[str]) -> None:
    align = till.dice.choice(["left", "left", "left", "center"])
    for line in lines:
        till.line(line, align)


def _as_columns(till: Till, lines: list[str]) -> None:
    """Two to a line, the second at the right edge."""
    while lines:
        first, lines = lines[0], lines[1:]
        if lines and width_of(plain(f"{first}  {lines[0]}"), till.face.plain, till.size) < till.right - till.left:
            till.pair(first, lines[0])
            lines = lines[1:]
        else:
            till.line(first)


def _as_pairs(till: Till, lines: list[str]) -> None:
    """Labels at the left edge, values at the right one."""
    for line in lines:
        label, sign, value = line.partition(f"{till.colon or ' '} ")
        if sign:
            till.pair(label, value)
        else:
            till.line(line)
