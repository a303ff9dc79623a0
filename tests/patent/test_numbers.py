"""Numbers of six offices: written many ways, one form; and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.patent.numbers import PatentNumber, find_all, from_digits, parse

FORMS = {
    "10-2023-0001234": ["KR 10-2023-0001234", "KR1020230001234", "1020230001234", "제10-2023-0001234호"],
    "KR 10-2023-0001234 A": ["KR10-2023-0001234A", "KR-10-2023-0001234-A", "KR1020230001234A", "KR 2023-0001234 A"],
    "10-1234567": ["KR 10-1234567", "10-1234567-0000", "등록특허공보 제1234567호", "특허 제10-1234567호"],
    "KR 10-1234567 B1": ["KR101234567B1", "KR 10-1234567 (B1)"],
    "20-0123456": ["등록실용신안 제123456호", "실용신안등록 제20-0123456호"],
    "KR 20-0123456 Y1": ["KR200123456Y1"],
    "10-1999-0012345": ["특1999-0012345", "공개특허공보 제1999-12345호", "특허출원 제1999-0012345호"],
    "10-1995-0001234": ["특허공고 제95-1234호"],
    "US 2019/0123456 A1": ["US20190123456A1", "US 2019/0123456 A1", "US-2019123456-A1"],
    "US 9,876,543 B2": ["US9876543B2", "US-9876543-B2", "US 9876543 B2"],
    "US D876,543 S1": ["US-D876543-S1", "USD876543S1"],
    "US RE47,123 E": ["US RE47,123 E"],
    "US 14/704,145": ["US 14/704145"],
    "US 4,115,574": ["미국등록특허공보 제4,115,574호", "미국 특허 제4115574호", "U.S. Pat. No. 4,115,574"],
    "US 2005/0012345": ["미국 특허출원공개 제2005/0012345호"],
    "PCT/KR2020/001234": ["PCT/KR2020/001234", "PCT/KR20/01234"],
    "WO 2020/123456 A1": ["WO2020123456A1", "WO 2020/123456 A1"],
    "WO 1998/012345": ["WO 98/12345", "WO98/12345호"],
    "EP 3 123 456 A1": ["EP3123456A1", "EP 3 123 456 A1", "EP-3123456-A1"],
    "EP 0 123 456": ["유럽 공개특허 제123456호"],
    "JP 2019-123456 A": ["特開2019-123456", "JP2019123456A", "JP-2019123456-A", "특개2019-123456", "JP特開2019-123456"],
    "JP 1999-123456 A": ["特開平11-123456号", "특개평11-123456"],
    "JP 1994-299748": ["일본 공개특허공보 평6-299748호"],
    "JP 6123456 B2": ["特許第6123456号", "JP6123456B2"],
    "CN 112345678 A": ["CN112345678A", "CN 112345678 A"],
}


@pytest.mark.parametrize(("canonical", "written"), [(name, form) for name, forms in FORMS.items() for form in forms])
def test_each_way_of_writing_has_one_form(canonical: str, written: str) -> None:
    number = parse(written)
    assert number is not None
    assert str(number) == canonical
    assert parse(canonical) == number


@pytest.mark.parametrize(
    "text",
    ["2018.01.05", "2019허1234", "2004후3546", "010-2023-0001234", "02-1234-5678", "10-2023-1234", "2023-10-0001234",
     "US 2020/12", "제42조", "10-12345", "AUS 9,876,543 B", "1234567", "2010당2929", "특허법 제29조제1항", "KR", ""],
)  # fmt: skip
def test_dates_cases_and_telephones_are_no_numbers(text: str) -> None:
    assert parse(text) is None
    assert find_all(f"({text})") == ()


def test_numbers_are_found_where_they_stand() -> None:
    text = (
        "인용발명 1: 공개특허공보 제10-2018-0001234호(2018.01.05.), 인용발명 2: US 9,876,543 B2, 인용발명 3: 일본 "
        "공개특허공보 특개2015-123456호(2015.7.1.) 및 독일 특허 제1234567호, 전화 042-481-5000."
    )
    found = find_all(text)
    assert [str(one.number) for one in found] == ["10-2018-0001234", "US 9,876,543 B2", "JP 2015-123456 A"]
    assert [text[one.start : one.end] for one in found] == [
        "제10-2018-0001234호", "US 9,876,543 B2", "특개2015-123456호",
    ]  # fmt: skip


def test_words_before_a_bare_number_say_which_right_it_is() -> None:
    found = find_all("이 사건 등록상표(등록번호 제123456호)와 등록고안(등록번호 제234567호)")
    assert [str(one.number) for one in found] == [
        "40-0123456", "20-0234567",
    ]  # fmt: skip
    assert find_all("회원(등록번호 제123456호)") == ()


def test_thirteen_digits_are_read_by_what_the_office_gives() -> None:
    assert str(from_digits("1020150005106")) == "10-2015-0005106"
    assert str(from_digits("1026507480000")) == "10-2650748"
    # Application 10-2012-3450000 would need three million filings in a year.
    assert str(from_digits("1020123450000")) == "10-2012345"
    assert str(from_digits("1020120010000")) == "10-2012-0010000"
    assert str(from_digits("1020120010000", granted=True)) == "10-2012001"
    assert str(from_digits("1020237012345")) == "10-2023-7012345"  # national phase of the PCT
    assert from_digits("5020230001234") is None


def test_rights_have_names_and_a_number_can_shed_its_kind() -> None:
    names = [number.right_name for text in ("10-1234567", "20-0123456", "30-2020-0000001") if (number := parse(text))]
    assert names == ["특허", "실용신안", "디자인"]
    published = parse("KR 10-2023-0001234 A")
    assert published is not None
    assert published.bare == parse("10-2023-0001234")


@st.composite
def numbers(draw: st.DrawFn) -> PatentNumber:
    digits = st.integers(1, 9_999_999).map("{:07}".format)
    year = draw(st.integers(1999, 2030))
    return draw(
        st.one_of(
            st.builds(PatentNumber, st.just("KR"), st.sampled_from(["10", "20", "30"]), st.just(year), digits,
                      st.sampled_from(["", "A", "U"])),
            st.builds(PatentNumber, st.just("US"), st.just("10"), st.just(max(year, 2001)), digits, st.just("A1")),
            st.builds(PatentNumber, st.just("EP"), st.just("10"), st.none(), digits, st.sampled_from(["A1", "B1"])),
            st.builds(PatentNumber, st.just("WO"), st.just("10"), st.just(year), digits.map(lambda one: one[1:]),
                      st.just(""), st.sampled_from(["KR", "US", "JP"])),
            st.builds(PatentNumber, st.just("JP"), st.just("10"), st.just(year), digits.map(lambda one: one[1:]),
                      st.sampled_from(["A", "B2"])),
        )
    )  # fmt: skip


@given(numbers())
def test_a_canonical_form_reads_back(number: PatentNumber) -> None:
    assert parse(str(number)) == number


@given(st.text("KRUSJPEWOCNT제호특허공개- /.,()0123456789 ABab가", max_size=60))
def test_any_text_is_searched_without_harm(text: str) -> None:
    ends = 0
    for one in find_all(text):
        assert ends <= one.start < one.end <= len(text)
        ends = one.end
        assert str(one.number)
