"""Train the byte-level BPE ranks that `tokens` counts with, on a seeded sample of public texts.

::

    python -m govrag.korean.train_tokens --data DIR --out FILE

DIR holds ``laws/`` and ``retrieval/`` and ``documents/`` as gathered beside the project. One document in twenty of the
sample is held out; its characters per token are reported. The same sample gives the same file.
Byte-level BPE follows Sennrich et al. 2016 (arXiv:1508.07909) and GPT-2.
"""

from __future__ import annotations

import argparse
import json
import logging
import lzma
import random
import tarfile
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govrag.errors import MissingExtra
from govrag.korean.normalise import clean
from govrag.korean.tokens import PATTERN, from_table

if TYPE_CHECKING:
    from tokenizers import Tokenizer

RANKS = 28_000
_HELD_OUT = 0.05
_SEED = 20_261_121

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """A set of documents and how much of it enters the sample."""

    name: str
    path: str  # below DIR
    read: Callable[[Path], Iterator[str]]
    fraction: float


def _archive(path: Path) -> Iterator[str]:
    with tarfile.open(path, "r|xz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                yield content.read().decode("utf-8")


def _jsonl(path: Path) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


# About 20 million characters; statutes weigh most, because they are most of what is quoted to a model.
PARTS = (
    Part("statutes", "laws/statutes-2026-06.tar.xz", _archive, 0.07),
    Part("notices", "laws/notices-sample.jsonl.xz", _jsonl, 0.4),
    Part("guide pages", "retrieval/lay-question-to-page/corpus.jsonl.xz", _jsonl, 0.3),
    Part("labour decisions", "retrieval/issue-to-precedent-labour/corpus.jsonl.xz", _jsonl, 0.15),
    Part("patent decisions", "retrieval/issue-to-precedent-patent/corpus.jsonl.xz", _jsonl, 0.2),
    Part("RFPs", "documents/rfp.jsonl", _jsonl, 1.0),
    Part("US patents", "retrieval/patent-prior-art/corpus.jsonl.xz", _jsonl, 0.15),
)


def sample(data: Path, parts: Sequence[Part] = PARTS) -> tuple[list[str], dict[str, list[str]]]:
    """Return the training documents, and the documents held out of each part."""
    training: list[str] = []
    held_out: dict[str, list[str]] = {}
    for part in parts:
        chance = random.Random(f"{_SEED} {part.name}")  # noqa: S311  # a repeatable sample, no secret
        held_out[part.name] = []
        for text in part.read(data / part.path):
            if chance.random() < part.fraction:
                (held_out[part.name] if chance.random() < _HELD_OUT else training).append(clean(text))
    return training, held_out


def train(texts: Iterable[str], *, ranks: int = RANKS) -> dict[bytes, int]:
    """Return token → rank: the 256 bytes first, then merges in the order in which they were learned."""
    tokenizer = train_tokenizer(texts, ranks=ranks)
    byte_of = _byte_of_character()
    return {bytes(byte_of[c] for c in token): rank for token, rank in tokenizer.get_vocab(False).items()}


def train_tokenizer(texts: Iterable[str], *, ranks: int) -> Tokenizer:
    """Return the Hugging Face tokenizer that the ranks are taken from; its pieces are those of `tokens.PATTERN`."""
    try:
        from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers
    except ImportError:
        raise MissingExtra("tokenizers", "train") from None
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=ranks, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def ranks_file(ranks: Mapping[bytes, int]) -> bytes:
    """Return the lines of a tiktoken ranks file, lowest rank first."""
    return b"".join(b"%s %d\n" % (b64encode(token), rank) for token, rank in sorted(ranks.items(), key=lambda r: r[1]))


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, write the file and report characters per token on what was held out."""
    parser = argparse.ArgumentParser(prog="python -m govrag.korean.train_tokens", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds laws/, retrieval/ and documents/")
    parser.add_argument("--out", type=Path, required=True, help="ranks file to write")
    parser.add_argument("--ranks", type=int, default=RANKS, help="size of the vocabulary (default: %(default)s)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    training, held_out = sample(options.data)
    _log.info("%d documents, %d characters", len(training), sum(map(len, training)))
    ranks = train(training, ranks=options.ranks)
    content = ranks_file(ranks)
    options.out.write_bytes(content)
    _log.info("%d ranks, %d bytes: %s", len(ranks), len(content), options.out)
    encoding = from_table(ranks)
    for name, texts in held_out.items():
        characters = sum(map(len, texts))
        tokens = sum(len(encoding.encode_ordinary(text)) for text in texts)
        _log.info("%s: %.2f characters per token (%d held out)", name, characters / max(tokens, 1), characters)


def _byte_of_character() -> dict[str, int]:
    """Return GPT-2's table: printable bytes stand for themselves, the others for U+0100 onwards."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + n): byte for n, byte in enumerate(others)}


if __name__ == "__main__":
    main()
