"""Fifteen invented inventions, written out in each form in which offices hand patents over."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Invention:
    serial: int
    thing: str
    english: str
    parts: tuple[str, ...]
    classes: tuple[str, ...]
    verb: str  # of its method
    applicant: str
    inventors: tuple[str, ...]

    @property
    def application(self) -> str:
        return f"10-2021-{self.serial:07}"

    @property
    def publication(self) -> str:
        return f"10-2023-{self.serial + 100:07}"

    @property
    def claims(self) -> tuple[str, ...]:
        first, *others = self.parts
        return (
            f"{first}; {'; '.join(others)}를 포함하는 {self.thing}.",
            f"제1항에 있어서, 상기 {first}는 금속인 {self.thing}.",
            "삭제",
            f"제1항 또는 제2항에 있어서, 표시부를 더 포함하는 {self.thing}.",
            f"제1항, 제2항 및 제4항 중 어느 한 항에 따른 {self.thing}를 이용하는 {self.verb} 방법.",
            f"제5항에 있어서, 상기 단계를 두 번 되풀이하는 {self.verb} 방법.",
        )

    @property
    def paragraphs(self) -> dict[str, tuple[str, ...]]:
        return {
            "기술분야": (f"본 발명은 {self.thing}에 관한 것이다.",),
            "발명의 배경이 되는 기술": ("종래의 것은 무겁고 느렸다.", "그래서 쓰는 사람이 적었다."),
            "해결하려는 과제": (f"가볍고 빠른 {self.thing}를 내놓는 것이 목적이다.",),
            "과제의 해결 수단": (f"{self.parts[0]}와 {self.parts[1]}를 맞붙인다.",),
            "발명의 효과": ("무게가 반으로 준다.",),
            "도면의 간단한 설명": ("도 1은 구성도이다.",),
            "발명을 실시하기 위한 구체적인 내용": (
                f"이하 {self.thing}를 자세히 설명한다.",
                "실시예는 권리범위를 제한하지 않는다.",
            ),
        }


_ROWS = (
    ("곡물 수분 측정 장치", "GRAIN MOISTURE METER", "통|전극|측정부", "G01N27/22", "곡물 건조"),
    ("접이식 우산 건조기", "UMBRELLA DRYER", "송풍기|걸이|물받이", "F26B9/00|A45B25/24", "우산 건조"),
    ("버스 좌석 점유 감지 시스템", "SEAT OCCUPANCY SYSTEM", "압력 센서|통신부|서버", "G08G1/123", "좌석 안내"),
    ("온실 환기창 개폐 장치", "GREENHOUSE VENT OPENER", "모터|랙|창틀", "A01G9/24", "환기창 개폐"),
    ("손떨림 보정 숟가락", "STABILISED SPOON", "손잡이|가속도계|구동부", "A47G21/08", "손떨림 보정"),
    ("하수관 누수 탐지 로봇", "SEWER LEAK ROBOT", "주행부|음향 센서|제어부", "F17D5/06|B25J5/00", "누수 탐지"),
    ("전기자전거 제동 회로", "E-BIKE BRAKE CIRCUIT", "스위치|저항|컨덴서", "B62L3/00", "회생 제동"),
    ("약 복용 알림 단말", "PILL REMINDER TERMINAL", "시계|스피커|버튼", "G16H20/13", "복용 알림"),
    ("버섯 배지 혼합 장치", "MUSHROOM SUBSTRATE MIXER", "혼합조|교반날|투입구", "A01G18/20", "배지 혼합"),
    ("터널 조명 제어 시스템", "TUNNEL LIGHTING SYSTEM", "조도계|제어기|등기구", "H05B47/11", "조명 제어"),
    ("미세먼지 차단 방충망", "DUST SCREEN", "틀|망|전극", "E06B9/52", "먼지 제거"),
    ("김치 염도 조절 용기", "KIMCHI SALINITY CONTAINER", "용기|염도계|덮개", "A23B7/10", "염도 조절"),
    ("지게차 충돌 경보 장치", "FORKLIFT ALARM", "거리 센서|경광등|스피커", "B66F17/00", "충돌 경보"),
    ("악보 자동 넘김 장치", "PAGE TURNER", "팔|흡착판|페달", "G10G7/00", "악보 넘김"),
    ("염색 폐수 처리 장치", "DYE WASTEWATER UNIT", "반응조|필터|펌프", "C02F9/00|C02F101/30", "폐수 처리"),
)
INVENTIONS = tuple(
    Invention(
        serial=1200 + 17 * at,
        thing=thing,
        english=english,
        parts=tuple(parts.split("|")),
        classes=tuple(classes.split("|")),
        verb=verb,
        applicant=f"주식회사 가온{at + 1}",
        inventors=("김가람", "이나래"),
    )
    for at, (thing, english, parts, classes, verb) in enumerate(_ROWS)
)
_TAGS = {
    "기술분야": ("technical-field",),
    "발명의 배경이 되는 기술": ("background-art",),
    "해결하려는 과제": ("summary-of-invention", "tech-problem"),
    "과제의 해결 수단": ("summary-of-invention", "tech-solution"),
    "발명의 효과": ("summary-of-invention", "advantageous-effects"),
    "도면의 간단한 설명": ("description-of-drawings",),
    "발명을 실시하기 위한 구체적인 내용": ("description-of-embodiments",),
}
_PASCAL = {
    "technical-field": "TechnicalField", "background-art": "BackgroundArt", "summary-of-invention": "InventionSummary",
    "tech-problem": "TechnicalProblem", "tech-solution": "TechnicalSolution",
    "advantageous-effects": "AdvantageousEffects",
    "description-of-drawings": "DrawingDescription", "description-of-embodiments": "EmbodimentDescription",
}  # fmt: skip


def compact(number: str) -> str:
    return number.replace("-", "")


def as_text(one: Invention) -> str:
    """A specification as it is filed, with 【 】 anchors."""
    lines = ["【발명의 설명】", "【발명의 명칭】", f"{one.thing}{{{one.english}}}"]
    count = 0
    for heading, words in one.paragraphs.items():
        if heading == "해결하려는 과제":
            lines.append("【발명의 내용】")
        lines.append(f"【{heading}】")
        for word in words:
            count += 1
            lines.append(f"[{count:04}] {word}")
    lines += ["【청구범위】"]
    for number, claim in enumerate(one.claims, 1):
        lines += [f"【청구항 {number}】", claim]
    lines += ["【요약서】", "【요약】", f"{one.thing}가 개시된다.", "【대표도】", "도 1", "【도면】", "【도 1】", ""]
    return "\n".join(lines)


def as_gazette(one: Invention) -> str:
    """The text of a published application, as it comes out of the gazette's PDF."""
    lines = [
        "(19) 대한민국특허청(KR)", "(12) 공개특허공보(A)", f"(11) 공개번호 {one.publication}",
        "(43) 공개일자 2023년03월02일",
        "(51) 국제특허분류(Int. Cl.)", " ".join(f"{symbol[:4]} {symbol[4:]} (2006.01)" for symbol in one.classes),
        f"(21) 출원번호 {one.application}", "(22) 출원일자 2021년08월30일",
        "심사청구일자 2021년08월30일", "(71) 출원인",
        one.applicant, "세종특별자치시 없는길 1", "(72) 발명자", *one.inventors, "(54) 발명의 명칭 " + one.thing,
        "(57) 요 약",
        f"{one.thing}가 개시된다.", "명 세 서", "청구범위",
    ]  # fmt: skip
    for number, claim in enumerate(one.claims, 1):
        lines += [f"청구항 {number}", claim]
    lines.append("발명의 설명")
    count = 0
    for heading, words in one.paragraphs.items():
        lines.append(" ".join(heading) if heading == "기술분야" else heading)
        for word in words:
            count += 1
            lines.append(f"[{count:04}] {word}")
    return "\n".join(lines) + "\n"


