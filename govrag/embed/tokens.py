"""Texts to what a loaded model reads: exact tokens, laid out for a batch, a megabyte no slower than a few pages."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Input: TypeAlias = "str | tuple[str, str]"  # a text, or a question and a text
Features: TypeAlias = "dict[str, Any]"  # what a model is called with: tensors by name

_CHARACTERS = 16  # a token stands for fewer, in all but strange text
_ENDLESS = 1_000_000  # tokens; tokenizers say 10^30 for "no limit"


@dataclass(frozen=True, slots=True)
class Row:
    """One input as tokens; its length is theirs."""

    text: Input
    ids: NDArray[np.int64]
    types: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


class Tokens:
    """The tokenizer of a loaded SentenceTransformer or CrossEncoder.

    ``plain``: the model takes padded tokens, which are laid out here. Otherwise the model's own ``preprocess`` does,
    and tokens are only counted here. ``flat``: it lays texts end to end, without padding (flash attention).
    """

    def __init__(self, model: Any) -> None:
        first = model[0]
        self._model = model
        self._own = model.tokenizer
        limit = getattr(self._own, "model_max_length", None)
        self._limit = int(limit) if limit and limit < _ENDLESS else None
        self._fast = _fast(self._own, self._limit)
        from_start = getattr(self._own, "truncation_side", "right") == "right"
        self._characters = _CHARACTERS * self._limit if self._limit and from_start else sys.maxsize
        self.flat = bool(getattr(first, "can_flatten_inputs", False))
        self._counts_prompt = all(getattr(module, "include_prompt", True) for module in model)
        self.plain = (
            not self.flat
            and set(getattr(first, "modality_config", ())) == {"text"}
            and not getattr(first, "processing_kwargs", None)
            and not any(getattr(first, name, None) for name in ("query_length", "document_length", "query_expansion"))
            and getattr(first, "transformer_task", "") in {"feature-extraction", "sequence-classification"}
        )

    def rows(self, inputs: Sequence[Input], *, prompt: str) -> list[Row]:
        """Return the tokens of each input, the prompt before it, cut to what the model reads."""
        texts = [_whole(text) for text in inputs]
        rows: dict[int, Row] = {}
        pending, characters = list(range(len(texts))), self._characters
        while pending:
            cut = [_cut(texts[place], characters) for place in pending]
            told = [text if isinstance(text, tuple) else prompt + text for text in cut]
            for place, text, ids, types in zip(pending, cut, *self._encoded(told), strict=True):
                if text is texts[place] or len(ids) == self._limit:  # else what was cut off might have fitted
                    rows[place] = Row(text, ids, types)
            pending, characters = [place for place in pending if place not in rows], characters * 4
        return [rows[place] for place in range(len(texts))]

    def features(self, rows: Sequence[Row], *, prompt: str, task: str) -> Features:
        """Return what the model is called with for these inputs together."""
        import torch

        if not self.plain or (prompt and (isinstance(rows[0].text, tuple) or not self._counts_prompt)):
            told = {"task": task} if task else {}
            features: Features = self._model.preprocess([row.text for row in rows], prompt=prompt or None, **told)
            return features
        shape = len(rows), max(len(row) for row in rows)
        laid = {
            "input_ids": np.full(shape, self._own.pad_token_id, np.int64),
            "attention_mask": np.zeros(shape, np.int64),
            "token_type_ids": np.full(shape, self._own.pad_token_type_id, np.int64),
        }
        left = self._own.padding_side == "left"
        for place, row in enumerate(rows):
            columns = slice(shape[1] - len(row), None) if left else slice(len(row))
            laid["input_ids"][place, columns] = row.ids
            laid["attention_mask"][place, columns] = 1
            laid["token_type_ids"][place, columns] = row.types
        wanted = {"input_ids", "attention_mask", *self._own.model_input_names}
        return {name: torch.from_numpy(array) for name, array in laid.items() if name in wanted}

    def _encoded(self, texts: Sequence[Input]) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]:
        if self._fast is not None:
            found = self._fast.encode_batch_fast(list(texts))
            return _arrays([one.ids for one in found]), _arrays([one.type_ids for one in found])
        # A tokenizer in Python, or none that could be copied.
        pairs = [text if isinstance(text, tuple) else (text,) for text in texts]
        told = self._own(
            *([list(side) for side in zip(*pairs, strict=True)]),
            truncation="longest_first" if self._limit else False,
            max_length=self._limit,
            return_token_type_ids=True,
        )
        return _arrays(told["input_ids"]), _arrays(told["token_type_ids"])


def _fast(tokenizer: Any, limit: int | None) -> Any:
    """Return a copy in Rust that cuts to the limit and does not pad, None for a tokenizer in Python.

    A copy, because the original's cutting and padding are set anew by each of its calls.
    """
    original = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not hasattr(original, "encode_batch_fast"):
        return None
    copy = type(original).from_str(original.to_str())
    copy.no_padding()
    if limit is None:
        copy.no_truncation()
    else:
        copy.enable_truncation(
            limit, strategy="longest_first", direction=getattr(tokenizer, "truncation_side", "right")
        )
    return copy


def _arrays(lists: Sequence[Sequence[int]]) -> list[NDArray[np.int64]]:
    return [np.array(one, dtype=np.int64) for one in lists]


def _whole(text: Input) -> Input:
    """Return the text with a question mark for each half of a character: no tokenizer takes one."""
    if isinstance(text, tuple):
        return _whole_one(text[0]), _whole_one(text[1])
    return _whole_one(text)


def _whole_one(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _cut(text: Input, characters: int) -> Input:
    """Return the first characters, up to a blank where there is one; the text itself when it is no longer."""
    if isinstance(text, tuple):
        question, passage = _cut_one(text[0], characters), _cut_one(text[1], characters)
        return text if question is text[0] and passage is text[1] else (question, passage)
    return _cut_one(text, characters)


def _cut_one(text: str, characters: int) -> str:
    if len(text) <= characters:
        return text
    blank = max(text.rfind(blank, characters // 2, characters) for blank in " \n")
    return text[: blank if blank > 0 else characters]
