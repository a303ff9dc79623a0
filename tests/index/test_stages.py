"""An act that takes effect by stages: each article changes on its own day, whatever day its edition bears."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import govrag
from govrag.index import spans
from govrag.library import Library

EDITION = """---
제목: 우물관리법
법령MST: {serial}
법령ID: '990001'
법령구분: 법률
공포일자: {promulgated}
공포번호: '{number}'
시행일자: {effective}
---

# 우물관리법

##### 제1조 (목적)

이 법은 우물의 관리에 관한 사항을 정한다.

##### 제2조 (점검)

우물은 한 해에 {checks}번 점검한다.{checks_mark}

##### 제3조 (신고)

우물을 판 사람은 {days}일 이내에 신고한다.{days_mark}
{more}
## 부칙

부칙 <제{number}호,{dotted}>

{words}
"""
STAGED = (
    "제1조(시행일) 이 법은 공포 후 1년이 경과한 날부터 시행한다. "
    "다만, 제3조의 개정규정은 공포 후 4개월이 경과한 날부터 시행한다."
)
MARK = " <개정 2024.10.22>"
INSERTED = "\n##### 제4조 (표지)\n\n우물에는 표지를 세운다.\n\n[본조신설 2024.10.22]\n"
EDITIONS = {
    "first.md": EDITION.format(
        serial=1, promulgated="2020-01-01", number="90001", effective="2020-01-01", dotted="2020.1.1", checks="한",
        checks_mark="", days="30", days_mark="", more="", words="이 법은 공포한 날부터 시행한다.",
    ),
    # Promulgated on 22 October 2024: in general in force from 23 October 2025, article 3 from 23 February 2025.
    "second.md": EDITION.format(
        serial=2, promulgated="2024-10-22", number="90002", effective="2025-10-23", dotted="2024.10.22", checks="두",
        checks_mark=MARK, days="14", days_mark=MARK, more=INSERTED, words=STAGED,
    ),
    # Another act made a text of its own meanwhile, and printed what was not in force yet.
    "third.md": EDITION.format(
        serial=3, promulgated="2025-10-01", number="90002", effective="2025-10-01", dotted="2024.10.22", checks="두",
        checks_mark=MARK, days="14", days_mark=MARK, more=INSERTED,
        words=STAGED + "\n\n부칙 <제90003호,2025.10.1>\n\n이 법은 공포한 날부터 시행한다.",
    ).replace("공포번호: '90002'", "공포번호: '90003'"),
}  # fmt: skip


@pytest.fixture(scope="module", params=[("first.md", "second.md"), tuple(EDITIONS)], ids=["two", "three"])
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with govrag.open(tmp_path_factory.mktemp("stages") / "장서") as opened:
        receipt = opened.add([(name, EDITIONS[name].encode()) for name in request.param], grade="O")
        assert receipt.refused == ()
        yield opened


def shown(library: Library, article: str, day: str) -> str:
    provision = library.show(f"우물관리법 {article}", as_of=day)
    return provision.passage.text if provision.passage else provision.verdict


@pytest.mark.parametrize(
    ("day", "words"),
    [("2025-02-22", "30일"), ("2025-02-23", "14일"), ("2025-10-02", "14일"), ("2026-01-01", "14일")],
)
def test_a_stage_brings_its_article_into_force_before_the_edition(library: Library, day: str, words: str) -> None:
    assert words in shown(library, "제3조", day)


@pytest.mark.parametrize(
    ("day", "words"), [("2025-02-23", "한번"), ("2025-10-02", "한번"), ("2025-10-22", "한번"), ("2025-10-23", "두번")]
)
def test_words_that_are_printed_early_wait_for_their_day(library: Library, day: str, words: str) -> None:
    assert words in shown(library, "제2조", day)


def test_an_inserted_article_is_not_in_force_before_its_day(library: Library) -> None:
    assert library.show("우물관리법 제4조", as_of="2025-10-22").verdict in {"not_in_force", "no_such_article"}
    assert library.show("우물관리법 제4조", as_of="2025-10-23").verdict == "verified"


def test_what_did_not_change_runs_through(library: Library) -> None:
    for day in ("2021-01-01", "2025-02-23", "2025-10-02", "2026-01-01"):
        provision = library.show("우물관리법 제1조", as_of=day)
        assert provision.verdict == "verified"
        assert provision.passage is not None
        assert provision.passage.validity.effective_from == date(2020, 1, 1)


def test_each_day_shows_each_article_once(library: Library) -> None:
    """Search on each day around the changes: no article twice, none of another day."""
    for day in ("2025-02-22", "2025-02-23", "2025-09-30", "2025-10-01", "2025-10-22", "2025-10-23"):
        found = [hit.passage for hit in library.search("우물 점검 신고", limit=20, as_of=day)]
        locators = [passage.locator for passage in found]
        assert len(locators) == len(set(locators))
        assert {"제1조", "제2조", "제3조"} <= set(locators)
        for passage in found:
            assert passage.text == shown(library, passage.locator, day)


def test_truth_and_indexes_agree(library: Library, tmp_path: Path) -> None:
    assert [health.problems for health in library.check()] == [()]


def test_a_rebuild_computes_the_days_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library made before stages were read knows the editions' days alone, until it is rebuilt."""

    def by_edition(one: spans._Place, starts: date | None, replaced: list[spans._Span], floor: str) -> spans._Span:
        return spans._Span(one.passage, 0, None, None, starts and starts.isoformat(), None, None, None, 0)

    with govrag.open(tmp_path / "장서") as library:
        with monkeypatch.context() as patch:
            patch.setattr(spans, "_since", by_edition)
            library.add([(name, text.encode()) for name, text in EDITIONS.items()], grade="O")
        assert "30일" in shown(library, "제3조", "2025-02-23")
        library.rebuild()
        assert "14일" in shown(library, "제3조", "2025-02-23")


