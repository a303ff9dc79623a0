"""One file as govrag reads it, and the requirements of a library: from the bytes to what a person sees."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import hwp_files
import pytest
import rfp_files

import govrag
from govrag.errors import EmptyFile, UnknownFormat, UsageError
from govrag.records import Inspection, Loss

NOTICE = hwp_files.hwp(
    [
        hwp_files.section(
            "별빛 관측 지원사업 공고",
            "1. 신청 자격",
            "관측소에서 1년 이상 일한 사람",
            "2. 지원 내용",
            hwp_files.paragraph(hwp_files.table([["구분", "금액"], ["숙박", "8만원"], ["식비", "2만원"]])),
            hwp_files.paragraph("그림", hwp_files.picture()),
        )
    ]
)


@pytest.fixture(scope="module")
def inspection() -> Inspection:
    return govrag.inspect(("공고.hwp", NOTICE))


def test_it_tells_what_the_file_is_and_what_was_lost(inspection: Inspection) -> None:
    assert (inspection.name, inspection.format, inspection.size) == ("공고.hwp", "HWP 5", len(NOTICE))
    (document,) = inspection.documents
    assert document.title == "별빛 관측 지원사업 공고"
    assert Loss("picture", 1) in document.losses
    (table,) = document.tables
    assert table.table is not None
    assert table.table.grid() == [["구분", "금액"], ["숙박", "8만원"], ["식비", "2만원"]]
    assert [passage.locator for passage in inspection.passages[0]][-2:] == ["1. 신청 자격", "2. 지원 내용"]


def test_it_shows_itself_in_every_way(inspection: Inspection) -> None:
    told = str(inspection)
    assert "1 신청 자격" in told
    assert "[표 3×2] 구분 | 금액" in told
    assert "그림 1개는 글자가 없어 뺐습니다" in told
    assert "<table>" in inspection._repr_html_()
    markdown = inspection.to_markdown()
    assert "## 1. 신청 자격" in markdown
    assert "| 구분 | 금액 |\n| --- | --- |\n| 숙박 | 8만원 |" in markdown
    row = json.loads(json.dumps(inspection.to_dict()))["documents"][0]
    assert (row["needs_ocr"], row["replaced_share"], row["losses"][0]["kind"]) == (False, 0.0, "picture")
    assert any("table" in part for part in _walk(row["sections"]))


def _walk(sections: list[dict[str, object]]) -> list[dict[str, object]]:
    return [part for one in sections for part in (one, *_walk(one.get("children", [])))]  # type: ignore[arg-type]


def test_an_archive_shows_each_of_its_files() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("공고.hwp", NOTICE)
        archive.writestr("그림.png", b"\x89PNG\r\n\x1a\n")
    found = govrag.inspect(("묶음.zip", packed.getvalue()))
    assert [document.title for document in found.documents] == ["별빛 관측 지원사업 공고"]
    assert [refusal.name for refusal in found.refused] == ["묶음.zip/그림.png"]
    assert "그림.png" in str(found)


def test_what_cannot_be_read_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match="빈 파일"):
        govrag.inspect(("빈.hwp", b""))
    with pytest.raises(UnknownFormat, match="OCR"):
        govrag.inspect(("그림.png", b"\x89PNG\r\n\x1a\n" + bytes(20)))
    with pytest.raises(UsageError, match="없습니다"):
        govrag.inspect(tmp_path / "없는.hwp")


def test_nothing_is_stored_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    govrag.inspect(("공고.hwp", NOTICE))
    assert list(tmp_path.iterdir()) == []


# ── requirements ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_requirements_of_every_rfp_are_rows_and_can_be_found_and_cited(tmp_path: Path) -> None:
    one, other = rfp_files.standard(), rfp_files.two_pairs()
    files = [("가.hwpx", rfp_files.hwpx(one.content)), ("나.docx", rfp_files.docx(other.content))]
    with govrag.open(tmp_path / "장서") as library:
        receipt = library.add(files)
        assert receipt.refused == ()
        found = library.requirements()
        assert [(row.id, row.name) for row in found.rows] == [
            (item.id, item.name) for item in (*one.items, *other.items)
        ]
        assert found.warnings == ()
        assert {row.document_id for row in found.rows} == set(receipt.added)
        assert list(found.to_pandas()["id"]) == [row.id for row in found.rows]
        first = found[0]
        shown = library.show(first.passage_id)
        assert shown.passage is not None
        assert shown.passage.unit == "requirement"
        assert first.id in shown.passage.text
        hits = library.search(first.name, limit=3)
        assert first.passage_id in {hit.passage.id for hit in hits}
