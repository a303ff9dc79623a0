"""What a claim claims, by the noun that it ends with (Korean) or begins with (English)."""

from __future__ import annotations

import re

__all__ = ["category_of", "claimed_noun"]

_OTHER = "물건"
_KOREAN: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?:{words})$"))
    for name, words in (
        ("기록매체", "매체|메모리장치|기억장치"),
        ("프로그램", "프로그램|프로그램제품|소프트웨어|애플리케이션|어플리케이션"),
        ("시스템", "시스템"),
        ("방법", "방법|공정|공법|제법|제조법|시공법|프로세스"),
        ("용도", "용도|사용"),
        ("조성물", "조성물|혼합물"),
        ("화합물", "화합물|유도체|염|용매화물|수화물|이성질체|에스테르|에스터|프로드럭"),
        (
            "장치",
            "장치|기기|디바이스|단말|단말기|서버|회로|기구|기계|센서|로봇|설비|컴퓨터|프로세서|제어기|컨트롤러|검출기|측정기",
        ),
    )
)
_ENGLISH: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"\b(?:{words})$", re.IGNORECASE))
    for name, words in (
        ("기록매체", r"medium|media|mediums|memory|memories|storage device|storage devices"),
        ("프로그램", r"programs?|software|program product|computer product|application"),
        ("방법", r"method|methods|process|procedure"),
        ("용도", r"use"),
        ("시스템", r"systems?|network"),
        ("조성물", r"compositions?|formulations?|mixture"),
        ("화합물", r"compounds?|salts?|derivatives?"),
        (
            "장치",
            r"apparatus|apparatuses|devices?|circuits?|arrangement|servers?|sensors?|terminal|machine|computers?|"
            r"processors?|controller|equipment|instrument|module|unit",
        ),
    )
)

# What may follow the noun: the formula's legend, a court's remark, a label.
_TRAILING = re.compile(
    r"\(?\s*이하\s*[,‘'“\"].*$|\s*[〈<\[【]\s*(?:화학식|수학식|표|식)|\s*\(?(?:상기|위)\s*(?:일반)?\s*(?:화학)?식\s*(?:[(\d][^,에]*)?(?:에서|중)"
    r"|:\s*\n|\n\s*(?:여기서|여기에서)|:\s*(?:화학식\s|상기\s식|E-)",
    re.DOTALL,
)
_ASIDE = re.compile(r"\s*\([^()]*\)$")
_SENTENCE = re.compile(r"(?<=[가-힣)])\.\s")
_CLAUSE = re.compile(r"[가-힣](?:다|고|며)$")
_BREAK = re.compile(
    r"[,;:(]|\b(?:compris\w*|includ\w*|contain\w*|hav(?:e|ing)|wherein|whereby|which|that|for|of|in|on|to|by|with|from|as|"
    r"according|at|between|using|used|bearing|storing|stored|encoded|configured|adapted|operable|operative|capable|"
    r"performed|executable|executed|is|are|having|tangibly|embodying|being|suitable|implemented by|consisting|"
    r"characterized|providing|if|claims?)\b",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s{2,}")
_STATUS = re.compile(
    r"\A\s*(?:\((?:[A-Z][a-z]+\s?){1,3}\)\s*)?(?:(?:a|an|the|one or more|at least one|in an?)\s+)?", re.IGNORECASE
)


def category_of(text: str) -> str:
    """Return the category of a claim's words: 방법, 장치, 시스템, …; 물건 for any other thing; "" for no words."""
    noun = claimed_noun(text)
    if not noun:
        return ""
    is_korean = re.search(r"[가-힣]", noun) is not None
    compact = noun.replace(" ", "") if is_korean else noun
    return next((name for name, pattern in (_KOREAN if is_korean else _ENGLISH) if pattern.search(compact)), _OTHER)


def claimed_noun(text: str) -> str:
    """Return the words that name what is claimed: the last ones in Korean, in English the first without article."""
    return _last_words(text) if re.search(r"[가-힣]", text) else _first_words(text)


def _last_words(text: str) -> str:
    text = _BLANKS.sub(lambda blanks: "\n" if "\n" in blanks[0] else " ", text)
    trailing = _TRAILING.search(text, 1)
    words = text[: trailing.start()] if trailing else text
    sentence = _SENTENCE.search(words)
    if sentence:
        words = words[: sentence.start()]
    words = words.rstrip(" \t\n.,;:。")
    if _CLAUSE.search(words):  # the noun came first, its steps follow: …의 제조방법; (a) … 고온 연신시킨다.
        words = re.split(r"[;:]?\s*\n|[;:]\s", words, maxsplit=1)[0].rstrip(" .,;:")
    while aside := _ASIDE.search(words):
        words = words[: aside.start()].rstrip()
    return " ".join(words[-40:].split()[-2:])


def _first_words(text: str) -> str:
    status = _STATUS.match(text)
    start = status.end() if status else 0
    end = _BREAK.search(text, start)
    return " ".join(text[start : end.start() if end else len(text)].split()[:12])
