"""Hold the demands of a rule against the clauses of a paper: what it says, what it must not say, what is attached."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby

from govrag.pipelines.procurement.case import Case, Seen, seen_at
from govrag.pipelines.procurement.paper import Clause, Paper
from govrag.pipelines.procurement.rules import Demand, Rule

__all__ = ["attached", "forbidden", "found", "said"]

_MARK = re.compile(r"^[^\w(]*(?:\d{1,2}[.)]|[가-하][.)]|[①-⑳])?")
_ATTACHMENTS = re.compile(r"별\s*첨|붙\s*임|첨\s*부|별\s*지|부\s*록")
_HEADED = re.compile(r"[\s#*\[<〔【(]*(?:별\s*첨|붙\s*임|첨\s*부|별\s*지|부\s*록)")
_NUMBER = re.compile(r"^[\s\-○●□■·※*]*(?:별첨|붙임|첨부|별지)?\s*(?:제?\s*\d{1,2}\s*호?|[가-하①-⑳])?\s*[.)\]:：]?\s*")
# What stands beside an attachment's name and says that it is not there.
_EMPTY = re.compile(
    r"(?:추후|별도|나중|차후)?(?:첨부|제출|작성|송부|배부|제공)?(?:예정|생략|없음|미첨부|미작성|미정|준비중)|(?:추후|나중에?|차후)(?:첨부|제출|작성|송부|배부|제공|통보)|빈칸|공란|누락|작성중|해당파일없음"
)
_REFERS = re.compile(
    r"(?:결과|의결서|심의서|통보서|증빙|서류)[^.]{0,20}(?:별첨|붙임|첨부|부록|별지|붙인|붙였|수록)|첨부파일"
)
_NOT_THERE = re.compile(r"미첨부|(?:첨부|공개)하지(?:않|아니)|생략|추후|내용없음|작성예정")
_LINES_BEFORE = 3
_MOST_BESIDE = 8  # clauses below one subject
_MOST_BESIDE_EMPTY = 8  # letters beside words that say that nothing is there
_TERSE = 45  # letters of a line that is a label and its value, no sentence
_VALUED = re.compile(r"^[^:：]{2,24}[:：].")
_AROUND = 5  # clauses before and after a subject, where a demand may be met by them together
_LEAST_CONTENT = 4  # letters beside its name that say what is in an attachment


def said(rule: Rule, case: Case) -> Iterator[Seen]:
    """Yield whether the paper says what the rule demands: `met`, `needs_work` where a part is missing, or nothing."""
    demands = [one for one in rule.say if one.when is None or one.when.holds(case.facts)]
    places = [
        (demand, next(chain(found(demand, case.clauses()), together(demand, case), _near(demand, case)), None))
        for demand in demands
    ]
    held = [place for _, place in places if place]
    missing = [demand.what for demand, place in places if place is None]
    if not held:
        return
    (paper, clause), *_ = held
    if missing and len(held) < (rule.enough or len(demands)):
        fact = f"{_listed(missing)} 적혀 있지 않습니다."
        yield seen_at("needs_work", fact, paper, clause.start, clause.end)
    else:
        yield seen_at("met", "필요한 내용이 적혀 있습니다.", paper, clause.start, clause.end)


def forbidden(rule: Rule, case: Case) -> Iterator[Seen]:
    """Yield each sentence that says what the rule forbids."""
    told: set[tuple[str, int]] = set()
    for demand in rule.forbid:
        if demand.when is not None and not demand.when.holds(case.facts):
            continue
        for paper, sentence in found(demand, case.sentences()):
            if (paper.name, sentence.start) not in told:
                told.add((paper.name, sentence.start))
                yield seen_at("not_met", demand.what, paper, sentence.start, sentence.end)


def attached(rule: Rule, case: Case) -> Iterator[Seen]:
    """Yield whether what has to be attached is: a name in a list is none of it, unless words say what is in it.

    Attachments are often files of their own: what a list names cannot be told from the list's paper alone.
    """
    pattern = re.compile(rule.attached)
    listed: tuple[Paper, Clause] | None = None
    for paper in case.papers:
        if paper is not case.rfp and pattern.search("".join(paper.name.split())):
            yield Seen("met", f"'{paper.name}' 파일이 있습니다.", paper.location())
            return
        named = [one for one in paper.clauses if pattern.search(one.plain) and _among_attachments(one)]
        # What the body says of an attachment counts only where the attachments themselves do not name it.
        for clause in [one for one in named if _stands_there(one)] or named:
            if _has_content(clause, pattern, paper):
                yield seen_at("met", "첨부되어 있습니다.", paper, clause.start, clause.end)
                return
            if listed is None or _is_attachment(clause):
                listed = (paper, clause)
    referred = next(_referred(pattern, case), None)
    if referred and not listed:
        paper, clause = referred
        yield seen_at("met", "결과물을 첨부했다고 적혀 있습니다.", paper, clause.start, clause.end)
    if listed:
        paper, clause = listed
        if len(case.papers) == 1 and not _is_attachment(clause) and not _EMPTY.search(clause.plain):
            fact = "첨부 목록에 이름이 있으나 이 파일에는 내용이 없습니다."
            check = "첨부한 파일을 함께 넣어 확인하십시오."
            yield seen_at("cannot_tell", fact, paper, clause.start, clause.end, to_check=check)
        else:
            yield seen_at("needs_work", "첨부 목록에 이름만 있고 내용이 없습니다.", paper, clause.start, clause.end)


def found(demand: Demand, clauses: Iterable[tuple[Paper, Clause]]) -> Iterator[tuple[Paper, Clause]]:
    """Yield the clauses that say something, what they hang below counting as theirs."""
    for paper, clause in clauses:
        if any(pattern.search(clause.plain) for pattern in demand.without):
            continue
        if all(pattern.search(clause.plain) for pattern in demand.words) or (
            not demand.own and clause.above and _reaches(demand, clause)
        ):
            yield paper, clause


def _reaches(demand: Demand, clause: Clause) -> bool:
    """Tell whether a clause says something together with what it hangs below, and adds something to it."""
    words = f"{clause.above}:{_MARK.sub('', clause.plain)}"
    places = [pattern.search(clause.plain) or pattern.search(words) for pattern in demand.words]
    own = any(pattern.search(clause.plain) for pattern in demand.words)
    return all(places) and (own or any(place.end() > len(clause.above) + 1 for place in places if place))


def together(demand: Demand, case: Case) -> Iterator[tuple[Paper, Clause]]:
    """Yield clauses that say something with those beside them, below words that name the subject: ``words[0]``.

    기간: 1년 below 하자담보책임, where 기산일 is a line of its own.
    """
    subject, *rest = demand.words
    if demand.own or not rest:
        return
    beside = groupby(case.clauses(), key=lambda place: (place[0].name, place[1].headings, place[1].above))
    for (_, _, above), group in beside:
        if not subject.search(above):
            continue
        held = [(paper, one) for paper, one in group if not any(no.search(one.plain) for no in demand.without)]
        words = above + "".join(f".{one.plain}" for _, one in held[:_MOST_BESIDE])
        saying = [place for place in held if any(pattern.search(place[1].plain) for pattern in rest)]
        if saying and all(pattern.search(words) for pattern in rest):
            yield saying[0]


def _near(demand: Demand, case: Case) -> Iterator[tuple[Paper, Clause]]:
    """Yield rows and terse lines that name the subject where they and those around them say the rest together."""
    if demand.near is None:
        return
    for paper in case.papers:
        terse = [one for one in paper.body if one.kind == "row" or len(one.plain) <= _TERSE]
        told = {id(one) for one in terse if one.kind == "row" or _VALUED.search(one.plain)}
        body = [one for one in terse if not any(no.search(one.plain) for no in demand.without)]
        for number, clause in enumerate(body):
            if demand.near.search(clause.plain):
                around = body[max(0, number - _AROUND) : number + _AROUND + 1]
                held = [one for one in around if one.headings == clause.headings and (one is clause or id(one) in told)]
                words = ".".join(one.plain for one in held)
                if all(pattern.search(words) for pattern in demand.words):
                    yield paper, clause


def _among_attachments(clause: Clause) -> bool:
    return bool(_ATTACHMENTS.search(clause.plain)) or _stands_there(clause)


def _referred(pattern: re.Pattern[str], case: Case) -> Iterator[tuple[Paper, Clause]]:
    """Yield lines that refer to a result as attached, below or right after what names it: 결과서는 붙임 3."""
    for paper in case.papers:
        body = paper.body
        for number, clause in enumerate(body):
            if not _REFERS.search(clause.plain) or _NOT_THERE.search(clause.plain):
                continue
            before = [one for one in body[max(0, number - _LINES_BEFORE) : number] if one.headings == clause.headings]
            named = "|".join([clause.above, clause.plain, *(one.plain for one in before)])
            if pattern.search(named):
                yield paper, clause


def _stands_there(clause: Clause) -> bool:
    """Tell whether it stands among the attachments or in their list, and does not merely refer to one."""
    above = (*clause.headings, clause.above)
    return bool(_HEADED.match(clause.text)) or any(_ATTACHMENTS.search(one) for one in above)


def _is_attachment(clause: Clause) -> bool:
    """Tell whether it is the heading of an attachment itself, no line of a list."""
    return clause.kind == "heading" and bool(_HEADED.match(clause.text))


def _has_content(clause: Clause, pattern: re.Pattern[str], paper: Paper) -> bool:
    if clause.kind == "heading":  # an attachment of its own: what stands below it is its content
        return any(
            one.kind != "heading" and not _empty(one.plain)
            for one in paper.clauses
            if one.start > clause.start and any(pattern.search("".join(head.split())) for head in one.headings)
        )
    lines = [_NUMBER.sub("", line) for line in clause.text.splitlines()]
    named = next((line for line in lines if pattern.search("".join(line.split()))), clause.text)
    rest = pattern.sub("", "".join(named.split()), count=1)
    letters = [letter for letter in rest if letter.isalnum()]
    return len(letters) >= _LEAST_CONTENT and not _empty(rest)


def _empty(words: str) -> bool:
    """Tell whether words say that something is not there, and little else: 추후 첨부, but not 민간 시장에 영향 없음."""
    left = sum(letter.isalpha() for letter in _EMPTY.sub("", words))
    return bool(_EMPTY.search(words)) and left <= _MOST_BESIDE_EMPTY


def _listed(whats: list[str]) -> str:
    closed = (ord(whats[-1][-1]) - ord("가")) % 28 != 0  # 하는지가, 비율이
    return ", ".join(whats) + (" 등이" if len(whats) > 1 else "이" if closed else "가")
