"""Finds past RFPs like a brief or an RFP, says what is alike and what differs, and offers requirements to reuse."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, NamedTuple

from govrag.korean.normalise import match_key
from govrag.pipelines.procurement.comparing.likeness import Likeness
from govrag.pipelines.procurement.comparing.measures import comparisons
from govrag.pipelines.procurement.comparing.past import PastRfp, PastRfps, of_brief, of_document
from govrag.records import Document, Requirement
from govrag.records.procurement import Brief, SimilarRfp, SimilarRfps

__all__ = ["RfpSearch"]

_EOK, _MAN = 100_000_000, 10_000  # 억, 만
_LONGEST_STATEMENT = 300  # characters of a requirement besides its name
_OTHER = "그 밖의"  # class of a requirement that no row names

_Two = tuple[str, str]  # Korean, English


class RfpSearch:
    """The past RFPs of a library, read from the shelf at the first search; ``analyse`` gives a text's morphemes."""

    def __init__(self, shelf: PastRfps, *, analyse: Callable[[str], Sequence[str]]) -> None:
        self._shelf = shelf
        self._analyse = analyse

    def run(self, subject: Brief | Document, *, as_of: date, limit: int = 10) -> SimilarRfps:
        """Return at most ``limit`` past RFPs, best first, ties by title; never the document itself.

        The score is the weighted mean of the signals that both sides allow, each 0 to 1: ``content`` (words in common),
        ``requirements`` (like ones, and shares of their classes), ``budget`` (ratio, on a log scale), ``buyer`` (type).
        """
        asked = of_brief(subject) if isinstance(subject, Brief) else of_document(subject)
        own = match_key(asked.text) if asked.document_id else ""
        others = [
            at
            for at, one in enumerate(self._past)
            if not own or (one.document_id != asked.document_id and match_key(one.text) != own)
        ]
        question = self._question(asked)
        rows = [self._row(question, at) for at in others]
        kept = [one for one in rows if one.score >= _rows()["least"] and one.signals["content"]]
        kept.sort(key=lambda one: (-one.score, one.title, one.document_id))
        warnings = list(_warnings(asked, searched=len(rows), found=len(kept)))
        return SimilarRfps(
            subject=asked.title,
            rows=tuple(kept[:limit]),
            searched=len(rows),
            as_of=as_of,
            warnings=tuple(ko for ko, _ in warnings),
            warnings_en=tuple(en for _, en in warnings),
        )

    def _row(self, question: _Question, at: int) -> SimilarRfp:
        past = self._past[at]
        found = [*_content(question, at), *_requirements(question, past, at), *_budget(question.asked, past)]
        found += [*_buyer(question.asked, past), *_months(question.asked, past), *_project(question.asked, past)]
        signals = {one.signal: one.value for one in found if one.value is not None}
        weights = _rows()["weights"]
        total = sum(weights[name] for name in signals)
        reused = [self._requirements[number] for number in question.reusable(at)]
        return SimilarRfp(
            document_id=past.document_id,
            title=past.title,
            collection=past.collection,
            score=round(sum(weights[name] * value for name, value in signals.items()) / total, 6),
            signals={name: round(value, 6) for name, value in signals.items()},
            alike=tuple(line for one in found for line in one.alike),
            differs=tuple(line for one in found for line in one.differs),
            fields=dict(past.fields),
            requirements=tuple(reused),
        )

    def _question(self, asked: PastRfp) -> _Question:
        words = self._words(asked)
        statements = [self._statement(one) for one in asked.requirements]
        return _Question(
            asked,
            self._texts.of(words),
            self._titles.of(self._telling(asked.title)),
            # What has no requirements asks for them by all that it says.
            [self._by_past(one) for one in statements or [words]],
            lambda at: self._texts.shared(words, at),
        )

    def _by_past(self, words: Sequence[str]) -> dict[int, dict[int, float]]:
        """Return past RFP → its requirements that share a word → cosine, all by their places."""
        found: dict[int, dict[int, float]] = defaultdict(dict)
        for number, cosine in self._statements.of(words).items():
            found[self._holder[number]][number] = cosine
        return found

    @cached_property
    def _past(self) -> Sequence[PastRfp]:
        return self._shelf.past_rfps()

    @cached_property
    def _texts(self) -> Likeness:
        return Likeness([self._words(one) for one in self._past])

    @cached_property
    def _titles(self) -> Likeness:
        return Likeness([self._telling(one.title) for one in self._past])

    @cached_property
    def _requirements(self) -> list[Requirement]:
        return [requirement for one in self._past for requirement in one.requirements]

    @cached_property
    def _holder(self) -> list[int]:
        return [at for at, one in enumerate(self._past) for _ in one.requirements]

    @cached_property
    def _statements(self) -> Likeness:
        return Likeness([self._statement(one) for one in self._requirements])

    def _words(self, one: PastRfp) -> list[str]:
        return self._telling(f"{one.title}\n{one.text[: comparisons()['past']['longest']]}")

    def _statement(self, one: Requirement) -> list[str]:
        # The name says what it is about; what it says besides is often the same in all.
        said = f"{one.definition} {one.details}"[:_LONGEST_STATEMENT]
        return self._telling(one.name) * 3 + self._telling(said)

    def _telling(self, text: str) -> list[str]:
        form = _form()
        return [word for word in self._analyse(text) if len(word) > 1 and not word.isdigit() and word not in form]


