"""Superscripts that must not run into the digits before them: 10 to the 5th is no 105."""

from __future__ import annotations

__all__ = ["raised"]

_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")


def raised(text: str) -> str:
    """Return a superscript in the characters that Unicode has for it; as it is where one is missing."""
    characters = text.translate(_RAISED)
    return characters if all(new != old for new, old in zip(characters, text, strict=True)) else text
