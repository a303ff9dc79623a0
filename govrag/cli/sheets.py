"""Tables of questions in, tables of answers out: XLSX, CSV, JSONL."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from govrag.errors import UnknownFormat, UsageError
from govrag.ingest.readers.text import decode

Row = Mapping[str, Any]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_column(path: Path, column: str) -> list[str]:
    """Return the texts of one column, empty cells left out. Raises `UsageError` when there is no such column."""
    if not path.is_file():
        raise UsageError(f"{path}: 파일이 없습니다.", f"{path}: no such file.")
    rows = _format(path)[0](path)
    if not rows or column not in rows[0]:
        known = ", ".join(rows[0]) if rows else ""
        raise UsageError(
            f"{path}: '{column}' 열이 없습니다. 있는 열: {known}. --column으로 지정하십시오.",
            f"{path}: no column '{column}'. Found: {known}. Name it with --column.",
        )
    return [text for row in rows if (text := str(row.get(column) or "").strip())]


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write rows; the file name's ending says how."""
    _format(path)[1](path, rows)


def _read_xlsx(path: Path) -> list[Row]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        lines = book.worksheets[0].iter_rows(values_only=True)
        head = [str(cell or "").strip() for cell in next(lines, ())]
        return [dict(zip(head, line, strict=False)) for line in lines]
    finally:
        book.close()


def _read_csv(path: Path) -> list[Row]:
    text, _ = decode(path.read_bytes())
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _read_jsonl(path: Path) -> list[Row]:
    text, _ = decode(path.read_bytes())
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _write_xlsx(path: Path, rows: Sequence[Row]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if rows:
        sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([_inert(value) for value in row.values()])
    book.save(path)


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    # Excel takes a CSV file for UTF-8 only when it starts with a byte order mark.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows({name: _inert(value) for name, value in row.items()} for row in rows)


def _write_jsonl(path: Path, rows: Sequence[Row]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _inert(value: Any) -> Any:
    """Keep a spreadsheet from running text as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


_FORMATS: Mapping[str, tuple[Callable[[Path], list[Row]], Callable[[Path, Sequence[Row]], None]]] = {
    ".xlsx": (_read_xlsx, _write_xlsx),
    ".csv": (_read_csv, _write_csv),
    ".jsonl": (_read_jsonl, _write_jsonl),
}


def _format(path: Path) -> tuple[Callable[[Path], list[Row]], Callable[[Path, Sequence[Row]], None]]:
    try:
        return _FORMATS[path.suffix.lower()]
    except KeyError:
        raise UnknownFormat(
            f"{path}: {path.suffix or '확장자 없는'} 표는 다루지 못합니다. 쓸 수 있는 형식: {', '.join(_FORMATS)}",
            f"{path}: no table format {path.suffix!r}. Use one of {', '.join(_FORMATS)}.",
        ) from None