class _Question(NamedTuple):
    """What is asked for, and what the shelf has like it."""

    asked: PastRfp
    texts: Mapping[int, float]  # past RFP → cosine
    titles: Mapping[int, float]  # the same
    requirements: Sequence[Mapping[int, Mapping[int, float]]]  # for each: past RFP → its requirement → cosine
    shared: Callable[[int], list[str]]  # words in common with a past RFP, the most telling first

    def best(self, at: int) -> list[float]:
        """Return for each requirement asked for how like the most like one of a past RFP is."""
        return [max(one.get(at, {}).values(), default=0.0) for one in self.requirements]

    def reusable(self, at: int) -> list[int]:
        """Return the requirements of a past RFP to reuse, the most like first."""
        least = _rows()["requirement_alike"] if self.asked.requirements else 0.0
        scores: dict[int, float] = {}
        for one in self.requirements:
            for number, cosine in one.get(at, {}).items():
                if cosine >= least:
                    scores[number] = max(cosine, scores.get(number, 0.0))
        return sorted(scores, key=lambda number: (-scores[number], number))[: _rows()["reused"]]


class _Told(NamedTuple):
    """A signal, None where it cannot be told, and what is said of it."""

    signal: str
    value: float | None
    alike: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


def _content(question: _Question, at: int) -> Iterator[_Told]:
    rows = _rows()
    least, most = rows["nothing_alike"], rows["very_alike"]
    text = min(max((question.texts.get(at, 0.0) - least) / (most - least), 0.0), 1.0)
    value = (1 - rows["title_share"]) * text + rows["title_share"] * question.titles.get(at, 0.0)
    shared = question.shared(at)[: rows["shared_words"]]
    if value and shared:
        yield _Told("content", value, alike=(f"함께 쓰는 낱말: {', '.join(shared)}",))
    else:
        yield _Told("content", 0.0, differs=("사업 내용을 말하는 낱말이 거의 겹치지 않음",))


def _requirements(question: _Question, past: PastRfp, at: int) -> Iterator[_Told]:
    asked = question.asked.requirements
    if not asked:
        return
    if not past.requirements:
        yield _Told("requirements", None, differs=("요구사항 표가 없어 요구사항을 견주지 못함",))
        return
    rows = _rows()
    like = [best >= rows["requirement_alike"] for best in question.best(at)]
    classes = [_class(one) for one in asked]
    mine, theirs = Counter(classes), Counter(_class(one) for one in past.requirements)
    found = Counter(name for name, alike in zip(classes, like, strict=True) if alike)
    shares = sum(min(mine[name] / len(asked), theirs[name] / len(past.requirements)) for name in mine)
    value = rows["class_share"] * shares + (1 - rows["class_share"]) * sum(like) / len(like)
    yield _Told(
        "requirements",
        value,
        alike=tuple(f"{name} 요구사항 {mine[name]}건 중 {found[name]}건이 비슷함" for name in mine if found[name]),
        differs=(
            *(f"{name} 요구사항 {mine[name]}건 중 비슷한 것이 없음" for name in mine if not found[name]),
            *(f"이 사업에 없는 분류: {name} 요구사항 {count}건" for name, count in theirs.items() if name not in mine),
        ),
    )


