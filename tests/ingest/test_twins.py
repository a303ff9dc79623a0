"""One document saved as HWP 5 and as HWPX must read the same: the twins among the real files, the file as the judge."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path, PurePath

import pytest

from govrag.ingest.blocks import Block, Content, Paragraph, Table, walk
from govrag.ingest.readers import hwp, hwpx
from govrag.records import Source

pytestmark = pytest.mark.shared

_WORDS = re.compile(r"[^0-9A-Za-z가-힣\u4e00-\u9fff]")


@cache
def twins(documents: Path) -> list[tuple[Content, Content]]:
    """What the HWP 5 file and the HWPX file of one name hold, for each such pair."""
    files: dict[tuple[str, str], list[Path]] = {}
    for line in (documents / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        files.setdefault((PurePath(row["path"]).stem, row["ext"]), []).append(documents / row["file"])
    return [
        (_content(old), _content(new))
        for (stem, kind), paths in sorted(files.items())
        if kind == "hwpx"
        for old in files.get((stem, "hwp"), [])
        for new in paths
    ]


def _content(path: Path) -> Content:
    source = Source(uri=str(path), name=path.name, sha256="", size=path.stat().st_size)
    return (hwp.content if path.suffix == ".hwp" else hwpx.content)(path.read_bytes(), source)


def words(blocks: Iterable[Block]) -> str:
    return _WORDS.sub("", "".join(one.text for one in walk(blocks) if one.place == "body"))


def grams(text: str) -> Counter[str]:
    return Counter(text[at : at + 3] for at in range(max(len(text) - 2, 1))) if text else Counter()


def tables(blocks: Iterable[Block]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
            for cell in block.cells:
                yield from tables(cell.blocks)


def cells(content: Content) -> Counter[tuple[int, int, int, int, int, str]]:
    return Counter(
        (number, cell.row, cell.column, cell.rows, cell.columns, " ".join("".join(_own(cell.blocks)).split()))
        for number, table in enumerate(tables(content.blocks))
        for cell in table.cells
    )


def _own(blocks: Iterable[Block]) -> Iterator[str]:
    return (block.number + block.text for block in blocks if isinstance(block, Paragraph))


def test_there_are_twins(shared: Path) -> None:
    assert len(twins(shared / "documents")) >= 19


def test_the_words_of_the_body_agree(shared: Path) -> None:
    wanted = kept = given = 0
    for old, new in twins(shared / "documents"):
        ours, reference = grams(words(old.blocks)), grams(words(new.blocks))
        wanted += reference.total()
        given += ours.total()
        kept += (ours & reference).total()
    assert wanted > 1_500
    assert kept / wanted >= 0.995
    assert kept / given >= 0.99


def test_cells_stand_at_the_same_row_and_column(shared: Path) -> None:
    wanted = kept = given = 0
    for old, new in twins(shared / "documents"):
        ours, reference = cells(old), cells(new)
        wanted += reference.total()
        given += ours.total()
        kept += (ours & reference).total()
    assert wanted > 150
    assert kept / max(wanted, given) >= 0.99


def test_numbers_levels_and_places_agree(shared: Path) -> None:
    wanted = kept = given = 0
    for old, new in twins(shared / "documents"):
        ours, reference = (
            Counter((one.number, one.level, one.place, one.text) for one in walk(content.blocks))
            for content in (old, new)
        )
        wanted += reference.total()
        given += ours.total()
        kept += (ours & reference).total()
    assert kept / max(wanted, given) >= 0.99
