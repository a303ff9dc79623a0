import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.statute import names as names_module
from govrag.statute.names import LawNames, key

TITLES = (
    "근로기준법",
    "근로기준법 시행령",
    "근로기준법 시행규칙",
    "근로자퇴직급여 보장법",
    "남녀고용평등과 일ㆍ가정 양립 지원에 관한 법률",
    "남녀고용평등과 일ㆍ가정 양립 지원에 관한 법률 시행령",
    "소프트웨어 진흥법",
    "공공기관의 운영에 관한 법률",
    "공공기관의 정보공개에 관한 법률",
    "바람의 이용에 관한 법률",
    "바람 이용 등에 관한 법률",
    "민법",
    "의료법",
    "특허법",
    "특허법 시행령",
    "대한민국헌법",
)
NAMES = LawNames(TITLES)


@pytest.mark.parametrize(
    ("name", "title", "via"),
    [
        ("근로기준법", "근로기준법", "exact"),
        ("근로 기준법", "근로기준법", "spacing"),
        ("남녀고용평등과 일·가정 양립지원에 관한 법률", TITLES[4], "spacing"),
        ("근로기준법시행령", "근로기준법 시행령", "spacing"),
        ("근기법", "근로기준법", "alias"),
        ("근기법 시행령", "근로기준법 시행령", "alias"),
        ("남녀고용평등법시행령", TITLES[5], "alias"),
        ("ＳＷ 진흥법", "소프트웨어 진흥법", "alias"),
        ("sw진흥법", "소프트웨어 진흥법", "alias"),
        ("헌법", "대한민국헌법", "alias"),
        ("소프트웨어산업 진흥법", "소프트웨어 진흥법", "rename"),
        ("공공기관운영법", "공공기관의 운영에 관한 법률", "alias"),
        ("공공기관정보공개법", "공공기관의 정보공개에 관한 법률", "short"),
        ("노동법", None, ""),
        ("민법 시행령", None, ""),  # the base is known, its decree is not in the library
        ("", None, ""),
    ],
)
def test_a_name_resolves_to_the_librarys_title(name: str, title: str | None, via: str) -> None:
    found = NAMES.resolve(name)
    assert (found.title, found.via) == (title, via)


def test_a_name_that_fits_two_laws_resolves_to_neither() -> None:
    found = NAMES.resolve("바람이용법")
    assert found.title is None
    assert set(found.candidates) == {"바람의 이용에 관한 법률", "바람 이용 등에 관한 법률"}


def test_titles_that_differ_only_in_blanks_are_ambiguous_unless_written_exactly() -> None:
    names = LawNames(["물 관리법", "물관리법"])
    assert names.resolve("물관리법").title == "물관리법"
    assert names.resolve("물관 리법").candidates == ("물 관리법", "물관리법")


def test_an_alias_of_a_law_that_is_not_in_the_library_is_unknown() -> None:
    assert LawNames(["민법"]).resolve("근기법").title is None


def test_the_day_decides_when_a_name_has_meant_two_laws(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (
        names_module._Alias("옛이름법", "민법", "구명칭", None, date(2010, 1, 1)),
        names_module._Alias("옛이름법", "의료법", "구명칭", date(2010, 1, 1), date(2020, 1, 1)),
    )
    monkeypatch.setattr(names_module, "_aliases", lambda: rows)
    names = LawNames(TITLES)
    assert names.resolve("옛이름법", as_of=date(2009, 12, 31)).title == "민법"
    assert names.resolve("옛이름법", as_of=date(2010, 1, 1)).title == "의료법"
    assert names.resolve("옛이름법").candidates == ("민법", "의료법")
    # After both it still points somewhere, and says that it cannot tell where.
    assert names.resolve("옛이름법", as_of=date(2026, 1, 1)).candidates == ("민법", "의료법")


def test_every_row_of_the_table_is_well_formed() -> None:
    rows = names_module._aliases()
    assert len(rows) > 300
    assert len({(key(row.name), row.title) for row in rows}) == len(rows)
    assert {row.kind for row in rows} == {"약칭", "구명칭"}
    assert all(row.name and row.title and key(row.name) != key(row.title) for row in rows)


def _found(text: str) -> list[tuple[str, str | None]]:
    return [(text[mention.start : mention.end], mention.resolution.title) for mention in NAMES.find_names(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("근로기준법 제60조에 따라", [("근로기준법", "근로기준법")]),
        ("근기법60조2항", [("근기법", "근로기준법")]),
        ("근로기준법 시행령 제3조", [("근로기준법 시행령", "근로기준법 시행령")]),
        ("근기법 시행령을 본다", [("근기법 시행령", "근로기준법 시행령")]),
        ("민법상 책임과 의료법의 의무", [("민법", "민법"), ("의료법", "의료법")]),
        (
            "남녀고용평등과 일·가정\n양립 지원에 관한 법률에서",
            [(TITLES[4].replace("ㆍ", "·").replace(" 양립", "\n양립"), TITLES[4])],
        ),
        ("의료법인은 특허법원에 갔다", []),  # longer words
        ("이민법 제3조", []),
        ("노동법과 방법, 불법, 위법, 합법", []),
        ("민 법 제3조", []),
        ("특허 법을", []),
    ],
)
def test_names_are_found_in_running_text(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert _found(text) == expected


@given(st.sampled_from(TITLES), st.text(alphabet=" \t\u200bㆍ·‧-「」", max_size=6), st.integers(0, 40))
def test_separators_never_matter(title: str, noise: str, place: int) -> None:
    assert NAMES.resolve(title[:place] + noise + title[place:]).title == title


@given(st.text(max_size=60))
def test_arbitrary_text_never_raises(text: str) -> None:
    assert NAMES.resolve(text).title in (None, *TITLES)
    for mention in NAMES.find_names(text):
        assert 0 <= mention.start < mention.end <= len(text)


@given(st.text(alphabet="가각힣법ㅎᄒ\u1161ＡａA1１①㈜ ･·ㆍ-「」\u3000\u200b´", max_size=30))
def test_the_key_is_idempotent(text: str) -> None:
    assert key(key(text)) == key(text)


def test_lone_surrogates_are_only_unknown() -> None:
    assert NAMES.resolve("근로\ud800기준법").title is None
    assert list(NAMES.find_names("\udfff근로기준법\ud800 제1조"))


def test_a_long_text_is_read_to_its_end() -> None:
    assert len(list(NAMES.find_names("근로기준법 " * 20_000))) == 20_000  # minutes, were it quadratic


@pytest.mark.shared
def test_every_alias_points_at_a_real_law(shared: Path) -> None:
    selected = {path.name for path in (shared / "laws" / "selected").iterdir()}
    titles = {key(name) for name in selected}
    reached = {key(row.title) for row in names_module._aliases()}
    # Of the sixty laws chosen for this work most have an everyday name; a typing error in the table would lose one.
    assert len(titles & reached) >= 35, json.dumps(sorted(titles - reached), ensure_ascii=False)
