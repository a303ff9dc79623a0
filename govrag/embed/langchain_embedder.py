"""Embedders that speak through LangChain: any `Embeddings`, at the endpoint that policy names and nowhere else.

Like a chat model of LangChain's it opens its own connections, so what is checked is where it says that it goes
(`calling.foreign`); it runs only inside a `RemoteEmbedder`, which has it approved, masked and metered.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from govrag.calling.foreign import Aside, admit
from govrag.contracts import Role
from govrag.embed.remote import Made
from govrag.errors import ModelReplyInvalid, ModelUnreachable
from govrag.records import Approval, Purpose

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = ["LangChainEmbeddings"]


class LangChainEmbeddings:
    """An `EmbeddingServer` over LangChain's `Embeddings`. Raises `PolicyDenied` when it is not what was approved.

    Retries are the object's own (``max_retries``) and are not seen here: ``attempts`` is 1.
    """

    def __init__(self, model: Embeddings, approval: Approval) -> None:
        admit(model, approval)
        self.approval = approval
        self._model = model

    def vectors(self, texts: Sequence[str], purpose: Purpose, *, kind: Role, seconds: float) -> Made:
        """Return the model's vectors; raises `ModelError` by the deadline, `PolicyDenied` before anything is sent."""
        deadline = time.monotonic() + seconds
        admit(self._model, self.approval)  # whoever made it may have turned it elsewhere meanwhile
        with Aside(lambda: self._made(list(texts), kind)) as parts:
            for rows in parts.until(deadline, self.approval):
                return self._checked(rows)
        raise ModelUnreachable(
            f"'{self.approval.id}': LangChain 모델이 아무것도 답하지 않았습니다. 모델의 설정을 확인하십시오.",
            f"'{self.approval.id}': the LangChain model answered nothing. Check its settings.",
        )

    def _made(self, texts: list[str], kind: Role) -> Iterator[object]:
        """Yield what the model answers. Runs in a thread and a context of its own, with tracing off."""
        from langsmith import tracing_context

        with tracing_context(enabled=False, parent=False):  # a client of the vendor's may trace by itself
            if kind == "query":
                yield [self._model.embed_query(text) for text in texts]
            else:
                yield self._model.embed_documents(texts)

    def _checked(self, rows: object) -> Made:
        try:
            vectors = np.array(rows, dtype=np.float32)
        except (ValueError, TypeError, OverflowError):
            vectors = np.zeros(0, np.float32)
        if vectors.ndim != 2:
            raise ModelReplyInvalid(
                f"'{self.approval.id}': LangChain 모델의 답이 벡터가 아닙니다. 모델의 설정을 확인하십시오.",
                f"'{self.approval.id}': the LangChain model did not answer with vectors. Check its settings.",
            )
        return Made(vectors)
