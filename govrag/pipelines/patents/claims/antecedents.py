"""What a claim calls by 상기, the or said without having named it: in it, or in the claims it refers to.

Words are compared without blanks, particles and reference signs, and an antecedent may say more (압력 센서 … 상기 센서)
or say it in another order: what remains is reported to a person, so that a doubt counts for the claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from govrag.pipelines.patents.claims.wording import choice, pattern, words

__all__ = ["Unnamed", "before_it", "unnamed"]

Unnamed = tuple[int, int]  # offsets in the words of the claim

_FILLER = "\0"  # stands where a reference sign stood, so that a word and its particle stay together
_SIGNS = re.compile(
    r"[ \t]*\(\s*(?:[A-Za-z]{0,3}\d+[A-Za-z']{0,2}(?:\s*[,~∼·ㆍ-]\s*[A-Za-z]{0,3}\d+[A-Za-z']{0,2})*|이하[^()]*)\s*\)"
)
_TOKEN = re.compile(r"[가-힣A-Za-z0-9°%μΩ+/\0-]+|[^\s]")
_LONGEST = 6  # words that a name has
_WINDOW = 30  # characters within which an antecedent says the words of a name in their order
_LEAST_STEM = 2  # syllables a word keeps without its particles
_MOST_PARTICLES = 2  # 끼리의
_ENGLISH_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_ENGLISH_LONGEST = 4
_BEGINNING = 5  # letters by which English words are compared: filtering, filters


def unnamed(text: str, named_before: str, lang: Literal["ko", "en"]) -> Iterator[Unnamed]:
    """Yield each name that a claim takes up and nothing before it gives; each once, in reading order.

    ``named_before`` are the words of the claims that it refers to.
    """
    seen: set[str] = set()
    find = _korean if lang == "ko" else _english
    for start, end in find(text, named_before):
        name = "".join(text[start:end].split())
        if name not in seen:
            seen.add(name)
            yield start, end


def before_it(number: int, texts: Mapping[int, str], refers: Mapping[int, tuple[int, ...]]) -> str:
    """Return the words of every claim that a claim refers to, directly or through others."""
    found: dict[int, None] = {}
    waiting = list(refers.get(number, ()))
    while waiting:
        one = waiting.pop()
        if one != number and one not in found:
            found[one] = None
            waiting.extend(refers.get(one, ()))
    return "\n".join(texts.get(one, "") for one in found)


# -- Korean ----------------------------------------------------------------------------------------------------------


def _korean(text: str, named_before: str) -> Iterator[Unnamed]:
    plain = _SIGNS.sub(lambda match: _FILLER * len(match[0]), text)
    ahead = _SIGNS.sub("", named_before)
    for match in pattern("antecedents", "word").finditer(plain):
        spaced = f"{ahead}\n{plain[: match.start()].replace(_FILLER, '')}"
        name, end = _name(plain, match.end(), spaced)
        closing = _compact(plain[max(end, len(plain) - _WINDOW) :])  # what is claimed is said last of all
        if name and not _is_named(name, _compact(spaced), closing):
            yield match.start(), end


def _name(text: str, start: int, before: str) -> tuple[list[str], int]:
    """Return the words of a name, without the particle of its last, and where it ends; none where nothing is named."""
    found: list[str] = []
    end = start
    for token in _TOKEN.finditer(text, start):
        word = token[0].replace(_FILLER, "")
        if (
            not re.match(r"[가-힣A-Za-z0-9]", word)
            or len(found) == _LONGEST
            or word in ("상기", "및", "또는", "중", "간")
        ):
            break
        if not found and (word in _passed_over() or _particles().sub("", word) in _passed_over()):
            return [], end
        if found and _ends_name(text[end : token.end()], word):
            break
        stem = _stem(word, before)
        describes = pattern("antecedents", "modifier").search(word) and _goes_on(text, token.end())
        if describes and not _is_noun(stem, before):
            found, end = [], token.end()  # what describes need not have been said in these words
            continue
        found.append(_compact(stem))
        end = token.end() - (len(word) - len(stem))
        if stem != word:
            break
    return [word for word in found if word not in words("antecedents", "loose")], end


def _ends_name(spaced: str, word: str) -> bool:
    """Tell whether a word is no more of the name: an amount, a bound, or a particle that a broken line left alone."""
    if pattern("antecedents", "bounds").fullmatch(word) or word[0].isdigit():
        return True
    return "\n" in spaced and _particles().fullmatch(word) is not None


def _goes_on(text: str, at: int) -> bool:
    return re.match(r"\s+[가-힣A-Za-z0-9]", text[at : at + 4]) is not None


def _passed_over() -> frozenset[str]:
    return words("antecedents", "passes_over")


@cache
def _particles() -> re.Pattern[str]:
    return re.compile(rf"{choice('antecedents', 'particles')}\Z")


def _stem(word: str, before: str) -> str:
    """Return a word without its particles. It keeps two syllables, or one that was said as a word: 실을."""
    least = 1 if word[0].isascii() or _is_word(word[0], before) else _LEAST_STEM
    for _ in range(_MOST_PARTICLES):
        ends = [at for at in range(least, len(word)) if _particles().match(word, at)]
        if not ends:
            break
        word = word[: ends[0]]
    return word


def _is_noun(stem: str, before: str) -> bool:
    """Tell whether what looks like a verb was said as a noun: 부하는 after 부하를, 메시지는 after 메시지를."""
    return re.search(rf"{re.escape(stem)}(?:[이가을를의과와에]|으로)?(?![가-힣])", before) is not None


def _is_word(syllable: str, before: str) -> bool:
    return re.search(rf"(?<![가-힣]){syllable}(?:[은는이가을를의과와에로들]|으로)?(?![가-힣])", before) is not None


def _is_named(name: list[str], before: str, closing: str) -> bool:
    whole = "".join(name)
    if whole in before or whole in closing:
        return True
    ordinal = re.match(pattern("antecedents", "ordinal"), whole)
    if ordinal and ordinal.end() < len(whole):
        return _is_one_of(whole[ordinal.end() :], ordinal[0], before)
    return _said(name, before) or _said([part for word in name for part in _parts(word, before)], before)


def _said(words_of_it: list[str], before: str) -> bool:
    return all(word in before for word in words_of_it) and (len(words_of_it) == 1 or _near(words_of_it, before))


def _parts(word: str, before: str) -> tuple[str, ...]:
    """Return the words said apart that a word is made of (분쇄공정 ← 분쇄하는 공정; 측정값 ← 측정), or the word."""
    act = next((word.removesuffix(end) for end in words("antecedents", "derived") if word.endswith(end)), "")
    if len(act) >= _LEAST_STEM and act in before:
        return (act,)
    for at in range(_LEAST_STEM, len(word) - _LEAST_STEM + 1):
        if word[:at] in before and word[at:] in before:
            return word[:at], word[at:]
    return (word,)


def _near(name: list[str], before: str) -> bool:
    """Tell whether the words stand near each other, in any order."""
    head = name[-1]
    for match in re.finditer(re.escape(head), before):
        around = before[max(0, match.start() - _WINDOW) : match.end() + _WINDOW]
        if all(word in around for word in name):
            return True
    return False


def _is_one_of(noun: str, ordinal: str, before: str) -> bool:
    """Tell whether 제2센서 can be taken up: it was listed (제1 및 제2 센서), or the noun bears no number at all."""
    number = re.findall(r"\d+", ordinal)[-1]
    listed = re.compile(rf"제?\d+(?:[,·ㆍ~]|및|내지|또는|과|와)+(?:제?\d+(?:[,·ㆍ~]|및|내지|또는))*제?{number}?")
    for match in re.finditer(re.escape(noun), before):
        lead = before[max(0, match.start() - _WINDOW) : match.start()]
        if not re.search(r"제\d+\Z", lead) or (
            listed.search(lead) and re.search(rf"(?<!\d){number}(?!\d)|내지|~", lead)
        ):
            return True
    return False


def _compact(text: str) -> str:
    return "".join(text.replace(_FILLER, "").replace("들", "").split())


# -- English ---------------------------------------------------------------------------------------------------------


def _english(text: str, named_before: str) -> Iterator[Unnamed]:
    beginnings = _beginnings(named_before)
    settled: set[str] = set()
    read = 0
    for match in pattern("antecedents_en", "word").finditer(text):
        beginnings |= _beginnings(text[read : match.start()])
        read = match.start()
        found = _english_name(text, match.end())
        opens = not read or not text[:read].strip()  # The dryer of claim 1
        if opens or not found or (match[0].lower().startswith("the ") and _is_inherent(text, found[-1][1])):
            continue
        name = [word for word, _ in found]
        if " ".join(name) in settled:
            continue
        settled.add(" ".join(name))
        if not _is_named_in_english(name, beginnings, f"{named_before}\n{text[:read]}"):
            yield read, found[-1][1]


def _beginnings(text: str) -> set[str]:
    return {beginning for word in re.findall(r"[A-Za-z]+", text) for beginning in _both(word.lower())}


def _english_name(text: str, start: int) -> list[tuple[str, int]]:
    """Return the words of a name with where each ends."""
    found: list[tuple[str, int]] = []
    at = start
    while len(found) < _ENGLISH_LONGEST and (match := _ENGLISH_WORD.match(text, at)):
        word = match[0].lower()
        if word in words("antecedents_en", "stops"):
            break
        if not found and word != match[0]:  # the Bluetooth standard, the X-axis: known by their own name
            return []
        if not found and (word in words("antecedents_en", "passes_over") or len(word) < _LEAST_STEM):
            return []
        found.append((word, match.end()))
        blank = re.compile(r"[ \t]+").match(text, match.end())
        if blank is None:
            break
        at = blank.end()
    return found


def _is_inherent(text: str, at: int) -> bool:
    """Tell whether it is a property that a thing has anyhow: the length of the rod."""
    return pattern("antecedents_en", "inherent").match(text, at) is not None


def _is_named_in_english(name: list[str], beginnings: set[str], before: str) -> bool:
    """Tell whether the name was given: its first word was said, or what it names stood there without another name.

    Where a name ends and the verb begins is not known without a parser: the humidity sensor sends.
    """
    said = [any(_is_begun(one, beginnings) for one in _both(word)) for word in name]
    if said[0] or pattern("antecedents_en", "describes").search(name[0]):
        return any(said)
    if not any(said):
        return False
    noun = next(word for word, is_said in zip(name, said, strict=True) if is_said)
    modified = re.compile(rf"\b(?P<lead>[A-Za-z-]+)\s+{re.escape(noun[:_BEGINNING])}", re.IGNORECASE)
    leads = {match["lead"].lower() for match in modified.finditer(before)}
    return not leads or not leads.isdisjoint(words("antecedents_en", "stops") | words("antecedents_en", "bare"))


def _is_begun(beginning: str, beginnings: set[str]) -> bool:
    """Tell whether a word was said, or one word that begins with it: work zone after workzone."""
    if beginning in beginnings:
        return True
    return len(beginning) == _BEGINNING - 1 and any(one.startswith(beginning) for one in beginnings)


def _both(word: str) -> set[str]:
    """Return how a word begins and how its stem does: filters, filtering; link, linking."""
    whole = word.split("-")[0].removesuffix("s")
    stem = pattern("antecedents_en", "endings").sub("", whole)
    return {whole[:_BEGINNING], (stem if len(stem) >= _BEGINNING - 1 else whole)[:_BEGINNING]}
