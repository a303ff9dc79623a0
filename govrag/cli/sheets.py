"""Tables of questions in, tables of answers out: XLSX, CSV, JSONL."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from govrag.errors import UnknownFormat, UnreadableFile, UsageError
from govrag.export.cells import inert
from govrag.ingest.readers.text import decode

Row = Mapping[str, Any]


def read_column(path: Path, column: str) -> list[str]:
    """Return the texts of one column, empty cells left out.

    Raises `UsageError` when there is no such file or column, `UnreadableFile` when it is no table.
    """
    if not path.is_file():
        raise UsageError(
            f"{path}: 파일이 없습니다. 경로를 확인하십시오.", f"{path}: there is no such file. Check the path."
        )
    rows = _format(path)[0](path)
    if not rows or column not in rows[0]:
        known = ", ".join(rows[0]) if rows else ""
        raise UsageError(
            f"{path}: '{column}' 열이 없습니다. 있는 열: {known}. --column으로 지정하십시오.",
            f"{path}: no column '{column}'. Found: {known}. Name it with --column.",
        )
    return [text for row in rows if (text := str(row.get(column) or "").strip())]


def check_writable(path: Path) -> None:
    """Raise unless a table could be written here: better before the work than after it."""
    _format(path)
    if not path.parent.is_dir():
        raise UsageError(
            f"{path}: '{path.parent}' 폴더가 없습니다. 먼저 만드십시오.",
            f"{path}: there is no folder '{path.parent}'. Make it first.",
        )


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write rows; the file name's ending says how. Raises `UsageError` when the system does not let it."""
    try:
        _format(path)[1](path, rows)
    except OSError as error:
        raise UsageError(
            f"{path}: 쓸 수 없습니다({error.strerror}). 다른 프로그램에서 열려 있는지, 권한과 공간을 보십시오.",
            f"{path}: cannot be written ({error.strerror}). Is it open elsewhere? Check permissions and space.",
        ) from None


def _read_xlsx(path: Path) -> list[Row]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ParseError, ValueError):
        raise UnreadableFile(
            f"{path}: 엑셀 통합 문서(XLSX)가 아니거나 손상되었습니다. 엑셀에서 다시 저장하십시오.",
            f"{path}: not an XLSX workbook, or damaged. Save it again from the spreadsheet program.",
        ) from None
    try:
        lines = book.worksheets[0].iter_rows(values_only=True)
        head = [str(cell or "").strip() for cell in next(lines, ())]
        return [dict(zip(head, line, strict=False)) for line in lines]
    finally:
        book.close()


def _read_csv(path: Path) -> list[Row]:
    text, _ = decode(path.read_bytes(), name=path.name)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _read_jsonl(path: Path) -> list[Row]:
    text, _ = decode(path.read_bytes(), name=path.name)
    rows: list[Row] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        if not isinstance(row, dict):
            raise UnreadableFile(
                f'{path} {number}행: JSON 객체가 아닙니다. 한 줄에 {{"질문": "…"}} 하나씩 적으십시오.',
                f'{path} line {number}: not a JSON object. Write one {{"질문": "…"}} a line.',
            )
        rows.append(row)
    return rows


def _write_xlsx(path: Path, rows: Sequence[Row]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if rows:
        sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([inert(value) for value in row.values()])
    book.save(path)


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    # Excel takes a CSV file for UTF-8 only when it starts with a byte order mark.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows({name: inert(value) for name, value in row.items()} for row in rows)


def _write_jsonl(path: Path, rows: Sequence[Row]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


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
