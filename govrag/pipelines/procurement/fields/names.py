"""Names on an RFP: of the project, of the agency and its office, and how to reach it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

from govrag.korean.normalise import match_key
from govrag.pipelines.procurement.fields.lines import Line, tight
from govrag.pipelines.procurement.fields.stated import dated, is_label, labelled, marked, table
from govrag.records.procurement import BuyerType

__all__ = [
    "Span",
    "agencies_said",
    "agency",
    "buyer_type",
    "contacts",
    "corporate_key",
    "facts_table",
    "leading",
    "named",
    "office",
    "title",
]

_SHORT_FOR = re.compile(r"\s*[(（]\s*이하|\s*[(（]?\s*이하\s*[“\"‘'「]|\s*※|\s+\*\s")
_CHIEF = re.compile(r"(?<=[시구원청처단사관회])장$|(?<=군)수$")  # who signs for it: 나루시장
_CORPORATE = re.compile(r"^\s*(?:[(（](?:재|사|주|유)[)）]|㈜|재단법인|사단법인|주식회사)\s*|\s*(?:㈜|[(（]주[)）])$")
_OFFICE_ENDS = r"(?:과|팀|처|실|국|부|단|센터|본부|담당관|사업소|연구소)"
_OFFICE = re.compile(
    rf"(?<![가-힣A-Za-z])(?P<office>(?:[가-힣A-Za-z0-9·ㆍ‧&\-]{{2,20}}{_OFFICE_ENDS}[ \t]+){{0,3}}"
    rf"[가-힣A-Za-z0-9·ㆍ‧&\-]{{2,24}}{_OFFICE_ENDS}|(?:[가-힣]\s){{2,8}}{_OFFICE_ENDS})(?=$|[\s)\](,:（])"
)
_REACH = re.compile(
    r"(?<![\d\-])(?:(?:\(0\d{1,2}\)|0\d{1,2}\s?[)\-.])\s?\d{3,4}\s?[-.]\s?\d{4}(?!\d)|1[5-9]\d\d-\d{4}(?!\d)|내선\s?(?:번호)?\s?[:：]?\s?\d{3,5})"
    r"|[\w.+-]{2,40}@[\w-]{1,40}(?:\.[\w-]{2,20}){1,3}"
)
_FAX = re.compile(r"(?:FAX|팩스|F\s?[.)：:])[^\d]{0,6}$", re.IGNORECASE)
# 한국수자원공사(이하 “공사”), 본 제안요청서는 한국수자원공사 …
_SHORTENED = re.compile(r"(?P<words>[^\n|.]{2,60}?)\s?[(（]\s*[“\"'‘「]?\s*이하\s")
_SUBJECT = re.compile(
    r"(?:본|이)\s*(?:제안\s?요청서|과업|사업|용역|자료)[은는]\s+(?P<words>[가-힣]{5,20})(?:의|에서|이|가)?(?=\s)"
)
_QUOTES = "\"'“”‘’「」『』《》<>〈〉*_ \t　"


@dataclass(frozen=True, slots=True)
class Span:
    """Words that were chosen: ``document.text[start:end]``; ``line`` is where they begin."""

    start: int
    end: int
    line: Line


@cache
def facts_table() -> Mapping[str, Any]:
    """Return ``data/fields_facts.toml``."""
    file = files("govrag.pipelines.procurement") / "data" / "fields_facts.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _buyers() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (row["type"], re.compile(row["names"]), re.compile(row["except"]) if "except" in row else None)
        for row in facts_table()["buyer"]
    )


@cache
def _kinds() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    documents = table()["documents"]
    kinds, aside = documents["kinds"], documents["aside"]
    around = r"[\s\-–—\[\](){}<>〈〉【】「」『』:：#*_]"
    return (
        re.compile(rf"{around}*(?:(?:{kinds}|{aside}){around}*)+$"),
        re.compile(rf"{around}*(?:{kinds}){around}*[:：]\s*|{around}*\[(?:{aside})\]\s*|^[\s#*\-–—]+"),
        re.compile(rf"[\s\-–—\[(（<]*(?:{kinds}){around}*(?:[(（](?:{aside})[)）]){{0,2}}{around}*$"),
        re.compile(rf"(?:{documents['ends']})(?:\s*[(（\[][^()（）\[\]]*[)）\]])*{around}*$"),
    )


def _row(name: str) -> str | None:
    """Return the type that the name of an organisation tells, "" where it tells none; None of no organisation."""
    words = tight(_CORPORATE.sub("", name)) or tight(name)
    for kind, names, excepted in _buyers():
        for one in (tight(name), words):
            if names.search(one) and not (excepted and excepted.search(one)):
                return kind
    return None


def buyer_type(name: str) -> BuyerType | None:
    """Return what kind of agency a name tells; None where it does not."""
    return cast(BuyerType | None, _row(name) or _row(_CHIEF.sub("", name)) or None)


def agency(words: str, *, labelled: bool = False) -> tuple[int, int] | None:
    """Return where in some words the name of an organisation stands, without its office; None without one.

    Of words that a label calls the agency a name of any kind is one, so long as it is not an office.
    """
    cut = _SHORT_FOR.search(words)
    kept = (words[: cut.start()] if cut else words).rstrip(_QUOTES + ".,;:")
    start = 0 if _CORPORATE.match(kept) else len(kept) - len(kept.lstrip(_QUOTES + "[("))
    if len(kept) - start > 40 or not tight(kept[start:]):
        return None
    spelled = re.search(r"(?<!\S)\S\s\S\s\S(?!\S)", kept)  # 서 울 시 립 대 학 교   입 학 처
    stops = r"\s{2,}|\s*[(（]" if spelled else r"\s+|\s*[(（]"
    ends = {len(kept), *(found.start() for found in re.finditer(stops, kept))}
    for end in sorted((end for end in ends if end > start), reverse=True):
        if _row(kept[start:end]) is not None:
            return start, end
    return (start, len(kept)) if labelled and _a_name(kept[start:]) else None


def _a_name(words: str) -> bool:
    """Tell whether words may name an organisation whose kind is not known: K-water, 그랜드코리아레저."""
    short = len(tight(words)) >= 3 and len(words.split()) <= 4
    return short and office(words) is None and not re.search(r"\d|[.:：]|다$|참조|공고|담당|용역$|사업$", words)


def agencies_said(words: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the organisations that a sentence introduces, and whether it gives them a short name (이하 …)."""
    for found in _SHORTENED.finditer(words):
        named = list(re.finditer(r"\S+", found["words"]))[-3:]
        while named and (_row(named[-1][0]) is None or len(named[-1][0]) < 4):
            named.pop()
        first = len(named) - 1
        while first > 0 and _row(named[first - 1][0]) is not None and len(named[first - 1][0]) > 3:
            first -= 1
        if named:
            yield named[first].start() + found.start("words"), named[-1].end() + found.start("words"), True
    for found in _SUBJECT.finditer(words):
        if _row(found["words"]):
            yield found.start("words"), found.end("words"), False


