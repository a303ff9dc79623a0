"""A paper's words as patterns are written: digits for spelled numbers, Hangul for hanja, half-width signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from govrag.pipelines.labour.contracts.paper import Clause
from govrag.pipelines.labour.speech.quantities import money

__all__ = ["plain_clauses", "plain_words"]

_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: " "}
_HANJA = str.maketrans(
    "甲乙丙賃金勤勞働給與時間休日憩次有無月退職契約書期場所業務支每末圓元分手當空制會社員代表者作成交付週內外"
    "部長曜土火水木始刻終定預口座名義入延夜通常加算公法基準本各保管就第條使用解雇損害賠償違罰除婚姻出産貯蓄積"
    "立豫告卽處及限午前後正翌皆滿以上下超過對續附依別途面事由年歲停自願申懲戒譴責減俸彰賞安全健康診斷敎育訓練"
    "補修母性護兒環境齡身體件改善災扶助疾病家族配偶子女食費品服負擔昇號構決計最低官署慶弔暇深規則意見同聽取半"
    "數從工男運轉整備乘車庫早朝稱左右如記等納控引置離胎中妊娠報失實律險他證爲持方拂振替送現物商賣營店町市郡道"
    "課係室番組輪平均三四五六七八九十百千萬億一二祿米割增率酬收拾貳參壹伍玖遲滯料施設要權利免許可認承諾協議合"
    "委託派遣臨嘱傭試習未不被行地位關項發額障種調査之優機回經履歷進遇在其總論初人勘案測飮酒看做確裁故禁止辯明"
    "連達堂席高起際驗印",
    "갑을병임금근로동급여시간휴일게차유무월퇴직계약서기장소업무지매말원원분수당공제회사원대표자작성교부주내외"
    "부장요토화수목시각종정예구좌명의입연야통상가산공법기준본각보관취제조사용해고손해배상위벌제혼인출산저축적"
    "립예고즉처급한오전후정익개만이상하초과대속부의별도면사유연세정자원신징계견책감봉창상안전건강진단교육훈련"
    "보수모성호아환경령신체건개선재부조질병가족배우자여식비품복부담승호구결계최저관서경조가심규칙의견동청취반"
    "수종공남운전정비승거고조조칭좌우여기등납공인치이태중임신보실실률험타증위지방불진체송현물상매영점정시군도"
    "과계실번조윤평균삼사오육칠팔구십백천만억일이록미할증률수수십이삼일오구지체료시설요권이면허가인승낙협의합"
    "위탁파견임촉용시습미불피행지위관항발액장종조사의우기회경이력진우재기총론초인감안측음주간주확재고금지변명"
    "연달당석고기제험인",
)
_NATIVE = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50,
}  # fmt: skip
_TENS, _ONES = "열|스물|스무|서른|마흔|쉰", "한|두|세|네|다섯|여섯|일곱|여덟|아홉"
_SINO = "[일이삼사오육칠팔구]?십[일이삼사오육칠팔구]?|[일이삼사오육칠팔구]"
_DAYS = {
    "초하루": "1일", "이틀": "2일", "사흘": "3일",
    "나흘": "4일", "닷새": "5일", "엿새": "6일", "열흘": "10일",
    "열닷새": "15일", "보름": "15일", "스무날": "20일", "스무닷새": "25일", "그믐날": "말일", "그믐": "말일",
}  # fmt: skip
_ENGLISH = {
    "working hours": "근로시간", "work hours": "근로시간",
    "contract period": "계약기간", "contract term": "계약기간",
    "annual leave": "연차휴가", "break time": "휴게시간",
    "paid holiday": "유급휴일", "base pay": "기본급",
    "base salary": "기본급", "start date": "입사일", "start": "시작일", "location": "근무장소", "workplace": "근무장소",
    "role": "담당업무",    "position": "담당업무", "duties": "담당업무",
    "payday": "급여일", "pay day": "급여일", "salary": "급여",
    "wage": "임금", "compensation": "임금", "severance": "퇴직금",
    "probation": "수습", "overtime": "연장근로", "ot": "연장근로",
    "break": "휴게", "paid": "유급", "unpaid": "무급",
    "monthly": "월급", "money": "급여", "family": "가족", "safety": "안전", "learning": "직원 교육",
    "discipline": "징계", "leaving": "퇴직",
    "day off": "휴일", "holiday": "휴일", "term": "계약기간",
    "mon": "월", "tue": "화", "wed": "수", "thu": "목", "fri": "금", "sat": "토", "sun": "일",
}  # fmt: skip
_UNSPACED = {word.replace(" ", ""): meant for word, meant in _ENGLISH.items()}
_HUNDREDTH = {"백분의": "100분의", "십분의": "10분의", "이분의": "2분의", "삼분의": "3분의", "오분의": "5분의"}


def plain_clauses(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Return the clauses in plain words; each keeps its place, so that it is still quoted as it stands."""
    return tuple(
        replace(
            one,
            text=plain_words(one.text),
            label=plain_words(one.label),
            before=plain_words(one.before),
            heading=" ".join(map(plain_words, one.heading.split(" "))),
        )
        for one in clauses
    )


