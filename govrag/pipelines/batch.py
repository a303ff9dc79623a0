"""Many questions, one row each: in order, failures included, resumable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from govrag.errors import GovragError
from govrag.korean.normalise import clean
from govrag.records import Answer

_ASKED_AGAIN = ("failed", "denied_by_policy", "over_budget")  # what another day, policy or budget may answer


def answer_all(
    questions: Sequence[str],
    ask: Callable[[str], Answer],
    *,
    as_of: date,
    scope: str = "",
    resume: Path | None,
    progress: Callable[[int, int, str], None] | None,
) -> list[Answer]:
    """Ask every question; an error becomes an answer with status `failed`, and the next question is asked.

    ``scope`` says what else an answer depends on: an answer kept under another scope is not used again.
    """
    kept = _kept(resume)
    answers = []
    for done, question in enumerate(questions, 1):
        key = _key(question, as_of, scope)
        if key not in kept:
            kept[key] = _asked(question, ask, as_of)
            if resume:
                _keep(resume, key, kept[key])
        answers.append(kept[key])
        if progress:
            progress(done, len(questions), question)
    return answers


def _asked(question: str, ask: Callable[[str], Answer], as_of: date) -> Answer:
    try:
        return ask(question)
    except GovragError as error:
        return Answer(question=clean(question), status="failed", as_of=as_of, error=error.ko, error_en=error.en)


def _key(question: str, as_of: date, scope: str) -> str:
    return hashlib.sha256(f"{as_of}\n{scope}\n{question}".encode("utf-8", "replace")).hexdigest()


def _kept(path: Path | None) -> dict[str, Answer]:
    kept: dict[str, Answer] = {}
    if path is None or not path.is_file():
        return kept
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
            answer = Answer.model_validate(row["answer"])
            key = row["key"]
        except (json.JSONDecodeError, KeyError, TypeError, ValidationError):
            continue  # a line cut short by a kill, or not ours: its question is asked again
        if answer.status not in _ASKED_AGAIN:
            kept[key] = answer
    return kept


def _keep(path: Path, key: str, answer: Answer) -> None:
    line = json.dumps({"key": key, "answer": answer.to_dict()}, ensure_ascii=False)
    with path.open("a", encoding="utf-8") as file:
        # Begun on a line of its own: what a kill left half written must not swallow it.
        file.write(f"\n{line}\n")