def leading(words: str) -> tuple[int, int] | None:
    """Return where the organisation stands that a project's name begins with; a place or museum is none."""
    end = 0
    for token in list(re.finditer(r"\S+", words))[:2]:
        if len(token[0]) < 5 or not _row(token[0]):
            break
        end = token.end()
    return (0, end) if end else None


def corporate_key(name: str) -> str:
    """Return the match key of an organisation's name without its legal form: (재), ㈜."""
    return match_key(_CORPORATE.sub("", name))


def office(words: str) -> tuple[int, int] | None:
    """Return where in some words the name of an office stands: 정보화담당관, 디지털전환기획팀."""
    others = table()["names"]["no_offices"]
    for found in _OFFICE.finditer(words):
        name = tight(found["office"])
        person = len(name) == 3 and name[-1] not in "과팀처실"
        if not (len(name) < 3 or person or name in others or is_label(name)) and _row(name) is None:
            return found.span("office")
    return None


def contacts(words: str) -> Iterator[tuple[int, int]]:
    """Yield where telephone numbers, extensions and mail addresses stand; no fax numbers."""
    for found in _REACH.finditer(words):
        if not _FAX.search(words[: found.start()]):
            yield found.start(), found.end()


def named(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of a project's name without quotes, remarks and what the document calls itself."""
    words = text[start:end]
    for stop in (re.search(r"\s*※|\s+\*\s", words), re.search(r"[ \t]*\n\s*[(（][^\n]*$", words)):
        if stop and stop.start() and (stop[0].strip()[:1] in "※*" or _kinds()[3].search(words[: stop.start()])):
            words = words[: stop.start()]
    begin = 0
    if found := _kinds()[1].match(words):
        begin = found.end()
    if (tail := _kinds()[2].search(words, begin)) and tail.start() > begin:
        words = words[: tail.start()]
    while begin < len(words) and words[begin] in _QUOTES + "\n":
        begin += 1
    if found := re.match(r"[(（]국문명?[)）]\s*", words[begin:]):
        begin += found.end()
    kept = words.rstrip(_QUOTES + "\n.,;:-–—")
    return start + begin, start + max(len(kept), begin)


def title(covered: Sequence[Line], text: str) -> Span | None:
    """Return the project's name on a cover without labels: the lines beside the document's kind."""
    block: list[Line] = []
    for line in covered:
        if dated(line.text) or line.table:
            if block:
                break
            continue
        if _kinds()[0].match(line.text) or labelled(line.text) or _alone(line):
            if block and _kinds()[3].search(_joined(block, text)):
                break
            continue
        if _aside(line.text):
            continue
        if block and not _goes_on(line, text) and _kinds()[3].search(_joined(block, text)):
            break
        block.append(line)
        if len(block) == 5:
            break
    if not block:
        return None
    start, end = named(text, block[0].start, block[-1].end)
    words = text[start:end]
    if len(tight(words)) < 6 or not _kinds()[3].search(words) or re.search("[○◯]{2}|[OＯ]{3}", words):
        return None
    return Span(start, end, block[0])


def _goes_on(line: Line, text: str) -> bool:
    start, end = named(text, line.start, line.end)
    return bool(_kinds()[3].search(text[start:end]))


def _joined(block: Sequence[Line], text: str) -> str:
    start, end = named(text, block[0].start, block[-1].end)
    return text[start:end]


def _alone(line: Line) -> bool:
    """Tell whether a line of a cover is the name of an organisation and nothing else."""
    found = agency(line.text)
    return found is not None and len(tight(line.text)) <= found[1] - found[0] + 12 and not _kinds()[3].search(line.text)


def _aside(words: str) -> bool:
    """Tell whether a line of a cover cannot be part of a name: remarks, sentences, numbers, persons."""
    kept = words.strip()
    return (
        len(tight(kept)) < 3
        or len(kept) > 80
        or kept[:1] in "※*"
        or bool(re.search(r"[다함임음]\.?$|[.]\s|[오요]\.$|@|\d{3,4}-\d{4}|^제\s?\d{4}|^[\W\d]+$|공고\s?제|호$", kept))
        or bool(marked(kept) and re.match(r"\d{1,2}\.\s|[가-하]\.\s", kept))
    )
