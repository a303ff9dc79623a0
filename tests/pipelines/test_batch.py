"""Many questions: one row each, in order, whatever happens; and a second run goes on where the first stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from govrag.errors import InvalidQuery, LibraryBusy
from govrag.korean.normalise import clean
from govrag.pipelines.batch import Batch
from govrag.records import Answer

DAY = date(2026, 11, 21)


class Asker:
    """Answers every question but the ones it is told to fail on; remembers what it was asked."""

    def __init__(self, *, fails: Callable[[str], Exception | None] = lambda question: None) -> None:
        self.asked: list[str] = []
        self._fails = fails

    def __call__(self, question: str) -> Answer:
        self.asked.append(question)
        if error := self._fails(question):
            raise error
        return Answer(question=question, status="answered", as_of=DAY)


def run(questions: list[str], ask: Asker, *, resume: Path | None = None, as_of: date = DAY) -> list[Answer]:
    return batch(ask, as_of=as_of).rows(questions, resume=resume)


def batch(ask: Asker, *, as_of: date = DAY) -> Batch[str, Answer]:
    return Batch(
        ask,
        record=Answer,
        failed=lambda question, error: Answer(
            question=clean(question), status="failed", as_of=as_of, error=error.ko, error_en=error.en
        ),
        scope=str(as_of),
    )


def test_rows_are_in_the_order_asked_failures_included() -> None:
    ask = Asker(fails=lambda question: InvalidQuery("비었습니다", "empty") if not question else None)
    rows = run(["가", "", "나"], ask)
    assert [(row.question, row.status, row.error) for row in rows] == [
        ("가", "answered", ""),
        ("", "failed", "비었습니다"),
        ("나", "answered", ""),
    ]
    assert all(row.as_of == DAY for row in rows)


def test_what_was_not_raised_on_purpose_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        run(["가"], Asker(fails=lambda question: ZeroDivisionError()))


def test_a_question_that_is_not_text_is_a_row_too() -> None:
    ask = Asker(fails=lambda question: InvalidQuery("글자가 없습니다", "no letters"))
    (row,) = run(["\ud800"], ask)
    assert row.status == "failed"
    json.dumps(row.to_dict(), ensure_ascii=False).encode("utf-8")


def test_progress_is_told_after_each_question() -> None:
    told: list[tuple[int, int, str]] = []
    batch(Asker()).rows(["가", "나"], progress=lambda *now: told.append(now))
    assert told == [(1, 2, "가"), (2, 2, "나")]


def test_the_same_question_twice_is_asked_once_and_has_two_rows() -> None:
    ask = Asker()
    assert len(run(["가", "가"], ask)) == 2
    assert ask.asked == ["가"]


def test_no_questions_no_rows(tmp_path: Path) -> None:
    assert run([], Asker(), resume=tmp_path / "답.jsonl") == []


def test_a_second_run_asks_only_what_is_left(tmp_path: Path) -> None:
    kept = tmp_path / "답.jsonl"
    stopped = Asker(fails=lambda question: KeyboardInterrupt() if question == "다" else None)  # type: ignore[arg-type,return-value]
    with pytest.raises(KeyboardInterrupt):
        run(["가", "나", "다", "라"], stopped, resume=kept)
    ask = Asker()
    assert [row.question for row in run(["가", "나", "다", "라"], ask, resume=kept)] == ["가", "나", "다", "라"]
    assert ask.asked == ["다", "라"]


def test_a_failure_is_asked_again_next_time(tmp_path: Path) -> None:
    kept = tmp_path / "답.jsonl"
    run(["가"], Asker(fails=lambda question: LibraryBusy("쓰는 중", "busy")), resume=kept)
    assert run(["가"], ask := Asker(), resume=kept)[0].status == "answered"
    assert ask.asked == ["가"]


def test_another_day_is_another_question(tmp_path: Path) -> None:
    kept = tmp_path / "답.jsonl"
    run(["가"], Asker(), resume=kept)
    run(["가"], ask := Asker(), resume=kept, as_of=date(2027, 3, 1))
    assert ask.asked == ["가"]


def test_a_line_cut_short_by_a_kill_costs_only_itself(tmp_path: Path) -> None:
    kept = tmp_path / "답.jsonl"
    run(["가", "나"], Asker(), resume=kept)
    whole = kept.read_bytes()
    for cut in (2, 3, len(whole) // 4):
        kept.write_bytes(whole[:-cut])
        rows = run(["가", "나", "다"], ask := Asker(), resume=kept)
        assert [row.question for row in rows] == ["가", "나", "다"]
        assert ask.asked == ["나", "다"]
        again = Asker()
        run(["가", "나", "다"], again, resume=kept)
        assert again.asked == [], "what was answered after the cut line was kept"


@pytest.mark.parametrize("line", ["[]", "7", '{"key": "x"}', '{"key": "x", "row": {}}', "null", "\ufffd"])
def test_a_foreign_line_is_passed_over(tmp_path: Path, line: str) -> None:
    kept = tmp_path / "답.jsonl"
    kept.write_text(line + "\n", encoding="utf-8")
    assert run(["가"], Asker(), resume=kept)[0].status == "answered"
