"""Bytes that changed on disk are noticed before they are used, or change nothing: no silently wrong answer (R6)."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from nursery import plain_words
from shelf import EMBEDDER, add, everything, item, made, opened, refusal

from govrag.errors import LibraryCorrupt, LibraryFormat
from govrag.index import collection as collections
from govrag.index import files
from govrag.index.health import examine
from govrag.index.writer import Writer
from govrag.korean import morphemes
from govrag.records import Grade

FLIPS_STORE, FLIPS_INDEXES = 240, 120
PAGE = 4096
QUERIES = ("보조금 환수", "연차 유급휴가")
DAYS = (date(1990, 1, 1), date(2012, 6, 1), date(2030, 1, 1))


@pytest.fixture(autouse=True)
def _plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(morphemes, "analyse", plain_words)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of three generations: laws, and one law of three editions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(morphemes, "analyse", plain_words)
        path = made(tmp_path_factory.mktemp("damage") / "main")
        collections.set_grade(path, Grade.CLASSIFIED)
        shared = "근로자에게 연차 유급휴가를 준다."
        for number in range(4):
            add(
                path,
                item(
                    f"d{number}",
                    (f"{number}호 보조금 환수 절차를 정한다.", shared, "위원회 심의." * number),
                    metadata={"부서": "총무"},
                ),
            )
        for number, day in enumerate((date(2005, 1, 1), date(2010, 1, 1), date(2020, 1, 1))):
            articles = ("목적을 정한다.", f"과태료 {number}만원을 부과한다.", shared)
            add(
                path,
                item(f"e{number}", articles, title="공단업무법", series="1", version=str(number), effective_from=day),
            )
    return path


def answers(path: Path) -> dict[str, Any]:
    reader = opened(path)
    try:
        return everything(reader, queries=QUERIES, days=DAYS)
    finally:
        reader.close()


def outcome(path: Path, expected: dict[str, Any]) -> str:
    """Return "noticed", "harmless" or "wrong"; anything raised but our own errors is raised."""
    found: dict[str, Any] = {}
    error = refusal(lambda: found.update(answers(path)))
    if error is None:
        return "harmless" if found == expected else "wrong"
    assert isinstance(error, (LibraryCorrupt, LibraryFormat)) or "store.sqlite3" in error.en, error.en
    assert str(path) in error.en
    return "noticed"


def outcomes(path: Path, damages: list[tuple[Path, bytes]], expected: dict[str, Any]) -> dict[str, list[str]]:
    """Put each damaged content in place of a file, ask everything, and put the file back."""
    found: dict[str, list[str]] = {"noticed": [], "harmless": [], "wrong": []}
    for number, (file, content) in enumerate(damages):
        whole = file.read_bytes()
        file.write_bytes(content)
        try:
            found[outcome(path, expected)].append(f"{file.name} {number}")
        finally:
            file.write_bytes(whole)
            for extra in ("-wal", "-shm"):
                (path / f"store.sqlite3{extra}").unlink(missing_ok=True)
    return found


def flipped(content: bytes, position: int, bit: int) -> bytes:
    return content[:position] + bytes([content[position] ^ (1 << bit)]) + content[position + 1 :]


def flips(files_: list[Path], count: int, *, seed: int) -> list[tuple[Path, bytes]]:
    chance = random.Random(seed)
    found = []
    for number in range(count):
        file = files_[number % len(files_)]
        content = file.read_bytes()
        found.append((file, flipped(content, chance.randrange(len(content)), chance.randrange(8))))
    return found


def index_files(path: Path) -> list[Path]:
    """Return the files of the present generation that hold anything."""
    generation = int(max(file.name for file in path.glob("dense-*"))[6:12])
    names = collections.Generation(path, generation)
    return [file for file in (*sorted(names.lexical.iterdir()), names.dense, names.columns) if file.stat().st_size]


def copied(pristine: Path, place: Path) -> Path:
    return Path(shutil.copytree(pristine, place / "main"))


def test_every_flipped_bit_of_the_indexes_is_noticed(pristine: Path, tmp_path: Path) -> None:
    path = copied(pristine, tmp_path)
    found = outcomes(path, flips(index_files(path), FLIPS_INDEXES, seed=1), answers(path))
    assert len(found["noticed"]) == FLIPS_INDEXES


def test_a_flipped_bit_of_the_store_is_noticed_or_harmless(pristine: Path, tmp_path: Path) -> None:
    path = copied(pristine, tmp_path)
    found = outcomes(path, flips([path / "store.sqlite3"], FLIPS_STORE, seed=2), answers(path))
    assert found["wrong"] == []
    assert len(found["noticed"]) > 10


def test_bits_flipped_where_the_store_keeps_its_words_are_noticed(pristine: Path, tmp_path: Path) -> None:
    path = copied(pristine, tmp_path)
    store = path / "store.sqlite3"
    content = store.read_bytes()
    damages = []
    for words in ("e1", "공단업무법", "2010-01-01", "body", "제2조", "총무", "법률", "C"):
        needle = words.encode()
        at = content.find(needle)
        while at >= 0:
            damages.append((store, flipped(content, at + len(needle) - 1, 0)))
            at = content.find(needle, at + 1)
    found = outcomes(path, damages[:: max(1, len(damages) // 150)], answers(path))
    assert found["wrong"] == []
    assert len(found["noticed"]) > len(found["harmless"]) / 4


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[: len(content) // 2], id="cut in half"),
        pytest.param(lambda content: content[:-1], id="last byte gone"),
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content + b"\0" * 7, id="trailing bytes"),
        pytest.param(lambda content: bytes(len(content)), id="zeroed"),
        pytest.param(
            lambda content: content[: len(content) // 2] + bytes(len(content) - len(content) // 2), id="half zeroed"
        ),
    ],
)
def test_cut_grown_and_zeroed_files_are_noticed(
    damage: Callable[[bytes], bytes], pristine: Path, tmp_path: Path
) -> None:
    path = copied(pristine, tmp_path)
    expected = answers(path)
    damages = [(file, damage(file.read_bytes())) for file in index_files(path)]
    found = outcomes(path, damages, expected)
    assert len(found["noticed"]) == len(damages)
    store = path / "store.sqlite3"
    assert outcomes(path, [(store, damage(store.read_bytes()))], expected)["wrong"] == []


def test_zeroed_and_exchanged_pages_of_the_store_are_noticed_or_harmless(pristine: Path, tmp_path: Path) -> None:
    path = copied(pristine, tmp_path)
    store = path / "store.sqlite3"
    content = store.read_bytes()
    pages = [content[start : start + PAGE] for start in range(0, len(content), PAGE)]
    damages = []
    for number in range(len(pages)):
        damages.append((store, b"".join([*pages[:number], bytes(PAGE), *pages[number + 1 :]])))
        other = (number + 1) % len(pages)
        exchanged = list(pages)
        exchanged[number], exchanged[other] = pages[other], pages[number]
        damages.append((store, b"".join(exchanged)))
    found = outcomes(path, damages, answers(path))
    assert found["wrong"] == []
    assert len(found["noticed"]) > len(pages) / 2


def test_files_of_another_generation_are_noticed(pristine: Path, tmp_path: Path) -> None:
    path = copied(pristine, tmp_path)
    expected = answers(path)
    for kind in ("dense", "columns"):
        *_, old, new = sorted(path.glob(f"{kind}-*"))
        assert outcomes(path, [(new, old.read_bytes())], expected)["noticed"]
    *_, old, new = sorted(path.glob("lexical-*"))
    shutil.rmtree(new)
    shutil.copytree(old, new)
    assert outcome(path, expected) == "noticed"


@pytest.mark.parametrize("pattern", ["dense-*", "columns-*", "lexical-*/meta.json", "lexical-*/*.idx"])
def test_a_missing_index_file_is_named_and_a_rebuild_brings_the_same_answers(
    pattern: str, pristine: Path, tmp_path: Path
) -> None:
    path = copied(pristine, tmp_path)
    expected = answers(path)
    gone = max(path.glob(pattern))
    gone.unlink()
    with pytest.raises(LibraryCorrupt, match=gone.name):
        opened(path)
    assert examine(path, embedder=EMBEDDER).problems_en
    with Writer(path, embedder=EMBEDDER) as writer:
        writer.remake()
        writer.commit()
    assert answers(path) == expected
    assert examine(path, embedder=EMBEDDER).problems_en == ()


def test_a_missing_store_is_named(pristine: Path, tmp_path: Path) -> None:
    path = copied(pristine, tmp_path)
    (path / "store.sqlite3").unlink()
    with pytest.raises(LibraryCorrupt, match=r"store\.sqlite3"):
        opened(path)


def test_a_writer_does_not_carry_damage_into_a_new_generation(pristine: Path, tmp_path: Path) -> None:
    path = copied(pristine, tmp_path)
    for number, file in enumerate(index_files(path)):
        if file.name.startswith("columns"):
            continue  # made anew from the truth
        whole = file.read_bytes()
        file.write_bytes(flipped(whole, len(whole) // 2, 3))
        with pytest.raises(LibraryCorrupt, match=file.name):
            add(path, item(f"new{number}", ("새 조문이다.",)))
        file.write_bytes(whole)
    assert "new0" not in {info["document_id"] for info in answers(path)["documents"]}


def test_a_rebuild_from_a_damaged_truth_is_refused(pristine: Path, tmp_path: Path) -> None:
    path = copied(pristine, tmp_path)
    store = path / "store.sqlite3"
    content = store.read_bytes()
    store.write_bytes(content.replace("d1 운영법".encode(), "d9 운영법".encode()))
    with Writer(path, embedder=EMBEDDER) as writer, pytest.raises(LibraryCorrupt):
        writer.remake()


# ── without the checks the same damage goes unnoticed ─────────────────────────────────────────────────────────────


class _Agreeable:
    """Equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


def test_without_checksums_of_files_damage_is_silent(
    pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copied(pristine, tmp_path)
    expected = answers(path)
    monkeypatch.setattr(files, "read_checked", lambda file, _: file.read_bytes())
    monkeypatch.setattr(collections, "check_files", lambda *_: None)
    generation = [file for file in index_files(path) if file.name.startswith(("dense", "columns"))]
    silent: Counter[str] = Counter()
    for damage in flips(generation, 60, seed=3):
        try:
            silent.update({name: len(found) for name, found in outcomes(path, [damage], expected).items()})
        except (RuntimeError, MemoryError, IndexError, ValueError, KeyError, OverflowError):
            continue  # what comes of reading such bytes
    assert silent["wrong"]


def test_without_digests_of_rows_damage_is_silent(
    pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copied(pristine, tmp_path)
    expected = answers(path)
    for name in ("digest", "place_digest", "contents_digest"):
        monkeypatch.setattr(f"govrag.index.catalogue.{name}", lambda *_: _Agreeable())
    store = path / "store.sqlite3"
    content = store.read_bytes()
    damage = content.replace(b"2010-01-01", b"2011-01-01")
    assert outcomes(path, [(store, damage)], expected)["wrong"]
