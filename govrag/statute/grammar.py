"""How Korean legal writing spells a citation: the patterns, each linear in the length of what it reads.

Blanks between the parts of one citation are bounded, numbers have at most four digits, and no repetition is nested.
"""

from __future__ import annotations

import re

_B = r"[ \t\xa0\u3000]{0,3}(?:\r?\n[ \t]{0,8})?"  # a citation may be broken over two lines, never over a paragraph
_N = r"\d{1,4}(?!\d)"
_SUBITEMS = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호"

_BRANCH = (
    rf"(?:의[ \t]?|[ \t]{{1,2}}의[ \t]?)(\d{{1,3}})(?!\d|{_B}(?:[개배분명년월일회인퍼%항호조억만천]|{_B}차(?!목)|번째))"
)
_ITEM_END = rf"(?![선기차실봉텔대](?!목)|{_B}(?:서식|양식))"
_ARTICLE = rf"({_N}){_B}조(?![합정직례각]|[ ]?원)(?:{_BRANCH})?"
_PARAGRAPH = rf"({_N}){_B}항(?![목공만해로생])"
# Below an article, requests for proposals also write 제47조⑤.
_PARAGRAPH_OF_ARTICLE = rf"({_N}(?={_B}항)|[①-⑳](?={_B}항)|(?<=[조\d])[①-⑳])(?:{_B}항(?![목공만해로생]))?"
_ITEM = rf"({_N}){_B}호(?:{_BRANCH})?{_ITEM_END}"
_SUBITEM = rf"[(（]?([{_SUBITEMS}])[)）]?목(?![적록표재차구])"  # courts write (가)목


def _levels(je: str) -> str:
    """Return the pattern of 조 [항] [호] [목], 항 [호] [목], 호 [목] or 목; ``je`` spells 제 before the first."""
    item = rf"(?:{_B}(?:제{_B})?{_ITEM})?(?:{_B}{_SUBITEM})?"
    paragraph = rf"(?:{_B}(?:의{_B})?(?:제{_B})?{_PARAGRAPH_OF_ARTICLE})?"
    return (
        rf"(?:{je}{_ARTICLE}{paragraph}{item}"
        rf"|{je}{_PARAGRAPH}{item}"
        rf"|{je}{_ITEM}(?:{_B}{_SUBITEM})?"
        rf"|{_SUBITEM})"
    )


# Groups of both: 1-6 article, branch, paragraph, item, branch, subitem · 7-10 paragraph, item, branch, subitem ·
# 11-13 item, branch, subitem · 14 subitem.
ELEMENT = re.compile(_levels(rf"제{_B}"))
LOOSE_ELEMENT = re.compile(_levels(rf"(?:제{_B})?"))  # after a law's name or in its list: 60조 2항

_PARTS = r"각[ ]?호[ ]?외의[ ]?부분|각[ ]?[호목](?:의[ ]?(?:어느[ ]?하나|1(?!\d)))?|본문|단서|전단|후단"
PART = re.compile(rf"{_B}(?:의[ ])?({_PARTS})(?![가-힣]?지\b)")
# 제1, 2항 and 제3ㆍ4호: several numbers before one unit.
NUMBERS = re.compile(rf"(?:제{_B})?(\d{{1,3}}(?:{_B}[,ㆍ·・]{_B}\d{{1,3}}){{1,12}}){_B}([조항호])(?![합정직례목])")
NUMBER = re.compile(r"\d{1,3}")

BLANK = re.compile(_B)
AND = re.compile(rf"{_B}(?:,{_B}(?:및|또는|그리고)?|[ㆍ·・‧]|및|또는|그리고|혹은|이?나|와|과){_B}")
TO = re.compile(rf"{_B}(?:부터|내지|[~∼～〜\-–]){_B}")
UNTIL = re.compile(r"[ ]?까지")

SUBLAW = re.compile(r"[ \t]{0,2}(시행령|시행규칙)(?![안가-힣]{2})")
AMENDING = re.compile(r"[ \t]{0,2}중?[ \t]?(?:일부|전부)?[ \t]?개정(?:법률|령|규칙)")
BEFORE_LOCATOR = re.compile(rf"[\"”’'』》〉>」｣]?(?:상의?|의|중|에서?)?{_B}")
AMENDED = re.compile(r"[\"”’'」｣]?[ ]?(?:중|(?:중[ ]?)?일부를)[ ]?다음과[ ]?같이[ ]?개정한다")
SUPPLEMENT = re.compile(
    r"[ \t]{0,2}부칙(?:[ \t]?[<〈〔(（]?[ \t]?((?:법률|대통령령|[가-힣]{2,8}령)?[ \t]?제\d{1,6}호"
    r"[^>〉〕)）\n「」]{0,24})[>〉〕)）])?"
    rf"(?={_B}제{_B}\d)"
)
PROMULGATION = re.compile(r"(?:법률|[가-힣]{2,10}령|[가-힣]{2,8}규칙)[ ]?제(\d{1,6})호[ ]?[「｢]?\Z")
DEFINITION = re.compile(
    r"[(（][^()（）\"“‘'「\n]{0,40}[\"“‘'「]([^\"”’'」\n]{1,40})[\"”’'」]"
    r"(?:[ ]?이?라고?만?|[ ]?으?로)[ ]?(?:한|함|하|약칭|부)"
)
FORMER_NOTE = re.compile(r"[(（][^()（）\n]{0,60}(?:되기|하기)[ ]?(?:이?전의?|전에)")
FORMER_WORD = re.compile(r"(?:(?<![가-힣])구|종전의?|개정[ ]?전의?|폐지된)[ ]?[「｢]?\Z")

