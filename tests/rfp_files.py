"""Twenty-two invented requests for proposals in the layouts that agencies use, each with its answer key.

The key is the list of requirements a file is made from; the layouts only draw it. Written before what reads them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import hwpx_files
from docx import Document
from docx.document import Document as DocxDocument
from docx.table import _Cell as DocxCell

from govrag.ingest.blocks import Block, Cell, Content, Paragraph, Table

ID, CLASS, NAME, DEFINITION, DETAILS = "요구사항 고유번호", "요구사항 분류", "요구사항 명칭", "정의", "세부내용"
OUTPUTS, RELATED, SOURCE = "산출정보", "관련 요구사항", "요구사항 출처"


@dataclass(frozen=True)
class Item:
    """One requirement as its author meant it."""

    id: str
    category: str
    name: str
    definition: str = ""
    details: str = ""
    outputs: str = ""
    related: str = ""
    source: str = ""
    others: tuple[tuple[str, str], ...] = ()

    @property
    def fields(self) -> dict[str, str]:
        """What a reader must find: canonical label → value, blank ones left out."""
        values = (
            self.id,
            self.category,
            self.name,
            self.definition,
            self.details,
            self.outputs,
            self.related,
            self.source,
        )
        named = dict(zip((ID, CLASS, NAME, DEFINITION, DETAILS, OUTPUTS, RELATED, SOURCE), values, strict=True))
        return {label: value for label, value in (named | dict(self.others)).items() if value}


@dataclass(frozen=True)
class Rfp:
    """A made file: what a reader would hand over, and what must be found in it."""

    name: str
    content: Content
    items: tuple[Item, ...]
    totals: tuple[tuple[str, int], ...] = ()
    faults: tuple[str, ...] = ()  # each must be named in a discrepancy; with none there must be none


_SUBJECTS = (
    ("좌석 예약", "이용자가 빈 좌석을 찾아 예약하는 기능"),
    ("대출 이력 조회", "지난 다섯 해의 대출 기록을 보여 주는 기능"),
    ("알림 발송", "반납 예정일 사흘 전에 알리는 기능"),
    ("요구사항 정의", "현업 면담으로 요구를 모으고 확정하는 일"),
    ("응답 시간", "화면 하나가 뜨는 데 걸리는 시간"),
    ("통합 로그인 연계", "시청 통합 인증과 이어지는 방식"),
    ("장서 자료 이관", "옛 목록을 새 자료 구조로 옮기는 일"),
    ("인수 시험", "검수 전에 거치는 시험의 범위"),
    ("접근 권한 관리", "직급에 따라 볼 수 있는 자료를 나누는 일"),
    ("결함 밀도", "소스 천 줄에 남아도 되는 결함의 수"),
    ("공휴일 작업 제한", "휴관일 밖의 중단을 금하는 조건"),
    ("주간 보고", "진행률과 위험을 매주 알리는 일"),
    ("사서 교육", "새 화면을 다루는 법을 가르치는 일"),
    ("무정전 전원 장치", "정전 때 30분을 버티는 장비"),
)
_LINES = (
    "○ 한 화면에서 층과 열람실을 고를 수 있어야 함",
    "- 동시 접속 300명에서 3초 안에 답해야 함",
    "○ 기록은 1년 넘게 보관하고, 지운 때와 사람을 남겨야 함",
    "- 정의: 여기서 '빈 좌석'이란 10분 넘게 비어 있는 자리를 말함",
    "○ 번호가 같은 자료는 하나로 합쳐야 함 (SER-001과 함께 시험)",
    "※ 관련 요구사항의 순서는 착수 때 정함",
    "○ 내용이 바뀌면 담당 사서에게 알려야 함",
)
_OUTPUTS = ("화면 설계서, 시험 결과서", "", "업무 정의서", "인터페이스 명세서\n연계 시험 결과서")
_SOURCES = ("사업계획서 12쪽", "", "현업 면담(2031. 4.)")

CLASSES = {
    "SFR": "기능 요구사항",
    "PER": "성능 요구사항",
    "SIR": "인터페이스 요구사항",
    "DAR": "데이터 요구사항",
    "TER": "테스트 요구사항",
    "SER": "보안 요구사항",
    "QUR": "품질 요구사항",
    "COR": "제약사항",
    "PMR": "프로젝트 관리 요구사항",
    "PSR": "프로젝트 지원 요구사항",
    "ECR": "시스템 장비구성 요구사항",
}


def items(plan: str, *, shape: str = "{code}-{number:03}", start: int = 0) -> tuple[Item, ...]:
    """Make requirements: a plan of "SFR3 PER1" gives three functional ones and one of performance."""
    made: list[Item] = []
    for part in plan.split():
        code, count = part[:3], int(part[3:])
        for number in range(1, count + 1):
            turn = start + len(made)
            name, definition = _SUBJECTS[turn % len(_SUBJECTS)]
            details = "\n".join(_LINES[(turn + step) % len(_LINES)] for step in range(1 + turn % 4))
            made.append(
                Item(
                    id=shape.format(code=code, number=number),
                    category=CLASSES[code],
                    name=name if turn < len(_SUBJECTS) else f"{name} {turn}",
                    definition=definition,
                    details=details,
                    outputs=_OUTPUTS[turn % len(_OUTPUTS)],
                    source=_SOURCES[turn % len(_SOURCES)],
                    related=made[-1].id if turn % 3 == 2 and made else "",
                )
            )
    return tuple(made)


# ---- drawing -------------------------------------------------------------------------------------------------------

Inside = str | Sequence[Block]


def words(*lines: str) -> tuple[Paragraph, ...]:
    """Return a paragraph a line."""
    return tuple(Paragraph(line) for line in lines)


def cell(row: int, column: int, inside: Inside, *, rows: int = 1, columns: int = 1) -> Cell:
    """Return a cell holding lines of text or ready blocks."""
    blocks = words(*inside.split("\n")) if isinstance(inside, str) else tuple(inside)
    return Cell(row, column, blocks, rows, columns)


def grid(*lines: Sequence[str], header_rows: int = 0) -> Table:
    """Return a table without merged cells."""
    cells = tuple(cell(row, column, text) for row, line in enumerate(lines) for column, text in enumerate(line))
    return Table(len(lines), len(lines[0]), cells, header_rows)


def merged(columns: int, rows: Sequence[Sequence[tuple[int, Inside, int, int]]]) -> Table:
    """Return a table from rows of (column, inside, rows, columns)."""
    cells = tuple(
        cell(at, column, inside, rows=down, columns=across)
        for at, row in enumerate(rows)
        for column, inside, down, across in row
    )
    return Table(len(rows), columns, cells)


Rows = list[list[tuple[int, Inside, int, int]]]


def wide(label: str, value: Inside) -> list[tuple[int, Inside, int, int]]:
    """Return a row of the usual three columns: a label over two, its value."""
    return [(0, label, 1, 2), (2, value, 1, 1)]


def standard_rows(item: Item, *, inside: Sequence[Block] | None = None) -> Rows:
    """Return the rows of the ministry's card."""
    return [
        wide("요구사항 분류", item.category),
        wide("요구사항 고유번호", item.id),
        wide("요구사항 명칭", item.name),
        [(0, "요구사항\n상세설명", 2, 1), (1, "정의", 1, 1), (2, item.definition, 1, 1)],
        [(1, "세부\n내용", 1, 1), (2, inside if inside is not None else item.details, 1, 1)],
        wide("산출정보", item.outputs),
        wide("관련 요구사항", item.related),
        wide("요구사항 출처", item.source),
    ]


