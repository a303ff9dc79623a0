from __future__ import annotations

import pytest

from govrag.pipelines.quotes import difference, find_quote, without_marks

TEXT = (
    "① 직원은 15일의 휴가를 쓴다. <개정 2012.2.1, 2017.11.28>\n"
    "② 개인정보의 삭제\n③ 밤ㆍ낮을 가리지 아니한다. [본조신설 2020.1.1]"
)


def test_marks_are_blanked_and_nothing_moves() -> None:
    plain = without_marks(TEXT)
    assert len(plain) == len(TEXT)
    assert "개정" not in plain
    assert "신설" not in plain
    assert "개인정보의 삭제" in plain


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("직원은 15일의 휴가를", "직원은 15일의 휴가를"),
        ("15일의 휴가", "15일의 휴가"),
        ("개인정보의 삭제", "개인정보의 삭제"),
        ("밤·낮을 가리지", "밤ㆍ낮을 가리지"),
        ("직원은 … 쓴다", "직원은 15일의 휴가를 쓴다"),
        ("쓴다. ② 개인정보의", "쓴다. <개정 2012.2.1, 2017.11.28>\n② 개인정보의"),
    ],
)
def test_a_quotation_is_found_where_it_stands(quote: str, words: str) -> None:
    span = find_quote(quote, TEXT)
    assert span is not None
    assert TEXT[slice(*span)] == words


@pytest.mark.parametrize(
    "quote", ["5일의 휴가를", "직원은 1", "원은 15일의", "쓴다 … 직원은", "가리지 한다", "", "…", '"']
)
def test_what_does_not_stand_there_is_not_found(quote: str) -> None:
    assert find_quote(quote, TEXT) is None


@pytest.mark.parametrize(
    ("quote", "words", "stands"),
    [
        ("직원은 16일의 휴가를 쓴다", "16일의", "15일의"),
        ("밤낮을 가리지 한다", "한다", "아니한다"),
        ("5일의 휴가를 쓴다", "5일의", "15일의"),
    ],
)
def test_the_difference_is_shown_with_the_words_around_it(quote: str, words: str, stands: str) -> None:
    found = difference(quote, TEXT)
    assert found is not None
    assert words in found[0].split()
    assert any(stands in word for word in found[1].split())


def test_nothing_alike_gives_no_difference() -> None:
    assert difference("우주선의 발사와 회수에 필요한 사항", TEXT) is None
    assert difference("무엇이든", "") is None