def plain_words(text: str) -> str:
    """Return the text in plain words: ``열여덟 시`` is ``18시``, ``이백만 원`` ``2,000,000원``, ``5할`` ``50%``."""
    for pattern, put in _REWRITINGS:
        text = pattern.sub(put, text)
    return text.strip(" \t\n")


def _native(match: re.Match[str]) -> str:
    return f"{_NATIVE.get(match['tens'] or '', 0) + _NATIVE.get(match['ones'] or '', 0)}{match['unit']}"


def _sino(word: str) -> int:
    tens, ten, ones = word.rpartition("십")
    signs = "일이삼사오육칠팔구"
    return (signs.index(tens) + 1 if tens else 1) * 10 * bool(ten) + (signs.index(ones) + 1 if ones else 0)


def _numeral(word: str) -> str:
    """Return a number written in hanja: 二〇二六 is 2026, 廿六 26."""
    signs = "〇一二三四五六七八九"
    if "十" not in word and "廿" not in word:
        return "".join(str(signs.index(sign)) for sign in word)
    tens, _, ones = word.replace("廿", "二十").rpartition("十")
    return str((signs.index(tens[-1]) if tens else 1) * 10 + (signs.index(ones[0]) if ones else 0))


def _won(match: re.Match[str]) -> str:
    sum_ = money(match[0].removeprefix("금").strip())
    return match[0] if sum_ is None or sum_ % 1 else f"{int(sum_):,}원"


def _hanja(match: re.Match[str]) -> str:
    return match[0].translate(_HANJA)


