from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from hash_embedder import HashEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from govrag.contracts import Role
from govrag.generate.clauses import clauses, shown, trimmed
from govrag.generate.extractive import Extractive
from govrag.records import Draft, Evidence, Passage

LEAVE = """제3조(관측휴가)
① 천문대장은 직원에게 17일의 관측휴가를 주어야 한다. <개정 2012.2.1>
② 삭제 <2017.11.28>
③ 다음 각 호의 어느 하나에 해당하는 기간은 출근한 것으로 본다. 다만, 통산하여 1년을 넘을 수 없다.
1. 구름이 끼어 관측하지 못한 기간
2. 망원경이 고장 난 다음 각 목의 기간
가. 부품을 기다린 기간
나. 수리한 기간
3. 삭제 <2019.1.1>
④ 관측휴가는 3년간 행사하지 아니하면 소멸한다. 이 경우 미리 서면으로 알려야 한다.
[전문개정 2012.2.1]"""
LONG = "제4조(금지행위)\n누구든지 다음 각 호의 행위를 하여서는 아니 된다.\n" + "\n".join(
    f"{number}. {words} 행위" + " 및 이와 비슷한 행위로서 천문대장이 고시하는 것" * 5
    for number, words in enumerate(
        ["조명을 켜는", "나팔을 부는", "연을 날리는", "불을 피우는", "개를 푸는", "종을 치는"], 1
    )
)


def passage(text: str, *, locator: str = "제3조", heading: str = "", title: str = "별빛법") -> Passage:
    return Passage(
        f"{title}#{locator}", title, locator, text, 0, len(text), (title, heading or text.partition("\n")[0])
    )


def words(text: str) -> list[str]:
    return re.findall("[가-힣]{2}", text)


GENERATOR = Extractive(analyse=words, embedder=HashEmbedder())


def drafts(question: str, *evidence: Evidence) -> list[Draft]:
    return GENERATOR.generate(question, evidence)


def found(text: str, **rest: str) -> Evidence:
    return Evidence(passage(text, **rest), 1.0)


def test_an_article_is_cut_into_its_paragraphs_with_their_items() -> None:
    cut = clauses(passage(LEAVE))
    assert [str(clause.locator) for clause in cut] == ["제3조제1항", "제3조제3항", "제3조제4항"]
    third = cut[1]
    assert [str(child.locator) for child in third.children] == ["제3조제3항제1호", "제3조제3항제2호"]
    assert [str(child.locator) for child in third.children[1].children] == [
        "제3조제3항제2호가목",
        "제3조제3항제2호나목",
    ]
    assert LEAVE[slice(*third.lead)].endswith("1년을 넘을 수 없다.")
    assert LEAVE[slice(*third.whole)].endswith("나. 수리한 기간")


def test_other_texts_are_cut_into_sentences_with_what_qualifies_them() -> None:
    text = "신청은 3월에 받습니다. 다만, 산불이 나면 미룰 수 있습니다. 문의는 전화로 하십시오."
    cut = clauses(passage(text, locator="2. 신청 방법"))
    assert [text[slice(*clause.whole)] for clause in cut] == [
        "신청은 3월에 받습니다. 다만, 산불이 나면 미룰 수 있습니다.",
        "문의는 전화로 하십시오.",
    ]


def test_words_are_shown_without_marks_and_quoted_from_where_they_stand() -> None:
    (draft,) = drafts("천문대장이 직원에게 주어야 하는 관측휴가", found(LEAVE))[:1]
    assert draft.text == "천문대장은 직원에게 17일의 관측휴가를 주어야 한다."
    ((_, start, end),) = draft.places
    assert LEAVE[start:end] == "① 천문대장은 직원에게 17일의 관측휴가를 주어야 한다."
    assert trimmed(LEAVE, (start, end + 20))[1] <= end + 20


def test_a_short_list_is_quoted_whole_without_what_is_deleted() -> None:
    draft = next(one for one in drafts("구름이 끼어 관측하지 못한 기간은 출근한 것으로 보나요", found(LEAVE)))
    assert draft.text.startswith("다음 각 호의 어느 하나에 해당하는 기간은")
    assert "1. 구름이 끼어" in draft.text
    assert "나. 수리한 기간" in draft.text
    assert "삭제" not in draft.text
    assert len(draft.places) == 1