def as_kipris(one: Invention) -> bytes:
    """A detail answer of KIPRIS Plus, blank lines after the declaration included."""
    item = {
        "biblioSummaryInfo": {
            "applicationNumber": one.application, "applicationDate": "2021.08.30", "inventionTitle": one.thing,
            "inventionTitleEng": one.english, "openNumber": one.publication, "openDate": "2023.03.02",
            "registerNumber": "", "registerDate": "", "registerStatus": "공개", "claimCount": str(len(one.claims)),
        },
        "abstractInfo": {"astrtCont": f"{one.thing}가 개시된다."},
    }  # fmt: skip
    body = "".join(
        f"<{group}Array><{group}>{_fields(values)}</{group}></{group}Array>" for group, values in item.items()
    )
    body += _group(
        "ipcInfo", [{"ipcNumber": f"{symbol[:4]} {symbol[4:]}", "ipcDate": "(2006.01)"} for symbol in one.classes]
    )
    body += _group("claimInfo", [{"claim": f"{number}. {claim}"} for number, claim in enumerate(one.claims, 1)])
    body += _group("applicantInfo", [{"name": one.applicant, "address": "세종특별자치시"}])
    body += _group("inventorInfo", [{"name": name} for name in one.inventors])
    body += _group("priorArtDocumentsInfo", [{"documentsNumber": "KR1020180001234 A*", "examinerQuotationFlag": "Y"}])
    body += "<familyInfoArray><familyInfo/></familyInfoArray>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n\n\n<response><header>'
        "<successYN>Y</successYN><resultCode>00</resultCode>"
        f"<resultMsg>NORMAL SERVICE.</resultMsg></header><body><item>{body}</item></body></response>"
    ).encode()


