"""Legal citations in Korean text: found, resolved against the library's law names, rendered."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from govrag.statute.decisions import Decision, find_decisions
from govrag.statute.names import LawNames
from govrag.statute.reading import Reading
from govrag.statute.reference import Context, Problem, Reference, render

__all__ = [
    "Context",
    "Decision",
    "Problem",
    "Reference",
    "find_decisions",
    "find_definitions",
    "find_references",
    "parse_query",
    "render",
]

# Quotation marks are paired from the left, however short. A quotation has eight characters or more, and a verb that
# says the provision states it.
_QUOTED = re.compile(r"“([^“”\n]{1,600})”|\"([^\"\n]{1,600})\"|『([^『』\n]{1,600})』|‘([^‘’\n]{1,600})’")
_MINIMUM = 8
_STATES = re.compile(
    r"[ ]?(?:이?라고|고|라는|이?라|는)?[^.。\n“\"『]{0,16}?"
    r"(?<![가-힣])(?:규정|정하|정한|정해|명시|밝히|밝힌|하고 있|되어 있|적고|선언)"
)
_COLON = re.compile(r"[^.。\n“\"『]{0,30}?[:：][ ]?\Z|(?:은|는|에서|에는|에 따르면|에 의하면|이|가),?[ ]?\Z|\Z")
# 제9조에 따라 “…하여야 한다”, 제9조(“…하여야 한다”): a sentence of law told of the provision before it.
_TELLS = re.compile(r"[(（][ ]?\Z|[ ]?에[ ]?(?:따라|따른|의하여|의해|의한|근거하여)[^.。\n“\"『]{0,16}?[ ]?\Z")
_SENTENCE_OF_LAW = re.compile(r"다[.。]?\Z")
_DEFINES = re.compile(r"이하[ ]?(?:이[ ][조항법에서 ]{1,6})?\Z")
_NAMES = re.compile(r"이?라고?[ ]?(?:한다|하며|하고 함|함|합니다|약칭)")
_SENTENCE_END = re.compile(r"[다요음함임][.。](?=\s|\Z|[”\"])|[?!\n]")


def find_references(text: str, names: LawNames, *, context: Context | None = None) -> list[Reference]:
    """Return every citation of a law in the text, in reading order; ``text[r.start:r.end] == r.text``.

    Without a context, an article without a law belongs to the law named last (in an answer, a letter, a decision). With
    one, the text is a statute's own: such an article is that law's, and so are 이 법, 법, 영 and 제2항. What cannot be
    resolved is returned with its ``problem``; nothing is guessed. Never raises; time is linear in the text.
    """
    reading = Reading(text, names, context)
    reading.read()
    references = sorted(reading.references, key=lambda reference: (reference.start, reference.end))
    return _with_quotes(text, references) if references else references


def find_definitions(text: str, names: LawNames, *, context: Context | None = None) -> dict[str, str]:
    """Return the names that the text gives to laws: 법 → 근로기준법, from 「근로기준법」(이하 "법"이라 한다).

    Those of a statute's first article hold in all its articles: hand them over as `Context.roles`. A first article that
    names one act only (「…법」 및 같은 법 시행령에서 위임된 사항) calls it 법 and its decree 영 from there on.
    """
    reading = Reading(text, names, context)
    reading.read()
    roles = {name: law.title for name, law in reading.defined.items() if law.title}
    if context is not None and context.law:
        for role, law in reading.implied():
            roles.setdefault(role, law)
    return roles


def parse_query(text: str, names: LawNames) -> Reference | None:
    """Return the provision that a query names (근기법 60조 2항), or the law if the query is nothing but its name.

    A provision of a law that is unknown or ambiguous is returned with its problem; a provision without a law, and text
    that names none, give None.
    """
    references = [reference for reference in find_references(text, names) if reference.law_text]
    provisions = [reference for reference in references if reference.locator is not None]
    for reference in (*(found for found in provisions if not found.problem), *provisions):
        return reference
    whole = text.strip(" \t\n.?!「」\"'")
    return next((found for found in references if found.law and found.text.strip("「」｢｣") == whole), None)


def _with_quotes(text: str, references: list[Reference]) -> list[Reference]:
    """Give each quotation to the provision it is said to come from."""
    starts = [reference.start for reference in references]
    for quotation in _QUOTED.finditer(text):
        begin, end = quotation.span()
        after = bisect_right(starts, begin)
        held = after < len(references) and starts[after] == begin + 1 and references[after].end >= end - 1
        if end - begin - 2 < _MINIMUM or held or (after and references[after - 1].end > begin):
            continue  # too short, or the marks hold a citation and nothing else
        if _DEFINES.search(text, max(0, begin - 12), begin) or _NAMES.match(text, end):
            continue  # (이하 "법"이라 한다) gives a name
        owner = _owner(text, references, after, begin, end)
        if owner is not None and not references[owner].quote and references[owner].locator is not None:
            references[owner] = replace(references[owner], quote=text[begin + 1 : end - 1])
    return references


def _owner(text: str, references: list[Reference], after: int, begin: int, end: int) -> int | None:
    """Return which reference text[begin:end] is quoted from: “…”(제60조), else the last one before, else the next."""
    following = text[end : references[after].start] if after < len(references) else None
    if following is not None and len(following) <= 40 and following.strip() in ("(", "（"):
        return after
    if after:
        between = text[references[after - 1].end : begin]
        near = len(between) <= 200 and not _SENTENCE_END.search(between)
        told = _TELLS.fullmatch(between) and _SENTENCE_OF_LAW.search(text[begin + 1 : end - 1])
        if near and (_STATES.match(text, end) or _COLON.fullmatch(between) or told):
            return after - 1
    if (
        following is not None
        and len(following) <= 40
        and _STATES.match(following)
        and not _SENTENCE_END.search(following)
    ):
        return after
    return None