UNMARKED = EDITION.format(
    serial=4, promulgated="2023-06-01", number="90004", effective="2023-06-01", dotted="2023.6.1", checks="한",
    checks_mark="", days="30", days_mark="", more="\n##### 제4조 (표지)\n\n우물에는 표지를 세운다.\n",
    words="이 법은 공포한 날부터 시행한다.",
)  # fmt: skip


def test_an_article_without_marks_was_not_there_before_its_edition(tmp_path: Path) -> None:
    """Sources that drop [본조신설 …] say nothing of an article's age: the edition before did not have it."""
    with govrag.open(tmp_path / "장서") as library:
        library.add([("first.md", EDITIONS["first.md"].encode()), ("fourth.md", UNMARKED.encode())], grade="O")
        assert library.show("우물관리법 제4조", as_of="2021-01-01").verdict in {"no_such_article", "not_in_force"}
        assert "제4조" not in {hit.passage.locator for hit in library.search("우물 표지", limit=20, as_of="2021-01-01")}
        assert library.show("우물관리법 제4조", as_of="2024-01-01").verdict == "verified"


def test_an_article_that_was_deleted_and_came_back_is_one_text_a_day(tmp_path: Path) -> None:
    without = UNMARKED.replace("##### 제3조 (신고)\n\n우물을 판 사람은 30일 이내에 신고한다.\n", "")
    again = (
        UNMARKED.replace("제90004호,2023.6.1", "제90005호,2025.6.1")
        .replace("2023-06-01", "2025-06-01")
        .replace("'90004'", "'90005'")
        .replace("법령MST: 4", "법령MST: 5")
        .replace("30일", "7일")
    )
    files = {"1.md": EDITIONS["first.md"], "2.md": without, "3.md": again}
    with govrag.open(tmp_path / "장서") as library:
        library.add([(name, text.encode()) for name, text in files.items()], grade="O")
        for day, words in (("2021-01-01", "30일"), ("2026-01-01", "7일")):
            hits = [hit.passage for hit in library.search("우물 신고", limit=20, as_of=day)]
            (article,) = [passage for passage in hits if passage.locator == "제3조"]
            assert words in article.text
            assert words in shown(library, "제3조", day)
