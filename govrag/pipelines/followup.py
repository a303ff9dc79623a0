"""A question that leans on what was asked before, made into one that stands alone.

Whether it leans is decided by rules: what stands alone is left as it is, and nothing said before is used for it. The
rules can also write it anew; a model that does so is believed as far as its words are those of the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

from govrag.korean import tokens
from govrag.pipelines.links import without_links
from govrag.records import FAILED_VERDICTS, Answer
from govrag.statute.citations import Reference, find_references
from govrag.statute.names import LawNames

__all__ = ["FollowUps", "dialogue"]

_TURNS = 6  # that are looked back upon
_TOKENS = 1200  # of them together
_LONGEST = 300  # characters that a model may make of a short question
_LAST = 1000  # characters of the question before: a query has its limit
_TOPIC = 4  # words of the last question that are carried

_OPENING = re.compile(r"\A\s*(?:(?:그럼|그러면|그렇다면|그런데|근데|그리고|또한|또|혹시|아니면)[\s,]+)+")
# 파견직은요?, and after an opening also 파견직은?
_ELLIPSIS = re.compile(r"\A(?P<subject>[^?.!]{1,40}?)(?:의\s?경우)?(?:에게는|에서는|에는|은|는|도)?요?\s*[?？.]*\Z")
_CASE = re.compile(r"\A[^?.!]{1,40}?의 경우 ")  # of the question before: another takes its place
_PARTICLE = re.compile(r"(?:은|는|도|경우)(?:요)?\s*[?？.]*\Z")
_CONDITION = re.compile(r"(?:면|라면)요?\s*[?？.]*\Z")
_ASKS = re.compile(r"[?？.!\s]*\Z")
_POINTS = re.compile(
    r"(?<![가-힣])(?:(?P<adnominal>그|이|저|해당|위|위의|동|앞의|그런|이런|그러한|이러한|같은)\s+(?=[가-힣「])(?P<stays>(?:경우|때|법|사람|자|곳|중)(?![가-힣]{2}))?"
    r"|(?:그것|이것|그게|이게|그건|이건|그거|이거|그때|이때|거기|그중|이중|그들|이들)(?![가-힣]{3}))"
)
# 제61조, 같은 법 제5조, 2항; and no sum of money (3조원, 1조 2천억)
_PLACE = re.compile(
    r"(?:(?:그|이|같은|위|해당|동)\s?(?:법률?|조)\s?)?(?<![\d.])"
    r"(?P<place>(?:제\s?)?\d+\s?(?:조(?:\s?의\s?\d+)?(?:\s?(?:제\s?)?\d+\s?항)?|항)(?:\s?(?:제\s?)?\d+\s?호)?)"
    r"(?!\s*[\d원목])"
)
_STEP = re.compile(r"(?:제\s?)?(\d+)\s?([조항호])(?:\s?의\s?(\d+))?")
_LAW = re.compile(r"(?:법|법률|령|규칙|규정|조례|지침|훈령|예규|고시)\Z")
_ENDS_BARE = re.compile(r"(은|는|도)요?\s*[?？.]*\Z")
_NUMBER = re.compile(r"\d[\d,.]*")
_FEW = 2  # words of a subject without a polite ending
_SHORT = 2  # syllables of the shortest word that can be a topic


class FollowUps:
    """Tells follow-ups from questions that stand alone; ``analyse`` gives the content morphemes of a text."""

    def __init__(self, names: LawNames, *, analyse: Callable[[str], list[str]]) -> None:
        self._names = names
        self._analyse = analyse

    def turns(self, question: str, history: Sequence[Answer]) -> tuple[Answer, ...]:
        """Return the turns that a question leans on, in their order: none when it stands alone.

        Turns without an answer, or with a citation that failed, are left out; so are those too far back.
        """
        sound = [one for one in history if _is_sound(one)][-_TURNS:]
        return tuple(sound) if sound and self._leans(question) else ()

    def restated(self, question: str, turns: Sequence[Answer]) -> str:
        """Return the question with what it leaves out, by rules: the topic of the last turn and what that cited."""
        before = (turns[-1].understood or turns[-1].question)[-_LAST:]
        provision = self._provision(turns[-1])
        rest = _OPENING.sub("", question)
        if place := self._place(rest):
            return _placed(rest, place, provision) if provision else f"{before} {rest}"
        found = _ELLIPSIS.match(rest)
        if found and self._is_ellipsis(question) and not _CONDITION.search(rest) and self._words(found["subject"]):
            subject = found["subject"].strip()
            return f"{subject}{'' if subject.endswith('때') else '의 경우'} {_CASE.sub('', _OPENING.sub('', before))}"
        if _CONDITION.search(rest):
            rest = f"{_ASKS.sub('', rest).removesuffix('요')} 어떻게 되나요?"
        if (points := _POINTS.match(rest)) and points["adnominal"] and not points["stays"]:
            rest = rest[points.end() :]
        rest = _ENDS_BARE.sub(r"\1 어떻게 되나요?", rest)
        # Beside the article its topic would only draw back to what was already answered.
        about = provision or " ".join(self._topics(before)[:_TOPIC])
        return f"{about}에 관하여, {rest}" if about else f"{before} {rest}"

    def agrees(self, restated: str, question: str, turns: Sequence[Answer]) -> bool:
        """Tell whether a model's question keeps the words of the one asked, and adds none but the conversation's."""
        if not restated or "\n" in restated or len(restated) > max(_LONGEST, len(question)):
            return False
        spoken = [question, *(_spoken(turn) for turn in turns)]
        if without_links(restated, [question])[1]:
            return False
        asked, said = self._words(question), self._words(restated)
        return asked <= said and said <= self._words("\n".join(spoken))

    # ── does it lean? ─────────────────────────────────────────────────────────────────────────────────────────────

    def _leans(self, question: str) -> bool:
        if self._is_ellipsis(question):
            return True
        rest = _OPENING.sub("", question)
        if self._place(rest):
            return True
        if any(one.law for one in self._cited(question)):
            return False
        points = _POINTS.search(rest)
        if points is not None and not self._topics(rest[: points.start()]):
            return True  # what it points at was not said in the question itself
        return not self._topics(rest)

    def _is_ellipsis(self, question: str) -> bool:
        """Tell whether a question has a subject and nothing that is asked of it: 파견직은요?"""
        opened = _OPENING.match(question)
        rest = _OPENING.sub("", question)
        if not (_PARTICLE.search(rest) or _CONDITION.search(rest)) or not _ELLIPSIS.match(rest):
            return False
        if _CONDITION.search(rest):  # 보조금을 다른 데 쓰면요? says all that it means
            return opened is not None or " " not in rest.strip()
        return _ASKS.sub("", rest).endswith("요") or (opened is not None and len(rest.split()) <= _FEW)

    def _place(self, question: str) -> re.Match[str] | None:
        """Return where a question names a provision without saying of which law: 제61조는?, 같은 법 제5조."""
        named = find_references(question, self._names)
        # 취업규칙 제10조 is of a paper of the asker's own.
        if any(one.law or one.problem == "unknown_law" for one in named):
            return None
        return _PLACE.search(question)

    # ── what it leans on ──────────────────────────────────────────────────────────────────────────────────────────

    def _provision(self, turn: Answer) -> str:
        """Return the article that a turn was about: the one that its question names, or the first that it cites."""
        labels = (one.label for one in turn.citations)
        for text in (turn.understood or turn.question, *labels):
            for one in find_references(text, self._names):
                if one.law and one.locator is not None:
                    return f"{one.law} {one.locator.article_only}"
        return ""

    def _cited(self, text: str) -> list[Reference]:
        """Return the references of a text, without papers that are called by a word that anyone uses (연차휴가)."""
        found = find_references(text, self._names)
        return [one for one in found if one.locator or _LAW.search(one.law or one.law_text)]

    def _topics(self, text: str) -> list[str]:
        """Return the words of a text that say what it is about, as written without their particles."""
        for one in reversed(self._cited(text)):
            text = f"{text[: one.start]} {text[one.end :]}"
        found = []
        for word in re.findall(r"[가-힣A-Za-z0-9]+", text):
            parts = [part for part in self._analyse(word) if part not in _generic()]
            stem = "".join(parts)
            if len(stem) >= _SHORT and word.startswith(stem):
                found.append(stem)
        return list(dict.fromkeys(found))

    def _words(self, text: str) -> set[str]:
        """Return what a text says that its like may not say instead: words that are no mere grammar, and numbers."""
        words = {word for word in self._analyse(text) if len(word) >= _SHORT and word not in _generic()}
        return words | {number.rstrip(".,") for number in _NUMBER.findall(text)}


def _placed(question: str, place: re.Match[str], provision: str) -> str:
    """Return the question with the place given the law, or the article, that it leaves out."""
    steps = _STEP.sub(lambda step: f"제{step[1]}{step[2]}" + (f"의{step[3]}" if step[3] else ""), place["place"])
    steps = steps.replace(" ", "")
    named = f"{provision.rpartition(' ')[0]} {steps}" if "조" in steps else f"{provision}{steps}"
    said = f"{question[: place.start()]}{named}{question[place.end() :]}"
    return _ENDS_BARE.sub(r"\1 무슨 내용인가요?", said)


def dialogue(turns: Sequence[Answer]) -> list[str]:
    """Return what was asked and answered, a text per turn, in their order; the oldest are dropped, the longest cut."""
    told: list[str] = []
    room = _TOKENS
    for turn in reversed(turns):
        lines = [f"질문: {turn.understood or turn.question}"]
        room -= tokens.count(lines[0])
        if room < 0 and told:
            break
        for one in turn.statements:
            room -= tokens.count(one.text)
            if room < 0:
                break
            lines.append(f"답: {one.text}")
        told.append("\n".join(lines))
    return told[::-1]


def _is_sound(turn: Answer) -> bool:
    answered = turn.status in ("answered", "partial") and bool(turn.statements)
    return answered and not any(one.verdict in FAILED_VERDICTS for one in turn.citations)


def _spoken(turn: Answer) -> str:
    return "\n".join((turn.question, turn.understood, turn.text, *(one.label for one in turn.citations)))


@cache
def _generic() -> frozenset[str]:
    """Words that can be said of any topic, as morphemes: 기간, 벌금, 신청, 얼마."""
    text = files("govrag.pipelines").joinpath("data/generic_words.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
