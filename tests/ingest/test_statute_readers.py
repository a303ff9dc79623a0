from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from govrag.errors import EmptyFile, UnreadableFile
from govrag.ingest.readers.law_go_kr import LawGoKrJson, LawGoKrXml
from govrag.ingest.readers.statute_markdown import StatuteMarkdown, is_statute_markdown
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Section, Source
from govrag.statute.locator import Locator

STATUTE = """---
제목: 시험 진흥법
법령MST: 123456
법령ID: '001234'
법령구분: 법률
법령구분코드: ''
소관부처:
- 시험부
- 검사부
공포일자: 2026-03-17
공포번호: '21472'
시행일자: 2027-01-01
상태: 시행
출처: https://example.go.kr/법령/시험진흥법
첨부파일:
- 별표번호: '0000'
  별표구분: 별표
  제목: 시험 시간표와
    장소(제3조 관련)
- 별표번호: '0001'
  별표구분: 서식
  제목: '[별지] ''신청서'''
---

# 시험 진흥법

## 제1장 총칙

##### 제1조 (목적)

이 법은 시험을 돕는다.

##### 제2조의2 (정의)

**①** 이 법에서 쓰는 말은 다음과 같다.

  1\\. "시험"이란 묻는 것을 말한다.
    가\\. 쓰기
    나\\. 말하기

 1) 짧은 말
\t\t\t\t<img src="x" alt="y" >
\t\t\t\t┌──┐
\t\t\t\t│  값│
\t\t\t\t└──┘
\t\t\t\t</img>

**②** 삭제 <2017.11.28>

##### 제3조

제2조제1항의 시험은 따로 정한다.

## 부칙

부칙 <제21472호,2026.3.17>


제1조(시행일) 이 법은 공포한 날부터 시행한다.
"""

PLAIN = """제1장 총칙
제1조(목적)
이 법은 시험을 돕는다.
제2조의2(정의)
① 이 법에서 쓰는 말은 다음과 같다.
1. "시험"이란 묻는 것을 말한다.
가. 쓰기
나. 말하기
1) 짧은 말
┌──┐
│  값│
└──┘
② 삭제 <2017.11.28>
제3조
제2조제1항의 시험은 따로 정한다.
부칙 <제21472호,2026.3.17>
제1조(시행일) 이 법은 공포한 날부터 시행한다.
"""


def source(name: str = "시험.md") -> Source:
    return Source(f"memory:{name}", name, "", 0)


def read(text: str) -> Document:
    (document,) = StatuteMarkdown().read(text.encode(), source())
    return document


def articles(document: Document) -> list[tuple[str, str]]:
    return [(node.number, node.heading) for node in walk(document) if node.kind == "조"]


def walk(document: Document) -> list[Section]:
    return [node for section in document.sections for node in section.walk()]


def test_front_matter_becomes_the_document() -> None:
    document = read(STATUTE)
    assert (document.id, document.series, document.version) == ("001234@123456", "001234", "123456")
    assert (document.title, document.kind, document.issuer, document.number) == (
        "시험 진흥법",
        "법률",
        "시험부, 검사부",
        "21472",
    )
    assert (document.promulgated, document.effective_from) == (date(2026, 3, 17), date(2027, 1, 1))
    assert document.metadata == {
        "상태": "시행",
        "출처": "https://example.go.kr/법령/시험진흥법",
        "별표": "시험 시간표와 장소(제3조 관련)\n[별지] '신청서'",
    }
    assert set(document.origins.values()) == {"front matter"}
    assert document.losses == (Loss("annex", 2),)


def test_markdown_becomes_plain_statute_text() -> None:
    document = read(STATUTE)
    assert document.text == PLAIN
    assert articles(document) == [("1", "목적"), ("2의2", "정의"), ("3", "")]


def test_an_image_without_words_is_a_loss() -> None:
    assert Loss("picture", 1) in read(STATUTE.replace("제2조제1항의", '<img id="1"></img>')).losses


def test_a_rule_has_no_series() -> None:
    rule = "---\n제목: 시험 고시\n행정규칙구분: 고시\n소관부처: 시험부\n시행일자: 2026-04-06\n발령번호: 2026-7\n"
    rule += "admRulSeq: '2100000276906'\n---\n# 시험 고시\n\n제1조(목적) 이 고시는 시험을 정한다.\n"
    document = read(rule)
    assert (document.id, document.kind, document.series, document.number) == ("2100000276906", "고시", "", "2026-7")
    assert articles(document) == [("1", "목적")]


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (STATUTE.replace("법령구분: 법률", "법령구분 법률"), 5),
        (STATUTE.replace("상태: 시행", "제목: 다시"), 13),
        (STATUTE.replace("공포번호: '21472'", "공포번호: '21472"), 11),
        (STATUTE.replace("- 검사부", "- 부처: 검사부"), 10),
        (STATUTE.replace("\n---\n\n#", "\n\n#"), STATUTE.count("\n")),
        ("제목: 없음\n", 1),
    ],
)
def test_malformed_front_matter_names_the_line(wrong: str, line: int) -> None:
    with pytest.raises(UnreadableFile, match=f"머리말 {line}번째 줄") as caught:
        read(wrong)
    assert f"line {line} " in caught.value.message("en")