_REWRITINGS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile("[！-～　]"), lambda match: match[0].translate(_WIDTH)),
    (re.compile(r"\*\*|__|`|</?(?:b|u|i|strong|em)>"), ""),
    (re.compile("[〇一二三四五六七八九十廿]+(?=\\s*[年月日時分割個名人歲回週])"), lambda match: _numeral(match[0])),
    (re.compile("(?<=百分之)[一二三四五六七八九十]+"), lambda match: _numeral(match[0])),
    (re.compile("百分之"), "100분의 "),
    (re.compile(r"曜\s*乃至"), "曜日 ~"),
    (re.compile("曜(?!日)"), "曜日"),
    (re.compile("[停定]年"), "정년"),
    (re.compile(r"乃至|及(?=\s)"), "및"),
    (re.compile("正午(?=부터|에)"), "12시"),
    (re.compile(r"(?<=\d)\s*年"), "년"),
    (re.compile(r"(?<![\d.])['’]?([0-3]\d)년\s*(?=\d{1,2}월)"), r"20\1년 "),
    (re.compile(r"(?<!\w)['’]([0-3]\d)\.\s*(?=\d{1,2}\.)"), r"20\1. "),
    (re.compile("年"), "연"),
    (re.compile("[一-鿿]+"), _hanja),
    (
        re.compile(
            "(?<![A-Za-z])(?:" + "|".join(word.replace(" ", r"\s?") for word in _ENGLISH) + ")(?![A-Za-z])",
            re.IGNORECASE,
        ),
        lambda match: _UNSPACED[re.sub(r"\s", "", match[0].lower())],
    ),
    (re.compile(r"(?<![A-Za-z])(?:AM|am|a\.m\.)\s*(?=\d)"), "오전 "),
    (re.compile(r"(?<![A-Za-z])(?:PM|pm|p\.m\.)\s*(?=\d)"), "오후 "),
    (re.compile(r"(\d{1,2}(?::\d\d)?)\s*(?:AM|am)(?![A-Za-z])"), r"오전 \1시"),
    (re.compile(r"(\d{1,2}(?::\d\d)?)\s*(?:PM|pm)(?![A-Za-z])"), r"오후 \1시"),
    (re.compile(r"(:\d\d)시"), r"\1"),
    (re.compile(r"(?<=\d)\s*(?:hours?|hrs?|[hH])(?![A-Za-z])"), "시간"),
    (re.compile(r"(?<=\d)\s*(?:minutes?|mins?)(?![A-Za-z])"), "분"),
    (re.compile(r"(?<![\d:.])(\d{1,2})\s*([~∼〜\-–])\s*(\d{1,2})\s*시(?!간)"), r"\1시\2\3시"),
    (
        re.compile(
            rf"(?<![가-힣])(?<![로무]를 )(?<![업일]을 )(?P<tens>{_TENS})?\s?(?P<ones>{_ONES})?\s?(?P<unit>시(?!적"
            rf"|기|급|점|효|작|행)|명(?!의|절|세|시|함|단|령))"
        ),
        lambda match: _native(match) if match["tens"] or match["ones"] else match[0],
    ),
    (
        re.compile(rf"(?<![가-힣\d])(?P<word>{_SINO})\s?(?P<unit>시간|분(?!의|기|할|실|류|납|담|쟁|야)|퍼센트|개월)"),
        lambda match: f"{_sino(match['word'])}{match['unit']}",
    ),
    (
        re.compile(rf"(?<=[월달])\s?({_SINO})일(?=[에까은\s,.]|$)"),
        lambda match: f" {_sino(match[1])}일",
    ),
    (re.compile(r"(\d+)\s*시간\s*반(?![가-힣])"), r"\1.5시간"),
    (re.compile(r"(?<![가-힣])반\s?시간"), "30분"),
    (re.compile(r"(\d)\s*할(?!\s*(?:것|때|수|인|증|부))"), r"\g<1>0%"),
    (
        re.compile(r"(?<![가-힣])([일이삼사오육칠팔구])\s?할(?=\s*(?:이상|을|의|로|씩|만|까지|,|\.|$))"),
        lambda match: f"{_sino(match[1])}0%",
    ),
    (re.compile("|".join(_HUNDREDTH)), lambda match: _HUNDREDTH[match[0]]),
    (
        re.compile(rf"(?<=분의)\s?({_SINO})(?![가-힣]{{2}})"),
        lambda match: f" {_sino(match[1])}",
    ),
    (
        re.compile(rf"(?<![가-힣])(?:{'|'.join(sorted(_DAYS, key=len, reverse=True))})"),
        lambda match: _DAYS[match[0]],
    ),
    (
        re.compile(
            r"(?<![가-힣\d,.])(?:금\s*)?(?=[일이삼사오육칠팔구\d,.]*[십백천만억])[일이삼사오육칠팔구십백천만억\d,.]{1,16}"
            r"(?:\s?[일이삼사오육칠팔구십백천만\d,]{1,10})?\s*원(?![가-힣]{3}|칙|인|장)"
        ),
        _won,
    ),
    (
        re.compile(r"(?<![가-힣\d,.])\d[\d,.]*\s?만(?=\s*(?:\(|,|\.|을|씩|으로|이며|$))"),
        lambda match: _won(match) if "만" in match[0] else match[0],
    ),
)  # each in its turn