def as_kipo(one: Invention) -> bytes:
    """The XML of KIPO's e-filing editor."""
    count = 0
    body = ""
    for heading, words in one.paragraphs.items():
        paragraphs = ""
        for word in words:
            count += 1
            paragraphs += f'<p num="{count:04}">{escape(word)}</p>'
        *outer, tag = _TAGS[heading]
        opening = "".join(f"<{name}>" for name in outer) if heading == "해결하려는 과제" else ""
        closing = "".join(f"</{name}>" for name in outer) if heading == "발명의 효과" else ""
        body += f"{opening}<{tag}>{paragraphs}</{tag}>{closing}"
    claims = "".join(
        f'<claim num="{number}"><claim-text>{escape(claim).replace("; ", ";<br/>")}</claim-text></claim>'
        for number, claim in enumerate(one.claims, 1)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<KIPO keapsVersion="1" xmlns="http://www.kipo.go.kr"><PatentCAFDOC>'
        f"<description><invention-title>{one.thing}{{{one.english}}}</invention-title>{body}</description>"
        f'<claims>{claims}</claims><abstract><summary><p num="0001a">{one.thing}가 개시된다.</p></summary></abstract>'
        '<drawings><figure num="1"><img file="a.jpg"/></figure></drawings></PatentCAFDOC></KIPO>'
    ).encode()


