"""What a call is about: its options as people write them, read once into a record that is passed on inside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Literal

from govrag.errors import InvalidDate, UsageError
from govrag.records import Grade, Where

__all__ = ["Context", "Day", "Fields", "Names", "Scope", "as_day", "as_grade", "highest"]

Context = Literal["search", "document"]  # what a question is answered from: what is found, or one document as a whole

Day = date | str | None  # 2026-11-21, as people write it; None is today
Names = str | Sequence[str]  # one, or several of which any will do; none means all
Fields = Mapping[str, str] | None  # field of a document → its value


@dataclass(frozen=True, slots=True)
class Scope:
    """The day, the collections, and which documents in them."""

    as_of: date
    collections: tuple[str, ...]  # none means all
    where: Where
    document: str = ""  # id of the one that is read as a whole; "" when everything is searched

    @classmethod
    def of(
        cls,
        *,
        as_of: Day = None,
        newest: bool = False,
        collection: Names = (),
        kind: Names = (),
        law: Names = (),
        where: Fields = None,
        context: Context = "search",
        document: str = "",
    ) -> Scope:
        """Return what these options mean; ``newest`` sets no bound of time. Raises `InvalidDate`, `UsageError`."""
        day = as_day(as_of)
        bound = None if newest else day
        filters = Where(as_of=bound, kinds=_tuple(kind), laws=_tuple(law), metadata=dict(where or {}))
        return cls(day, _tuple(collection), filters, _document(context, document))

    @property
    def filtered(self) -> bool:
        """Whether some documents are left out, whatever the day."""
        return bool(self.where.kinds or self.where.laws or self.where.metadata)

    @property
    def key(self) -> tuple[object, ...]:
        """All of it but the day: what an answer kept for later must have been given under."""
        return self.collections, self.where.kinds, self.where.laws, sorted(self.where.metadata.items())


def as_day(day: Day) -> date:
    """Return the day that is meant: today when none is given. Raises `InvalidDate`."""
    if isinstance(day, date):
        return day
    if not day:
        return date.today()
    text = re.sub(r"\s|\.$", "", day).replace(".", "-").replace("/", "-")
    with suppress(ValueError):
        return date(*(int(part) for part in text.split("-"))) if text.count("-") == 2 else date.fromisoformat(text)
    raise InvalidDate(
        f"'{day}'은(는) 날짜가 아닙니다. 2026-11-21처럼 적으십시오.",
        f"'{day}' is not a date. Write it as 2026-11-21.",
    )


def as_grade(grade: Grade | str) -> Grade:
    """Return the grade that is meant. Raises `UsageError`."""
    try:
        return Grade(grade)
    except ValueError:
        raise UsageError(
            f"등급 '{grade}'은(는) 없습니다. C(기밀), S(민감), O(공개) 가운데 하나를 쓰십시오.",
            f"there is no grade '{grade}'. Use C (classified), S (sensitive) or O (open).",
        ) from None


def highest(grade: Grade, *others: Grade) -> Grade:
    """Return the highest of some grades: what a mixture of them has."""
    for other in others:
        if not grade.covers(other):
            grade = other
    return grade


def _document(context: str, document: str) -> str:
    if context not in ("search", "document"):
        raise UsageError(
            f"context '{context}'은(는) 없습니다. search(검색)나 document(문서 전체)를 쓰십시오.",
            f"there is no context '{context}'. Use search or document.",
        )
    if (context == "document") != bool(document):
        raise UsageError(
            '문서 전체를 근거로 물으려면 context="document"와 document=문서ID를 함께 쓰십시오.',
            'to ask about a whole document, give both context="document" and document=ID.',
        )
    return document


def _tuple(values: Names) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)