def test_what_cannot_be_read_says_why() -> None:
    with pytest.raises(UnreadableFile, match="공포일자 '2026-13-01'"):
        read(STATUTE.replace("2026-03-17\n", "2026-13-01\n"))
    with pytest.raises(UnreadableFile, match="'제목'이 없습니다"):
        read(STATUTE.replace("제목: 시험 진흥법\n", ""))
    with pytest.raises(EmptyFile, match="본문이 없습니다"):
        read(STATUTE.split("\n## ")[0])
    with pytest.raises(UnreadableFile, match="UTF-8"):
        StatuteMarkdown().read(STATUTE.encode("cp949"), source())


@pytest.mark.parametrize(
    ("data", "known"),
    [
        (STATUTE.encode(), True),
        (b"\xef\xbb\xbf" + STATUTE.encode(), True),
        (STATUTE.replace("\n", "\r\n").encode(), True),
        ("---\n제목: 갑\n행정규칙구분: 고시\n---\n본문".encode(), True),
        ("---\ntitle: 갑\n---\n법령MST: 본문".encode(), False),
        ("# 갑\n법령MST: 1".encode(), False),
        (b"", False),
        (b"\xff\xfe---\n", False),
    ],
)
def test_detection(data: bytes, known: bool) -> None:
    assert is_statute_markdown(data) is known


# ── law.go.kr ───────────────────────────────────────────────────────────────────────────────────────────────────

LAW = """

<?xml version="1.0" encoding="UTF-8"?>
<법령 법령키="0012342026031721472">
<기본정보><법령ID>001234</법령ID><공포일자>20260317</공포일자><공포번호>21472</공포번호>
<법종구분 법종구분코드="A0002">법률</법종구분><법령명_한글><![CDATA[시험 진흥법]]></법령명_한글>
<법령명약칭>시험법</법령명약칭>
<소관부처 소관부처코드="1">시험부</소관부처><시행일자>20270101</시행일자></기본정보>
<조문>
<조문단위 조문키="0001000"><조문번호>1</조문번호><조문여부>전문</조문여부>
<조문내용>        제1장 총칙</조문내용></조문단위>
<조문단위 조문키="0001001"><조문번호>1</조문번호><조문여부>조문</조문여부><조문제목>목적</조문제목>
<조문시행일자>20270101</조문시행일자>
<조문내용><![CDATA[제1조(목적) 이 법은 시험을 돕는다.]]></조문내용></조문단위>
<조문단위 조문키="0002021"><조문번호>2</조문번호><조문가지번호>2</조문가지번호><조문여부>조문</조문여부>
<조문제목>정의</조문제목>
<조문시행일자>20260701</조문시행일자><조문내용><![CDATA[제2조의2(정의)]]></조문내용>
<항><항번호>①</항번호><항내용><![CDATA[①이 법에서 쓰는 말은 다음과 같다.]]></항내용>
<호><호번호>1.</호번호><호내용><![CDATA[1.  "시험"이란 다음 각 목의 것을 말한다.]]></호내용></호>
<호><호번호>2.</호번호><호내용><![CDATA[2.  "답안"이란 다음 각 목의 것을 말한다.]]></호내용></호>
<목><목번호>가.</목번호><목내용>가.  쓰기</목내용></목><목><목번호>나.</목번호><목내용>나.  말하기</목내용></목>
<목><목번호>가.</목번호><목내용>가.  종이</목내용></목></항>
<조문참고자료><![CDATA[[전문개정 2026.3.17]]]></조문참고자료></조문단위>
<조문단위><조문번호>3</조문번호><조문여부>조문</조문여부>
<조문내용>제3조 삭제 &lt;2026.3.17&gt;</조문내용></조문단위>
</조문>
<부칙><부칙단위><부칙공포일자>20260317</부칙공포일자><부칙공포번호>21472</부칙공포번호>
<부칙내용><![CDATA[부칙 <제21472호,2026.3.17>]]>
<![CDATA[
]]>
<![CDATA[  이 법은 공포한 날부터 시행한다.]]></부칙내용></부칙단위></부칙>
<별표><별표단위><별표번호>0001</별표번호><별표제목>시간표</별표제목></별표단위></별표></법령>"""

