"""What a claim claims, by the noun that it ends with (Korean) or begins with (English)."""

from __future__ import annotations

import re

__all__ = ["category_of", "claimed_noun"]

_OTHER = "물건"
# What works or moves is an apparatus; an article without working parts (용기, 필름, 판) is any other thing.
_APPARATUS = "|".join(
    (
        "장치|디바이스|단말|서버|회로|기구|센서|설비|컴퓨터|프로세서|컨트롤러|모듈|유닛|플랜트|게이트웨이|라우터|키오스크",
        # 처리기, 파종기, 기기; not 포장 용기, 딸기, 도자기
        r"[가-힣](?<![용공고딸무자변식악옹목칠줄크향연전열])기",
        "(?:가공|이식|인식|제연|흡연|발전|충전|집전|송전|변전|가열|예열|발열|방열|착자)기",
        "기계|시계|저울|재봉틀|냉장고|냉동고|에어컨|히터|보일러|오븐|램프|조명등|가로등|반응로|가열로|소각로|전기로|건조로",
        "(?:자동|지게|화물|대|열|전동|전기|이륜|삼륜|사륜|승용|승합|특장|작업|운반|견인|소방|청소|살수|제설|유모|구급)차",
        "차량|트럭|트랙터|트레일러|콤바인|버스|택시|수레|카트|자전거|오토바이|휠체어|킥보드|굴삭기|크레인",
        "선박|함정|잠수정|보트|요트|항공기|비행체|비행선|헬리콥터|드론|위성|로봇|컨베이어|엘리베이터|리프트|호이스트",
        "엔진|모터|펌프|밸브|클러치|브레이크|터빈|실린더|액추에이터|액츄에이터|인버터|컨버터|커넥터|스위치|릴레이|드릴",
        "카메라|안테나|스피커|마이크|마이크로폰|디스플레이|모니터|텔레비전|프린터|스캐너|키보드|스마트폰|휴대폰|태블릿",
        "레이더|라이다|현미경|망원경|도어록|도어락|배터리|전지|소자|트랜지스터|다이오드",
    )
)
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
        ("장치", _APPARATUS),
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
