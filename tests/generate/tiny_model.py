"""A language model of 260 KB that says what it is made to say, for a real server (llama.cpp) to run.

It has no training: each token's row of the output matrix points at the token before it in a script, and everything
between is zero, so that greedy decoding walks the script and ends. Under a grammar it says whatever the grammar allows.
The layout is that of llama in GGUF; the vocabulary is the 256 bytes, the words of the script, and ChatML's marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SCRIPT = ("예산은", " 회계연도", " 안에", " 집행합니다.", "\n계약은", " 서면으로", " 합니다.")
ENDLESS = "끝없이"  # in the last message: the model says "ab" again and again
CONTEXT = 2048  # tokens
_WIDTH, _HEADS = 64, 4
_MARKS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|endless|>")
_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n"
    f"{{% if '{ENDLESS}' in messages[-1].content %}}<|endless|>{{% endif %}}{{% endif %}}"
)
Weights = NDArray[np.float32]


def make(path: Path, *, script: Sequence[str] = SCRIPT) -> Path:
    """Write the model; the words of the script must differ from one another. Returns the path."""
    import gguf

    alphabet = _alphabet()
    words = ["".join(alphabet[byte] for byte in word.encode()) for word in script]
    pair = alphabet[ord(" ")]  # llama.cpp wants one merge at least
    tokens = [*_MARKS, *alphabet, pair * 2, *words]
    said = [alphabet[ord("\n")], *words, "<|im_end|>"]
    steps = [*pairwise(said), ("<|endless|>", "a"), ("a", "b"), ("b", "a")]
    ids = {token: place for place, token in enumerate(tokens)}
    kinds = [gguf.TokenType.CONTROL] * len(_MARKS) + [gguf.TokenType.NORMAL] * (len(tokens) - len(_MARKS))

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(2 * CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_WIDTH)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([f"{pair} {pair}"])
    writer.add_eos_token_id(ids["<|im_end|>"])
    writer.add_pad_token_id(ids["<|endoftext|>"])
    writer.add_add_bos_token(False)
    writer.add_chat_template(_TEMPLATE)
    for name, weights in _weights(len(tokens), [(ids[before], ids[after]) for before, after in steps]).items():
        writer.add_tensor(f"{name}.weight", weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def prompt_tokens(*turns: tuple[str, str]) -> int:
    """Return how many tokens the server makes of (role, content) turns: one a byte, one a mark."""
    return sum(len(f"{role}\n{content}\n".encode()) + 2 for role, content in turns) + len("assistant\n") + 1


def _weights(size: int, steps: Sequence[tuple[int, int]]) -> dict[str, Weights]:
    """Return the tensors: an attention and a layer that add nothing, and an output that knows each next token."""
    embedding = np.random.default_rng(0).normal(size=(size, _WIDTH)).astype(np.float32)
    embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
    output = np.zeros_like(embedding)
    for before, after in steps:
        output[after] += 5 * embedding[before]
    ones, nothing = np.ones(_WIDTH, np.float32), np.zeros((_WIDTH, _WIDTH), np.float32)
    silent = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
    return {
        "token_embd": embedding,
        "output_norm": ones,
        "output": output,
        **{f"blk.0.{name}": ones for name in ("attn_norm", "ffn_norm")},
        **{f"blk.0.{name}": nothing for name in silent},
    }


def _alphabet() -> list[str]:
    """Return the letter that stands for each byte in a byte-level vocabulary, as GPT-2 has it."""
    shown = {*range(33, 127), *range(161, 173), *range(174, 256)}
    hidden = iter(range(256, 512))
    return [chr(byte) if byte in shown else chr(next(hidden)) for byte in range(256)]
