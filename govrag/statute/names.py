"""Law names: from what people write (근기법, 남녀고용평등법 시행령, 소프트웨어산업진흥법) to the library's titles.

Aliases and former names are rows of ``data/law_names.tsv``, each with the days it was in use and its evidence. Nothing
is guessed: a name that could mean two laws of the library resolves to neither, and both are reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

T = TypeVar("T")
Via = Literal["exact", "spacing", "alias", "rename", "short", ""]

# What editions, keyboards and fonts write differently in one name: blanks, middle dots, hyphens, quotes, zero width.
_IGNORED = (
    " \t\n\r\x0b\x0c\x85\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff"
    "ㆍᆞ·・‧･⋅•∙\\-‐‑–—−\"'“”‘’`「」『』｢｣《》〈〉<>"
)
_DROPPED = re.compile(f"[{_IGNORED}]+")
_GAP = re.compile("[ \t\n\r\xa0\u3000ㆍ·・‧･]+")  # what may stand inside a name in running text
_SUBLAW = re.compile(r"(.+?)(시행령|시행규칙)")
# 공공기관의 운영에 관한 법률 → 공공기관운영법: how the ministry itself shortens names.
_LONG = re.compile(r"(.+?)(?:\s*등)?에\s*관한\s*법률")

_WORD = re.compile(r"(?<![가-힣0-9A-Za-z])[가-힣0-9A-Za-z][가-힣0-9A-Za-zㆍ·]")
# What may follow a name that stands without 「」: an article, or a particle; so 의료법인 and 특허법원 are not laws.
_AFTER = re.compile(
    r"(?![가-힣0-9A-Za-z])|제?\s{0,2}\d|별표|별지|부칙|시행령|시행규칙|중?\s?(?:일부|전부)?개정"
    r"|(?:에서?는?|의|은|는|을|를|이|가|과|와|도|만|으?로|및|또는|상의?|등[의에은을]?|이?나|이?란|이?라고?는?|보다|처럼|이?며|이고)"
    r"(?![가-힣0-9A-Za-z])|에[서따의는]|상\s|이?[라란]"
)
_SHORT_NAME = 4  # names up to this long must be written without blanks inside: "상 법" is not 상법


def key(name: str) -> str:
    """Return the match key of a name: NFKC, case folded, without blanks, dots, hyphens, quotes and zero width."""
    key = _DROPPED.sub("", name)
    if not unicodedata.is_normalized("NFKC", key):
        key = unicodedata.normalize("NFKC", _DROPPED.sub("", unicodedata.normalize("NFKC", key)))
    return key.casefold()


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name means; ``title`` is None when nothing or several titles fit, and ``candidates`` are the several."""

    title: str | None
    candidates: tuple[str, ...] = ()
    via: Via = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A law named in running text: ``text[start:end]`` is the name, a following 시행령 or 시행규칙 included."""

    start: int
    end: int
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class _Alias:
    name: str
    title: str
    kind: str
    valid_from: date | None
    valid_to: date | None

    def in_use(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


class LawNames:
    """The names by which the laws of one library can be called."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._titles = frozenset(title for title in titles if title.strip())
        self._by_key: dict[str, tuple[str, ...]] = {}
        for title in sorted(self._titles):
            _append(self._by_key, key(title), title)
        self._aliases: dict[str, tuple[_Alias, ...]] = {}
        for alias in _aliases():
            _append(self._aliases, key(alias.name), alias)
        self._short = _short_names(self._titles)
        # First two characters → lengths of the keys that begin so, longest first: what running text is probed with.
        lengths: dict[str, set[int]] = {}
        for known in (*self._by_key, *self._aliases, *self._short):
            lengths.setdefault(known[:2], set()).add(len(known))
        self._lengths = {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}

    def __contains__(self, title: str) -> bool:
        """Tell whether this exact title is in the library."""
        return title in self._titles

    def resolve(self, name: str, *, as_of: date | None = None) -> Resolution:
        """Return the title that the name means.

        Tried in this order: the title itself, the title with other blanks and dots, an alias or former name, the short
        form of a long title. 시행령 and 시행규칙 may follow any of them. A former name resolves on every day; ``as_of``
        decides only when a name has meant several laws.
        """
        if name in self._titles:
            return Resolution(name, (), "exact")
        wanted = key(name)
        return self._resolve_key(wanted, as_of) or self._resolve_sublaw(wanted, as_of) or Resolution(None)

    def find_names(self, text: str) -> Iterator[Mention]:
        """Yield the laws that the text names, with or without 「」, in reading order; the longest name wins."""
        end = 0
        for word in _WORD.finditer(text):
            start = word.start()
            head = word[0]
            lengths = self._lengths.get(head) or self._lengths.get(key(head) + text[start + 2 : start + 3])
            if lengths is None or start < end:
                continue
            mention = self._mention(text, start, lengths)
            if mention is not None:
                end = mention.end
                yield mention

    def _resolve_key(self, wanted: str, as_of: date | None) -> Resolution | None:
        titles = self._by_key.get(wanted)
        if titles:
            return _one_of(titles, "spacing")
        aliases = [alias for alias in self._aliases.get(wanted, ()) if alias.title in self._titles]
        if as_of is not None and len(aliases) > 1:
            aliases = [alias for alias in aliases if alias.in_use(as_of)] or aliases
        if aliases:
            via: Via = "rename" if aliases[0].kind == "구명칭" else "alias"
            return _one_of(tuple(dict.fromkeys(alias.title for alias in aliases)), via)
        titles = self._short.get(wanted)
        return _one_of(titles, "short") if titles else None

    def _resolve_sublaw(self, wanted: str, as_of: date | None) -> Resolution | None:
        parts = _SUBLAW.fullmatch(wanted)
        base = parts and self._resolve_key(parts[1], as_of)
        if not parts or not base:
            return None
        titles = tuple(
            title
            for law in ((base.title,) if base.title else base.candidates)
            for title in self._by_key.get(key(law) + parts[2], ())
        )
        return _one_of(titles, base.via) if titles else None

    def _mention(self, text: str, start: int, lengths: tuple[int, ...]) -> Mention | None:
        # A name may be written with blanks and dots of its own: half as long again is room enough.
        window = text[start : start + lengths[0] * 3 // 2 + 8]
        squeezed = _GAP.sub("", window).casefold()
        for length in lengths:
            found = self._resolve_key(squeezed[:length], None) if len(squeezed) >= length else None
            if found is None:
                continue
            end = start + _extent(window, length)
            if (length <= _SHORT_NAME and end - start != length) or not _AFTER.match(text, end):
                continue
            tail = _TAIL.match(text, end)
            if tail:
                with_tail = self.resolve(squeezed[:length] + tail[1])
                return Mention(start, tail.end(), with_tail)
            return Mention(start, end, found)
        return None


_TAIL = re.compile(r"\s{0,2}(시행령|시행규칙)(?!안)")


def _extent(window: str, length: int) -> int:
    """Return how many characters of the window hold ``length`` characters of its squeezed form."""
    counted = 0
    for offset, character in enumerate(window):
        if not _GAP.match(character):
            counted += 1
            if counted == length:
                return offset + 1
    return len(window)


def _one_of(titles: tuple[str, ...], via: Via) -> Resolution:
    return Resolution(titles[0], (), via) if len(titles) == 1 else Resolution(None, titles, via)


def _append(table: dict[str, tuple[T, ...]], name: str, value: T) -> None:
    table[name] = (*table.get(name, ()), value)


def _short_names(titles: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return 공공기관운영법 → 공공기관의 운영에 관한 법률 and its like; what fits several titles keeps them all."""
    short: dict[str, tuple[str, ...]] = {}
    for title in sorted(titles):
        if "관한" in title and (long := _LONG.fullmatch(title)):
            stem = long[1]
            for form in {stem, stem.replace("의 ", " "), stem.replace(" 및 ", " "), re.sub("의 | 및 ", " ", stem)}:
                name = key(form) + "법"
                if title not in short.get(name, ()):
                    _append(short, name, title)
    return short


@cache
def _aliases() -> tuple[_Alias, ...]:
    table = files("govrag.statute").joinpath("data/law_names.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return tuple(
        _Alias(name, title, kind, _day(valid_from), _day(valid_to))
        for name, title, kind, valid_from, valid_to, _evidence in rows[1:]
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