def summary(totals: Sequence[tuple[str, int]], rules: Sequence[str], *, stated: int | None = None) -> Table:
    """Return the 총괄표: a row a class with its rule of numbering, and the sum."""
    lines = [(label, rule, str(count)) for (label, count), rule in zip(totals, rules, strict=True)]
    total = sum(count for _, count in totals) if stated is None else stated
    return grid(("요구사항 구분", "ID 부여 규칙", "요구사항 수"), *lines, ("합 계", "-", f"{total}"), header_rows=1)


def listing(found: Sequence[Item]) -> Table:
    """Return the 목록표, a class merged over its rows."""
    cells = [cell(0, 0, "구분"), cell(0, 1, "고유번호"), cell(0, 2, "요구사항"), cell(0, 3, "비고")]
    for row, item in enumerate(found, 1):
        first = next(at for at, other in enumerate(found, 1) if other.category == item.category)
        if row == first:
            cells.append(cell(row, 0, item.category, rows=sum(1 for other in found if other.category == item.category)))
        cells += [cell(row, 1, item.id), cell(row, 2, item.name), cell(row, 3, "")]
    return Table(len(found) + 1, 4, tuple(cells), 1)


def counts(found: Sequence[Item]) -> tuple[tuple[str, int], ...]:
    """Return the number of requirements of each class in the order of first use."""
    labels = dict.fromkeys(item.category for item in found)
    return tuple((label, sum(1 for item in found if item.category == label)) for label in labels)


