"""The labour pipelines over a library: what a model may add, what is logged, what is missing, whom it is for."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import govrag
from govrag.errors import InvalidFacts, UnreadableFile, UsageError
from govrag.library import Library
from govrag.records import ChatRequest
from govrag.settings import Settings
from govrag.testing import ScriptedModel

DAY = date(2026, 11, 21)
QUESTION = "1주 20시간 일하는데 주휴수당을 받을 수 있나요?"
# In our own words, under the name of the real act: enough to cite from.
ACT = """---
제목: 근로기준법
법령MST: 1
법령ID: '990002'
법령구분: 법률
공포일자: 2020-01-01
공포번호: '90001'
시행일자: 2020-01-01
---

# 근로기준법

##### 제18조 (짧은 근로)

**③** 한 주에 15시간도 일하지 않기로 한 사람에게는 제55조를 적용하지 않는다.

##### 제55조 (쉬는 날)

**①** 사용자는 한 주에 하루는 임금을 받으며 쉬는 날을 주어야 한다.
"""
POLICY = """
[[model]]
id = "scripted"
vendor = "시험"
country = "KR"
zone = "internal"
grade = "{grade}"
approval = "시험-1"
approved = 2026-01-01
"""


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("govrag.desk.ANSWER_FROM", 0.0)
    with govrag.open(tmp_path / "장서") as library:
        library.add(("법률.md", ACT.encode()), grade="O")
    (tmp_path / "장서" / "policy.toml").write_text(POLICY.format(grade="O"), encoding="utf-8")
    return tmp_path / "장서"


@pytest.fixture
def library(shelf: Path) -> Iterator[Library]:
    with Library(shelf, settings=Settings(department="노동과", user="홍길동")) as opened:
        yield opened


def saying(sentence: str) -> Callable[[ChatRequest], str]:
    """A reply that cites the provision on the weekly day of rest, as it was shown."""

    def reply(request: ChatRequest) -> str:
        text = "\n".join(message.content for message in request.messages)
        shown = re.findall(r"⟦([0-9A-Z]{6})⟧([^⟦]*)", text.split("⟦자료 시작", 2)[-1])
        code = next(code for code, words in shown if "날을ˆ주어야" in words)
        return f"{sentence} [{code}]"

    return reply


def audit(path: Path) -> list[dict[str, Any]]:
    file = path / ".govern" / "audit.jsonl"
    return [json.loads(line) for line in file.read_bytes().splitlines()] if file.exists() else []


def test_it_works_with_what_is_there_and_names_what_is_missing(library: Library) -> None:
    opinion = library.labour.ask(QUESTION, facts={"absent": False}, as_of=DAY)
    verdicts = {one.label: one.verdict for one in opinion.articles}
    assert opinion.conclusion == "yes"
    assert verdicts["근로기준법 제55조제1항"] == "verified"
    assert "not_in_library" in verdicts.values()
    assert opinion.status == "partial"
    missing = next(label for label, verdict in verdicts.items() if verdict == "not_in_library")
    assert any(missing in warning and "govrag add" in warning for warning in opinion.warnings)
    assert opinion.answer is None


def test_a_library_without_the_law_cites_nothing_as_verified(tmp_path: Path) -> None:
    with govrag.open(tmp_path / "빈") as empty:
        empty.add(("메모.txt", "제1조(목적) 우물을 관리한다.".encode()), grade="O")
        opinion = empty.labour.ask(QUESTION, as_of=DAY)
    assert opinion.articles
    assert {one.verdict for one in opinion.articles} == {"not_in_library"}
    assert opinion.status == "partial"


def test_a_model_words_the_evidence_and_what_it_says_is_checked(library: Library) -> None:
    model = ScriptedModel(saying("사용자는 한 주에 하루는 임금을 받으며 쉬는 날을 주어야 한다."))
    opinion = library.labour.ask(QUESTION, facts={"absent": False}, as_of=DAY, model=model)
    assert opinion.answer is not None
    assert opinion.answer.usage.model == "scripted"
    assert [one.verdict for one in opinion.answer.citations] == ["verified"]
    unworded = library.labour.ask(QUESTION, facts={"absent": False}, as_of=DAY)
    assert (opinion.conclusion, opinion.articles, opinion.calculations) == (
        unworded.conclusion, unworded.articles, unworded.calculations,
    )  # fmt: skip


def test_what_a_model_makes_up_is_left_out_and_decides_nothing(library: Library) -> None:
    model = ScriptedModel(saying("주휴수당은 한 주에 500만원이다."))
    opinion = library.labour.ask(QUESTION, facts={"absent": False}, as_of=DAY, model=model)
    assert opinion.answer is not None
    assert opinion.answer.statements == ()
    assert opinion.conclusion == "yes"


def test_facts_of_the_case_are_not_shown_to_the_model(library: Library) -> None:
    model = ScriptedModel(saying("사용자는 한 주에 하루는 임금을 받으며 쉬는 날을 주어야 한다."))
    library.labour.ask(QUESTION, facts={"occupation": "카나리아조련사", "absent": False}, as_of=DAY, model=model)
    shown = "\n".join(message.content for request in model.requests for message in request.messages)
    assert "주휴수당" in shown  # the control: the question is
    assert "카나리아조련사" not in shown


def test_a_denied_model_leaves_the_opinion_and_says_why(library: Library) -> None:
    model = ScriptedModel("보았다")
    opinion = library.labour.ask(QUESTION, facts={"absent": False}, as_of=DAY, model=model, grade="S")
    assert model.requests == []
    assert (opinion.conclusion, opinion.answer) == ("yes", None)
    assert "policy.toml" in opinion.error
    assert "grade" in opinion.error_en


def test_a_worded_opinion_is_metered_and_audited_under_its_own_name(library: Library) -> None:
    model = ScriptedModel(saying("사용자는 한 주에 하루는 임금을 받으며 쉬는 날을 주어야 한다."))
    library.labour.ask(QUESTION, facts={"absent": False}, as_of=DAY, model=model)
    asked, answered = audit(library.path)
    assert (asked["event"], answered["event"]) == ("asked", "answered")
    assert {row["facts"]["pipeline"] for row in (asked, answered)} == {"labour.ask"}
    assert answered["facts"]["department"] == "노동과"
    assert [purpose.pipeline for purpose in model.purposes] == ["labour.ask"]


def test_with_audit_on_every_opinion_and_inspection_is_logged_by_counts_alone(shelf: Path) -> None:
    with Library(shelf, settings=Settings(audit=True)) as library:
        library.labour.ask(QUESTION, facts={"absent": False}, as_of=DAY)
        library.labour.inspect(("계약서.txt", CONTRACT.encode()), facts={"workers": 7}, as_of=DAY)
    events = audit(shelf)
    assert [row["event"] for row in events] == ["asked", "answered", "inspected"]
    facts = events[-1]["facts"]
    assert (facts["pipeline"], facts["kind"]) == ("labour.inspect", "근로계약서")
    assert facts["outcome_violation"] >= 1
    assert "카나리아청람" not in (shelf / ".govern" / "audit.jsonl").read_text(encoding="utf-8")


CONTRACT = """근로계약서

