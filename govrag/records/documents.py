"""What is read: sources, the trees of documents, and the passages they are cut into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

    from govrag.errors import Lang


@dataclass(frozen=True, slots=True)
class Source:
    """Where bytes came from; never the bytes."""

    uri: str  # absolute path, or "memory:NAME" for bytes handed over
    name: str  # what a person calls it: the path below the folder that was added
    sha256: str
    size: int
    media_type: str = ""  # set by the reader that was chosen


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: where it begins, how far it reaches, and what it says."""

    row: int  # from 0
    column: int  # from 0
    text: str  # paragraphs on lines of their own, those of tables inside the cell among them
    rows: int = 1
    columns: int = 1
    tables: tuple[Table, ...] = ()  # tables inside the cell


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells. Merged cells are one cell; positions that no cell covers are blank."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]  # in reading order
    header_rows: int = 0  # rows at the top that name the columns

    def grid(self, *, spread: bool = False) -> list[list[str]]:
        """Return the text of every position, row by row; a merged cell's at its first, with ``spread`` at each."""
        grid = [[""] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            for row in range(cell.row, min(cell.row + (cell.rows if spread else 1), self.rows)):
                for column in range(cell.column, min(cell.column + (cell.columns if spread else 1), self.columns)):
                    grid[row][column] = cell.text
        return grid

    def to_markdown(self) -> str:
        """Return the table as a Markdown table, a line a row, the header row underlined."""
        lines = [table_row(row) for row in self.grid()]
        if lines:
            lines.insert(max(self.header_rows, 1), "|" + " --- |" * self.columns)
        return "\n".join(lines) + "\n"

    def to_pandas(self) -> pd.DataFrame:
        """Return the table as a data frame, merged cells spread, the last header row as the columns' names."""
        from govrag.records.shown import data_frame

        grid = self.grid(spread=True)
        columns = grid[self.header_rows - 1] if self.header_rows else [str(number) for number in range(self.columns)]
        return data_frame(grid[self.header_rows :], columns)


def table_row(cells: Iterable[str]) -> str:
    """Return one line of a table as it stands in a document's text: ``| 구분 | 금액 |``."""
    return f"| {' | '.join(' '.join(cell.split()).replace('|', '¦') for cell in cells)} |"


SlotKind = Literal["field", "placeholder", "blank cell"]  # 누름틀; ○○ or (   ); an empty cell beside its label


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that a form leaves to be filled in."""

    kind: SlotKind
    name: str  # the field's name or guide, the label of the cell, or the words before the placeholder
    start: int  # where it stands in the document's text
    end: int


LOSSES: Mapping[str, tuple[str, str]] = {  # kind → what is said of it, {count} and {where} filled in
    "picture": ("그림 {count}개는 글자가 없어 뺐습니다", "{count} picture(s) hold no text and were left out"),
    "object": ("OLE·차트 개체 {count}개를 읽지 않았습니다", "{count} embedded object(s) were not read"),
    "drawn": ("글자 일부가 도형으로 그려진 쪽 {count}개", "{count} page(s) draw some letters as shapes"),
    "figure": ("수식·화학식·도면 {count}개는 이름만 남겼습니다", "{count} formula(s) or drawing(s) kept as labels"),
    "media": ("동영상·소리 {count}개를 읽지 않았습니다", "{count} video or sound object(s) were not read"),
    "field": ("필드 {count}개는 저장된 값이 없어 비었습니다", "{count} field(s) hold no stored value"),
    "formula": ("계산된 값이 저장되지 않은 수식 셀 {count}개", "{count} formula cell(s) hold no computed value"),
    "deleted": ("변경 추적으로 삭제된 글 {count}곳을 뺐습니다", "{count} tracked deletion(s) were left out"),
    "hidden": ("보이지 않게 한 부분 {count}곳을 뺐습니다", "{count} hidden part(s) were left out"),
    "comment": ("숨은 설명·메모 {count}개를 따로 표시했습니다", "{count} comment(s) are kept and marked"),
    "external": ("바깥을 가리키는 연결 {count}개를 따라가지 않았습니다", "{count} outside reference(s) not followed"),
    "unreadable": ("읽지 못한 부분 {count}곳", "{count} part(s) could not be read"),
    "replaced": ("읽을 수 없는 글자 {count}개를 �로 두었습니다", "{count} unreadable character(s) stand as �"),
    "running": ("쪽마다 되풀이되는 머리말·꼬리말 {count}가지를 뺐습니다", "{count} running head(s) or feet left out"),
    "needs_ocr": (
        "글자를 뽑을 수 없는 쪽 {count}개: OCR이 필요합니다",
        "{count} page(s) need OCR",
    ),
    "annex": ("별표·서식 {count}건은 제목만 싣습니다", "{count} annex(es) are listed by title alone"),
    "line": ("{count}개 행을 읽지 못해 뺐습니다", "{count} line(s) could not be read and were left out"),
    "value": (
        "알아볼 수 없는 값 {count}개를 담지 않았습니다",
        "{count} stated value(s) make no sense",
    ),
    "repaired": ("깨진 표시 {count}곳을 고쳐 읽었습니다", "{count} broken tag(s) were mended"),
    "truncated": ("한도를 넘는 {count}개 부분을 잘랐습니다", "{count} part(s) beyond a limit were cut"),
}


@dataclass(frozen=True, slots=True)
class Loss:
    """What a reader had to leave out of a document."""

    kind: str  # a key of LOSSES
    count: int = 1
    where: str = ""  # pages, parts or names, for a person to look

    def sentence(self, *, lang: Lang = "ko") -> str:
        """Return the loss in words."""
        ko, en = LOSSES[self.kind]
        words = (en if lang == "en" else ko).format(count=f"{self.count:,}")
        return f"{words} ({self.where})" if self.where else words


@dataclass(frozen=True, slots=True)
class Section:
    """A node of the document tree.

    ``text`` is the node's own text up to its first child, markers and line breaks included, so that a node renders as
    its text followed by its children's: the tree is the document, losslessly.
    """

    # 편 장 절 관 조 항 호 목 부칙 · heading paragraph table caption footnote comment contents running ·
    # requirement claim
    kind: str
    text: str
    number: str = ""  # as cited: "60", "76의2", "1", "가"
    heading: str = ""
    children: tuple[Section, ...] = ()
    page: int | None = None
    table: Table | None = None  # of a table, whose ``text`` is its rows, one a line
    fields: tuple[tuple[str, str], ...] = ()  # label → value of a record: a requirement, a claim

    def render(self) -> str:
        """Return the text of the node and everything below it."""
        return "".join(section.text for section in self.walk())

    def walk(self) -> Iterator[Section]:
        """Yield this node and everything below it, in reading order."""
        stack = [self]
        while stack:
            section = stack.pop()
            yield section
            stack.extend(reversed(section.children))


@dataclass(frozen=True, slots=True)
class Document:
    """A source and its sections.

    ``series`` and ``version`` tell editions of one law apart: documents of one series are versions of each other
    (for statutes 법령ID and 법령MST). A document without a series has no versions: new bytes replace it.
    """

    id: str
    title: str
    sections: tuple[Section, ...]
    kind: str = ""  # 법률, 대통령령, 부령, 고시, 훈령, 판결, 특허, 제안요청서, 공고, 매뉴얼 …
    issuer: str = ""
    number: str = ""  # promulgation or notice number
    promulgated: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None  # first day on which it no longer holds
    series: str = ""
    version: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(
        default_factory=dict
    )  # field → "front matter", "xml", "metadata file", "file name" …
    losses: tuple[Loss, ...] = ()
    slots: tuple[Slot, ...] = ()  # of a form: what is to be filled in, in reading order

    @property
    def text(self) -> str:
        """The whole text, as rendered from the tree."""
        return "".join(section.render() for section in self.sections)

    @property
    def tables(self) -> tuple[Section, ...]:
        """Every section that is a table, in reading order; ``section.table`` has its rows."""
        return tuple(section for top in self.sections for section in top.walk() if section.table is not None)


@dataclass(frozen=True, slots=True)
class Validity:
    """When a provision holds, and when it is the text to show. Intervals are half open: [from, to).

    *Effective* is the law's word. *Visible* tiles all time per provision's law, so that every day finds the nearest
    text: before the first known version its text is visible and not in force.
    """

    effective_from: date | None = None  # None: since before anything known
    effective_to: date | None = None  # None: open
    visible_from: date | None = None
    visible_to: date | None = None
    inferred: bool = False  # from <개정 …> marks and 부칙, not from stored versions
    settled_from: date | None = (
        None  # when inferred: it surely holds within [settled_from, settled_to); None: on no day
    )
    settled_to: date | None = None

    def in_force(self, day: date) -> bool:
        """Tell whether the provision holds on this day."""
        return _within(day, self.effective_from, self.effective_to)

    def settled(self, day: date) -> bool:
        """Tell whether `in_force` is knowledge on this day, and not a guess from the text of another day."""
        if not self.inferred or not self.in_force(day):
            return True
        return self.settled_from is not None and _within(day, self.settled_from, self.settled_to)

    def visible(self, day: date) -> bool:
        """Tell whether this is the text to show for this day."""
        return _within(day, self.visible_from, self.visible_to)


def _within(day: date, start: date | None, end: date | None) -> bool:
    return (start is None or start <= day) and (end is None or day < end)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is retrieved and quoted: ``document.text[start:end] == text``."""

    id: str  # "<document id>#<locator>"
    document_id: str
    locator: str  # "제60조", "부칙 <제21472호,2026.3.17>", "p.3", "3. 신청 방법"
    text: str
    start: int
    end: int
    breadcrumb: tuple[str, ...]  # title of the document, then the headings above, then its own
    validity: Validity = Validity()
    role: Literal["body", "supplement"] = "body"  # a supplement (부칙) can be shown and cited, and is not searched
    cites: tuple[str, ...] = ()  # the articles it cites, as "<match key of the law>|제60조" (`statute.graph`)
    unit: str = ""  # what kind of record it is: requirement, claim, issue, question; "" for words
    fields: tuple[tuple[str, str], ...] = ()  # label → value, of a record

    @property
    def title(self) -> str:
        """Title of the document."""
        return self.breadcrumb[0]

    @property
    def heading(self) -> str:
        """The passage's own heading, as 제60조(연차 유급휴가)."""
        return self.breadcrumb[-1]

    @property
    def label(self) -> str:
        """How a person cites it: 근로기준법 제60조."""
        return self.title if self.locator == self.title else f"{self.title} {self.locator}"
