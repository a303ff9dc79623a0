"""How a card is laid out: in Korean the Korean record, in English that of the UK standard."""

from __future__ import annotations

from itertools import groupby

from govrag.display.blocks import Block, Heading, Line
from govrag.errors import Lang
from govrag.records.card import Card, CardField

_TITLE = ("인공지능 서비스 카드", "Algorithmic transparency record")
_BLANK = ("【기관이 적을 것】", "[TO BE FILLED IN BY THE AGENCY]")


def card(result: Card, lang: Lang) -> list[Block]:
    """Lay a card out, section by section; what the agency must still write is marked."""
    english = lang == "en"
    fields = result.atrs if english else result.korea
    left = sum(bool(field.to_fill) for field in fields)
    blocks: list[Block] = [
        Heading(f"{_TITLE[english]}: {result.agency}" if result.agency else _TITLE[english]),
        Line(
            f"made by govrag {result.govrag} on {result.made_on} from its configuration; fields to be filled in by the "
            f"agency: {left} of {len(fields)}"
            if english
            else f"govrag {result.govrag}이(가) {result.made_on}에 설정에서 만듦. 기관이 적을 항목 {left}개(모두 "
            f"{len(fields)}개)",
            "note",
        ),
        *(Line(warning, "warning") for warning in (result.warnings_en if english else result.warnings)),
    ]
    for section, group in groupby(fields, key=lambda field: field.section_en if english else field.section):
        blocks.append(Heading(section))
        for field in group:
            blocks += _field(field, english)
    return blocks


def _field(field: CardField, english: bool) -> list[Block]:
    label = field.label_en if english else field.label
    value, fill = (field.value_en, field.to_fill_en) if english else (field.value, field.to_fill)
    basis = f" ({field.basis})" if field.basis and not english else ""
    lines = value.splitlines()
    blocks: list[Block] = [Line(f"{label}{basis}: {lines[0]}" if len(lines) == 1 else f"{label}{basis}:")]
    if len(lines) > 1:
        blocks += [Line(f"{number}. {line}") for number, line in enumerate(lines, 1)]  # a table would cut them
    if fill:
        blocks.append(Line(f"{_BLANK[english]} {fill}", "warning"))
    return blocks