def test_of_a_long_list_the_first_sentence_and_what_fits_are_quoted_with_the_gap_shown() -> None:
    (draft,) = drafts("나팔을 부는 행위를 하여도 되나요", found(LONG, locator="제4조"))
    assert draft.text.startswith("누구든지 다음 각 호의 행위를 하여서는 아니 된다. … 2. 나팔을 부는 행위")
    assert draft.text.endswith("…")
    assert len(draft.places) == 2


def test_purpose_articles_are_left_out_unless_asked_for() -> None:
    purpose = found("제1조(목적)\n이 법은 별빛 관측휴가의 기준을 정함을 목적으로 한다.", locator="제1조")
    assert drafts("관측휴가의 기준", purpose) == []
    assert len(drafts("별빛법의 목적", purpose)) == 1


def test_a_definition_that_is_asked_for_comes_first() -> None:
    text = '제2조(정의)\n이 법에서 사용하는 용어의 뜻은 다음과 같다.\n1. "관측"이란 별을 보는 일을 말한다.\n' + (
        '2. "관측휴가"란 관측한 직원이 쉬는 날을 말한다.\n'
        + "\n".join(f'{number}. "용어{number}"란 {"아주 " * 30}긴 말을 말한다.' for number in range(3, 12))
    )
    evidence = [found(LEAVE), Evidence(passage(text, locator="제2조"), 0.5, "definition")]
    first = drafts("관측휴가란 무엇인가요?", *evidence)[0]
    assert '2. "관측휴가"란' in first.text
    assert '1. "관측"이란' not in first.text


def test_a_named_provision_is_given_whole_and_a_named_item_alone() -> None:
    named = Evidence(passage(LEAVE), 1.0, "named")
    near = Evidence(passage(LONG, locator="제4조"), 0.3, "neighbour")
    assert [draft.places[0][0] for draft in drafts("별빛법 제3조", named, near)] == ["별빛법#제3조"] * 3
    (draft,) = drafts("별빛법 제3조 제4항", named, near)
    assert draft.text.startswith("관측휴가는 3년간")
    (draft,) = drafts("별빛법 3조 3항 2호", named, near)
    assert "구름" not in draft.text
    assert "2. 망원경이 고장 난" in draft.text


def test_the_best_passage_comes_first_and_reads_in_order() -> None:
    other = found("제9조(나팔)\n나팔은 낮에만 분다.", locator="제9조")
    made = drafts("관측휴가는 직원에게 주어야 하고 행사하지 아니하면 소멸하나요", other, found(LEAVE))
    assert made[0].places[0][0] == "별빛법#제3조"
    starts = [draft.places[0][1] for draft in made if draft.places[0][0] == "별빛법#제3조"]
    assert starts == sorted(starts)
    assert len(made) <= 4


def test_no_evidence_gives_no_statement() -> None:
    assert drafts("무엇이든") == []
    assert drafts("무엇이든", found("제3조 삭제 <2010.1.1>")) == []


def test_any_embedder_will_do() -> None:
    class Plain:
        dimension = 2
        fingerprint = "plain"

        def __init__(self) -> None:
            self.asked: list[tuple[int, Role]] = []

        def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
            self.asked.append((len(texts), kind))
            return np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(texts), 1))

    embedder = Plain()
    assert Extractive(analyse=words, embedder=embedder).generate("관측휴가", [found(LEAVE)])
    assert embedder.asked == [(1, "query"), (7, "passage")]  # one call each


LINES = st.sampled_from(
    LEAVE.splitlines() + LONG.splitlines() + ["", "①", "1.", "가. ", "<개정 2020.1.1>", "삭제 <2020.1.1>"]
)


@given(
    st.lists(LINES | st.text(max_size=30), max_size=15).map("\n".join),
    st.text(max_size=20),
    st.sampled_from(["제3조", "p.1"]),
)
@settings(max_examples=200, deadline=None)
def test_every_place_lies_in_its_passage_whatever_the_text(text: str, question: str, locator: str) -> None:
    evidence = found(text, locator=locator)
    for draft in drafts(question, evidence):
        assert draft.text
        for passage_id, start, end in draft.places:
            assert passage_id == evidence.passage.id
            assert 0 <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("① 갑은 을을 한다. <개정 2012.2.1>", "갑은 을을 한다."),
        ("갑은\n 을을 한다. <단서 생략>", "갑은 을을 한다."),
        ("1. 갑\n2. 삭제 <2001.1.1>\n3. 병", "1. 갑 3. 병"),
        ("a < b 이고 [별표 1]에 따른다", "a < b 이고 [별표 1]에 따른다"),
    ],
)
def test_what_is_shown_is_the_law_without_its_editor(text: str, plain: str) -> None:
    assert shown(text) == plain