def around(middle: Sequence[Block], *, front: Sequence[Block] = ()) -> Content:
    """Return a whole file: what stands before and after the requirements in every RFP, much of it tables."""
    opening: tuple[Block, ...] = (
        *words(
            "새빛시 도서관 정보시스템 구축 제안요청서", "2031. 5.", "Ⅰ. 사업 개요", "1. 사업명: 도서관 정보시스템 구축"
        ),
        grid(
            ("구분", "내용"),
            ("사업기간", "계약일부터 8개월"),
            ("사업예산", "400,000,000원(부가가치세 포함)"),
            header_rows=1,
        ),
        *words("Ⅱ. 현황"),
        grid(("번호", "명칭", "내용"), ("1", "대출 관리", "자바 8"), ("2", "좌석 관리", "직접 개발"), header_rows=1),
        grid(("시스템 ID", "명칭", "비고"), ("LIB-01", "대출 서버", "2019년 도입"), ("LIB-02", "목록 서버", "")),
        *words("Ⅲ. 제안요청 내용", "1. 요구사항 총괄표"),
        *front,
        *words("3. 상세 요구사항"),
    )
    closing: tuple[Block, ...] = (
        *words("Ⅳ. 제안서 평가", "1. 배점"),
        grid(
            ("평가부문", "평가항목", "평가기준", "배점"),
            ("기술", "기능 요구사항", "요구사항을 빠짐없이 분석하였는가", "20"),
            ("기술", "보안 요구사항", "보안 대책이 구체적인가", "10"),
            ("합계", "", "", "30"),
        ),
        *words("※ 요구사항 번호는 SFR-001과 같이 적는다.", "[서식 1] 요구사항 수용 확인서"),
        grid(("요구사항 번호", "요구사항 명칭", "수용 여부"), ("", "", ""), ("", "", ""), header_rows=1),
        grid(("업체명", "", "대표자", ""), ("주소", "", "전화번호", "")),
    )
    return Content((*opening, *middle, *closing))


def carded(found: Sequence[Item], draw: Callable[[Item], Sequence[Block]]) -> Iterator[Block]:
    """Yield each class's heading and its requirements as drawn."""
    category = ""
    for item in found:
        if item.category != category:
            category = item.category
            yield Paragraph(f"○ {category}")
        yield from draw(item)
        yield Paragraph("")


