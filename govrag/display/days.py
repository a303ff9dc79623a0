"""How a day that patent law decides is laid out: the result, how it was found, and what to check."""

from __future__ import annotations

from collections.abc import Mapping

from govrag.display.blocks import Block, Heading, Line
from govrag.display.citing import word
from govrag.errors import Lang
from govrag.records import PatentDay

__all__ = ["patent_day"]

_RULE: Mapping[str, tuple[str, str]] = {
    "opinion": ("의견서 제출기한", "last day for the statement of opinion"),
    "opinion_extended": ("의견서 제출기한(연장)", "last day for the statement of opinion, extended"),
    "exam_request": ("출원심사 청구기한", "last day to request examination"),
    "reexamination": ("재심사 청구기한", "last day to request re-examination"),
    "appeal": ("거절결정에 대한 심판 청구기한", "last day to appeal"),
    "publication": ("출원공개", "publication of the application"),
    "term": ("특허권의 존속기간 만료일", "end of the patent's term"),
    "grace": ("공지예외", "grace period"),
    "grace_proof": ("공지예외 증명서류 제출기한", "last day for proof of the grace period"),
    "priority": ("우선권", "priority"),
    "critical_date": ("판단 기준일", "critical date"),
    "prior_art": ("선행기술 지위", "standing as prior art"),
}
_STATUS: Mapping[str, tuple[str, str]] = {
    "29-1": ("제29조제1항: 기준일 전에 알려졌다", "Article 29(1): known before the critical date"),
    "29-3": ("제29조제3항: 확대된 선출원(동일성만)", "Article 29(3): earlier application, identity only"),
    "36": ("제36조: 같은 날의 출원", "Article 36: filed on the same day"),
    "none": ("선행기술이 아니다", "no prior art"),
    "unknown": ("정할 수 없다", "cannot be told"),
}
_HOLDS: Mapping[bool | None, tuple[str, str]] = {
    True: ("인정된다", "holds"),
    False: ("인정되지 않는다", "does not hold"),
    None: ("정할 수 없다", "cannot be told"),
}
_QUESTIONS = ("grace", "priority")  # rules that ask whether something holds
_UNKNOWN = ("정할 수 없다", "cannot be told")
_LAST = ("기간의 마지막 날: {day}", "last day: {day}")
_PARTS = (
    ("articles", ("근거", "provisions")),
    ("assumptions", ("전제", "assumed")),
    ("to_check", ("확인할 것", "to check")),
)


def patent_day(result: PatentDay, lang: Lang) -> list[Block]:
    """Lay a day out: the result first, then the steps, provisions and what has to be checked."""
    english = lang == "en"
    below: list[Block] = [Line(step, "bullet", indent=1) for step in result.steps]
    for name, title in _PARTS:
        texts: tuple[str, ...] = getattr(result, name)
        mark = "warning" if name == "to_check" else "note"
        below += [Line(f"{title[english]}: {'; '.join(texts)}", mark)] if texts else []
    return [Heading(f"{word(_RULE, result.rule, lang)}: {_result(result, lang)}"), *_last(result, lang), *below]


def _result(result: PatentDay, lang: Lang) -> str:
    if result.status is not None:
        return word(_STATUS, result.status, lang)
    if result.rule in _QUESTIONS:
        return _HOLDS[result.holds][lang == "en"]
    return str(result.day) if result.day else _UNKNOWN[lang == "en"]


def _last(result: PatentDay, lang: Lang) -> list[Line]:
    """Return the last day of a period beside the answer to a question."""
    return [Line(_LAST[lang == "en"].format(day=result.day))] if result.rule in _QUESTIONS and result.day else []
