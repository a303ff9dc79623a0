"""A statement's words against the provisions it cites: its amounts, its quotations, its yes or no, who does it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from govrag.pipelines.amounts import Amount, Bound, amounts
from govrag.pipelines.quotes import find_quote, without_marks
from govrag.records import Passage

_SIGN = re.compile("[①-⑳㉑-㉟㊱-㊿]")
_QUOTED = re.compile(r"“([^“”\n]+)”|\"([^\"\n]+)\"|‘([^‘’\n]+)’|「([^「」\n]+)」|『([^『』\n]+)』")
_NAMING = re.compile(
    r"\s?(?:\([^()]*\))?(?:이란|란|이?라\s?(?:함|한|고\s?[함한합]|합))"
)  # “…”란: a term of the writer's
_NEGATION = re.compile(r"아니|않|못|없(?!어)|안\s?[됩되된]")
_NEAR_COPY = 0.75  # of a sentence's words are its provision's, in order: then it must say yes or no as that does
_WINDOW = 1.25  # times as many words as the copy has, at most, lie between the first and the last of them
_WORD = re.compile(r"[가-힣]+|[A-Za-z]+|\d[\d,.]*")
_SENTENCE = re.compile(r"\n+|(?<=다)\.\s*|(?<=요)\.\s+|;\s*|…")
_PROVISO = re.compile(r"(?=(?<![가-힣])다만,?\s)")
_STEM = 2  # syllables: 지급해야 and 지급하여야 are one word
_BESIDE = 4  # words looked at on either side of an amount
_ROLE = 0.5  # of the words beside an amount stand beside another one as well: it plays the same part
_CLEARLY = 0.35  # by so much more do the words beside it suit another amount
_PRISON_OR_FINE = re.compile(r"\s?(?:이하|이상)?의?\s?(?:유기)?(?:징역|금고)(?:형|이나 금고)?\s?(?:또는|이나|과)\s?")
_TERM = 2  # words
_TIMES = "배"  # 두 배 is no turn of speech
_UNTYPED = ("", "조", "항", "호")
_SAME_MATTER = 0.65  # of a sentence's words stand in the provision's: then they may be compared
_ENOUGH_WORDS = 4
# At the end of a sentence; 아니하면, 않은, 없는 belong to what stands before it.
_DENIED = re.compile(
    r"아니(?!하면|할|한\s|하는)|않(?![으은]|는\s)|못(?!하면|한\s|하는)|없(?!어|으면|는|이)|안\s?[됩되된한합]"
)
_UNSURE = re.compile(r"그러하지|예외|면제|제외|금지")  # at the end of a sentence: it may deny in other words
_LAST = 4  # words of a sentence that hold its verb
_AUXILIARY = frozenset((
    "있다", "있습", "없다", "없습", "수", "한다", "합니", "아니", "않는", "않습", "않아",
    "된다", "됩니", "안", "안된", "안됩", "한", "것을", "말한", "말합", "본다", "봅니",
    "것으", "경우", "못한", "못합", "하여", "해야", "해서", "하지",
))  # fmt: skip
_OPPOSITE: dict[Bound, tuple[Bound, ...]] = {
    "up": ("down", "under"),
    "over": ("down", "under"),
    "down": ("up", "over"),
    "under": ("up", "over"),
    "": (),
}
_PARTIES = (
    ("사용자", "근로자"), ("사업주", "근로자"), ("임대인", "임차인"), ("매도인", "매수인"), ("채권자", "채무자"),
    ("원고", "피고"), ("도급인", "수급인"), ("위탁자", "수탁자"), ("양도인", "양수인"), ("소비자", "사업자"),
    ("가해자", "피해자"), ("임차인", "전차인"), ("보험자", "보험계약자"), ("위임인", "수임인"), ("대주", "차주"),
    ("국가", "지방자치단체"), ("검사", "피고인"), ("남편", "아내"), ("부모", "자녀"),
)  # fmt: skip
_COUNTERPARTS: dict[str, frozenset[str]] = {
    party: frozenset(other for pair in _PARTIES if party in pair for other in pair if other != party)
    for pair in _PARTIES
    for party in pair
}
_SUBJECT = re.compile(
    r"(?<![가-힣])(" + "|".join(sorted(_COUNTERPARTS, key=len, reverse=True)) + r")(?:은|는|이|가|께서)(?![가-힣])"
)
_END = 9  # characters of a sentence's end that say yes or no
_SHOWN = 16  # characters of it that are shown


@dataclass(frozen=True, slots=True)
class Difference:
    """What a statement says and its provisions do not.

    `wrong`: they say otherwise, ``stands`` is what they have in its place. `unsupported`: they say nothing of it, which
    may still be true (worked out, or from another provision).
    """

    kind: Literal["wrong", "unsupported"]
    said: str
    stands: str = ""
    about: Literal["amount", "quotation", "sense"] = "amount"

    def __str__(self) -> str:
        return f"{self.said} ↔ {self.stands}" if self.stands else self.said


def disagreement(text: str, passages: Sequence[Passage], quotes: Sequence[str]) -> str:
    """Return the first thing a statement says that its provisions do not, "" when there is none.

    What is wrong goes before what is only not there.
    """
    found = differences(text, passages, quotes)
    return str(min(found, key=lambda one: one.kind == "unsupported")) if found else ""


def differences(text: str, passages: Sequence[Passage], quotes: Sequence[str]) -> list[Difference]:
    """Return what a statement says that its provisions do not, or say otherwise; ``quotes`` are the words it rests on.

    Looked at: amounts with their units, dates, places in a law and quotations; whether an amount is a lower or an upper
    limit; and, where the statement follows a sentence of its provision, whether that says yes or no and who does it.
    """
    sources = [_Source(passage) for passage in passages]
    found = list(_amounts_apart(unicodedata.normalize("NFKC", _SIGN.sub(" ", text)), sources))
    for quotation in _QUOTED.finditer(text):
        words = next(group for group in quotation.groups() if group)
        named = quotation[0][0] not in "「『" and not words.endswith("다") and _NAMING.match(text, quotation.end())
        if not named and not any(find_quote(words, one.text) or _is_term_of(words, one) for one in sources):
            found.append(Difference("unsupported", quotation[0], about="quotation"))
    found += _penalties_apart(unicodedata.normalize("NFKC", text), sources)
    found += _sentences_apart(text, [*(without_marks(quote) for quote in quotes), *(one.plain for one in sources)])
    return found


def _is_term_of(words: str, source: _Source) -> bool:
    """Tell whether what stands in quotation marks is a term or two, each of which the provision has."""
    stems = _stems(words)
    return 0 < len(stems) <= _TERM and not words.endswith("다") and not set(stems) - source.stems


class _Source:
    """A provision, ready to be compared with."""

    def __init__(self, passage: Passage) -> None:
        self.text = unicodedata.normalize("NFKC", f"{passage.label}\n{_without_signs(passage.text)}")
        self.plain = without_marks(passage.text)
        self.amounts = amounts(self.text)
        self.stems = frozenset(_stems(self.text))


def _without_signs(text: str) -> str:
    """Write ① as 제1항, which is what it means; as a number it would be one."""
    return _SIGN.sub(lambda sign: f" 제{int(unicodedata.numeric(sign[0]))}항 ", text)


# ── amounts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _amounts_apart(text: str, sources: Sequence[_Source]) -> Iterator[Difference]:
    for said in amounts(text):
        beside = _beside(text, said)
        held = [
            (source, one, _share(beside, _beside(source.text, one))) for source in sources for one in source.amounts
        ]
        equal = [case for case in held if said.same(case[1])]
        others = [case for case in held if case[1].unit == said.unit not in _UNTYPED and not said.same(case[1])]
        likest = max((share for _, _, share in equal), default=0.0)
        other = max(others, key=lambda case: case[2], default=None)
        if other is not None and other[2] >= (likest + _CLEARLY if equal else _ROLE):
            yield Difference("wrong", said.text, other[1].text)
        elif not equal:
            if not said.worded or said.unit == _TIMES:
                yield Difference("unsupported", said.text)
        elif said.bound:
            near = [(source, one) for source, one, share in equal if share == likest]
            source, one = near[0]
            if all(one.bound in _OPPOSITE[said.bound] for _, one in near):
                yield Difference("wrong", text[said.start : said.end + 4].strip(), source.text[one.start : one.end + 4])


def _penalties_apart(text: str, sources: Sequence[_Source]) -> Iterator[Difference]:
    """A prison term and the fine beside it stand together in the provision, among other such pairs."""
    for term, fine in _penalties(text, amounts(text)):
        pairs = [pair for source in sources for pair in _penalties(source.text, source.amounts)]
        known = any(term.same(one) for one, _ in pairs) and any(fine.same(one) for _, one in pairs)
        if known and not any(term.same(one) and fine.same(other) for one, other in pairs):
            beside = next(other for one, other in pairs if term.same(one))
            yield Difference("wrong", f"{term.text}·{fine.text}", f"{term.text}·{beside.text}")


def _penalties(text: str, found: Sequence[Amount]) -> list[tuple[Amount, Amount]]:
    return [(one, other) for one, other in pairwise(found) if _PRISON_OR_FINE.fullmatch(text, one.end, other.start)]


def _beside(text: str, amount: Amount) -> frozenset[str]:
    before = _stems(text[max(0, amount.start - 40) : amount.start])[-_BESIDE:]
    return frozenset([*before, *_stems(text[amount.end : amount.end + 40])[:_BESIDE]])


def _stems(text: str) -> list[str]:
    return [word[:_STEM] for word in _WORD.findall(text) if not word[0].isdigit()]


def _share(words: frozenset[str], others: frozenset[str]) -> float:
    return len(words & others) / len(words) if words else 0.0


# ── yes or no, and who ────────────────────────────────────────────────────────────────────────────────────────────


def _sentences_apart(text: str, sources: Sequence[str]) -> Iterator[Difference]:
    meant = {one: frozenset(_stems(one)) for source in sources for one in _sentences(source)}
    for sentence in _sentences(text):
        words = frozenset(_stems(sentence))
        shares = {one: _share(words, others) for one, others in meant.items()}
        best = max(shares.values(), default=0.0)
        if len(words) < _ENOUGH_WORDS or best < _SAME_MATTER:
            continue
        nearest = [one for one, share in shares.items() if share == best]
        stated, forces = _force(sentence), {_force(one) for one in nearest}
        alike = [one for one in nearest if _verb(sentence) & _verb(one)]
        if alike and stated and "" not in forces and stated not in forces:
            yield Difference("wrong", sentence[-_SHOWN:].strip(), alike[0][-_SHOWN:].strip(), "sense")
        else:
            turned = [_turned(sentence, one) for one in nearest]
            if turned[0] and all(turned):
                yield Difference("wrong", *turned[0], "sense")
        yield from _swapped(sentence, nearest)


def _verb(sentence: str) -> frozenset[str]:
    return frozenset(_stems(sentence)[-_LAST:]) - _AUXILIARY


def _sentences(text: str) -> list[str]:
    parts = (part.strip(" .,") for line in _SENTENCE.split(text) if line for part in _PROVISO.split(line))
    return [part for part in parts if part]


def _force(sentence: str) -> str:
    """Return what a sentence's end says: 'no' when it denies, 'yes' otherwise, "" when it is no whole sentence."""
    end = sentence[-_END:]
    if not sentence.endswith(("다", "요")) or _UNSURE.search(end):
        return ""
    return "no" if _DENIED.search(end) else "yes"


def _swapped(sentence: str, nearest: Sequence[str]) -> Iterator[Difference]:
    for party in dict.fromkeys(_SUBJECT.findall(sentence)):
        subjects = {subject for one in nearest for subject in _SUBJECT.findall(one)}
        other = subjects & _COUNTERPARTS[party]
        if other and party not in subjects:
            yield Difference("wrong", party, "·".join(sorted(other)), "sense")


def _turned(sentence: str, source: str) -> tuple[str, str] | None:
    """Return the negations of a near copy and of the words it copies when they are not as many."""
    copy, original = sentence.split(), source.split()
    stems, others = ([word[:_STEM] for word in words] for words in (copy, original))
    matches = SequenceMatcher(None, stems, others, autojunk=False).get_matching_blocks()[:-1]
    if sum(match.size for match in matches) < _NEAR_COPY * len(copy):
        return None
    first, last = matches[0], matches[-1]
    copied = original[max(0, first.b - first.a) : last.b + len(copy) - last.a]
    stated, meant = _NEGATION.findall(sentence), _NEGATION.findall(" ".join(copied))
    if len(copied) > _WINDOW * len(copy) + 1 or len(stated) == len(meant):
        return None
    return "·".join(stated) or "-", "·".join(meant) or "-"
