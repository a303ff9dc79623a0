import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.statute.locator import Locator

numerals = st.integers(1, 9999).map(str)
branches = st.one_of(numerals, st.tuples(numerals, st.integers(1, 30)).map(lambda pair: f"{pair[0]}의{pair[1]}"))
subitems = st.sampled_from([*"가나다라마바사아자차카타파하거너더", ""])


@st.composite
def locators(draw: st.DrawFn) -> Locator:
    item = draw(st.one_of(st.just(""), branches))
    return Locator(draw(branches), draw(st.one_of(st.just(""), numerals)), item, draw(subitems) if item else "")


@given(locators())
def test_what_is_written_is_read_back(locator: Locator) -> None:
    assert Locator.parse(str(locator)) == locator


@given(locators(), st.lists(st.integers(0, 60), max_size=5))
def test_blanks_do_not_matter(locator: Locator, places: list[int]) -> None:
    text = str(locator)
    for place in places:
        cut = place % (len(text) + 1)
        if not (0 < cut < len(text) and text[cut - 1].isdigit() and text[cut].isdigit()):
            text = text[:cut] + " " + text[cut:]
    assert Locator.parse(text) == locator


@pytest.mark.parametrize("text", ["", "제60", "60조", "제60조 등", "제조", "제60조제항", "제1항", "「민법」 제1조"])
def test_other_text_is_no_locator(text: str) -> None:
    assert Locator.parse(text) is None


def test_order_is_the_order_of_the_statute() -> None:
    texts = ["제2조", "제10조", "제10조제1항", "제10조제2항제1호", "제10조제2항제1호의2", "제10조의2", "제11조"]
    parsed = [locator for text in texts if (locator := Locator.parse(text))]
    shuffled = [parsed[index] for index in (6, 2, 0, 5, 3, 1, 4)]
    assert sorted(shuffled, key=lambda locator: locator.order) == parsed


def test_the_article_of_a_place() -> None:
    assert str(Locator("76의2", "1", "2", "가").article_only) == "제76조의2"
