"""Requirements that stand in lines and rows, none of a section of its own: which number heads which content.

A list may name them, and cards, numbered paragraphs or labelled lines hold what they ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from govrag.pipelines.procurement.paper import Clause, Paper

__all__ = ["AROUND", "EMPTY", "Asked", "of_lines"]

# Labels of what surrounds a requirement and is not its content.
AROUND = re.compile(
    r"번호|\bID\b|명칭|이름|분류|구분|유형|산출|제출물|결과물|관련|연관|출처|응락|수용|우선|중요|난이도|비고|요구사항명|근거|순번"
)
EMPTY = re.compile(
    r"(?:추후|별도)?(?:작성|기재|협의|제시|확정|통보)(?:예정|함)?|해당없음|(?:내용)?없음|미정|상동|추후|빈칸"
)
# SFR-001 at the beginning of a line, or in brackets behind a name; none are AES-256, ISO-9001.
_ID = r"(?!AES|SHA|RSA|LEA|RFC|ISO|KS-|KSX|DDR|RAID)(?P<number>[A-Z]{2,4}(?:-[A-Z]{2,6})?-\s?\d{2,4})(?!\d)"
_BEGINS = re.compile(r"[\s#|>\-–·•○●□■◦ㅇ*\d.)(\[<【「]*(?:요구\s*사항\s*)?(?:고유\s*)?(?:번호|ID)?\s*[:：|]?\s*" + _ID)
_BEHIND = re.compile(r"[^\n]{0,60}?[(\[<【〔]\s*" + _ID)
_LABEL = re.compile(r"[^\w(\[]*([^:：|\n]{1,16}?)\s*[:：]\s*(.*)", re.DOTALL)
_SAID = re.compile(r"(?:[다함음임것요]|\d\s?\S{0,4})[.\s]*$")
_LEAST_LINE = 20  # letters of a line that holds number, name and content
_LEAST_CONTENT = 5  # letters that say what a requirement is


class Asked(NamedTuple):
    """A numbered requirement, where it stands, and whether it says what is to be done."""

    number: str
    paper: Paper
    start: int
    end: int
    says: bool


def of_lines(paper: Paper) -> Iterator[Asked]:
    """Yield the requirements that stand in lines and rows, each with what stands below it."""
    sheets = {row.start: (number, sheet.rows[0]) for number, sheet in enumerate(paper.sheets) for row in sheet.rows}
    open_: Asked | None = None
    opened: Clause | None = None
    for clause in paper.clauses:
        number = _number(clause)
        if number:
            if open_:
                yield open_
            head = sheets.get(clause.start, (0, clause))[1]
            open_, opened = Asked(number, paper, clause.start, clause.end, _opens_with(clause, head)), clause
        elif open_ and opened:
            if _below(clause, opened, open_.number, sheets):
                open_ = open_._replace(end=max(open_.end, clause.end), says=open_.says or _content(clause))
            else:
                yield open_
                open_ = None
    if open_:
        yield open_


def _number(clause: Clause) -> str:
    found = _BEGINS.match(clause.text)
    if found is None and (clause.kind != "line" or len(clause.text.splitlines()[0]) <= 3 * _LEAST_LINE):
        found = _BEHIND.match(clause.text)
    return "".join(found["number"].split()) if found else ""


def _below(clause: Clause, opened: Clause, number: str, sheets: dict[int, tuple[int, Clause]]) -> bool:
    """Tell whether a clause belongs to the requirement that was opened last."""
    if number in clause.above or number in "".join("".join(clause.headings).split()):
        return True
    if clause.kind == "heading":
        return False
    if opened.kind == "row" or clause.kind == "row":
        own, other = sheets.get(opened.start), sheets.get(clause.start)
        return other is not None and (own is None or own[0] == other[0])
    return not clause.text.startswith("※") and bool(_LABEL.match(clause.text) or _SAID.search(clause.text))


def _cells(clause: Clause) -> list[str]:
    return [cell.strip() for cell in clause.text.strip().strip("|").split("|")]


def _opens_with(clause: Clause, head: Clause) -> bool:
    """Tell whether the line or row of a number says what is to be done, besides number, name and kind."""
    if clause.kind == "row" or clause.text.startswith("|"):
        cells, heads = _cells(clause), _cells(head)
        if head is not clause and len(cells) == len(heads) and any(AROUND.search(one) for one in heads):
            kept = "".join(cell for cell, one in zip(cells, heads, strict=True) if not AROUND.search(one))
            return _letters(kept) >= _LEAST_LINE or (_letters(kept) >= _LEAST_CONTENT and len(cells) > 3)
        return any(_told(label, value) for label, value in zip(cells[2::2], cells[3::2], strict=False)) or any(
            _letters(cell) >= _LEAST_LINE for cell in cells
        )
    first, *others = clause.text.splitlines()
    return (_letters(first) >= _LEAST_LINE and not _named_only(first)) or any(map(_says, others))


def _named_only(line: str) -> bool:
    """Tell whether a line is a name with its number and kind in brackets: 1) 환경 분석 (CSR-001, 컨설팅)."""
    return bool(re.search(r"\([^)]*[A-Z]-\s?\d{2,4}[^)]*\)\s*$", line))


def _content(clause: Clause) -> bool:
    if clause.kind == "row" or clause.text.startswith("|"):
        cells = _cells(clause)
        if len(cells) == 1:
            return _told("", cells[0])
        return any(_told(label, value) for label, value in zip(cells[::2], cells[1::2], strict=False))
    return any(map(_says, clause.text.splitlines()))


def _says(line: str) -> bool:
    labelled = _LABEL.match(line)
    return _told(labelled[1], labelled[2]) if labelled else _told("", line)


def _told(label: str, value: str) -> bool:
    letters = "".join(letter for letter in value if letter.isalnum())
    return len(letters) >= _LEAST_CONTENT and not AROUND.search(label) and not EMPTY.fullmatch(letters)


def _letters(words: str) -> int:
    return sum(letter.isalnum() for letter in words)