def whole(name: str, found: tuple[Item, ...], middle: Sequence[Block]) -> Rfp:
    """Return a file whose 총괄표 and 목록표 agree with its requirements."""
    totals = counts(found)
    firsts = [next(item.id for item in found if item.category == label) for label, _ in totals]
    rules = [re.sub(r"\d", "0", first) for first in firsts]
    front = (summary(totals, rules), Paragraph("2. 요구사항 목록표"), listing(found))
    return Rfp(name, around(middle, front=front), found, totals)


# ---- the layouts ---------------------------------------------------------------------------------------------------


def standard() -> Rfp:
    """The ministry's card, one table a requirement."""
    found = items("SFR4 PER2 SER2 PMR1")
    return whole("standard", found, tuple(carded(found, lambda item: (merged(3, standard_rows(item)),))))


def two_pairs() -> Rfp:
    """Two pairs of label and value in a row."""
    found = items("SFR3 DAR2 COR1", start=3)

    def draw(item: Item) -> Sequence[Block]:
        return (
            merged(
                4,
                [
                    [
                        (0, "요구사항 ID", 1, 1),
                        (1, item.id, 1, 1),
                        (2, "요구사항 분류", 1, 1),
                        (3, item.category, 1, 1),
                    ],
                    [(0, "요구사항 명칭", 1, 1), (1, item.name, 1, 3)],
                    [(0, "정의", 1, 1), (1, item.definition, 1, 3)],
                    [(0, "세부 내용", 1, 1), (1, item.details, 1, 3)],
                    [(0, "산출물", 1, 1), (1, item.outputs, 1, 1), (2, "출처", 1, 1), (3, item.source, 1, 1)],
                    [(0, "관련요구사항", 1, 1), (1, item.related, 1, 3)],
                ],
            ),
        )

    return whole("two pairs", found, tuple(carded(found, draw)))


def broken_labels() -> Rfp:
    """Labels spaced out, broken over lines, with colons and notes in brackets."""
    found = items("SFR2 SIR2 TER2", start=6)

    def draw(item: Item) -> Sequence[Block]:
        return (
            merged(
                3,
                [
                    wide("요 구 사 항\n고 유 번 호", item.id),
                    wide("요구사항 명칭 :", item.name),
                    wide("요구사항\n분 류", item.category),
                    [(0, "요구\n사항\n상세\n설명", 2, 1), (1, "정 의", 1, 1), (2, item.definition, 1, 1)],
                    [(1, "세 부\n내 용", 1, 1), (2, item.details, 1, 1)],
                    wide("산출 정보(산출물)", item.outputs),
                    wide("관련\n요구사항", item.related),
                    wide("요구사항의 출처", item.source),
                ],
            ),
        )

    return whole("broken labels", found, tuple(carded(found, draw)))


def stacked() -> Rfp:
    """A whole class of requirements in one table, card under card."""
    found = items("SFR4 SER3", start=1)
    middle: list[Block] = []
    for category, _ in counts(found):
        rows: Rows = []
        for item in found:
            rows += standard_rows(item) if item.category == category else []
        middle += [Paragraph(f"가. {category}"), merged(3, rows)]
    return whole("stacked", found, middle)


def split_labelled() -> Rfp:
    """A card broken by hand: the next table says 세부내용 again."""
    found = tuple(replace(item, details="\n".join(_LINES[:6])) for item in items("SFR3 QUR1", start=2))

    def draw(item: Item) -> Sequence[Block]:
        lines = item.details.split("\n")
        rows = standard_rows(replace(item, details="\n".join(lines[:3])))
        rest: Rows = [
            [(0, "요구사항\n상세설명", 1, 1), (1, "세부내용", 1, 1), (2, "\n".join(lines[3:]), 1, 1)],
            *rows[5:],
        ]
        return (merged(3, rows[:5]), Paragraph(""), Paragraph("- 14 -"), merged(3, rest))

    return whole("split labelled", found, tuple(carded(found, draw)))


