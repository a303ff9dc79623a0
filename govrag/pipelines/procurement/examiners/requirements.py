"""Whether the requirements of an RFP say what is to be done: numbered, each with its content, without vague words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice

from govrag.pipelines.procurement.case import Case, Seen, seen_at
from govrag.pipelines.procurement.examiners.requirement_lines import AROUND, EMPTY, Asked, of_lines
from govrag.pipelines.procurement.paper import Clause, Paper
from govrag.pipelines.procurement.rules import Rule
from govrag.records import Section
from govrag.records.procurement import Met

__all__ = ["requirements"]

_NOTICE = re.compile(r"공\s*고")
_ASKING = re.compile(r"제안\s*요청|과업\s*(?:지시|내용|설명)|시방서|RFP")
_ABOUT = re.compile(r"요구\s*사항|과업\s*(?:의\s*)?내용|기능\s*목록|개발\s*내용|상세\s*내용|세부\s*내용")
_LEAST_CONTENT = 5  # letters that say what a requirement is
_LEAST_CLAUSES = 3  # under a heading of requirements that has no numbered one
_MOST_TOLD = 20  # findings of a kind: more is no help


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that leave a requirement open, and what to write in their place."""

    words: re.Pattern[str]
    without: re.Pattern[str] | None
    said: str
    better: str

    def stands(self, plain: str) -> re.Match[str] | None:
        """Return where it stands in a sentence without blanks."""
        return None if self.without and self.without.search(plain) else self.words.search(plain)


@dataclass(frozen=True, slots=True)
class _Words:
    """The table of ``data/vague.toml``."""

    phrases: tuple[_Phrase, ...]
    scope: re.Pattern[str]
    own: re.Pattern[str]
    without: re.Pattern[str]


def requirements(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield vague words in requirements and scope, requirements without content, that there are none; else `met`."""
    del rule
    yield from islice((one for paper in case.papers for one in _vague(paper)), _MOST_TOLD)
    sections = [one for paper in case.papers for one in _of_sections(paper)]
    lines = [one for paper in case.papers for one in of_lines(paper)]
    asked = [*sections, *lines]
    yield from _judged(asked) if asked else _unnumbered(case.rfp)


def _judged(asked: list[Asked]) -> Iterator[Seen]:
    """Yield the requirements that have no content; one finding for all where none has; `met` where each has."""
    full = {one.number for one in asked if one.says}
    # A list of names beside the details is no second requirement.
    bare = list({one.number: one for one in asked if one.number not in full}.values())
    if not full:
        yield _seen("not_met", "요구사항의 번호와 이름만 있고 상세 내용이 없습니다.", asked[0])
    for one in bare[:_MOST_TOLD] if full else ():
        yield _seen("needs_work", f"{one.number} 요구사항에 상세 내용이 없습니다.", one)
    if not bare:
        yield _seen("met", f"상세 요구사항 {len(full):,}건이 고유번호와 함께 적혀 있습니다.", asked[0])


def _seen(outcome: Met, fact: str, one: Asked) -> Seen:
    return seen_at(outcome, fact, one.paper, one.start, one.end)


def _vague(paper: Paper) -> Iterator[Seen]:
    words = _words()
    spans = [(start, start + len(section.render())) for section, start in paper.requirements]
    spans += [(one.start, one.end) for one in of_lines(paper)]
    for sentence in paper.sentences:
        inside = any(start <= sentence.start < end for start, end in spans)
        if not (inside or _of_scope(sentence)) or words.without.search(sentence.plain):
            continue
        for phrase in words.phrases:
            found = phrase.stands(sentence.plain)
            if found:
                quoted = sentence.text[sentence.stands[found.start()] : sentence.stands[found.end() - 1] + 1]
                where = paper.location(sentence.start, sentence.end)
                yield Seen("needs_work", f"{phrase.said} ({_short(quoted)})", where, suggestion=phrase.better)
                break


def _of_scope(sentence: Clause) -> bool:
    words = _words()
    above = ("".join(heading.split()) for heading in sentence.headings[-2:])
    return any(words.scope.search(heading) for heading in above) or bool(words.own.search(sentence.plain))


def _short(words: str) -> str:
    return f"'{' '.join(words.replace('|', ' ').split())}'"


def _of_sections(paper: Paper) -> Iterator[Asked]:
    for section, start in paper.requirements:
        yield Asked(section.number, paper, start, start + len(section.render().rstrip()), _says(section))


def _says(section: Section) -> bool:
    values = [value for label, value in section.fields if not AROUND.search(label)]
    letters = "".join(letter for value in values for letter in value if letter.isalnum())
    if not section.fields:
        letters = "".join(letter for letter in section.render() if letter.isalnum())
        letters = letters.replace("".join(section.heading.split()), "")
    return len(letters) >= _LEAST_CONTENT and not EMPTY.fullmatch(letters)


def _unnumbered(rfp: Paper) -> Iterator[Seen]:
    """Yield what is to be said of a paper without numbered requirements; nothing where an RFP has none at all."""
    if _is_notice(rfp):
        fact = "입찰공고에는 상세 요구사항이 없습니다."
        yield Seen("cannot_tell", fact, to_check="제안요청서나 과업내용서를 함께 넣어 확인하십시오.")
        return
    asked = [clause for clause in rfp.body if any(_ABOUT.search(heading) for heading in clause.headings[-2:])]
    if len(asked) >= _LEAST_CLAUSES:
        fact = "요구사항마다 고유번호와 확인할 기준이 붙어 있지 않습니다."
        yield seen_at("needs_work", fact, rfp, asked[0].start, asked[0].end)


def _is_notice(paper: Paper) -> bool:
    named = f"{paper.name} {paper.document.title}"
    return "공고" in paper.document.kind or bool(_NOTICE.search(named) and not _ASKING.search(named))


@cache
def _words() -> _Words:
    source = files("govrag.pipelines.procurement") / "data" / "vague.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    phrases = tuple(
        _Phrase(
            re.compile(row["words"]),
            re.compile(row["without"]) if "without" in row else None,
            row["said"],
            row["better"],
        )
        for row in table["phrase"]
    )
    scope = table["scope"]
    return _Words(
        phrases, re.compile(scope["headings"]), re.compile(scope["own"]), re.compile("|".join(scope["without"]))
    )