사업주 우물가게와 근로자 카나리아청람은 다음과 같이 근로계약을 맺는다.

1. 계약기간: 2026년 3월 2일부터 기간의 정함 없음
2. 근무장소와 업무: 본점, 우물 청소
3. 근로시간: 09:00부터 18:00까지(휴게 12:00~13:00), 주 5일
4. 휴일: 매주 일요일을 유급 주휴일로 한다.
5. 임금: 월 2,600,000원을 매월 10일 근로자의 계좌로 지급한다.
6. 연차휴가는 근로기준법에 따라 준다.
7. 근로자가 중도에 퇴사하면 위약금 100만 원을 회사에 낸다.
8. 이 계약서는 두 부를 만들어 한 부씩 나누어 가진다.
"""


def test_a_paper_is_read_and_not_added(library: Library) -> None:
    before = library.info()
    report = library.labour.inspect(("계약서.txt", CONTRACT.encode()), facts={"workers": 7}, as_of=DAY)
    assert (report.document, report.kind) == ("계약서.txt", "근로계약서")
    assert [finding.check for finding in report.violations] == ["penalty_clause"]
    assert report.violations[0].location.quote in CONTRACT
    assert library.info() == before


def test_papers_that_cannot_be_read_are_rows_of_their_own(library: Library, tmp_path: Path) -> None:
    good, scan, gone = tmp_path / "계약서.txt", tmp_path / "빈.pdf", tmp_path / "없음.txt"
    good.write_text(CONTRACT, encoding="utf-8")
    scan.write_bytes(b"%PDF-1.4\n%%EOF")
    kept = tmp_path / "kept.jsonl"
    options: dict[str, Any] = {"facts": {"workers": 7}, "as_of": DAY, "resume": kept}
    reports = library.labour.inspect_many([good, scan, gone], **options)
    assert [row.status == "failed" for row in reports.rows] == [False, True, True]
    assert all(row.error and row.error_en for row in reports.rows[1:])
    assert {row["document"] for row in reports.table()} == {"계약서.txt", "빈.pdf", "없음.txt"}
    good.write_text(CONTRACT.replace("위약금 100만 원을 회사에 낸다", "회사에 미리 알린다"), encoding="utf-8")
    again = library.labour.inspect_many([good, scan, gone], **options)
    assert again[0].violations == (), "a file that changed is read again"


def test_errors_name_what_is_wrong(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InvalidFacts, match="workers"):
        library.labour.ask(QUESTION, facts={"workers": -3}, as_of=DAY)
    with pytest.raises(UnreadableFile):
        library.labour.inspect(("그림.png", b"\x89PNG\r\n\x1a\n" + bytes(64)), as_of=DAY)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("가.txt", "나.txt"):
            archive.writestr(name, CONTRACT)
    with pytest.raises(UsageError, match="2건"):
        library.labour.inspect(("계약서.zip", packed.getvalue()), as_of=DAY)


def test_an_agency_adds_the_minimum_wage_of_next_year(shelf: Path, tmp_path: Path) -> None:
    question = "시급 10,500원은 최저임금 위반인가요?"
    rates = tmp_path / "요율.toml"
    rates.write_text(
        '[[rate]]\nname = "minimum_wage"\ntitle = "2027년 최저임금 시간급"\nvalue = 11000\nunit = "원"\n'
        'from = 2027-01-01\nto = 2028-01-01\narticle = "최저임금법 제10조"\nsource = "시험"\nbasis = "read"\n',
        encoding="utf-8",
    )
    with Library(shelf) as library:
        assert library.labour.ask(question, as_of="2027-03-01").conclusion == "depends"
    with Library(shelf, settings=Settings(labour_rates=rates)) as library:
        assert library.labour.ask(question, as_of="2027-03-01").conclusion == "yes"


def test_a_statement_is_summarised_in_its_own_words(library: Library) -> None:
    text = (
        "진 술 조 서\n\n문: 언제 입사하였습니까?\n답: 2025년 3월 3일에 입사하였습니다.\n"
        "문: 임금은 얼마입니까?\n답: 시급 9,500원을 받았습니다.\n"
    )
    summary = library.labour.summarise(("조서.txt", text.encode()), as_of=DAY)
    assert summary.sentences
    assert all(sentence.text in text for sentence in summary.sentences)
    assert summary.facts.hired_on == date(2025, 3, 3)
    assert summary.facts.hourly_wage == 9500


def test_a_question_sheet_asks_what_the_complaint_leaves_open(library: Library) -> None:
    sheet = library.labour.question_sheet("사장님이 퇴직금을 안 줍니다. 2022년 1월 3일에 입사했습니다.", as_of=DAY)
    asked = {question.fact for question in sheet.questions}
    assert "hired_on" not in asked
    assert {"left_on", "weekly_hours"} <= asked


def test_a_paper_that_contradicts_what_is_known_is_still_inspected(library: Library) -> None:
    paper = CONTRACT.replace("2026년 3월 2일부터 기간의 정함 없음", "2025년 1월 1일부터 2025년 12월 31일까지")
    facts = {"workers": 7, "contract_from": "2026-02-01"}
    report = library.labour.inspect(("계약서.txt", paper.encode()), facts=facts, as_of=DAY)
    assert report.facts.contract_from == date(2026, 2, 1)
    assert any("따로 준 사실" in warning for warning in report.warnings)
    assert report.findings


def test_what_a_model_failed_at_is_asked_again(shelf: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    options: dict[str, Any] = {"facts": {"absent": False}, "as_of": DAY, "resume": kept}
    with govrag.open(shelf) as library:
        model = ScriptedModel(saying("사용자는 한 주에 하루는 임금을 받으며 쉬는 날을 주어야 한다."))
        denied = library.labour.ask_many([QUESTION], model=model, grade="S", **options)
        assert denied[0].error
        assert model.requests == []
    (shelf / "policy.toml").write_text(POLICY.format(grade="S"), encoding="utf-8")
    with govrag.open(shelf) as library:
        again = library.labour.ask_many([QUESTION], model=model, grade="S", **options)
    assert (again[0].error, again[0].answer is None) == ("", False)


def test_an_opinion_of_other_rates_is_not_used_again(shelf: Path, tmp_path: Path) -> None:
    kept, rates = tmp_path / "kept.jsonl", tmp_path / "요율.toml"
    question = "시급 10,500원은 최저임금 위반인가요?"
    with Library(shelf) as library:
        assert library.labour.ask_many([question], as_of="2027-03-01", resume=kept)[0].conclusion == "depends"
    rates.write_text(
        '[[rate]]\nname = "minimum_wage"\ntitle = "2027년 최저임금 시간급"\nvalue = 11000\nunit = "원"\n'
        'from = 2027-01-01\nto = 2028-01-01\narticle = "최저임금법 제10조"\nsource = "시험"\nbasis = "read"\n',
        encoding="utf-8",
    )
    with Library(shelf, settings=Settings(labour_rates=rates)) as library:
        assert library.labour.ask_many([question], as_of="2027-03-01", resume=kept)[0].conclusion == "yes"


def test_a_long_run_of_digits_does_not_hold_a_desk_up(library: Library) -> None:
    begun = time.process_time()
    library.labour.question_sheet("1" * 50_000 + " 월급을 못 받았습니다.", as_of=DAY)
    assert time.process_time() - begun < 5  # it took 95 seconds