def split_blank() -> Rfp:
    """A card broken by hand: the label cells of the next table are blank."""
    found = tuple(replace(item, details="\n".join(_LINES[1:])) for item in items("SFR2 PSR2", start=5))

    def draw(item: Item) -> Sequence[Block]:
        lines = item.details.split("\n")
        rows = standard_rows(replace(item, details="\n".join(lines[:2])))
        rest: Rows = [[(0, "", 1, 1), (1, "", 1, 1), (2, "\n".join(lines[2:]), 1, 1)], *rows[5:]]
        return (merged(3, rows[:5]), merged(3, rest))

    return whole("split blank", found, tuple(carded(found, draw)))


def split_repeated() -> Rfp:
    """A card broken by hand: number and name are repeated with (계속)."""
    found = tuple(replace(item, details="\n".join(_LINES[:5])) for item in items("SFR2 PMR2", start=8))

    def draw(item: Item) -> Sequence[Block]:
        lines = item.details.split("\n")
        rows = standard_rows(replace(item, details="\n".join(lines[:2])))
        rest: Rows = [
            wide("요구사항 고유번호", f"{item.id} (계속)"),
            wide("요구사항 명칭", item.name),
            [(0, "요구사항\n상세설명", 1, 1), (1, "세부내용(계속)", 1, 1), (2, "\n".join(lines[2:]), 1, 1)],
            *rows[5:],
        ]
        return (merged(3, rows[:5]), Paragraph("〈다음 쪽에 계속〉"), merged(3, rest))

    return whole("split repeated", found, tuple(carded(found, draw)))


def split_stacked() -> Rfp:
    """One long stack of cards, cut into tables at page ends wherever they fall."""
    found = items("SFR5 DAR3", start=4)
    rows: Rows = []
    for item in found:
        rows += [
            wide("요구사항 고유번호", item.id),
            wide("요구사항 명칭", item.name),
            wide("요구사항 분류", item.category),
            wide("정의", item.definition),
            wide("세부내용", item.details),
            wide("산출정보", item.outputs),
        ]
    pages = [rows[start : start + 13] for start in range(0, len(rows), 13)]
    found = tuple(replace(item, related="", source="") for item in found)
    middle = [block for page in pages for block in (merged(3, page), Paragraph(""))]
    return whole("split stacked", found, middle)


def _rowwise(item: Item) -> Item:
    return replace(item, definition="", outputs="", related="", source="")


def rowwise() -> Rfp:
    """A requirement a row, its class merged over several."""
    found = tuple(_rowwise(item) for item in items("SFR4 PER2 SER3", start=7))
    cells = [cell(0, at, label) for at, label in enumerate(("구분", "요구사항 ID", "요구사항명", "요구사항 내용"))]
    for row, item in enumerate(found, 1):
        same = [at for at, other in enumerate(found, 1) if other.category == item.category]
        if row == same[0]:
            cells.append(cell(row, 0, item.category, rows=len(same)))
        cells += [cell(row, 1, item.id), cell(row, 2, item.name), cell(row, 3, item.details)]
    table = Table(len(found) + 1, 4, tuple(cells), 1)
    return whole("a row each", found, (table,))


def rowwise_pages() -> Rfp:
    """A requirement a row over three pages: the second repeats the header, the third does not."""
    found = tuple(_rowwise(item) for item in items("SFR5 TER4", start=9))
    header = ("번호", "분류", "명칭", "세부내용")
    lines = [(item.id, item.category, item.name, item.details) for item in found]
    middle: tuple[Block, ...] = (
        grid(header, *lines[:3], header_rows=1),
        Paragraph(""),
        grid(header, *lines[3:6], header_rows=1),
        grid(*lines[6:]),
    )
    return whole("rows over pages", found, middle)