LAW_TEXT = """제1장 총칙
제1조(목적)
이 법은 시험을 돕는다.
제2조의2(정의)
① 이 법에서 쓰는 말은 다음과 같다.
1. "시험"이란 다음 각 목의 것을 말한다.
가. 쓰기
나. 말하기
2. "답안"이란 다음 각 목의 것을 말한다.
가. 종이
[전문개정 2026.3.17]
제3조
삭제 <2026.3.17>
부칙 <제21472호,2026.3.17>
이 법은 공포한 날부터 시행한다.
"""


def xml(text: str, name: str = "284443.xml") -> Document:
    (document,) = LawGoKrXml().read(text.encode(), source(name))
    return document


def test_a_statute_in_xml() -> None:
    document = xml(LAW)
    assert document.text == LAW_TEXT
    assert articles(document) == [("1", "목적"), ("2의2", "정의"), ("3", "")]
    assert (document.id, document.version, document.origins["version"]) == ("001234@284443", "284443", "file name")
    assert (document.title, document.kind, document.issuer) == ("시험 진흥법", "법률", "시험부")
    assert (document.promulgated, document.effective_from) == (date(2026, 3, 17), date(2027, 1, 1))
    assert json.loads(document.metadata["article_effective"]) == {"제1조": "2027-01-01", "제2조의2": "2026-07-01"}
    assert document.metadata["법령명약칭"] == "시험법"
    assert document.losses == (Loss("annex", 1),)


def test_the_same_statute_in_json_where_one_child_is_no_list() -> None:
    law = {
        "법령": {
            "법령키": "0012342026031721472",
            "기본정보": {
                "법령ID": "001234",
                "법령명_한글": "시험 진흥법",
                "법종구분": {"content": "법률", "법종구분코드": "A0002"},
                "소관부처": {"content": "시험부", "소관부처코드": "1"},
                "시행일자": "20270101",
            },
            "조문": {
                "조문단위": [
                    {"조문번호": "1", "조문여부": "전문", "조문내용": "제1장 총칙"},
                    {"조문번호": "1", "조문여부": "조문", "조문내용": "제1조(목적) 이 법은 시험을 돕는다."},
                    {
                        "조문번호": "2",
                        "조문가지번호": "2",
                        "조문여부": "조문",
                        "조문내용": [["제2조의2(정의)"]],
                        "항": {
                            "항번호": "①",
                            "항내용": [["①이 법에서 쓰는 말은 다음과 같다."]],
                            "호": [
                                {
                                    "호내용": '1.  "시험"이란 다음 각 목의 것을 말한다.',
                                    "목": [{"목내용": "가.  쓰기"}, {"목내용": [["나.  말하기"]]}],
                                },
                                {"호내용": '2.  "답안"이란 다음 각 목의 것을 말한다.', "목": {"목내용": "가.  종이"}},
                            ],
                        },
                        "조문참고자료": "[전문개정 2026.3.17]",
                    },
                    {"조문번호": "3", "조문여부": "조문", "조문내용": "제3조 삭제 <2026.3.17>"},
                ]
            },
            "부칙": {"부칙단위": {"부칙내용": [["부칙 <제21472호,2026.3.17>", "", "이 법은 공포한 날부터 시행한다."]]}},
        }
    }
    (document,) = LawGoKrJson().read(json.dumps(law).encode(), source("284443.json"))
    assert document.text == LAW_TEXT
    assert document.sections == xml(LAW).sections
    assert document.kind == "법률"


RULE = """<AdmRulService><행정규칙기본정보>
<행정규칙일련번호>2100000276906</행정규칙일련번호><행정규칙명>시험 규정</행정규칙명>
<행정규칙종류>훈령</행정규칙종류><발령일자>20260401</발령일자><발령번호>7</발령번호><소관부처명>시험부</소관부처명>
<행정규칙ID>54321</행정규칙ID><시행일자>20260406</시행일자></행정규칙기본정보>
<조문내용><![CDATA[제1장 총칙]]></조문내용><조문내용><![CDATA[제1조(목적) 이 규정은 시험을 정한다.]]></조문내용>
<조문내용><![CDATA[제2조(정의) ① 말의 뜻
  1. 시험]]></조문내용>
<부칙><부칙공포일자>20260401</부칙공포일자><부칙공포번호>7</부칙공포번호>
<부칙내용>이 규정은 바로 시행한다.</부칙내용></부칙>
</AdmRulService>"""


