"""The neural reranker: a question and each passage read together by a CrossEncoder; better, and far slower."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govrag.embed import folder
from govrag.embed.devices import Dtype, Runner, batch_tokens, choose, number_type
from govrag.errors import ModelError, UsageError
from govrag.records import Hit, Passage

if TYPE_CHECKING:
    from torch import Tensor

SIGNAL = "reranker"


class CrossEncoderReranker:
    """Orders hits by what a CrossEncoder makes of the question and each passage, its headings before its text.

    ``model``, ``dtype``, ``tokens`` and ``download`` are those of `TransformerEmbedder`, and so are the errors;
    there is one ``device``. Scores are those of ``CrossEncoder.predict``. Threads may share it, and wait their turn.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        device: str | None = None,
        dtype: Dtype | None = None,
        tokens: int | None = None,
        download: bool = False,
    ) -> None:
        place = folder.find(model, download=download)
        with folder.loading(place):
            devices = choose(device)
            numbers = number_type(devices[0], dtype)
            budget = batch_tokens(devices[0], tokens)
            if len(devices) > 1:
                raise UsageError(
                    f"device '{device}': 재순위 모델은 장치 하나에서 실행합니다. 하나만 주세요.",
                    f"device '{device}': a reranker runs on one device. Give one.",
                )
            from sentence_transformers import CrossEncoder

            self._model: Any = folder.load(CrossEncoder, place, device=devices[0], dtype=numbers)
        if self._model.num_labels != 1:
            raise UsageError(
                f"모델 '{place}'은(는) 점수 하나가 아니라 {self._model.num_labels}개를 냅니다. 재순위용 모델을 쓰세요.",
                f"the model '{place}' gives {self._model.num_labels} numbers and not one score. Use a reranking model.",
            )
        self._prompt: str = self._model.prompts.get(self._model.default_prompt_name) or ""
        self._runner = Runner(self._model, output=self._scores, device=devices[0], budget=budget)
        self._lock = threading.Lock()

    def rerank(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the same hits, best first, the model's score as their score and as the signal ``reranker``.

        Equal scores keep their order. Hits that could not be scored come last, with the lowest score and without the
        signal. Raises `ModelError` when the device fails, or no hit could be scored.
        """
        if not hits:
            return []
        with self._lock:
            outcome = self._runner.run([(query, _shown(hit.passage)) for hit in hits], width=1, prompt=self._prompt)
        scores = [
            -math.inf if place in outcome.failed else float(score) for place, score in enumerate(outcome.rows[:, 0])
        ]
        lowest = min((score for score in scores if score > -math.inf), default=None)
        if lowest is None:
            ko, en = next(iter(outcome.failed.values()))
            raise ModelError(f"재순위 모델이 한 건도 채점하지 못했습니다. {ko}", f"no hit could be scored: {en}")
        order = sorted(range(len(hits)), key=lambda place: -scores[place])
        return [
            replace(hits[place], score=scores[place], signals={**hits[place].signals, SIGNAL: scores[place]})
            if place not in outcome.failed
            else replace(hits[place], score=lowest)
            for place in order
        ]

    def _scores(self, features: dict[str, Any]) -> Tensor:
        scores: Tensor = self._model.activation_fn(features["scores"].float())
        return scores.reshape(-1, 1)


def _shown(passage: Passage) -> str:
    return f"{' '.join(passage.breadcrumb)}\n{passage.text}"