def rowwise_cut() -> Rfp:
    """A requirement a row, one of them cut at the end of a page: its other half has no number."""
    found = tuple(_rowwise(replace(item, details="\n".join(_LINES[:4]))) for item in items("SFR3", start=2))
    header = ("요구사항 번호", "요구사항 분류", "요구사항 명칭", "내용")
    lines = [(item.id, item.category, item.name, item.details) for item in found]
    first, second = found[1].details.split("\n")[:1], found[1].details.split("\n")[1:]
    middle = (
        grid(header, lines[0], (*lines[1][:3], "\n".join(first))),
        grid(header, ("", "", "", "\n".join(second)), lines[2]),
    )
    return whole("a row cut", found, middle)


def nested() -> Rfp:
    """Tables inside 세부내용 whose words look like labels."""
    base = items("ECR3 SFR2", start=13)
    inner = grid(("구분", "세부내용"), ("수량", "2대"), ("규격", "3kVA 이상"), header_rows=1)
    told = "| 구분 | 세부내용 |\n| 수량 | 2대 |\n| 규격 | 3kVA 이상 |"
    found = tuple(replace(item, details=f"{item.details}\n{told}\n※ 동등 이상") for item in base)

    def draw(item: Item) -> Sequence[Block]:
        before = words(*item.details.removesuffix(f"{told}\n※ 동등 이상").rstrip("\n").split("\n"))
        return (merged(3, standard_rows(item, inside=(*before, inner, Paragraph("※ 동등 이상")))),)

    return whole("nested tables", found, tuple(carded(found, draw)))


def inner_cells() -> Rfp:
    """세부내용 divided into cells of its own: several rows and columns beside one label."""
    base = items("PER2 QUR2", start=4)
    found = tuple(
        replace(item, details="지표 | 목표\n응답 시간 | 3초\n내용 | 초당 50건", related="", source="") for item in base
    )

    def draw(item: Item) -> Sequence[Block]:
        rows: Rows = [
            [(0, "요구사항 고유번호", 1, 1), (1, item.id, 1, 2)],
            [(0, "요구사항 명칭", 1, 1), (1, item.name, 1, 2)],
            [(0, "요구사항 분류", 1, 1), (1, item.category, 1, 2)],
            [(0, "정의", 1, 1), (1, item.definition, 1, 2)],
            [(0, "세부내용", 3, 1), (1, "지표", 1, 1), (2, "목표", 1, 1)],
            [(1, "응답 시간", 1, 1), (2, "3초", 1, 1)],
            [(1, "내용", 1, 1), (2, "초당 50건", 1, 1)],
            [(0, "산출정보", 1, 1), (1, item.outputs, 1, 2)],
        ]
        return (merged(3, rows),)

    return whole("cells inside", found, tuple(carded(found, draw)))


def odd_dashes() -> Rfp:
    """Numbers with unusual dashes, spaces, full-width letters; the key has them as they are cited."""
    found = items("SFR4 SER2", start=10)
    odd = ("SFR–001", "SFR - 002", "ＳＦＲ－００３", "SFR‑\n004", "SER―001", " SER -002\u00a0")
    written = dict(zip((item.id for item in found), odd, strict=True))

    def draw(item: Item) -> Sequence[Block]:
        return (merged(3, standard_rows(replace(item, id=written[item.id]))),)

    return whole("odd dashes", found, tuple(carded(found, draw)))


def deep_ids() -> Rfp:
    """Numbers of three parts and of two digits."""
    found = (*items("SFR3", shape="{code}-HR-{number:03}"), *items("ECR2 PSR2", shape="{code}-{number:02}", start=3))
    return whole("deep ids", found, tuple(carded(found, lambda item: (merged(3, standard_rows(item)),))))


def korean_ids() -> Rfp:
    """Numbers in Korean."""
    found = (
        *items("SFR3", shape="요구사항-{number}"),
        *items("PER2", shape="성능-{number:02}", start=3),
        *items("SER1", shape="보안요구-{number:03}", start=5),
    )
    return whole("Korean ids", found, tuple(carded(found, lambda item: (merged(3, standard_rows(item)),))))


