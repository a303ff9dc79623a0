"""What is wrong with the values of a file, in one line."""

from __future__ import annotations

from pydantic import ValidationError


def in_words(error: Exception) -> str:
    """Return each field that is wrong, its value where that is a single one, and the rule it breaks."""
    if not isinstance(error, ValidationError):
        return str(error)
    told = []
    for wrong in error.errors(include_url=False):
        place, value = ".".join(str(part) for part in wrong["loc"]), wrong["input"]
        said = f"{place} = {value!r}: {wrong['msg']}" if isinstance(value, str | int) else f"{place}: {wrong['msg']}"
        told.append(said.removeprefix(": "))
    return "; ".join(told)
