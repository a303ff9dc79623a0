"""Read the claims of a patent, Korean or English: the tree, what each is made of, and what is wrong with their form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from govrag.errors import UnreadableFile
from govrag.patent.claims import Claim, claim_references, parse_claims, relate_claims
from govrag.pipelines.patents.claims.elements import parsed
from govrag.pipelines.patents.claims.forms import form_errors, listed, listed_en
from govrag.pipelines.patents.claims.wording import choice, pattern
from govrag.records import Document
from govrag.records.patents import ClaimSet

__all__ = ["claim_set"]

Lang = Literal["ko", "en"]

_KOREAN = re.compile(r"[가-힣]{2}")
_ENGLISH = re.compile(r"[A-Za-z]{2,}\W+[A-Za-z]{2,}")
_MARKER = re.compile(r"청\s*구\s*항|\bclaim", re.IGNORECASE)
_NO_NEWLINE = re.compile(r"[^\n]")
_NARROWS = re.compile(  # 제1항 또는 제2항 중 어느 한 항에 있어서
    r"\s*(?:상기\s*)?(?:청구항\s*)?제?\s*\d{1,3}\s*항?[^.;\n]{0,80}?에\s*있어(?:서)?(?![가-힣])"
)
_SENTENCE = re.compile(r"(?:다|[함됨임음])\s*\.?\s*\Z")
_USES = re.compile(r"\s*(?:청구항\s*)?제?\s*\d{1,3}\s*항")
_KINDS = frozenset({"방법", "장치", "시스템", "프로그램", "기록매체", "조성물", "화합물"})
# Members of the lists of statutes: 1. 전문인력을 갖춘 기관
_LISTED = re.compile(
    r"(?:기관|법인|단체|사업장?|사업자|시설|사람|(?<![가-힣])자|경우|사항|업무|기간|비용|금액|서류)\s*[.:;]?\s*\Z"
)
_PAPER = "청구범위"


def claim_set(source: Document | str, *, name: str = "") -> ClaimSet:
    """Return the claims of a document or of a text, in the order they stand.

    Offsets are those of ``document.text``, or of the text given. ``name`` is what the paper is called in the result;
    without it the document's title. Where a text holds a set before and one after an amendment, the first is read.

    Raises `UnreadableFile` when there are no claims, and when there are claims in two languages: which of the two
    holds is not for us to say.
    """
    text = source if isinstance(source, str) else source.text
    name = name or (_PAPER if isinstance(source, str) else source.title)
    claims = _claims(source)
    if not claims:
        raise UnreadableFile(
            f"'{name}': 청구항이 없습니다. 【청구항 1】처럼 번호를 붙인 청구범위가 든 파일을 넣어 주세요.",
            f"'{name}': there are no claims. Add a file with numbered claims, such as 【청구항 1】 or 1. A device …",
        )
    _require_one_language(text, claims, name)
    lang: Lang = "ko" if any(_lang(claim.text) == "ko" for claim in claims) else "en"
    return ClaimSet(document=name, lang=lang, claims=parsed(claims, lang), errors=form_errors(claims, name, lang))


# -- where the claims stand ------------------------------------------------------------------------------------------


def _claims(source: Document | str) -> tuple[Claim, ...]:
    if isinstance(source, str):
        return _in_text(source)
    marked = tuple(_in_sections(source))
    return _moved(marked) if marked else _in_text(source.text)


def _in_sections(document: Document) -> Iterator[Claim]:
    """Yield the claims that the reader marked, each read by itself; offsets are those of the document's text."""
    at = 0
    for top in document.sections:
        for section in top.walk():
            if section.kind == "claim":
                yield from _in_section(section.text, section.number, at)
            at += len(section.text)


def _in_section(text: str, number: str, at: int) -> Iterator[Claim]:
    found = parse_claims(text)
    if not found:
        digits = re.match(r"\d+", number)
        body = len(text) - len(text.lstrip())
        if digits:
            yield Claim(int(digits[0]), text.strip(), at, at + body, at + len(text), independent=True)
        return
    for claim in found:
        if claim.start == found[0].start:  # what looks like a marker inside is the claim's own list
            words = text[claim.body :].strip()
            yield replace(claim, text=words, start=at + claim.start, body=at + claim.body, end=at + len(text))