def headed() -> Rfp:
    """Number, name and class as columns with their values beneath; the rest as label and value."""
    found = items("SFR3 COR2", start=11)

    def draw(item: Item) -> Sequence[Block]:
        return (
            merged(
                4,
                [
                    [(0, "요구사항 고유번호", 1, 1), (1, "요구사항 명칭", 1, 2), (3, "요구사항 분류", 1, 1)],
                    [(0, item.id, 1, 1), (1, item.name, 1, 2), (3, item.category, 1, 1)],
                    [(0, "정의", 1, 1), (1, item.definition, 1, 3)],
                    [(0, "세부내용", 1, 1), (1, item.details, 1, 3)],
                    [
                        (0, "산출정보", 1, 1),
                        (1, item.outputs, 1, 1),
                        (2, "관련 요구사항", 1, 1),
                        (3, item.related, 1, 1),
                    ],
                    [(0, "요구사항 출처", 1, 1), (1, item.source, 1, 3)],
                ],
            ),
        )

    return whole("headed", found, tuple(carded(found, draw)))


def own_labels() -> Rfp:
    """An agency's own labels beside the usual ones; one description instead of two."""
    extra = (("응락수준", "필수"), ("검수기준", "시험 결과서로 확인"), ("담당 부서", "디지털정보과"))
    found = tuple(replace(item, definition="", related="", others=extra) for item in items("SFR3 PMR2", start=6))

    def draw(item: Item) -> Sequence[Block]:
        return (
            merged(
                4,
                [
                    [(0, "구분", 1, 1), (1, item.category, 1, 1), (2, "요구사항번호", 1, 1), (3, item.id, 1, 1)],
                    [(0, "요구사항명", 1, 1), (1, item.name, 1, 1), (2, "응락수준", 1, 1), (3, "필수", 1, 1)],
                    [(0, "상세설명", 1, 1), (1, item.details, 1, 3)],
                    [(0, "산출물", 1, 1), (1, item.outputs, 1, 1), (2, "요구사항 출처", 1, 1), (3, item.source, 1, 1)],
                    [(0, "검수기준", 1, 1), (1, "시험 결과서로 확인", 1, 3)],
                    [(0, "담당 부서", 1, 1), (1, "디지털정보과", 1, 3)],
                ],
            ),
        )

    return whole("own labels", found, tuple(carded(found, draw)))


def boxed() -> Rfp:
    """Every card inside a table of one cell that is there for its frame; two cards in the last."""
    found = items("SFR4 SER1", start=3)
    cards = [merged(3, standard_rows(item)) for item in found]
    boxes = [Table(1, 1, (Cell(0, 0, (card,)),)) for card in cards[:3]]
    boxes.append(Table(1, 1, (Cell(0, 0, (cards[3], Paragraph(""), cards[4])),)))
    return whole("boxed", found, boxes)


def lines_only() -> Rfp:
    """No tables: label and value as lines, as text out of a viewer has them."""
    found = items("SFR3 PER1 SER2", start=5)
    lines: list[str] = []
    for item in found:
        if item.id.endswith("001"):
            lines.append(f"가. {item.category}")
        lines += [" ", "요구사항 분류", item.category, "요구사항 고유번호", item.id, "요구사항 명칭", item.name]
        lines += ["요구사항", "상세설명", "정의", item.definition, "세부내용", *item.details.split("\n")]
        lines += ["산출정보", *item.outputs.split("\n")] if item.outputs else ["산출정보"]
        lines += ["관련요구사항", item.related] if item.related else ["관련요구사항"]
    found = tuple(replace(item, source="") for item in found)
    return whole("lines only", found, words(*lines))


