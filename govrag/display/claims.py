"""How the claims of a patent are laid out: their tree, what is wrong with their form, an amendment side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from govrag.display.blocks import Block, Heading, Line, Table
from govrag.display.citing import word
from govrag.display.comparisons import redline
from govrag.errors import Lang
from govrag.records import ClaimAmendment, ClaimChange, ClaimSet, ParsedClaim, Redline

__all__ = ["amendment", "claim_set"]

TRANSITION: Mapping[str, tuple[str, str]] = {
    "open": ("개방형", "open"),
    "closed": ("폐쇄형", "closed"),
    "characterised": ("특징형", "characterised"),
}
FORM: Mapping[str, tuple[str, str]] = {
    "multiple_on_multiple": ("다중인용의 다중인용", "multiple on multiple"),
    "forward_reference": ("뒤 항 인용", "forward reference"),
    "self_reference": ("자기 인용", "self reference"),
    "missing_claim": ("없는 항 인용", "missing claim"),
    "numbering": ("번호", "numbering"),
    "not_alternative": ("택일적 아님", "not in the alternative"),
    "no_antecedent": ("선행사 없음", "no antecedent"),
}
SCOPE: Mapping[str, tuple[str, str]] = {
    "narrower": ("좁아짐", "narrower"),
    "broader": ("넓어짐", "broader"),
    "same": ("같음", "same"),
    "unclear": ("판단 필요", "unclear"),
}
_CATEGORY = {
    "방법": "method", "장치": "apparatus", "시스템": "system", "조성물": "composition", "화합물": "compound",
    "프로그램": "program", "기록매체": "medium", "용도": "use", "물건": "product",
}  # fmt: skip
_LONGEST = 120  # characters of an element on its line
_SOUND = ("형식에 어긋난 곳을 찾지 못했습니다.", "Nothing wrong was found with their form.")
_BY_WORDS = (
    "청구항의 문언만 견준 것입니다. 권리범위와 신규사항은 심사관이 판단하십시오.",
    "Only the wording of the claims was compared. Scope and new matter are for the examiner to decide.",
)


def claim_set(result: ClaimSet, lang: Lang) -> list[Block]:
    """Lay claims out as a tree, each below the first claim it narrows with its elements; then what is wrong."""
    english = lang == "en"
    live = [claim for claim in result.claims if not claim.deleted]
    independent = sum(claim.independent for claim in live)
    counts = (
        f"{len(result):,} claims · independent {independent:,} · dependent {len(live) - independent:,}"
        if english
        else f"청구항 {len(result):,}개 · 독립항 {independent:,} · 종속항 {len(live) - independent:,}"
    )
    deleted = len(result) - len(live)
    if deleted:
        counts += f" · deleted {deleted:,}" if english else f" · 삭제 {deleted:,}"
    return [
        Heading(f"{'claims' if english else '청구항'}: {result.document}"),
        Line(counts),
        Line("\n".join(_tree(result.claims, lang)), "tree"),
        *_errors(result, lang),
    ]


def amendment(result: ClaimAmendment, lang: Lang) -> list[Block]:
    """Lay an amendment out: the claims side by side, then of each the scope, what was added and what supports it."""
    english = lang == "en"
    changes = tuple(one.change for one in result.changes)
    aside = redline(Redline(old=result.before, new=result.after, changes=changes, same=result.same), lang)
    head = (
        ("claim", "scope", "added", "removed", "support", "new matter")
        if english
        else ("청구항", "범위", "더해진 한정", "빠진 한정", "뒷받침", "신규사항")
    )
    rows = tuple(_row(change, lang) for change in result.changes)
    warnings = result.warnings_en if english else result.warnings
    return [
        *aside,
        *([Table(head, rows)] if rows else []),
        *(Line(one, "warning") for one in warnings),
        *([Line(_BY_WORDS[english], "note")] if rows else []),
    ]


# -- the tree --------------------------------------------------------------------------------------------------------


def _tree(claims: Sequence[ParsedClaim], lang: Lang) -> Iterator[str]:
    """Yield the lines of each claim that stands for itself, and below it those that narrow it."""
    numbers = [claim.number for claim in claims]
    below: dict[int | None, list[int]] = defaultdict(list)
    for at, claim in enumerate(claims):
        below[_parent(claim, numbers[:at])].append(at)
    stack = [(at, 0) for at in reversed(below[None])]
    seen: set[int] = set()
    while stack:
        at, depth = stack.pop()
        claim = claims[at]
        yield from _lines(claim, depth, lang)
        if claim.number not in seen:  # a number given twice has its dependents once
            seen.add(claim.number)
            stack += [(child, depth + 1) for child in reversed(below[claim.number])]


def _parent(claim: ParsedClaim, before: Sequence[int]) -> int | None:
    """Return the first claim that it narrows, None for one that stands alone or narrows what does not precede it."""
    return next((number for number in claim.depends if number in before and number != claim.number), None)


def _lines(claim: ParsedClaim, depth: int, lang: Lang) -> Iterator[str]:
    indent = "    " * depth
    yield f"{indent}{_name(claim, lang)}"
    for element in claim.elements:
        yield f"{indent}  {element.label}  {_short(element.text)}"


def _name(claim: ParsedClaim, lang: Lang) -> str:
    english = lang == "en"
    name = f"claim {claim.number}" if english else f"청구항 {claim.number}"
    if claim.deleted:
        return f"{name} ({'deleted' if english else '삭제'})"
    said = [_stands(claim, lang)]
    if claim.category:
        said.append(_CATEGORY.get(claim.category, claim.category) if english else claim.category)
    if claim.transition:
        said.append(word(TRANSITION, claim.transition, lang))
    if claim.jepson:
        said.append("Jepson" if english else "젭슨형")
    preamble = "" if claim.depends else _short(claim.preamble)  # of others it only says what they narrow
    return f"{name} ({' · '.join(said)}) {preamble}".rstrip()


def _stands(claim: ParsedClaim, lang: Lang) -> str:
    english = lang == "en"
    if claim.depends:
        return f"{'narrows' if english else '종속:'} {_numbers(claim.depends)}"
    own = "independent" if english else "독립"
    return f"{own}, {'refers to' if english else '인용:'} {_numbers(claim.refers)}" if claim.refers else own


def _numbers(numbers: Sequence[int]) -> str:
    """Return numbers with runs of three and more as ranges: 1–4, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


# -- tables ----------------------------------------------------------------------------------------------------------


def _errors(result: ClaimSet, lang: Lang) -> list[Block]:
    english = lang == "en"
    if not result.errors:
        return [Line(_SOUND[english], "note")]
    head = ("claim", "error", "what", "provision") if english else ("청구항", "구분", "내용", "근거")
    rows = tuple(
        (str(one.claim), word(FORM, one.kind, lang), one.text_en if english else one.text, one.article)
        for one in result.errors
    )
    counts = Counter[str](one.kind for one in result.errors)
    told = " · ".join(f"{word(FORM, kind, lang)} {counts[kind]:,}" for kind in FORM if counts[kind])
    return [Line(told), Table(head, rows)]


def _row(change: ClaimChange, lang: Lang) -> tuple[str, ...]:
    doubt = "check" if lang == "en" else "확인 필요"
    return (
        str(change.claim),
        word(SCOPE, change.scope, lang),
        "; ".join(change.added),
        "; ".join(change.removed),
        ", ".join(dict.fromkeys(place.place for place in change.support)),
        doubt if change.new_matter else "",
    )
