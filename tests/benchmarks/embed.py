"""Measure how fast a transformer embeds statutes: `TransformerEmbedder` beside `SentenceTransformer.encode`.

``python tests/benchmarks/embed.py --data DIR [--preset tiny|small|base|large | --layers 4 --width 256]
[--device cpu|cuda:0] [--sample 1000] [--tokens N] [--dtype float32] [--rounds 3] [--threads 1]``

The model is an XLM-R with random weights, built here: speed does not care what it has learnt. Its tokenizer is trained
on other articles of the same statutes (8,000 words), and it reads 512 tokens. The texts are a sample of the articles of
DIR/laws/statutes-2026-06.tar.xz, law and number before the words, so that their lengths mix as they really do. On a
processor one thread is timed by processor time, which other work on the machine disturbs least; on a GPU the clock.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "embed")]

from models import embedding_model  # noqa: E402

from govrag.cli.embedding import compare  # noqa: E402
from govrag.embed.pairs import read_articles  # noqa: E402
from govrag.evaluate import speed  # noqa: E402
from govrag.evaluate.embedding import EmbedBench, markdown  # noqa: E402

PRESETS = {"tiny": (2, 64), "small": (4, 256), "base": (12, 768), "large": (24, 1_024)}  # layers, width
TRAINED_ON = 4_000  # articles
WORDS = 8_000
LONGEST = 512


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--preset", choices=PRESETS, default="small")
    parser.add_argument("--layers", type=int)
    parser.add_argument("--width", type=int)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", choices=["float32", "bfloat16", "float16"])
    parser.add_argument("--tokens", type=int, help="budget of a batch")
    parser.add_argument("--sample", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1, help="of the processor")
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    layers, width = told.layers or PRESETS[told.preset][0], told.width or PRESETS[told.preset][1]
    if told.device == "cpu":
        os.environ["TOKENIZERS_PARALLELISM"] = "true" if told.threads > 1 else "false"
        import torch

        torch.set_num_threads(told.threads)
    trained_on, texts = articles(told.data, told.sample)
    with tempfile.TemporaryDirectory() as made:
        model = embedding_model(
            Path(made), "xlm-r", texts=trained_on, layers=layers, width=width, words=WORDS, longest=LONGEST
        )
        bench = compare(model, texts, device=told.device, dtype=told.dtype, budget=told.tokens, rounds=told.rounds)
    sys.stdout.write(bench.model_dump_json() if told.json else report(bench, layers, width, told))
    sys.stdout.write("\n")


def articles(data: Path, sample: int) -> tuple[list[str], list[str]]:
    """Return articles to train the tokenizer on, and others to embed."""
    texts = [f"{one.title} {one.number} {one.heading}\n{one.body}" for one in read_articles(data)]
    random.Random(0).shuffle(texts)
    return texts[:TRAINED_ON], texts[TRAINED_ON : TRAINED_ON + sample]


def report(bench: EmbedBench, layers: int, width: int, told: argparse.Namespace) -> str:
    """Return the table under what it was measured on."""
    machine = speed.machine()
    where = f"{machine.cpu}, {told.threads} thread(s)" if told.device == "cpu" else told.device
    if told.device != "cpu":
        import torch

        where = torch.cuda.get_device_name(told.device)
    head = f"XLM-R {layers} x {width}, {where}, load {machine.load}, Python {machine.python}"
    return f"{head}\n\n{markdown(bench)}"


if __name__ == "__main__":
    main()
