"""Many questions, one row each: in order, failures included, resumable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from govrag.errors import GovragError
from govrag.records import Answer


def answer_all(
    questions: Sequence[str],
    ask: Callable[[str], Answer],
    *,
    as_of: date,
    resume: Path | None,
    progress: Callable[[int, int, str], None] | None,
) -> list[Answer]:
    """Ask every question; an error becomes an answer with status `failed`, and the next question is asked."""
    kept = _kept(resume)
    answers = []
    for done, question in enumerate(questions, 1):
        key = _key(question, as_of)
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
        return Answer(question=str(question), status="failed", as_of=as_of, error=error.ko)


def _key(question: str, as_of: date) -> str:
    return hashlib.sha256(f"{as_of}\n{question}".encode("utf-8", "replace")).hexdigest()


def _kept(path: Path | None) -> dict[str, Answer]:
    kept: dict[str, Answer] = {}
    if path is None or not path.is_file():
        return kept
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
            answer = Answer.model_validate(row["answer"])
        except (json.JSONDecodeError, KeyError, ValidationError):
            continue  # a line cut short by a kill: its question is asked again
        if answer.status != "failed":
            kept[row["key"]] = answer
    return kept


def _keep(path: Path, key: str, answer: Answer) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"key": key, "answer": answer.to_dict()}, ensure_ascii=False) + "\n")