# What may follow 같은 법, 이 조: the end of the word, a particle or a lower level; so 같은 법원, 이 조치 are words.
_FOLLOW = (
    r"(?![가-힣A-Za-z0-9])|(?:에서?|에[는도]|의|은|는|을|를|이|가|과|와|도|상|부터|까지)(?![가-힣])|에[ ]?따|에[ ]?의"
    r"|제[ ]?\d|시행|부칙|및|또는|본문|단서|전단|후단|각[ ]?[호목]|[가-하]목"
)
# 동조, 전항 and their like are also ordinary words (동조하다, 전호): here only what cites may follow.
_CITING = (
    r"[ ]?(?:제[ ]?\d|각[ ]?[호목]|본문|단서|전단|후단|[가-하]목"
    r"|에[ ]?(?:따|의[ 하해]|서|도)|의[ ]?(?:규정|개정|경우)|및|또는|내지)"
)
_LAWS = "시행령|시행규칙|법률|법|영|령|규칙|규정|조례|지침|훈령|예규|고시"

_ALTERNATIVES = {
    "quoted": r"[「｢『][^「」｢｣『』\n]{1,150}[」｣』]",
    "open": r"[(（]",
    "close": r"[)）]",
    "same": (
        rf"(?<![가-힣])(?:같은[ ]?(?:{_LAWS}|조|항|호)(?={_FOLLOW})|(?:동|위|상기)[ ]?(?:{_LAWS})(?={_FOLLOW})"
        rf"|동[ ]?[조항호](?={_CITING}))"
    ),
    "this": rf"(?<![가-힣])(?:이[ ]|본[ ]?)(?:법률|법|영|령|규칙|규정|조|항|호)(?={_FOLLOW})",
    "before": rf"(?<![가-힣])전[ ]?\d{{0,2}}[ ]?[조항호](?={_CITING})",
    "supplement": SUPPLEMENT.pattern.replace("[ \\t]{0,2}부칙(?:", "(?<![가-힣])부칙(?:", 1),
    "role": (
        r"(?<![가-힣A-Za-z0-9])(?:구[ ]?|현행[ ]?)?(?:법(?:[ ]?(?:시행령|시행규칙))?|영|규칙|시행령|시행규칙)"
        rf"(?={_B}(?:제{_B}\d|\d{{1,4}}조|부칙[ ]?제))"
    ),
    "element": (
        rf"제{_B}\d{{1,4}}{_B}(?:[조항호]|[,ㆍ·・]{_B}\d)"
        rf"|(?<![가-힣\d.,])\d{{1,4}}[ ]?조(?:의[ ]?\d{{1,2}})?[ ]?(?:제[ ]?)?\d{{1,2}}[ ]?항"
    ),
    "subitem": r"(?<![가-힣])[가나다라마바사아자차카타파하]목(?=[ ,ㆍ·에의을를과와)]|및|부터|내지|\Z)",
}
_MARKS = r"^[ \t#*]{0,12}(?:[①-⑳㉑-㉟]|\d{1,3}(?:의\d{1,2})?\\?\.[ ])"


def _tokens(alternatives: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in alternatives.items()), re.MULTILINE)


TOKEN = _tokens(_ALTERNATIVES)
TOKEN_IN_STATUTE = _tokens({"mark": _MARKS, **_ALTERNATIVES})

# 제60조(연차 유급휴가) and 제35조 삭제 at the beginning of a line are the article itself, not a citation of it.
HEADING = re.compile(
    r"[ \t]?(?:[(（][^()（）\n]{1,80}(?:[(（][^()（）\n]{0,40}[)）][^()（）\n]{0,40})?[)）]|삭제)"
    r"(?![가-힣,ㆍ·])(?![ ]?(?:및|또는|에[ ]))"
)
LINE_START = re.compile(r"(?:\A|\n)[ \t]*(#{0,6})[ \t]*\Z")

# The last word before an article, when it is a document: its articles are not those of the law named before.
LAST_WORD = re.compile(r"[가-힣A-Za-z0-9ㆍ·]{1,40}\Z")
DOCUMENT_WORD = re.compile(
    r".*(?:법률?|헌법|[가-힣]령|규칙|규정|조례|규약|정관|약관|협약|협정|조약|헌장|계약서?|지침|고시|훈령|예규|기준|요령|요강|준칙"
    r"|조건|내규|선언|의정서|강령|직제)"
)
ORDINARY_WORD = re.compile(r".*(?:[방불위합편입사문어용기수해요적]법|설령|명령|수령|사령|점령)")
LONG_NAME = re.compile(
    r"(?:(?:와|과|이?나|및|또는|그리고)[ ])?(?:구[ ]|종전의[ ])?([^\n,.;:()（）「」\"“”①-⑳]{1,60}(?:에|과|와)[ ]관한[ ]"
    r"(?:법률|특별법|특례법|특별조치법|임시조치법|규칙|규정|조례)(?:[ ]시행령|[ ]시행규칙)?)\Z"
)
# 도로운송차량법(1980. 12. 31. 법률 제3307호) 제50조: a note between a name and its article.
NOTE = re.compile(r"[(（][^()（）\n]{0,80}(?:법률|령|규칙|개정|이하)[^()（）\n]{0,60}[)）]\Z")
# 법률 제1234호, 별지 제3호, 청구항 제1항: numbers that are no provisions.
NUMBERED_THING = re.compile(
    r"(?:법률|령|고시|훈령|예규|공고|규칙|지침|조례|별지|별표[ ]?\d{0,3}(?:의\d)?|비고|[<〈]|서식|의안|사건|도면|그림"
    r"|청구항|청구범위|등기|허가|접수|증)[ ]?\Z"
)
