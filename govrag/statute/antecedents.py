"""What a citation can lean on: the laws named and defined so far, and the provision cited last."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

from govrag.statute.locator import Locator
from govrag.statute.names import LawNames, Resolution, key
from govrag.statute.reference import Context, Problem

Role = Literal["법", "영", "규칙"]
Level = Literal["조", "항", "호"]

# What a law is called when it is pointed back at → which of the laws named so far is meant.
ROLES: dict[str, Role] = {
    "법": "법",
    "법률": "법",
    "영": "영",
    "령": "영",
    "시행령": "영",
    "규정": "영",
    "규칙": "규칙",
    "시행규칙": "규칙",
}
_SUFFIX: dict[Role, str] = {"법": "", "영": " 시행령", "규칙": " 시행규칙"}
OTHER_PAPERS = ("조례", "지침", "훈령", "예규", "고시")  # told apart by the end of their names alone
_LAW_END = re.compile(rf"(?:법|법률|령|규칙|규정|{'|'.join(OTHER_PAPERS)})$")
_SUBLAW_END = re.compile(r"\s*(?:시행령|시행규칙)$")
_AMENDING_END = re.compile(r"\s*중?\s*(?:일부|전부)?\s*개정(?:법률|령|규칙)$")


@dataclass(frozen=True, slots=True)
class Law:
    """A law as it was named: its title in the library, or why there is none."""

    title: str | None
    text: str
    problem: Problem = ""
    former: bool = False

    @property
    def role(self) -> Role:
        """Tell by its name whether it is an act, a decree or a rule."""
        name = (self.title or self.text).rstrip()
        return "규칙" if name.endswith("규칙") else "영" if name.endswith(("령", "규정", "직제", "영")) else "법"

    @property
    def family(self) -> str:
        """The name of the act that a decree or rule belongs to, or its own."""
        return _SUBLAW_END.sub("", self.title or self.text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading stands: the provision cited last, or the one that the text belongs to."""

    law: Law | None = None
    article: str = ""
    paragraph: str = ""
    item: str = ""
    subitem: str = ""
    supplement: str = ""

    @property
    def locator(self) -> Locator | None:
        """The place within its law; None without an article."""
        return Locator(self.article, self.paragraph, self.item, self.subitem) if self.article else None

    @property
    def order(self) -> tuple[int, int, int, int, int, str]:
        """A key that sorts places of one law."""
        return Locator(self.article or "0", self.paragraph, self.item, self.subitem).order

    def has(self, level: Level) -> bool:
        """Tell whether the place names this level."""
        return bool({"조": self.article, "항": self.paragraph, "호": self.item}[level])

    def upto(self, level: Level) -> Place:
        """Return the place without anything below this level."""
        paragraph = "" if level == "조" else self.paragraph
        item = self.item if level == "호" else ""
        return replace(self, paragraph=paragraph, item=item, subitem="")

    def at(self, level: Level, number: str) -> Place:
        """Return the place with this number at this level and nothing below it."""
        place = self.upto(level)
        if level == "조":
            return replace(place, article=number)
        return replace(place, paragraph=number) if level == "항" else replace(place, item=number)

    def below(self, element: re.Match[str]) -> Place:
        """Return what an element of the grammar names; the levels above its first are those of this place."""
        group = element.groups()
        if group[0]:
            article, paragraph, item = numeral(group[0], group[1]), numeral(group[2]), numeral(group[3], group[4])
            return Place(self.law, article, paragraph, item, group[5] or "", self.supplement)
        if group[6]:
            paragraph, item = numeral(group[6]), numeral(group[7], group[8])
            return replace(self, paragraph=paragraph, item=item, subitem=group[9] or "")
        if group[10]:
            return replace(self, item=numeral(group[10], group[11]), subitem=group[12] or "")
        return replace(self, subitem=group[13] or "")


def numeral(number: str | None, branch: str | None = None) -> str:
    """Return 60 or 76의2 in plain digits, "" for nothing."""
    if not number:
        return ""
    value = int(number) if number.isdecimal() else int(unicodedata.numeric(number))  # 60 or ⑤
    return str(value) + (f"의{int(branch)}" if branch else "")


class Antecedents:
    """The laws that a text has named and defined so far; ``own`` is the law that the text itself belongs to."""

    def __init__(self, names: LawNames, context: Context | None) -> None:
        self.own = Law(context.law, context.law) if context and context.law else None
        self.defined = {key(name): Law(title, title) for name, title in (context.roles if context else {}).items()}
        self.named: dict[Role, Law] = {}  # the last act, decree and rule
        self.families: dict[str, Law] = {}
        self.last: Law | None = None  # of any kind
        self._names = names

    def mention(self, law: Law) -> None:
        """Take note that the text has named this law; 정관 and 약관 are no laws to point back at with 같은 법."""
        if law.title is None and not _LAW_END.search(law.text):
            return
        self.named = {**self.named, law.role: law}
        self.families.setdefault(law.family, law)
        self.last = law

    def last_act(self) -> Law | None:
        """Return the act of the law named last: in 「A법 시행령」 제74조 및 같은 법 시행규칙, A법."""
        if self.last is None or self.last.role == "법":
            return self.named.get("법")
        return self.law(self.last.family)

    def last_called(self, ending: str) -> Law | None:
        """Return the law named last whose name ends so: 같은 조례 is no 법."""
        return next((law for law in reversed(self.families.values()) if law.family.endswith(ending)), None)

    def law(self, name: str) -> Law:
        """Return the law that a name means here."""
        name = _AMENDING_END.sub("", name) or name
        return self.defined.get(key(name)) or self.resolved(name, self._names.resolve(name))

    def resolved(self, name: str, resolution: Resolution) -> Law:
        """Return the law that a resolution found, or with what problem it did not."""
        if resolution.title:
            return Law(resolution.title, name)
        if known := self.defined.get(key(name)):
            return known
        return Law(None, name, "ambiguous_law" if resolution.candidates else "unknown_law")

    def sublaw(self, law: Law, word: str) -> Law:
        """Return the 시행령 or 시행규칙 of a law."""
        name = f"{law.family} {word}"
        title = self._names.resolve(name).title if law.title else None
        return Law(title, name, "" if title else law.problem or "unknown_law", law.former)

    def by_role(self, word: str) -> Law:
        """Return what 법, 영, 규칙 or 시행령 means: as defined, or of the only family of laws in question."""
        if known := self.defined.get(word):
            return known
        if len(word) > 1 and word[0] == "법":
            return self.sublaw(self.by_role("법"), word[1:].strip())
        role = ROLES[word]
        if self.own and self.own.role == role:
            return self.own
        families = [self.own.family] if self.own else list(self.families)
        if len(families) > 1:
            return Law(None, word, "ambiguous_law")
        for family in families:
            for name in (family + _SUFFIX[role], family):
                law = self.law(name)
                if law.title and law.role == role:
                    return law
        return Law(None, word, "no_antecedent")

    def formerly(self, name: str) -> Law | None:
        """Return the law in 구상법, 구근로기준법: an earlier text of it."""
        title = self._names.resolve(name[1:]).title if name.startswith("구") else None
        return Law(title, name[1:], former=True) if title else None
