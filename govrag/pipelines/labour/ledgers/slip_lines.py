"""The items in the lines of a payslip: ``label: value``, a label and an amount, or a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govrag.pipelines.labour.ledgers.cells import Cell, words_around
from govrag.pipelines.labour.ledgers.meanings import side_of
from govrag.pipelines.labour.ledgers.slip_items import Reading
from govrag.records import Document

__all__ = ["read_lines"]

_PLAIN_LINE = re.compile(
    r"[\s\-•·○●▪∙‣*>→▷]*(?:\d{1,2}[.)]\s*)?(?P<label>[가-힣A-Za-z()·/ ]{2,20}?(?:\([^)]*\))?)\s*[:：]?[\s.…·]+"
    r"(?P<value>[-△]?[\d,]{3,})\s*원?정?\s*(?P<rest>\(.*\))?[\s.]*$"
)
_TITLE = re.compile(r"[\[【<■◆▶○●□#*\s\d.)가나다라-]*?(?P<words>[가-힣 ]{2,14})(?:\([^)]*\))?[\]】>*\s:：]*")
_LABELLED = re.compile(
    r"(?P<label>[가-힣A-Za-z(][가-힣A-Za-z0-9()·ㆍ/ ]{0,24}?)\s*[:：]\s*(?P<value>[^:：]*?)"
    r"(?=\s*(?:$|[,/|;]\s*[가-힣][가-힣() ]{1,14}[:：]|\s{2,}[가-힣]))"
)
_PAIRS = re.compile(  # several in a line: 국민연금 105,000원 / 건강보험 85,000원
    r"(?P<label>[가-힣][가-힣()·]{1,14}(?: [가-힣()]{1,8})?)\s*[:：]?\s*(?<=[\s:：])"
    r"(?P<value>-?(?:\d{1,3}(?:,\d{3})+|0)\s*원?)"
    r"(?=\s*(?:$|[/,|;]\s*[가-힣]|\s[가-힣]))"
)
_AMOUNT_FIRST = re.compile(r"(?P<amount>[-△▲]?\s*₩?\s*[\d,.]+\s*(?:원|시간|일|h)?)(?P<words>\s*[(=\[※,–-].*)?$")
_FORMULA = re.compile(r"[\d,.]+\s*(?:원|시간|일|h)?\s*[×xX*÷]")  # at the beginning: a calculation, no amount
_CALCULATED = re.compile(
    r"(?P<label>(?:연장|시간외|초과|잔업|야간|심야|휴일|특근|연차)[가-힣]{0,8}(?:\([^)]*\))?)[^\d\n|]{0,16}?"
    r"(?P<words>\d[\d,.]*\s*(?:원|시간|h|일)?\s*(?:[×xX*]\s*\d[\d,.]*\s*(?:원|시간|h|배|%|일)?\s*)+)"
)
_EQUATION = re.compile(
    r"[\s\-•·○●▪∙‣*]*(?:\(?(?:[가-하]|\d{1,2})[.)]\s*|[①-⑳]\s*)?(?P<label>[가-힣][가-힣() ]{1,20}?)\s+"
    r"(?P<value>\d[^=:×xX*÷]*[×xX*÷][^=:]*=\s*[\d,]+\s*원?)\s*$"
)
_WON = r"(?P<amount>\d{1,3}(?:,\d{3})+)\s*원"
_SAID = (  # an amount in a sentence → what it is
    ("총지급액", re.compile(rf"(?:총|합계|모두|전체)[^\d\n]{{0,8}}{_WON}(?=[^\n]{{0,4}}(?:에서|중))")),
    ("공제총액", re.compile(rf"{_WON}을?\s*(?:뗀|공제|빼|뺀|제한|제하)")),
    ("실지급액", re.compile(rf"{_WON}(?:을|이)?\s*(?:보냅|보내|입금|송금|이체|지급합|지급함|드립)")),
)


def read_lines(document: Document, reading: Reading) -> None:
    """Take the lines into the reading; a heading before them names the half that they belong to."""
    side = ""
    for start, line in words_around(document):
        title = _TITLE.fullmatch(line)
        if title and side_of(title["words"]):
            side = side_of(title["words"])
            continue
        reading.notes += [(match["label"], match["words"]) for match in _CALCULATED.finditer(line)]
        reckoned = [(*one, side or "pay") for one in _reckoned(line, start)]  # nothing else is reckoned by the hour
        for label, value, words, half in (*((*one, side) for one in _in_line(line, start)), *reckoned):
            if _FORMULA.match(value.text) and "=" not in value.text:
                reading.notes.append((label.text, value.text))
            else:
                reading.take(label, value, half, words)
    if not reading.parts.sums:
        _sentences(document, reading)


def _sentences(document: Document, reading: Reading) -> None:
    for start, line in words_around(document):
        for name, pattern in _SAID:
            if match := pattern.search(line):
                begin = start + match.start("amount")
                value = Cell(match["amount"], begin, begin + len(match["amount"]), 0, 0, 0)
                reading.take(Cell(name, begin, begin, 0, 0, 0), value, "")


def _reckoned(line: str, start: int) -> Iterator[tuple[Cell, Cell, str]]:
    """Yield a calculation with its result after a name without a colon: 시급 10,500원 × 58시간 = 609,000원."""
    if (match := _EQUATION.match(line)) and not _LABELLED.search(line):
        label = Cell(match["label"].strip(), start + match.start("label"), start + match.end("label"), 0, 0, 0)
        begin = start + match.start("value")
        yield label, Cell(match["value"], begin, begin + len(match["value"]), 0, 0, 0), ""


def _in_line(line: str, start: int) -> Iterator[tuple[Cell, Cell, str]]:
    """Yield label, value and how it is calculated."""
    pairs = list(_PAIRS.finditer(line))
    labelled = pairs if len(pairs) > 1 else list(_LABELLED.finditer(line))
    for match in labelled or filter(None, [_PLAIN_LINE.match(line)]):
        text = match["value"].strip()
        told = match.groupdict().get("rest") or ""
        if (plain := _AMOUNT_FIRST.match(text)) and not _FORMULA.match(text):
            text, told = plain["amount"].strip(), plain["words"] or told
        begin = start + match.start("value")
        label = Cell(match["label"].strip(" -•·"), start + match.start("label"), start + match.end("label"), 0, 0, 0)
        yield label, Cell(text, begin, begin + len(text), 0, 0, 0), told.strip()
