"""Symbols of IPC and CPC."""

from __future__ import annotations

import pytest

from govrag.patent.classes import find_symbols, parse_symbol


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("G06F 16/33 (2019.01)", "G06F16/33"),
        ("G06F16/33", "G06F16/33"),
        ("G06F 0016/33", "G06F16/33"),
        ("G06F0016330000", "G06F16/33"),
        ("H01L0021027000", "H01L21/027"),
        ("B65H  75/14", "B65H75/14"),
        ("Y02E 10/50", "Y02E10/50"),
        ("C12N 15/113 20130101AFI", "C12N15/113"),
        ("A01G", "A01G"),
        ("A01", "A01"),
    ],
)
def test_symbols_have_one_form(written: str, symbol: str) -> None:
    assert str(parse_symbol(written)) == symbol


@pytest.mark.parametrize("text", ["", "Z06F 16/33", "G6F 1/2", "2019.01", "KR 10-2023-0001234 A", "G06F/33"])
def test_other_text_is_no_symbol(text: str) -> None:
    assert parse_symbol(text) is None


def test_symbols_are_found_once_each_and_keep_their_version() -> None:
    found = find_symbols("(51) Int. Cl. G06F 16/33 (2019.01) G06N 3/08 (2023.01) (52) CPC G06F 16/33, WO2020/123456")
    assert [str(symbol) for symbol in found] == ["G06F16/33", "G06N3/08", "G06F16/33"]
    assert [symbol.version for symbol in found] == ["2019.01", "2023.01", ""]


def test_depth_shared_counts_levels_from_the_section() -> None:
    symbols = {
        text: parse_symbol(text)
        for text in ("G06F16/33", "G06F16/35", "G06F17/00", "G06N3/08", "H04L1/00", "G06F16/00")
    }
    base = symbols["G06F16/33"]
    assert base is not None
    shared = {text: base.depth_shared(other) for text, other in symbols.items() if other}
    assert shared == {"G06F16/33": 5, "G06F16/35": 4, "G06F17/00": 3, "G06N3/08": 2, "H04L1/00": 0, "G06F16/00": 4}