def test_an_administrative_rule_in_xml() -> None:
    document = xml(RULE)
    assert (document.id, document.kind, document.issuer) == ("54321@2100000276906", "훈령", "시험부")
    assert articles(document) == [("1", "목적"), ("2", "정의")]
    assert document.text.endswith("① 말의 뜻\n1. 시험\n부칙 <제7호,2026.4.1>\n이 규정은 바로 시행한다.\n")


def test_an_administrative_rule_in_json_with_a_list_of_articles() -> None:
    rule = {
        "AdmRulService": {
            "행정규칙기본정보": {"행정규칙명": "시험 규정", "행정규칙종류": "훈령", "행정규칙ID": "54321"},
            "조문내용": ["제1조(목적) 이 규정은 시험을 정한다.", "제2조(정의) 말의 뜻"],
            "부칙": {"부칙내용": "부칙 <제7호,2026.4.1>"},
        }
    }
    (document,) = LawGoKrJson().read(json.dumps(rule).encode(), source("7.json"))
    assert articles(document) == [("1", "목적"), ("2", "정의")]
    assert document.sections[-1].kind == "부칙"


def test_an_unclosed_note_is_closed_and_said() -> None:
    document = xml(LAW.replace("]]></조문참고자료>", "]]>"))
    assert document.text == LAW_TEXT
    assert document.losses[0] == Loss("repaired", where="조문참고자료")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("<Response><result>실패</result><msg>사용자 정보 검증에 실패</msg></Response>", "실패 사용자 정보 검증"),
        ("<html><body>점검</body></html>", "<html>"),
        ("<법령><기본정보>", "문법에 맞지 않습니다"),
        ("", "문법에 맞지 않습니다"),
        ('<!DOCTYPE 법령 [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><법령>&b;</법령>', "엔터티"),
        ('<!DOCTYPE 법령 [<!ENTITY x SYSTEM "file:///etc/passwd">]><법령>&x;</법령>', "엔터티"),
        ("<법령>" * 300 + "</법령>" * 300, "너무 깊거나"),
    ],
)
def test_xml_that_is_no_law_is_refused(data: str, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        xml(data)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"Law": "none"}', b"[" * 100_000, b"\xff", b'{"a": 1, "b": 2}'])
def test_json_that_is_no_law_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        LawGoKrJson().read(data, source("x.json"))


def test_a_law_without_articles_is_empty() -> None:
    with pytest.raises(EmptyFile, match="조문이 없습니다"):
        xml(re.sub(r"<조문>.*</부칙>", "", LAW, flags=re.DOTALL))


# ── real files ──────────────────────────────────────────────────────────────────────────────────────────────────

NOT_A_LETTER = re.compile(r"[^가-힣0-9一-龥]+")


@pytest.mark.shared
def test_no_word_of_a_real_statute_is_lost_and_every_heading_is_an_article(shared: Path) -> None:
    files = sorted((shared / "laws" / "selected").rglob("*.md"))
    assert files
    for path in files:
        data = path.read_bytes()
        assert is_statute_markdown(data), path
        (document,) = StatuteMarkdown().read(data, source(path.name))
        body = clean(data.decode()).split("\n---\n", 1)[1]
        words = re.sub(r"<img\b[^>]*>|</img>|^## 부칙$|\A\s*# .*$", "", body, flags=re.MULTILINE)
        assert NOT_A_LETTER.sub("", document.text) == NOT_A_LETTER.sub("", words), path
        numbers = [str(Locator(number)) for number, _ in articles(document)]
        assert numbers == re.findall(r"^##### (제\d+조(?:의\d+)?)", body, flags=re.MULTILINE), path


@pytest.mark.shared
def test_xml_and_markdown_of_one_law_give_one_text(shared: Path) -> None:
    folder = shared / "documents" / "law-go-kr" / "legalize-kr"
    twins = {}
    for path in folder.glob("kr/*/*.md"):
        (document,) = StatuteMarkdown().read(path.read_bytes(), source(path.name))
        twins[document.version] = document
    compared = 0
    for path in folder.glob(".cache/detail/*.xml"):
        (document,) = LawGoKrXml().read(path.read_bytes(), source(path.name))
        twin = twins.get(document.version)
        # Of the oldest constitution the Markdown calls each part of the preamble an article 0.
        if twin is None or "제0조" in twin.text:
            continue
        compared += 1
        assert (document.id, document.title, document.effective_from) == (twin.id, twin.title, twin.effective_from)
        assert without_branches(document) == without_branches(twin), path
    assert compared >= 10


def without_branches(document: Document) -> str:
    """These Markdown files lost their branch numbers, and the remarks on articles."""
    kept = "".join(node.text for node in walk(document) if not (node.kind == "text" and node.text.startswith("[")))
    return re.sub(r"^(제\d+조|\d+)의\d+", r"\1", kept, flags=re.MULTILINE)
