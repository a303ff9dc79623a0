"""The trained ranks are those of the trainer, repeatable, and read back as written."""

from __future__ import annotations

import io
import json
import lzma
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govrag.korean import train_tokens
from govrag.korean.tokens import encoding, from_ranks, from_table

pytest.importorskip("tokenizers")

TEXTS = [
    "사용자는 근로자에게 유급휴가를 주어야 한다.",
    "근로자는 사용자에게 휴가를 청구할 수 있다. 다만, 제3항의 경우에는 그러하지 아니하다.",
    "1. 근로자의 이름과 주소\n2. 사용자의 이름과 주소\n",
    "The employer shall grant paid leave to the employee (2026. 3. 17.).",
] * 3


@given(st.text(st.sampled_from("사용자는 근로를.,()\n\t12 employ뷁👍é"), max_size=80))
@settings(max_examples=60)
def test_ids_are_those_of_the_trainer(text: str) -> None:
    assert _encoding().encode_ordinary(text) == _tokenizer().encode(text).ids


def test_training_is_repeatable_and_the_file_reads_back() -> None:
    ranks = train_tokens.train(TEXTS, ranks=400)
    assert ranks == train_tokens.train(TEXTS, ranks=400)
    assert sorted(ranks.values()) == list(range(len(ranks)))
    content = train_tokens.ranks_file(ranks)
    read = from_ranks(content)
    assert {read.decode_single_token_bytes(rank): rank for rank in range(read.n_vocab)} == ranks
    assert [int(line.split()[1]) for line in content.splitlines()] == list(range(len(ranks)))


def test_the_command_writes_a_file_that_counts(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    _corpus(tmp_path)
    out = tmp_path / "ranks"
    with caplog.at_level("INFO"):
        train_tokens.main(["--data", str(tmp_path), "--out", str(out), "--ranks", "300"])
    assert from_ranks(out.read_bytes()).n_vocab <= 300
    assert "characters per token" in caplog.text


def test_a_part_is_sampled_by_its_share_and_some_of_it_held_out(tmp_path: Path) -> None:
    _corpus(tmp_path)
    rows = [part for part in train_tokens.PARTS if part.name in {"RFPs", "guide pages"}]
    training, held_out = train_tokens.sample(tmp_path, rows)
    assert (training, held_out) == train_tokens.sample(tmp_path, rows)
    pages = [text for text in training if text.startswith("guide")]
    assert 40 < len(pages) < 80  # three in ten of 200
    assert len(held_out["RFPs"]) + sum(text.startswith("RFPs") for text in training) == 200
    assert 0 < len(held_out["RFPs"]) < 30
    assert not set(training) & {text for texts in held_out.values() for text in texts}


@pytest.mark.shared
def test_held_out_statutes_cost_less_than_a_token_per_two_characters(shared: Path) -> None:
    text = (shared / "laws/selected/근로기준법/법률(법률).md").read_text(encoding="utf-8")
    ids = encoding().encode_ordinary(text)
    assert len(text) / len(ids) > 2.2
    assert encoding().decode(ids) == text


@cache
def _tokenizer() -> Any:  # tokenizers ships no types
    return train_tokens.train_tokenizer(TEXTS, ranks=400)


@cache
def _encoding() -> Any:
    return from_table(train_tokens.train(TEXTS, ranks=400))


def _corpus(folder: Path) -> None:
    """Write 200 invented documents for each part."""
    for part in train_tokens.PARTS:
        path = folder / part.path
        path.parent.mkdir(parents=True, exist_ok=True)
        texts = [f"{part.name} {number}: 근로자는 휴가를 쓴다." for number in range(200)]
        if path.name.endswith(".tar.xz"):
            with tarfile.open(path, "w:xz") as archive:
                for number, text in enumerate(texts):
                    member = tarfile.TarInfo(f"{number}.md")
                    member.size = len(text.encode())
                    archive.addfile(member, io.BytesIO(text.encode()))
            continue
        lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
        path.write_bytes(lzma.compress(lines.encode()) if path.suffix == ".xz" else lines.encode())