def as_st36(one: Invention) -> bytes:
    """ST.36 with a DOCTYPE that names its DTD, as offices write it."""
    classes = "".join(
        f"<classification-ipcr><section>{symbol[0]}</section><class>{symbol[1:3]}</class><subclass>{symbol[3]}</subclass>"
        f"<main-group>{symbol[4:].split('/')[0]}</main-group><subgroup>{symbol.split('/')[1]}</subgroup></classification-ipcr>"
        for symbol in one.classes
    )
    names = "".join(f"<inventor><addressbook><name>{name}</name></addressbook></inventor>" for name in one.inventors)
    xml = as_kipo(one).decode()
    body = xml[xml.index("<description>") : xml.index("<drawings>")]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE patent-document SYSTEM "patent-document.dtd" [ ]>\n'
        '<patent-document lang="ko" country="KR"><bibliographic-data><publication-reference>'
        "<document-id><country>KR</country>"
        f"<doc-number>{compact(one.publication)}</doc-number><kind>A</kind><date>20230302</date></document-id>"
        "</publication-reference><application-reference><document-id><country>KR</country>"
        f"<doc-number>{compact(one.application)}</doc-number><date>20210830</date></document-id></application-reference>"
        f"<classifications-ipcr>{classes}</classifications-ipcr>"
        "<priority-claims><priority-claim><country>US</country><doc-number>63123456</doc-number><date>20200901</date>"
        "</priority-claim></priority-claims><references-cited><citation><patcit><document-id><country>JP</country>"
        "<doc-number>2015123456</doc-number><kind>A</kind></document-id></patcit></citation></references-cited>"
        f"<parties><applicants><applicant><addressbook><orgname>{one.applicant}</orgname></addressbook></applicant></applicants>"
        f"<inventors>{names}</inventors></parties></bibliographic-data>{body}</patent-document>"
    ).encode()