def _budget(asked: PastRfp, past: PastRfp) -> Iterator[_Told]:
    one, other = asked.facts.amount, past.facts.amount
    if one is None:
        return
    if other is None:
        yield _Told("budget", None, differs=("지난 제안요청서에 예산이 적혀 있지 않음",))
        return
    value = max(1 - abs(math.log(one / other)) / math.log(_rows()["budget_far"]), 0.0)
    line = (f"예산 {_won(one)} : {_won(other)}",)
    yield _Told("budget", value, *((line, ()) if value >= _rows()["budget_alike"] else ((), line)))


def _buyer(asked: PastRfp, past: PastRfp) -> Iterator[_Told]:
    one, other = asked.facts.buyer_type, past.facts.buyer_type
    if one and other:
        names = _rows()["buyers"]
        same = one == other
        line = f"발주기관 유형 같음({names[one]})" if same else f"발주기관 유형 다름({names[one]} : {names[other]})"
        yield _Told("buyer", float(same), *(((line,), ()) if same else ((), (line,))))


def _months(asked: PastRfp, past: PastRfp) -> Iterator[_Told]:
    one, other = asked.facts.months, past.facts.months
    if one and other:
        line = (f"사업 기간 {_count(one)}개월 : {_count(other)}개월",)
        yield _Told("months", None, *((line, ()) if max(one, other) <= 2 * min(one, other) else ((), line)))


def _project(asked: PastRfp, past: PastRfp) -> Iterator[_Told]:
    one, other = asked.facts.project_type, past.facts.project_type
    if one and other:
        names = _rows()["projects"]
        line = f"사업 유형 같음({names[one]})" if one == other else f"사업 유형 다름({names[one]} : {names[other]})"
        yield _Told("project", None, *(((line,), ()) if one == other else ((), (line,))))


def _warnings(asked: PastRfp, *, searched: int, found: int) -> Iterator[_Two]:
    if not searched:
        yield (
            "장서에 견줄 제안요청서가 없습니다. 지난 제안요청서 파일을 govrag add로 장서에 더한 뒤 다시 찾아 주십시오.",
            "The library holds no RFP to compare with. Add past RFPs with govrag add, then search again.",
        )
    elif not found:
        yield (
            f"지난 제안요청서 {searched:,}건 가운데 비슷한 것이 없습니다. "
            "사업 내용을 더 적거나 지난 제안요청서를 더해 주십시오.",
            f"None of {searched:,} past RFPs is alike. Say more of the project, or add past RFPs.",
        )
    if not asked.requirements:
        yield (
            "요구사항이 없어 내용, 예산, 기관 유형만 견주었습니다.",
            "There are no requirements to compare: only content, budget and type of buyer were.",
        )


def _class(one: Requirement) -> str:
    code = re.match(r"[A-Z]+", one.id or one.category)
    rows = _rows()["class"]
    by_code = next((row["name"] for row in rows if code and code[0] in row["codes"]), "")
    return by_code or next((row["name"] for row in rows if re.search(row["words"], one.category)), _OTHER)


@cache
def _form() -> frozenset[str]:
    """Return the words of the form: those of every RFP, and the codes of its requirements."""
    rows = _rows()
    return frozenset((*rows["form"].split(), *(code.lower() for row in rows["class"] for code in row["codes"])))


def _won(amount: int) -> str:
    """Return an amount as it is spoken of: 4.8억원, 5,000만원."""
    if amount >= _EOK:
        return f"{_count(round(Decimal(amount) / _EOK, 1 if amount < 100 * _EOK else 0))}억원"
    return f"{_count(round(Decimal(amount) / _MAN))}만원"


def _count(number: Decimal | int) -> str:
    return f"{number:,}".removesuffix(".0")


def _rows() -> Mapping[str, Any]:
    found: Mapping[str, Any] = comparisons()["similar"]
    return found
