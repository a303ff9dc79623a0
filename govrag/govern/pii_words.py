"""Personal data in words of prepared text: e-mail; names, addresses, birthdays and staff numbers beside a label.

No model reads the sentence: a name is found after 성명, 신청인, 대표자 … and nowhere else; an address with its
동 or 호, or after the label of an address or a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from govrag.govern.pii_kinds import KOREAN, Kind
from govrag.govern.pii_numbers import SIDO, Span, above

# A label is known from the colon, or the border of a table, after it: there are few, and they are found at once.
_MARK = re.compile(r"[:=|](?<=[A-Za-z0-9가-힣). \t].)[ \t]{0,8}\n?[ \t]{0,8}")
_REMARK = r"(?:\([^()\n]{0,10}\))?[ \t]{0,8}"
_LABEL_WIDTH = 32


def _marks(text: str, label: re.Pattern[str]) -> Iterator[int]:
    """Yield where the value begins after each label that a colon or the border of a table follows."""
    for mark in _MARK.finditer(text):
        if label.search(text, max(0, mark.start() - _LABEL_WIDTH), mark.start()):
            yield mark.end()


def _apart(words: str) -> str:
    """Return a pattern of the words, the longest first, their syllables perhaps set apart as forms do (성    명)."""
    ordered = sorted(words.split(), key=len, reverse=True)
    return "(?:" + "|".join("[ ]{0,6}".join(word) for word in ordered) + ")"


# --- names

# Labels after which a person is named, when a colon or the like follows.
_LABELS = (
    "성명 이름 성함 고객명 환자명 신청인 신청자 대표자 대표이사 대표 담당자 담당 책임자 작성자 수신인"
    " 수신자 발신인 발신자 수신 참조 발신 불참 수취인 수령인 예금주 계약자 보험자 수익자 임대인 임차인"
    " 매도인 매수인 위임인 수임인 위탁자 수탁자 민원인 신고인 신고자 고소인 고발인 청구인 진술인 참고인"
    " 피해자 원고 피고 보호자 환자 소유자 보증인 지원자 면접관 참석자 위원장 추천인 승인자 결재자 확인자"
    " 처리자 접수자 상담원 교사 교수 담당의 의사 변호사 전임자 후임자 퇴직자 수상자 수강생 멘토 주문자"
    " 배송기사 가입자 세대주 소장 대리인 감독관 부서장 설계사 매니저 리드 분석가"
)
_NAMED = _apart(_LABELS)
# Labels that name somebody without a colon as well, in a sentence; and those that do above a signature.
_NAMED_DIRECTLY = _apart("성명 성함 대표자 대표이사 사내이사 사외이사 담당자 담당변호사 현장소장 배우자")
_SIGNED = _apart("신청인 신고인 위임인 수임인 청구인 진술인 작성자 보증인 임대인 임차인 매도인 매수인 계약자")
_NUMBERED = r"(?:원|피)[ ]{0,6}고[ ]{0,4}[0-9]\."
# The most frequent surnames and some rare ones (인구총조사 2015, surnames), from memory.
_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추"
    "도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부가복태목형피두감호음빈동온시범좌팽승간상갈라"
    "나단당대돈뢰매묵미비빙삼순아야엽영요운자저점종중증창초춘탄탕판포필학해혁화환후흥곤괴난녹"
)
_LONG_SURNAMES = ("남궁", "황보", "제갈", "사공", "선우", "서문", "독고", "동방")
TITLES = (
    "팀장|과장|대리|주임|사원|차장|부장|본부장|이사|상무|전무|대표|사장|회장|주무관|사무관|서기관|국장|실장"
    "|계장|소장|원장|교수|박사|연구원|선임|책임|변호사|판사|검사|기자|선생|고객|위원|반장|귀하|님|씨"
)
PARTICLE = "(?:님|씨|은|는|이|가|을|를|의|와|과|께|에게|입니다|이며|이고|으로|로)?(?![가-힣])"
_HANGUL = f"(?:[가-힣]{{3}}|[가-힣]{{2}}|(?:{'|'.join(_LONG_SURNAMES)})[가-힣]{{2}})(?={PARTICLE})"
_PERSON = re.compile(
    f"(?P<hangul>{_HANGUL})"
    "|(?P<apart>[가-힣](?:[ ][가-힣]){2}(?![가-힣])|[가-힣]{1,4}(?:[ ][가-힣]{2,5}){2}(?=\n|$))"
    "|(?P<hidden>[가-힣][○●*◇△▲Oo]{1,2}[가-힣]?(?![가-힣]))"
    "|(?P<foreign>[\u3400-\u9fff]{2,5}|[A-Z][A-Za-z'.-]{1,15}(?: [A-Z][A-Za-z'.-]{1,15}){1,3})"
)
_MARKED = re.compile(rf"(?:{_NAMED}|{_NUMBERED}|(?:보내는|받는)[ ]?(?:분|사람)|Attn\.?|(?<![a-z] )Name){_REMARK}$")
_DIRECT = re.compile(
    rf"{_NAMED_DIRECTLY}[ \t]{{1,8}}|{_NUMBERED}\s{{1,8}}"
    rf"|{_SIGNED}[ \t]{{1,8}}(?=[가-힣]{{2,4}}[ \t]{{0,8}}(?:\n|$|\((?:인|서명|날인)))"
)
# In a table: a cell that may be a name, and what must then stand at the head of its column.
_CELL = re.compile(r"\|[ ]*([가-힣A-Z\u3400-\u9fff][가-힣A-Za-z\u3400-\u9fff .○*-]{1,40}?)[ ]*(?=\|)")
_HEAD = re.compile(rf"[ ]*{_NAMED}(?:\([^()\n]{{0,10}}\))?[ ]*$")
_UNIT = re.compile(
    "(?:[가-힣A-Za-z0-9]{1,12}(?:팀|과|부|실|국|처|소|센터|본부|관|청)[ \t]{1,3}){1,2}|(?:Mr|Ms|Mrs|Dr)\\.[ ]?"
)
_NEXT = re.compile(rf"(?:[ \t]?(?:{TITLES})){{0,2}}[ \t]{{0,3}}(?P<mark>[(,、/])[ \t]{{0,3}}")
_ENDS = re.compile(rf"[ \t]{{0,8}}(?:[\n(),|/'\"]|$)|[ \t]?(?:{TITLES})(?![가-힣])")
# What forms and sentences say after such a label, and is nobody.
_OTHERS = (
    "가족 각자 개인 고객 공무원 공소외 구분 국적 기관 기재 기준 기타 내선 내용 담당자 대리인 대법원 대표"
    " 대표자 동의서 매년 명칭 모두 미정 방법 배우자 번호 법인 변경 변호사 별지 별첨 본인 부서 비고 사유"
    " 사항 상동 상호 생년월 서류 서명 성명 성별 성인 소속 소외 소외인 소장 신고 신청 신청인 신청자 안내"
    " 약사 업체 없음 연구원 연락처 영문 원장 위원 위원장 유한회 이사회 이상 이외 이하 인적 자격 장관 전원"
    " 전체 전화 전화번 정보 제출 조합원 종전 주민등 주소지 주식회 지정 직급 직원 직위 직책 진흥원 추후"
    " 판사 한글 한자 해당 확인 회사"
)
_NOBODY = frozenset((*KOREAN.values(), *_LABELS.split(), *TITLES.split("|"), *_OTHERS.split()))


def names(text: str) -> Iterator[Span]:
    """Yield what stands where a name must: several, when they are listed."""
    for place in _marks(text, _MARKED):
        yield from _listed(text, place, marked=True)
    for direct in _DIRECT.finditer(text):
        yield from _listed(text, direct.end(), marked=False)
    for cell in _CELL.finditer(text):
        person = _PERSON.match(text, cell.start(1))
        whole = person is not None and person.end() == cell.end(1)
        if (
            person
            and whole
            and any(map(_HEAD.match, above(text, cell.start(1))))
            and _is_person(person, text, marked=True)
        ):
            yield "NAME", *person.span()


def _listed(text: str, place: int, *, marked: bool) -> Iterator[Span]:
    if unit := _UNIT.match(text, place):
        place = unit.end()
    while (person := _PERSON.match(text, place)) and _is_person(person, text, marked=marked):
        yield "NAME", *person.span()
        following = _NEXT.match(text, person.end())
        if following is None:
            return
        place, marked = following.end(), False


def _is_person(person: re.Match[str], text: str, *, marked: bool) -> bool:
    name = person.group()
    ends = _ENDS.match(text, person.end()) is not None
    if person.lastgroup != "hangul":
        return marked or (ends and person.lastgroup == "foreign")
    if name in _NOBODY or name[:-1] in _NOBODY:
        return False
    known = len(name) > 2 and (name[0] in _SURNAMES or name.startswith(_LONG_SURNAMES))
    if marked and ends:
        return True
    # In a sentence it may be any word: 종전의, 사실을; without a colon a paper: 대표자 증명서, 배우자 초청장.
    return known and (name[-1] not in "는을를의에" if marked else ends and name[-1] not in "는을를의에서장표")


# --- addresses

_PROVINCE = f"(?:{SIDO}|충청[북남]|전라[북남]|경상[북남])(?:특별자치도|특별자치시|특별시|광역시|도|시)?"
_CITY = "(?:[ ]?(?>[가-힣]{1,4}?(?:시|군|구))(?![가-힣]{0,8}(?:로|길)[ ]?[0-9])){1,3}+(?:[ ]?[가-힣0-9]{1,6}(?:읍|면))?"
_NUMBER = "(?:지하[ ]?|산[ ]?)?[0-9]{1,5}(?:(?:-|의[ ]?)[0-9]{1,4})?"
_ROAD = f"[가-힣0-9·.]{{1,14}}(?:로|길)(?:[ ]?[0-9]{{1,4}}번?[가나다라]?길(?:[ ]?{_NUMBER})?|[ ]?{_NUMBER})"
_LOT = f"(?:[가-힣]{{1,5}}로[ ]?[0-9]가|[가-힣0-9]{{1,8}}(?:동|리|가))[ ]?{_NUMBER}(?:번지)?"
_ROOM = "(?:[가-힣A-Z0-9]{1,5}동[ ,]{0,2})?(?:[A-Z]-?)?[0-9]{1,4}(?:-[0-9]{1,3})?호(?![가-힣]*선)"
_PLACE = re.compile(
    rf"(?P<place>{_PROVINCE}{_CITY}[ ]?(?:{_LOT}|{_ROAD})(?:[ ]?\([가-힣0-9, ·]{{1,25}}\))?)"
    rf"(?P<room>(?:[ ,]{{1,2}}[가-힣A-Za-z0-9·-]{{1,20}}){{0,4}}?[ ,]{{1,2}}{_ROOM})?"
)
_LOCATED = re.compile(
    r"(?<!메일)(?<!메일 )(?<!IP)(?<!IP )(?<!지 )(?<!웹)(?:"
    + _apart("주소 소재지 거주지 배송지 전입지 전출지 등록지 본적 주소지 설치장소 현주소 본점 발생지")
    + rf"|Address){_REMARK}$"
)
_POSTCODE = re.compile(r"\(?[0-9]{5}\)?[ ]")
_REST = re.compile(r"(?:[ ,]{1,2}[가-힣A-Za-z0-9·㈜()-]{1,20}){1,6}(?=[ \t]*(?:\n|$|[|,(]))")
_LINE = re.compile(r"(?![가-힣])[^\n|;:]{6,90}(?=\n|$|\|)")  # abroad: in other letters than ours
_NEAR = 60  # characters between the label of a name and an address that is taken for that person's
_NEAR_LABEL = re.compile(rf"{_NAMED}{_REMARK}[:=|]|{_apart('주소 거주지 배송지')}")


def addresses(text: str) -> Iterator[Span]:
    """Yield addresses with a room, or near a label; what a label announces to the end of its line, abroad too."""
    for place in _marks(text, _LOCATED):
        yield from _announced(text, place)
    for found in _PLACE.finditer(text):
        start, end = found.span()
        if found.group("room") or _NEAR_LABEL.search(text[max(0, start - _NEAR) : start]):
            yield "ADDRESS", start, end


def _announced(text: str, start: int) -> Iterator[Span]:
    postcode = _POSTCODE.match(text, start)
    if found := _PLACE.match(text, postcode.end() if postcode else start):
        rest = _REST.match(text, found.end())
        yield "ADDRESS", start, rest.end() if rest else found.end()
    elif (
        (line := _LINE.match(text, start)) and re.search("[0-9]", line.group()) and not re.search("@|//", line.group())
    ):
        yield "ADDRESS", start, start + len(line.group().rstrip())


# --- what has a form of its own, or a label and then one word

_AT = re.compile(r"[ ]?(?:@|\((?:at|골뱅이)\)|\[at\])[ ]?")
_LOCAL = re.compile(r"[A-Za-z0-9*][A-Za-z0-9_.+*%-]{0,63}$")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![A-Za-z0-9])")
_DAY = (
    r"(?:19|20)[0-9]{2}[ ]?[-./년][ ]?[0-9]{1,2}[ ]?[-./월][ ]?[0-9]{1,2}일?"
    r"|[0-9]{2}[ ]?[-./년][ ]?[0-9]{1,2}[ ]?[-./월][ ]?[0-9]{1,2}일?|[0-9]{8}(?![0-9])|[0-9]{6}(?![0-9-])"
)
_BETWEEN = r"(?:\([^()\n]{0,12}\))?[ \t]{0,4}(?:[:=|은는]|번호)?[ \t\n]{0,4}"
_SINGLE: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "BIRTH",
        re.compile(
            rf"(?:{_apart('생년월일 출생일 출생연월일')}|(?<![가-힣])생일|Date of [Bb]irth|DOB){_BETWEEN}({_DAY})"
        ),
    ),
    (
        "MEMBER",
        re.compile(
            rf"{_apart('사번 사원번호 직원번호 교번 학번 군번')}{_BETWEEN}"
            r"([A-Za-z]{0,5}-?[0-9][0-9-]{3,14})(?![0-9])"
        ),
    ),
    (
        "PASSPORT",
        re.compile(rf"{_apart('여권번호')}{_BETWEEN}((?=(?:[A-Z]*[0-9]){{3}})[A-Z0-9]{{7,9}})(?![A-Za-z0-9])"),
    ),
)


def emails(text: str) -> Iterator[Span]:
    """Yield e-mail addresses, partly hidden ones too (h****n@…)."""
    for at in _AT.finditer(text):
        # From the sign outwards: a search from every letter of a long word would be quadratic.
        local = _LOCAL.search(text[max(0, at.start() - 64) : at.start()])
        domain = _DOMAIN.match(text, at.end())
        if local and domain:
            yield "EMAIL", at.start() - len(local.group()), domain.end()


def labelled(text: str) -> Iterator[Span]:
    """Yield birthdays, staff numbers and passports of any country that stand beside their label."""
    for kind, pattern in _SINGLE:
        for match in pattern.finditer(text):
            yield kind, *match.span(1)


def words(text: str) -> Iterable[Span]:
    """Yield all of these, the surest first."""
    for recogniser in (emails, labelled, addresses, names):
        yield from recogniser(text)
