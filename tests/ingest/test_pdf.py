"""PDF: whole sentences in the order of reading, tables as rows, and no garbage, whichever library reads it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdf_files as files
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import EmptyFile, EncryptedFile, GovragError, LimitExceeded, NeedsOcr, UnreadableFile
from govrag.ingest.blocks import Content, Paragraph, Table, walk
from govrag.ingest.readers import pdf
from govrag.ingest.readers.pdf import PdfReader
from govrag.ingest.readers.pdf.gate import is_garbled
from govrag.ingest.readers.pdf.lines import Mender
from govrag.ingest.readers.pdf.page import Line, Page, Rules
from govrag.ingest.readers.pdf.running import without_running_heads
from govrag.ingest.readers.pdf.tables import grids
from govrag.records import Loss, Source

PAGES = [
    [
        "새벽공사 내규집",
        "여비 규정",
        "제1조(목적) 이 규정은 출장하는 임직원에게 주는 여비의 기준과 절차를 정함을 목적으로 한",
        "다.",
        "- 1 -",
    ],
    [
        "새벽공사 내규집",
        "제2조(지급) ① 여비는 실비로 지급한다.",
        "② 숙박비의 상한은 원장이 정하는 금액으로 하며 지역에 따라 달리 정할 수 있으며 이 경우",
        "- 2 -",
    ],
    ["새벽공사 내규집", "에는 미리 알린다.", "제3조(정산) 출장을 마친 날부터 7일 안에 정산한다.", "- 3 -"],
]
SENTENCE = "여비는 실비로 지급하며 숙박비의 상한은 원장이 정한다. 출장을 마친 날부터 이레 안에 정산하여야 한다."


def source(name: str = "문서.pdf", size: int = 1) -> Source:
    return Source(f"/folder/{name}", name, "0" * 64, size)


def read(data: bytes) -> Content:
    return pdf.content(data, source())


def texts(content: Content) -> list[str]:
    return [paragraph.text for paragraph in walk(content.blocks)]


def rows(table: Table) -> list[list[str]]:
    grid = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = " / ".join(paragraph.text for paragraph in walk(cell.blocks))
    return grid


def the_table(content: Content) -> Table:
    (table,) = [block for block in content.blocks if isinstance(block, Table)]
    return table


@pytest.fixture(params=["pypdfium2", "pypdf"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "pypdf":
        monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    else:
        pytest.importorskip("pypdfium2")
    return str(request.param)


@pytest.fixture
def pdfium() -> None:
    pytest.importorskip("pypdfium2")


# ── paragraphs ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_regulation_gets_articles_pages_and_whole_sentences(engine: str) -> None:
    (document,) = PdfReader().read(files.paged(PAGES), source("여비.pdf"))
    articles = {node.number: node for top in document.sections for node in top.walk() if node.kind == "조"}
    assert {number: node.page for number, node in articles.items()} == {"1": 1, "2": 2, "3": 3}
    assert articles["1"].text.strip().endswith("목적으로 한다.")
    assert "이 경우에는 미리 알린다." in articles["2"].render()
    assert "내규집" not in document.text
    assert "- 2 -" not in document.text
    assert any(loss.kind == "running" and "새벽공사 내규집" in loss.where for loss in document.losses)
    assert (document.title, document.kind) == ("여비 규정", "규정")


def test_what_the_file_says_of_itself_is_kept(engine: str) -> None:
    content = read(files.made([files.lines(["본문"])], information={"Title": "여비 규정", "Author": "총무과"}))
    assert content.title == "여비 규정"
    assert ("author", "총무과") in content.properties
    assert content.losses == ()


def test_lines_are_joined_by_the_words_the_document_uses() -> None:
    lines = [
        Line(text)
        for text in (
            "근로자의 임금은 매월 1회 이상 일정한 날짜를 정하여 지급하여야 하며 근로",
            "자의 동의 없이 임금을 공제하지 못한다. 다만 법령에 다른 정함이 있는 경우",
            "에는 그러하지 아니하다. 그 경우에는 미리 알려야 하고 알리지 아니한 경우에",
            "임금을 공제한 때에는 돌려준다.",
        )
    ]
    mender = Mender([lines])
    text = lines[0].text
    for line, following in pairwise(lines):
        assert mender.goes_on(line, following, 0.0)
        text = mender.join(text, following.text)
    assert "근로자의 동의" in text
    assert "있는 경우에는 그러하지" in text
    assert "경우에 임금을" in text


def test_a_hyphen_at_the_end_of_a_line_goes_with_it(engine: str) -> None:
    content = read(
        files.paged([["The traveller shall settle the expenses with the account-", "ing office within days."]])
    )
    assert texts(content) == ["The traveller shall settle the expenses with the accounting office within days."]


def test_an_indent_a_gap_and_another_size_begin_a_paragraph(pdfium: None) -> None:
    long = "가나다라마바사아자차카타파하 " * 3
    content = read(
        files.made(
            [
                files.words(50, 780, "큰 제목이 한 줄을 가득 채우고 있어서 길다", size=22)
                + files.words(50, 750, long)
                + files.words(50, 734, long)
                + files.words(80, 718, long)
                + files.words(50, 702, long)
                + files.words(50, 640, long)
            ]
        )
    )
    assert [len(text.split()) for text in texts(content)] == [8, 6, 6, 3]


def test_only_what_most_pages_share_at_their_edges_is_left_out() -> None:
    words = ["하나", "둘", "셋", "넷", "다섯"]
    pages = [
        Page(number + 1, [Line(text) for text in ("머리말", word, "같은 본문", "같은 본문", word * 2, f"{number}쪽")])
        for number, word in enumerate(words)
    ]
    assert without_running_heads(pages) == ["머리말", "0쪽"]
    assert [[line.text for line in page.lines] for page in pages] == [
        [word, "같은 본문", "같은 본문", word * 2] for word in words
    ]
    pages = [Page(1, [Line("제목"), Line("본문")]), Page(2, [Line("제목"), Line("다른 본문")])]
    assert without_running_heads(pages) == []


def test_numbers_that_count_two_pages_are_left_out(engine: str) -> None:
    pages = [
        files.lines(["첫 쪽의 글"]) + files.words(290, 40, "- 7 -"),
        files.lines(["2024"]) + files.words(290, 40, "- 8 -"),
    ]
    assert texts(read(files.made(pages))) == ["첫 쪽의 글", "2024"]


def test_two_columns_are_read_one_after_the_other(pdfium: None) -> None:
    left = [f"왼쪽 단의 글이 {number}번째 줄을 채우고" for number in range(9)]
    right = [f"오른쪽 단의 글이 {number}번째 줄을 채우" for number in range(9)]
    across = b"".join(
        files.words(50, 740 - 16 * number, one) + files.words(320, 740 - 16 * number, other)
        for number, (one, other) in enumerate(zip(left, right, strict=True))
    )
    content = read(files.made([files.words(150, 780, "두 단에 걸친 제목", size=18) + across]))
    text = "\n".join(texts(content))
    assert text.index("제목") < text.index("왼쪽 단의 글이 8번째") < text.index("오른쪽 단의 글이 0번째")
    assert sum(text.count(line) for line in (*left, *right)) == 18


def test_bookmarks_give_their_lines_a_level(engine: str) -> None:
    data = files.made(
        [files.lines(["추진 배경", "배경을 적는다.", "이 사업의 목표와", "기대 효과", "목표를 적는다."])],
        bookmarks=[("추진 배경", 1), ("이 사업의 목표와 기대 효과", 1), ("없는 제목", 1)],
    )
    found = [(block.text, block.level) for block in read(data).blocks if isinstance(block, Paragraph)]
    assert found[:2] == [("추진 배경", 1), ("배경을 적는다.", 0)]
    assert found[2:] == [("이 사업의 목표와 기대 효과", 1), ("목표를 적는다.", 0)]


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────

EDGES, LEVELS = (50, 200, 350, 500), (700, 670, 640, 600)


def table_page(*, rotate_from: int = 0) -> bytes:
    return (
        files.words(50, 720, "표 앞의 글")
        + files.words(50, 560, "표 뒤의 글")
        + files.ruled(EDGES, LEVELS)
        + b"".join(
            files.words(x + 5, y, text)
            for x, y, text in (
                (50, 680, "구분"), (200, 680, "금액"), (350, 680, "비고"),
                (50, 650, "숙박비"), (200, 650, "70,000원"), (350, 650, "서울"),
                (50, 620, "두 줄에 걸쳐 적은 말이 있는"), (50, 606, "칸"), (200, 620, "실비"),
            )
        )
    )  # fmt: skip


def test_a_ruled_table_is_rows_where_it_stands(pdfium: None) -> None:
    content = read(files.made([table_page()]))
    assert [type(block).__name__ for block in content.blocks] == ["Paragraph", "Table", "Paragraph"]
    table = the_table(content)
    assert rows(table) == [
        ["구분", "금액", "비고"],
        ["숙박비", "70,000원", "서울"],
        ["두 줄에 걸쳐 적은 말이 있는 칸", "실비", ""],
    ]
    assert table.page == 1


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_that_is_turned_keeps_its_table(pdfium: None, rotate: int) -> None:
    turn = {90: b"0 1 -1 0 750 0 cm", 180: b"-1 0 0 -1 600 842 cm", 270: b"0 -1 1 0 -150 842 cm"}[rotate]
    # Drawn so that it stands upright when the page is shown turned.
    content = read(files.made([b"q " + turn + b"\n" + table_page() + b"Q"], rotate=rotate))
    assert rows(the_table(content))[1] == ["숙박비", "70,000원", "서울"]


def test_a_position_without_a_rule_is_part_of_a_merged_cell(pdfium: None) -> None:
    drawn = (
        b"".join(files.rule(50, level, 500, level) for level in (700, 670, 610))
        + files.rule(200, 640, 500, 640)
        + b"".join(files.rule(edge, 610, edge, 700) for edge in (50, 200, 500))
        + files.rule(350, 610, 350, 670)
        + files.words(60, 680, "여비") + files.words(210, 680, "국내와 국외")
        + files.words(60, 640, "일비") + files.words(210, 650, "갑") + files.words(360, 650, "을")
        + files.words(210, 620, "병") + files.words(360, 620, "정")
    )  # fmt: skip
    table = the_table(read(files.made([drawn])))
    assert {(cell.row, cell.column): (cell.rows, cell.columns) for cell in table.cells} == {
        (0, 0): (1, 1), (0, 1): (1, 2), (1, 0): (2, 1), (1, 1): (1, 1), (1, 2): (1, 1), (2, 1): (1, 1), (2, 2): (1, 1)
    }  # fmt: skip
    assert rows(table) == [["여비", "국내와 국외", ""], ["일비", "갑", "을"], ["", "병", "정"]]


def test_a_table_goes_on_over_the_page_without_its_header(pdfium: None) -> None:
    def page(levels: tuple[int, ...], body: list[str]) -> bytes:
        cells = [("연번", "이름"), *((str(number), name) for number, name in enumerate(body))]
        return files.ruled((50, 200, 500), levels) + b"".join(
            files.words(60, levels[row] - 15, one) + files.words(210, levels[row] - 15, other)
            for row, (one, other) in enumerate(cells)
        )

    content = read(files.made([page((200, 170, 140, 110), ["가", "나"]), page((760, 730, 700), ["다"])]))
    table = the_table(content)
    assert (table.rows, table.columns, table.header_rows, table.page) == (4, 2, 1, 1)
    assert [row[1] for row in rows(table)] == ["이름", "가", "나", "다"]


def test_a_box_and_an_underline_are_no_table(pdfium: None) -> None:
    drawn = (
        files.lines(["상자 안의 글", "밑줄 친 글"]) + files.ruled((40, 300), (800, 755)) + files.rule(50, 760, 120, 760)
    )
    assert [type(block) for block in read(files.made([drawn])).blocks] == [Paragraph, Paragraph]


@given(
    columns=st.lists(st.integers(20, 90), min_size=2, max_size=6),
    heights=st.lists(st.integers(15, 60), min_size=2, max_size=6),
    gone=st.tuples(st.integers(0, 100), st.integers(0, 100)),
)
def test_a_grid_is_found_and_a_missing_rule_merges_two_cells(
    columns: list[int], heights: list[int], gone: tuple[int, int]
) -> None:
    edges = [40.0 + sum(columns[:number]) for number in range(len(columns) + 1)]
    levels = [800.0 - sum(heights[:number]) for number in range(len(heights) + 1)]
    across = [(y, left, right) for y in levels for left, right in pairwise(edges)]
    down = [(x, low, high) for x in edges for high, low in pairwise(levels)]
    (grid,) = grids(Rules(across, down))
    assert set(grid.cells.values()) == {(r, c, 1, 1) for r in range(len(heights)) for c in range(len(columns))}
    row, column = gone[0] % len(heights), gone[1] % (len(columns) - 1)
    down.remove((edges[column + 1], levels[row + 1], levels[row]))
    (grid,) = grids(Rules(across, down))
    assert grid.cells[row, column] == grid.cells[row, column + 1] == (row, column, 1, 2)
    assert len(set(grid.cells.values())) == len(heights) * len(columns) - 1


# ── what cannot be read ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_scan_needs_ocr_and_a_blank_file_is_empty(engine: str) -> None:
    with pytest.raises(NeedsOcr, match="OCR"):
        read(files.made([files.PICTURE, files.PICTURE]))
    with pytest.raises(EmptyFile, match="비어"):
        read(files.made([b"", b""]))
    content = read(files.made([files.lines([SENTENCE]), files.PICTURE, b"", files.PICTURE]))
    assert texts(content) == [SENTENCE]
    assert content.losses == (Loss("needs_ocr", 2, "2, 4쪽"),)


@pytest.mark.parametrize("name", ["KSCms-UHC-H", "KSCms-UHC-HW-H", "KSC-EUC-H", "KSCpc-EUC-H", "KSCms-UHC-V"])
def test_korean_character_maps_give_the_words_that_are_written(engine: str, name: str) -> None:
    font = files.Font(name, "cp949")
    assert "".join("".join(texts(read(files.paged([[SENTENCE]], font=font)))).split()) == "".join(SENTENCE.split())


def test_a_font_without_a_map_to_characters_gives_no_garbage(engine: str) -> None:
    long = [SENTENCE] * 3
    mapped = files.subset(SENTENCE, to_unicode=True)
    assert SENTENCE in " ".join(texts(read(files.paged([[SENTENCE]], font=mapped))))
    unmapped = files.subset(SENTENCE, to_unicode=False)
    with pytest.raises(NeedsOcr, match="글꼴"):
        read(files.paged([long], font=unmapped))


def test_a_font_with_a_wrong_map_gives_no_garbage(engine: str) -> None:
    wrong = "".join(chr(ord(character) + 29) if "가" <= character <= "힣" else character for character in SENTENCE)
    content = read(files.paged([[SENTENCE], [wrong] * 3]))
    assert texts(content) == [SENTENCE]
    assert content.losses == (Loss("needs_ocr", 1, "2쪽"),)


@given(st.integers(1, 2000))
def test_hangul_that_no_korean_writes_is_told(shift: int) -> None:
    assert not is_garbled("".join("".join(page) for page in PAGES))
    moved = "".join(
        chr(0xAC00 + (ord(character) - 0xAC00 + shift) % 11172) if "가" <= character <= "힣" else character
        for character in SENTENCE * 2
    )
    assert is_garbled(moved)


@pytest.mark.parametrize(
    "text",
    [
        "1. 개요 ··········································· 3\n2. 배경 ··········································· 5",
        "| 1,234 | 5,678 | 90.1% | (12) | -3.4 | 56,789 | 1,000 | 2,000 | 3,000 |",
        "Τα έξοδα ταξιδιού πληρώνονται. Расходы оплачиваются.",
        "旅費の規程を定める。宿泊費は実費とする。",
        "Ⅰ □ ○ ※ ▶ ① ② ③ ㎡ ㎏ ℃ → ⇒ ∴ ±",
    ],
)
def test_tables_of_contents_figures_and_other_languages_are_no_garbage(text: str) -> None:
    assert not is_garbled(text)


def test_letters_that_are_drawn_as_curves_are_reported(pdfium: None) -> None:
    drawn = files.lines([SENTENCE]) + b"".join(files.curve(200 + 8 * number, 780) for number in range(20))
    content = read(files.made([drawn]))
    assert texts(content) == [SENTENCE]
    assert content.losses == (Loss("drawn", 1, "1쪽"),)


def test_what_nobody_sees_is_left_out(pdfium: None) -> None:
    hidden = (
        files.words(50, 500, "흰 바탕의 흰 글", colour="1 1 1")
        + files.words(50, 480, "너무 작은 글", size=0.8)
        + files.words(-900, 460, "쪽 밖의 글")
        + files.words(50, 440, "칠하지 않은 글", mode=3)
    )
    shown = files.box(40, 600, 300, 30, "0 0 0.5") + files.words(50, 610, "남색 바탕의 흰 글", colour="1 1 1")
    content = read(files.made([files.lines([SENTENCE]) + hidden + shown]))
    assert texts(content) == [SENTENCE, "남색 바탕의 흰 글"]
    assert content.losses == (Loss("hidden", 4, "1쪽"),)


def test_what_a_scanner_recognised_under_its_picture_is_kept(pdfium: None) -> None:
    layer = files.PICTURE + files.words(50, 700, SENTENCE, mode=3)
    content = read(files.made([layer]))
    assert texts(content) == [SENTENCE]
    assert [loss.kind for loss in content.losses] == ["picture"]


def test_a_password_is_named(engine: str) -> None:
    with pytest.raises(EncryptedFile, match="암호"):
        read(files.locked(files.paged([["비밀"]]), user="1234"))


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_what_only_its_owner_may_change_is_read(engine: str, algorithm: str) -> None:
    if algorithm.startswith("AES"):
        pytest.importorskip("cryptography")
    assert texts(read(files.locked(files.paged([[SENTENCE]]), user="", algorithm=algorithm))) == [SENTENCE]


@pytest.mark.parametrize("cut", [9, 100, 400, 900, 1500])
def test_a_damaged_file_is_an_error_with_a_name(engine: str, cut: int) -> None:
    with pytest.raises(UnreadableFile, match=r"문서\.pdf"):
        read(files.paged(PAGES)[:cut])


def test_too_many_pages_are_refused(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MOST_PAGES", 2)
    with pytest.raises(LimitExceeded, match="2쪽"):
        read(files.paged(PAGES))


# ── files of others ───────────────────────────────────────────────────────────────────────────────────────────────


def recall(expected: Counter[Any], found: Counter[Any]) -> float:
    return sum((expected & found).values()) / expected.total()


def words_of(content: Content) -> Counter[str]:
    paragraphs = walk(content.blocks)
    return Counter(word for paragraph in paragraphs for word in f"{paragraph.number} {paragraph.text}".split())


def cells_of(content: Content) -> Counter[tuple[int, int, str]]:
    return Counter(
        (row, column, "".join(text.split()))
        for table in content.blocks
        if isinstance(table, Table)
        for row, line in enumerate(rows(table))
        for column, text in enumerate(line)
    )


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Counter[str], list[list[str]]]:
    """Return a PDF that LibreOffice made, the words that were written, and the rows of the table."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    docx = pytest.importorskip("docx")
    from docx.enum.section import WD_SECTION
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "새벽공사 머리말"
    document.sections[0].footer.paragraphs[0].text = "새벽공사 꼬리말"
    written: list[str] = []

    def add(text: str, level: int = 0) -> None:
        written.append(text)
        if level:
            document.add_heading(text, level)
        else:
            document.add_paragraph(text)

    def body(count: int, mark: str) -> None:
        for number in range(count):
            add(f"{mark}{number} 출장하는 임직원에게는 기준에 따라 여비를 지급하며 " + SENTENCE * 3)

    add("제1장 총칙", 1)
    body(14, "가")
    add("제2장 여비의 종류", 1)
    table_rows = [
        ["구분", "금액", "비고"],
        *([f"항목{number}", f"{number},000원", f"비고 {number}"] for number in range(12)),
    ]
    table = document.add_table(rows=0, cols=3, style="Table Grid")
    for row in table_rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
            written.append(text)
    body(6, "나")
    section = document.add_section(WD_SECTION.NEW_PAGE)
    columns = OxmlElement("w:cols")
    columns.set(qn("w:num"), "2")
    section._sectPr.append(columns)
    body(12, "다")
    folder = tmp_path_factory.mktemp("office")
    document.save(str(folder / "made.docx"))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "pdf",
         "--outdir", str(folder), str(folder / "made.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (folder / "made.pdf").read_bytes(), Counter(word for text in written for word in text.split()), table_rows


def test_what_an_office_program_prints_is_read_back(
    pdfium: None, office: tuple[bytes, Counter[str], list[list[str]]]
) -> None:
    data, written, table_rows = office
    content = read(data)
    assert recall(written, words_of(content)) >= 0.95
    assert recall(words_of(content), written) >= 0.95
    assert any("머리말" in loss.where and "꼬리말" in loss.where for loss in content.losses if loss.kind == "running")
    assert rows(the_table(content)) == table_rows
    marks = [text.split()[0] for text in texts(content) if re.match(r"[가나다]\d+ ", text)]
    assert marks == [*(f"가{n}" for n in range(14)), *(f"나{n}" for n in range(6)), *(f"다{n}" for n in range(12))]


@pytest.mark.shared
def test_real_files_say_what_their_hwp_twins_say(shared: Path, pdfium: None) -> None:
    hwp = pytest.importorskip("govrag.ingest.readers.hwp")
    folder = shared / "documents/openhwp"
    # The first holds the commands of equations in cells that a PDF shows as equations.
    for name, least, least_cells in (("수식_revision1.3", 0.95, 0.85), ("차트_revision1.2", 0.99, 0.98)):
        (printed,) = folder.glob(f"*{name}.pdf")
        (written,) = folder.glob(f"*{name}.hwp")
        content, twin = read(printed.read_bytes()), hwp.content(written.read_bytes(), source("a.hwp"))
        assert recall(words_of(twin), words_of(content)) >= least, name
        assert recall(cells_of(twin), cells_of(content)) >= least_cells, name


@pytest.mark.shared
def test_every_real_file_is_read_or_refused_for_a_reason(shared: Path, engine: str) -> None:
    refused = {}
    paths = sorted((shared / "documents").glob("*/*.pdf"))
    if engine == "pypdf":  # twenty times slower
        paths = [path for path in paths if path.stat().st_size < 300_000]
    for path in paths:
        try:
            content = read(path.read_bytes())
        except GovragError as error:
            refused[path.name.split("__")[-1]] = type(error).__name__
        else:
            whole = "\n".join(texts(content))
            assert whole.strip()
            assert not is_garbled(whole)
    expected = {
        "imagemagick-ASCII85Decode.pdf": "NeedsOcr",
        "imagemagick-images.pdf": "NeedsOcr",
        "cmyk-image.pdf": "NeedsOcr",
        "unreadablemetadata.pdf": "UnreadableFile",
    }
    if engine == "pypdf":
        del expected["imagemagick-images.pdf"]  # what names its pictures is not painted, which pypdf does not say
    assert refused == {name: reason for name, reason in expected.items() if any(p.name.endswith(name) for p in paths)}


@pytest.mark.shared
def test_a_real_statute_reads_as_the_statute_does(shared: Path, engine: str) -> None:
    """The law centre's PDF against the same law's Markdown of another date: nearly all words, whole and separate."""
    (path,) = (shared / "documents").glob("*/data__labor.pdf")
    (document,) = PdfReader().read(path.read_bytes(), source(path.name))
    statute = next(path for path in (shared / "laws/selected/근로기준법").iterdir() if path.stat().st_size > 50_000)
    words = Counter(re.findall("[가-힣]+", statute.read_text().split("## 부칙")[0].split("---\n")[-1]))
    assert recall(words, Counter(re.findall("[가-힣]+", document.text))) > 0.98
    assert document.title == "근로기준법"
    assert sum(node.kind == "조" for top in document.sections for node in top.walk()) >= 125
