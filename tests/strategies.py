"""Hypothesis strategies that several tests share: Korean text, statute-like documents, hostile strings."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from govrag.records import Document, Section

WORDS = [
    "사업주",
    "근로자",
    "임금",
    "휴가",
    "휴일",
    "연차",
    "유급",
    "공단",
    "심의",
    "위원회",
    "지정",
    "취소",
    "신고",
    "허가",
    "기준",
    "절차",
    "서류",
    "제출",
    "통지",
    "기간",
    "보조금",
    "환수",
    "농지",
    "임대",
    "운전",
    "자격",
    "정지",
    "과태료",
    "부과",
    "계약",
    "입찰",
    "검사",
    "대가",
    "지급",
]
HANGUL = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)

# What people and programs paste into a search box to see what happens.
HOSTILE = (
    "",
    "   ",
    "\x00",
    "휴가\x00임금",
    "\x1b[31m\x07\x08",
    "\ud800",
    "휴가 \udfff 임금",
    "\u202e휴가\u2066",
    "\u3164\u115f\uffa0",
    "🙂🇰🇷👩‍👩‍👧",
    "e\u0301" * 50,
    '"휴가',
    "(휴가",
    "휴가)" * 500,
    "(" * 5_000,
    "휴가 AND 임금 OR NOT 휴일",
    "NEAR/3 휴가",
    "휴가* 임? 휴~2 임금^9",
    "law:휴가 row:1 body:[가 TO 하]",
    "{휴가 TO 임금}",
    "+휴가 -임금",
    "/.*(휴가)+$/",
    "(a+)+$" * 40,
    "%s %d %n {0} {query} ${HOME} `id`",
    "'; DROP TABLE passages; --",
    "휴%가_임' OR '1'='1",
    "../../etc/passwd\\..\\..",
    "<script>alert(1)</script>",
    "NaN null None true -0 1e999",
    "가" * 8_000,
    "휴가 " * 2_000,
)


def sentences(*, words: int = 12) -> st.SearchStrategy[str]:
    """Sentences of administrative words."""
    return st.lists(st.sampled_from(WORDS), min_size=1, max_size=words).map(lambda chosen: " ".join(chosen) + "한다.")


def korean_text(*, longest: int = 200) -> st.SearchStrategy[str]:
    """Hangul, digits, Latin letters, punctuation and line breaks."""
    return st.text(HANGUL | st.sampled_from("0123456789abcXYZ .,·ㆍ()「」<>\n①②"), max_size=longest)


def hostile_text(*, longest: int = 300) -> st.SearchStrategy[str]:
    """Any code points, lone surrogates and control characters among them; query syntax; what is known to break."""
    anything = st.text(st.characters(codec=None), max_size=longest)
    syntax = st.lists(st.sampled_from(["AND", "OR", "NOT", '"', "(", ")", "*", "^", ":", "휴가", "임금", "-"])).map(
        " ".join
    )
    return anything | syntax | st.sampled_from(HOSTILE)


@st.composite
def statutes(draw: st.DrawFn, *, document_id: str = "d1", most: int = 5) -> Document:
    """Statutes of a few articles, some of them with branches (제3조의2), one title for all."""
    sections = []
    for number in range(1, draw(st.integers(1, most)) + 1):
        body = draw(sentences())
        branch = "의2" if draw(st.integers(0, 4)) == 0 else ""
        sections.append(Section("조", f"제{number}조{branch}({body[:4].strip()}) {body}\n", f"{number}{branch}"))
    begins = draw(st.dates(date(2001, 1, 1), date(2030, 1, 1)))
    return Document(document_id, "공단업무법", tuple(sections), kind="법률", effective_from=begins)