def as_st96(one: Invention) -> bytes:
    """ST.96 with an office's own prefix beside WIPO's."""
    count = 0
    body = ""
    for heading, words in one.paragraphs.items():
        paragraphs = ""
        for word in words:
            count += 1
            paragraphs += f'<com:P com:pNumber="{count:04}">{escape(word)}</com:P>'
        *outer, tag = (_PASCAL[name] for name in _TAGS[heading])
        opening = "".join(f"<pat:{name}>" for name in outer) if heading == "해결하려는 과제" else ""
        closing = "".join(f"</pat:{name}>" for name in outer) if heading == "발명의 효과" else ""
        body += f"{opening}<pat:{tag}>{paragraphs}</pat:{tag}>{closing}"
    claims = "".join(
        f'<pat:Claim com:id="CLM-{number:05}"><pat:ClaimNumber>{number}</pat:ClaimNumber>'
        f"<pat:ClaimText>{escape(claim)}</pat:ClaimText></pat:Claim>"
        for number, claim in enumerate(one.claims, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<krpat:UnexaminedPatentPublication '
        'xmlns:krpat="urn:kr:gov:doc:kipo:patent" '
        'xmlns:pat="http://www.wipo.int/standards/XMLSchema/ST96/Patent" '
        'xmlns:com="http://www.wipo.int/standards/XMLSchema/ST96/Common"><krpat:BibliographicData>'
        "<pat:PatentPublicationIdentification><com:IPOfficeCode>KR</com:IPOfficeCode>"
        f"<pat:PublicationNumber>{one.publication}</pat:PublicationNumber>"
        "<com:PatentDocumentKindCode>A</com:PatentDocumentKindCode><com:PublicationDate>2023-03-02</com:PublicationDate>"
        "</pat:PatentPublicationIdentification><pat:ApplicationIdentification><com:IPOfficeCode>KR</com:IPOfficeCode>"
        f"<com:ApplicationNumber><com:ApplicationNumberText>{compact(one.application)}</com:ApplicationNumberText></com:ApplicationNumber>"
        "<pat:FilingDate>2021-08-30</pat:FilingDate></pat:ApplicationIdentification>"
        f'<pat:InventionTitleBag><pat:InventionTitle com:languageCode="en">{one.english}</pat:InventionTitle>'
        f'<pat:InventionTitle com:languageCode="ko">{one.thing}</pat:InventionTitle></pat:InventionTitleBag>'
        f"</krpat:BibliographicData><krpat:Description>{body}</krpat:Description><pat:Claims>{claims}</pat:Claims>"
        f"<pat:Abstract><com:P>{one.thing}가 개시된다.</com:P></pat:Abstract></krpat:UnexaminedPatentPublication>"
    ).encode()


US_GRANT = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v45-2014-04-03.dtd" [ ]>
<us-patent-grant lang="EN" country="US" date-publ="20210105">
<us-bibliographic-data-grant>
<publication-reference><document-id><country>US</country><doc-number>10999888</doc-number><kind>B2</kind>
<date>20210105</date></document-id></publication-reference>
<application-reference appl-type="utility"><document-id><country>US</country>
<doc-number>16123456</doc-number><date>20180906</date></document-id></application-reference>
<classifications-cpc><main-cpc><classification-cpc><section>A</section><class>45</class>
<subclass>B</subclass><main-group>25</main-group><subgroup>24</subgroup></classification-cpc></main-cpc>
</classifications-cpc>
<invention-title id="d2e43">Umbrella dryer</invention-title>
<us-references-cited><us-citation><patcit num="00001"><document-id><country>US</country>
<doc-number>2015/0123456</doc-number><kind>A1</kind><date>20150500</date></document-id></patcit>
</us-citation></us-references-cited>
<us-parties><us-applicants><us-applicant><addressbook><orgname>Gaon Inc.</orgname></addressbook>
</us-applicant></us-applicants>
<inventors><inventor><addressbook><last-name>Kim</last-name><first-name>Garam</first-name></addressbook>
</inventor></inventors></us-parties>
</us-bibliographic-data-grant>
<abstract id="abstract"><p id="p-0001" num="0000">A dryer for umbrellas is disclosed.</p></abstract>
<description id="description"><?BRFSUM description="Brief Summary"?>
<heading id="h-0001" level="1">TECHNICAL FIELD</heading>
<p id="p-0002" num="0001">Umbrellas are wet, as H<sub>2</sub>O is.</p>
<description-of-drawings><heading id="h-0002" level="1">BRIEF DESCRIPTION OF THE DRAWINGS</heading>
<p id="p-0003" num="0002"><figref idref="DRAWINGS">FIG. 1</figref> shows the dryer.</p>
</description-of-drawings>
<heading id="h-0003" level="1">DETAILED DESCRIPTION</heading>
<p id="p-0004" num="0003">The flow is <maths id="MATH-US-00001" num="00001"><math><mi>Q</mi></math>
<img file="a.tif"/></maths>.
<tables id="TABLE-US-00001"><table><tgroup cols="2"><tbody><row><entry>fan</entry><entry>2 W</entry></row>
<row><entry>heater</entry><entry>80 W</entry></row></tbody></tgroup></table></tables></p>
</description>
<us-claim-statement>What is claimed is:</us-claim-statement>
<claims id="claims">
<claim id="CLM-00001" num="00001"><claim-text>1. A dryer comprising:
<claim-text>a fan; and</claim-text><claim-text>a hook.</claim-text></claim-text></claim>
<claim id="CLM-00002" num="00002">
<claim-text>2. The dryer of
<claim-ref idref="CLM-00001">claim 1</claim-ref>, wherein the fan is round.</claim-text></claim>
<claim id="CLM-00003" num="00003">
<claim-text>3. A method of drying an umbrella
using the dryer of any one of
<claim-ref idref="CLM-00001">claims 1 to 2</claim-ref>.</claim-text></claim>
</claims></us-patent-grant>
"""

US_TEXT = """(10) Pub. No.: US 2019/0123456 A1
(43) Pub. Date: Apr. 25, 2019
(54) UMBRELLA DRYER
(21) Appl. No.: 15/448,123
(22) Filed: Mar. 3, 2017

ABSTRACT
A dryer for umbrellas.

BACKGROUND
[0001] Umbrellas are wet.
[0002] Nobody likes that.

SUMMARY OF THE INVENTION
[0003] The fan blows.

What is claimed is:
1. A dryer comprising: a fan; and a hook.
2. The dryer of claim 1, wherein the fan is round.
3. (canceled)
4. A method of drying, the method comprising the steps of:
hanging an umbrella; and
blowing air.
5. The method as claimed in claim 4, wherein
the air is warm.
"""


def _fields(values: dict[str, str]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())


def _group(name: str, rows: list[dict[str, str]]) -> str:
    return f"<{name}Array>" + "".join(f"<{name}>{_fields(row)}</{name}>" for row in rows) + f"</{name}Array>"