def _moved(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return claims that were read one by one, related to each other."""
    related = relate_claims([(claim.number, claim.text) for claim in claims])
    return tuple(
        replace(one, start=claim.start, body=claim.body, end=claim.end)
        for one, claim in zip(related, claims, strict=True)
    )


def _in_text(text: str) -> tuple[Claim, ...]:
    opened = list(pattern("english", "opens_claims").finditer(text))
    if opened and not _KOREAN.search(text):
        region = _blank(text[: opened[-1].end()]) + text[opened[-1].end() :]
        if claims := parse_claims(region):
            return claims
    claims = parse_claims(text)
    marked = any(_MARKER.search(text[claim.start : claim.body]) for claim in claims)
    return claims if marked or any(map(_claims_something, claims)) else ()


def _claims_something(claim: Claim) -> bool:
    """Tell whether numbered words are worded as a claim: they narrow one, or have a transition. 1. 개요 is none.

    In Korean to name some 제1항 is not enough: statutes, rules and opinions do so.
    """
    if _lang(claim.text) == "ko":
        return _is_claim_shaped(claim)
    if claim.refers:
        return True
    openings = [choice("english", name) for name in ("open", "closed", "characterised")]
    return re.search(rf"\A\s*(?:an?|the|one)\s[^.;]*\b(?:{'|'.join(openings)}|wherein)\b", claim.text, re.I) is not None


def _is_claim_shaped(claim: Claim) -> bool:
    """Tell whether Korean words narrow a claim, or end with what is claimed: after a transition, or a claim it uses."""
    if _SENTENCE.search(claim.text):
        return False
    if _NARROWS.match(claim.text):
        return True
    if _LISTED.search(claim.text):
        return False
    closings = [choice("korean", name) for name in ("open", "closed", "characterised")]
    if re.search(rf"(?:{'|'.join(closings)})[^.\n;]{{0,80}}[가-힣)]\.?\s*\Z", claim.text):
        return True
    return bool(claim.refers) and claim.category in _KINDS and _USES.match(claim.text) is not None


def _blank(text: str) -> str:
    return _NO_NEWLINE.sub(" ", text)


# -- in which language -----------------------------------------------------------------------------------------------


def _lang(text: str) -> Lang | Literal[""]:
    if _KOREAN.search(text):
        return "ko"
    return "en" if _ENGLISH.search(text) else ""


def _require_one_language(text: str, claims: Sequence[Claim], name: str) -> None:
    """Raise when claims of both languages stand in the text, in one set or in two."""
    start, end = claims[0].start, max(claim.end for claim in claims)
    by_lang = {lang: _set_in(lang, text[start:end], claims) for lang in ("ko", "en")}
    if not all(by_lang.values()):
        return
    korean, english = (tuple(dict.fromkeys(by_lang[lang])) for lang in ("ko", "en"))
    raise UnreadableFile(
        f"'{name}': 청구항이 두 언어로 적혀 있습니다(한국어 {listed(korean)}; 영어 {listed(english)}). "
        "한 언어의 청구범위만 남겨 다시 넣어 주세요.",
        f"'{name}': there are claims in two languages (Korean: {listed_en(korean)}; English: {listed_en(english)}). "
        "Leave the claims of one language and try again.",
    )


def _set_in(lang: str, text: str, claims: Sequence[Claim]) -> list[int]:
    """Return the numbers of the claims in a language: those found, else a second set between or below their lines."""
    own = [claim.number for claim in claims if not claim.deleted and _lang(claim.text) == lang]
    if own:
        return own
    lines = [line if _lang(line) in (lang, "") else _blank(line) for line in text.splitlines(keepends=True)]
    return [
        claim.number
        for claim in parse_claims("".join(lines))
        if _lang(claim.text) == lang and (claim_references(claim.text) or _claims_something(claim))
    ]
