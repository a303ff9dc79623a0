"""The RFPs of the sample corpus: sound ones, one with planted faults and its key, a form and a brief for a draft."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from rfp_template_made import FORM, PAST, made

import govrag
from govrag import export
from govrag.cli.demo import PAPERS
from govrag.library import Library
from govrag.records import Document, Rfp, RfpFacts, Section

KEY: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "rfp_sample_key.toml").read_text(encoding="utf-8"))
FAULTS: list[Mapping[str, str]] = KEY["fault"]
DAY = "2026-11-21"
BRIEF = "사업개요_농기계예약배송.toml"
LOCAL = "제안요청서_공동가공실예약.md"
# What a reviewer knows besides: 공공안내부 is an invented ministry, and no list of ministries names it.
SOUND: Mapping[str, Mapping[str, Any]] = {
    LOCAL: {"personal_data": True, "persons": 3_200, "sensitive_data": False, "multi_agency": False},
    PAST: {"buyer_type": "national", "multi_agency": False},
}


@pytest.fixture(scope="module")
def library(sample_library: Path) -> Iterator[Library]:
    with govrag.open(sample_library) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(sample_corpus: Path) -> Path:
    return sample_corpus / "계약"


@pytest.fixture(scope="module")
def brief(sample_corpus: Path) -> Mapping[str, Any]:
    return tomllib.loads((sample_corpus / PAPERS / BRIEF).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def faulty(sample_corpus: Path) -> Document:
    return read(sample_corpus / PAPERS / KEY["file"])


def read(file: Path) -> Document:
    (document,) = govrag.inspect(file).documents
    return document


def cards(document: Document) -> list[Section]:
    """Return the detail tables of the requirements."""
    return [one for top in document.sections for one in top.walk() if one.kind == "requirement"]


# ── what is kept ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [FORM, PAST])
def test_an_office_file_is_what_its_blocks_make(folder: Path, name: str) -> None:
    """Part by part: how hard a part is compressed differs among machines."""
    kept, fresh = (
        {part.filename: archive.read(part) for part in archive.infolist()}
        for archive in (zipfile.ZipFile(folder / name), zipfile.ZipFile(BytesIO(made()[name]())))
    )
    assert kept == fresh


@pytest.mark.parametrize("name", [*SOUND, KEY["file"]])
def test_the_overview_counts_the_requirements(sample_corpus: Path, name: str) -> None:
    (file,) = sample_corpus.rglob(name)
    document = read(file)
    counts = dict(re.findall(r"\| ([A-Z]{3}) \| (\d+) \|", document.text))
    real: dict[str, int] = {}
    for one in cards(document):
        real[one.number[:3]] = real.get(one.number[:3], 0) + 1
    assert {code: int(count) for code, count in counts.items() if count != "0"} == real
    assert re.search(rf"\| 합계 \|  \| {sum(real.values())} \|", document.text)


def test_the_form_has_places_to_fill_and_a_requirement_to_copy(folder: Path) -> None:
    form = read(folder / FORM)
    assert {"사업명", "담당 부서", "연락처"} <= {slot.name for slot in form.slots}
    assert all(label in form.text for label in ("| 요구사항 고유번호 | SFR-○○○ |", "| 측정 기준 |", "| 시험 방법 |"))
    assert "「계약사무규정」 제13조" in form.text


def test_the_readme_names_every_rfp(sample_corpus: Path) -> None:
    readme = (sample_corpus / "README.md").read_text(encoding="utf-8")
    files = [f"계약/{name}" for name in (FORM, LOCAL, PAST)] + [f"{PAPERS}/{name}" for name in (KEY["file"], BRIEF)]
    assert [name for name in files if f"`{name}`" not in readme] == []
    assert f"{len(FAULTS)}가지" in readme


# ── reviews ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_rfp_is_not_complained_of(library: Library, folder: Path, name: str) -> None:
    report = library.procurement.review(folder / name, facts=SOUND[name])
    assert [(one.rule, one.fact) for one in report.faults] == []
    # The statutes that it cites are not in this library: nobody can tell whether they read as it says.
    assert [one.rule for one in report.findings if one.outcome == "cannot_tell"] == ["R50"]


def test_the_key_holds_words_of_the_paper(faulty: Document) -> None:
    assert [one["rule"] for one in FAULTS if one["holds"] not in faulty.text] == []
    assert len({one["rule"] for one in FAULTS}) == len(FAULTS) == 20


def test_the_faulty_rfp_gives_its_key(library: Library, faulty: Document) -> None:
    report = library.procurement.review([faulty])
    planted = {(one["rule"], one["outcome"]): one["holds"] for one in FAULTS}
    told = [(str(one.rule), str(one.outcome), one.location.quote) for one in report.faults]
    assert sorted(told_of[:2] for told_of in told) == sorted(planted)
    assert [rule for rule, outcome, quote in told if planted[rule, outcome] not in quote] == []


def test_what_is_told_stands_where_it_says_and_says_what_to_write(library: Library, faulty: Document) -> None:
    for one in library.procurement.review([faulty]).faults:
        assert faulty.text[one.location.start : one.location.end] == one.location.quote, one.rule
        assert one.suggestion, one.rule
        assert one.basis or one.rule == "R49"


@pytest.mark.parametrize(
    ("rule", "wrong", "right"),
    [
        (
            "R08",
            "사업금액의 100분의 70까지 하도급할 수 있습니다",
            "사업금액의 100분의 50을 초과하여 하도급할 수 없습니다",
        ),
        ("R17", "| 기술과 기능 | 자료와 보안 | 15 |", "| 기술과 기능 | 자료와 보안 | 20 |"),
        ("R28", "종료한 날부터 3년", "종료한 날부터 1년"),
        ("R36", "1천분의 3을", "1천분의 1.3을"),
        ("R49", "체결일부터 10개월", "체결일부터 8개월"),
    ],
)
def test_a_fault_that_is_mended_is_told_no_more(
    library: Library, sample_corpus: Path, rule: str, wrong: str, right: str
) -> None:
    """The negative control: only the mended rule leaves the report."""
    text = (sample_corpus / PAPERS / KEY["file"]).read_text(encoding="utf-8")
    assert text.count(wrong) == 1
    before, after = (
        {one.rule for one in library.procurement.review(("제안요청서.md", paper.encode())).faults}
        for paper in (text, text.replace(wrong, right))
    )
    assert before - after == {rule}
    assert after - before == set()


# ── what the agency draws from them ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def drafts(library: Library, folder: Path, brief: Mapping[str, Any]) -> Mapping[str, Rfp]:
    procurement = library.procurement
    return {
        "of our own": procurement.draft(brief, as_of=DAY),
        "in the form": procurement.draft(brief, template=folder / FORM, as_of=DAY),
    }


@pytest.mark.parametrize("ending", [".hwpx", ".docx"])
@pytest.mark.parametrize("kind", ["of our own", "in the form"])
def test_a_draft_comes_back_from_its_file(drafts: Mapping[str, Rfp], tmp_path: Path, kind: str, ending: str) -> None:
    draft = drafts[kind]
    export.write(tmp_path / f"초안{ending}", draft)
    document = read(tmp_path / f"초안{ending}")
    wanted = {(one.id, one.name) for one in draft.requirements}
    found = {(one.number, dict(one.fields)["요구사항 명칭"]) for one in cards(document)}
    assert found == wanted
    lines = [block.text for block in draft.blocks if block.kind in ("heading", "paragraph", "bullet")]
    assert [line for line in lines if line not in document.text] == []
    assert all(f"〔기입: {blank.label}〕" in document.text for blank in draft.blanks)


def test_the_form_stands_in_its_draft(drafts: Mapping[str, Rfp], folder: Path) -> None:
    draft = drafts["in the form"]
    said = "\n".join(block.text for block in draft.blocks)
    form = read(folder / FORM)
    fixed = [line for line in form.text.splitlines() if line.endswith("니다.")]
    assert fixed
    assert [line for line in fixed if line not in said] == []
    assert not {"사업명", "사업 예산", "발주기관"} & {blank.label for blank in draft.blanks}  # the brief says them


def test_a_draft_takes_over_what_a_past_rfp_asked_alike(drafts: Mapping[str, Rfp]) -> None:
    """이용 통계 of 한빛시 is asked for by this name; 배송 차량의 배차 is said by the brief."""
    tables = [block for block in drafts["of our own"].blocks if block.kind == "table" and not block.head]
    origin: dict[str, tuple[str, str]] = {}
    for block in tables:
        origin |= {row[1]: (block.origin, block.source) for row in block.rows if row[0] == "요구사항 명칭"}
    assert origin["이용 통계"][0] == "past_rfp"
    assert "SFR-004" in origin["이용 통계"][1]
    assert origin["배송 차량의 배차"] == ("brief", "needs")


def test_the_brief_leaves_open_what_nobody_knows_yet(drafts: Mapping[str, Rfp], brief: Mapping[str, Any]) -> None:
    unknown = {"notice_date", "deadline"}
    assert not unknown & brief.keys()
    assert "deadline" in {blank.field for blank in drafts["of our own"].blanks}
    assert unknown <= RfpFacts.model_fields.keys()


def test_the_rfp_most_like_the_brief_is_the_other_booking(library: Library, brief: Mapping[str, Any]) -> None:
    found = library.procurement.similar(brief)
    assert found[0].title == "제안요청서: 농산물 공동가공실 예약관리 시스템 구축"
    assert found[0].fields["amount"] == "금 186,000,000원(부가가치세 포함)"
    assert {one.title for one in found.rows[1:]}.isdisjoint(
        {"제안요청서 양식", "제안요청서 표준서식"}
    )  # forms are no projects


# ── the notebook ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_notebook_shows_what_its_words_promise(library: Library, sample_corpus: Path) -> None:
    """It plants twenty faults, mends three, and takes 이용 통계 from the past RFP of 한빛시."""
    cells = json.loads((sample_corpus.parent / "notebooks" / "03_rfp.ipynb").read_text(encoding="utf-8"))["cells"]
    words = "\n".join("".join(cell["source"]) for cell in cells)
    mended = re.findall(r'^    "([^"]+)": "([^"]+)",$', words, re.MULTILINE)
    assert ("스무 가지" in words, "세 곳을 고쳐" in words) == (len(FAULTS) == 20, len(mended) == 3)
    text = (sample_corpus / PAPERS / KEY["file"]).read_text(encoding="utf-8")
    before = len(library.procurement.review(("전.md", text.encode())).faults)
    for wrong, right in mended:
        assert text.count(wrong) == 1
        text = text.replace(wrong, right)
    assert before - len(library.procurement.review(("후.md", text.encode())).faults) == 3