def faulty() -> Rfp:
    """A 총괄표 that does not add up, a number used twice, a listed requirement without a table."""
    found = items("SFR4 PER2 SER2")
    told = (*found[:3], replace(found[3], id="SFR-003"), *found[4:])
    listed = (*found[:3], *found[4:], Item("SER-003", "보안 요구사항", "침입 차단"))
    front = (
        summary(
            (("기능 요구사항(SFR)", 5), ("성능 요구사항(PER)", 2), ("보안 요구사항(SER)", 2)),
            ("SFR-000", "PER-000", "SER-000"),
            stated=10,
        ),
        Paragraph("2. 요구사항 목록표"),
        listing(listed),
    )
    middle = tuple(carded(told, lambda item: (merged(3, standard_rows(item)),)))
    totals = (("기능 요구사항(SFR)", 5), ("성능 요구사항(PER)", 2), ("보안 요구사항(SER)", 2))
    # The sum stated is 10: neither the classes' 9 nor the 8 that are there.
    faults = ("기능 요구사항(SFR)", "합계", "10", "SFR-003", "SER-003")
    return Rfp("faulty", around(middle, front=front), told, totals, faults)


def listed_only() -> Rfp:
    """An RFP that names its requirements in a list inside a cell and leaves the details to another file."""
    found = tuple(Item(item.id, "", item.name) for item in items("SFR4", shape="{code}-LIB-{number:03}"))
    inner = grid(("요구사항 번호", "요구사항 명칭"), *((item.id, item.name) for item in found), ("~~~~", ""))
    outer = merged(
        2,
        [
            [(0, "대상사업", 1, 1), (1, "도서관 정보시스템", 1, 1)],
            [(0, "검토 내용", 1, 1), (1, (*words("▪ 기능 요구사항을 검토함"), inner, *words("끝")), 1, 1)],
        ],
    )
    return Rfp("listed only", around((outer,)), found, (), ("상세",))


def rfps() -> tuple[Rfp, ...]:
    """Return every made RFP."""
    makers = (
        standard,
        two_pairs,
        broken_labels,
        stacked,
        split_labelled,
        split_blank,
        split_repeated,
        split_stacked,
        rowwise,
        rowwise_pages,
        rowwise_cut,
        nested,
        inner_cells,
        odd_dashes,
        deep_ids,
        korean_ids,
        headed,
        own_labels,
        boxed,
        lines_only,
        faulty,
        listed_only,
    )
    return tuple(make() for make in makers)


# ---- as files ------------------------------------------------------------------------------------------------------


def hwpx(content: Content) -> bytes:
    """Return the file as Hancom would store it."""
    return hwpx_files.package(hwpx_files.section(*(_in_hwpx(block) for block in content.blocks)))


def _in_hwpx(block: Block) -> str:
    if isinstance(block, Paragraph):
        return hwpx_files.words(block.text)
    rows = [[one for one in block.cells if one.row == row] for row in range(block.rows)]
    stored = [
        [
            hwpx_files.cell(
                "".join(_in_hwpx(inner) for inner in one.blocks),
                one.row,
                one.column,
                rows=one.rows,
                columns=one.columns,
                header=one.row < block.header_rows,
            )
            for one in row
        ]
        for row in rows
    ]
    return hwpx_files.paragraph(hwpx_files.table(stored, columns=block.columns, declared_rows=block.rows))


def docx(content: Content) -> bytes:
    """Return the file as Word would store it; two tables never touch there, so an empty paragraph parts them."""
    made = Document()
    _in_docx(made, content.blocks)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _in_docx(holder: DocxDocument | DocxCell, blocks: Sequence[Block]) -> None:
    for block in blocks:
        if isinstance(block, Paragraph):
            holder.add_paragraph(block.text)
            continue
        table = holder.add_table(block.rows, block.columns)
        for one in block.cells:
            first = table.cell(one.row, one.column)
            last = table.cell(one.row + one.rows - 1, one.column + one.columns - 1)
            _in_docx(first.merge(last) if first is not last else first, one.blocks)
        holder.add_paragraph("")
