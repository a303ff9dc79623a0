"""Tells text from what fonts without a map to characters give: symbols, and Hangul that no Korean would write.

Measured on pages of statutes, notices, decisions, patents and office documents: of those with 50 Hangul syllables or
more all have at least 79 of 100 among the 300 commonest; text decoded with a wrong character map has at most 51.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from govrag.ingest.readers.pdf.page import Line

__all__ = ["is_garbled", "legible"]

# The 300 syllables that statutes, office documents, decisions and patents use most: 97 of 100 written.
_COMMON = re.compile(
    "[가각간감값강같개거건검것게격견결경계고공과관광교구국군권규그극근글금급기길까나날납내년노농는능니다단달담당대더데도동되된될됩두드득들등디따때또라란람래략러레려력련령례로록료류률른를름리림립링마만말망매"
    "먼며면명모목무문물미민및바밖반받발방배번벌범법변별병보복본부분불비사산상새생서석선설성세센소속손송수술스습승시식신실심아안않알액야약양어언업없었에엘여역연열였영예오와외요용우운원월위유육율융으은을음의"
    "이익인일임입있자작장재저적전절점접정제조족존종죄주준중증지직진질집징쪽차찰참채책처천청체초최추축출취치칙코크타탁태택터토통퇴투트특파판평폐포표품프피필하학한할함합항해행허험현협형호혼화확환활회획효후휴]+"
)
_HANGUL = re.compile("[가-힣]+")
# Controls, private characters and what stands for the unknown.
_STRANGE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufff0-\ufffd\U000e0000-\U0010ffff]")
# Numbers of glyphs taken for characters are spread over alphabets that no document has together.
_ALPHABETS = tuple(
    re.compile(f"[{chr(first)}-{chr(last)}]")
    for first, last in (
        (0x180, 0x36F),
        (0x400, 0x58F),
        (0x590, 0x8FF),
        (0x900, 0x10FF),
        (0x1200, 0x1FFF),
        (0xA000, 0xABFF),
    )
)
_FOREIGN = re.compile("[\u0180-\u036f\u0400-\u10ff\u1200-\u1fff\ua000-\uabff]")
_SIGNS = re.compile(r"[!-'*+/:-@\[-^`{-~¡-¶¸-¿]")
_LETTERS = re.compile(r"[^\W\d_]")
_STRANGE_SHARE = 0.15
_FOREIGN_SHARE = 0.2
_FEWEST_ALPHABETS = 3
_SIGNS_SHARE = 0.6
_LETTERS_SHARE = 0.2  # fewer letters beside so many signs
_COMMON_SHARE = 0.55
_SURER, _SURER_SHARE = 50, 0.65  # of Hangul; a short table of names has many rare syllables
_SURE = 20  # syllables of Hangul, signs or foreign letters; fewer are not judged
_SOUND_SHARE = 0.75  # where so many syllables are common no line needs a look
_LINE_SHARE = 0.4
_LINE_SURE = 8


def legible(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page without those that are no language: all, most often, or none."""
    text = "\n".join([line.text for line in lines])
    if is_garbled(text):
        return []
    if not _STRANGE.search(text) and _common_share(text, _SURE) >= _SOUND_SHARE:
        return list(lines)
    return [
        line for line in lines if not _is_strange(line.text) and _common_share(line.text, _LINE_SURE) >= _LINE_SHARE
    ]


def is_garbled(text: str) -> bool:
    """Tell whether the text of a page is no language; a few letters are not judged by what they are."""
    if _is_strange(text) or _common_share(text, _SURE) < _COMMON_SHARE or _common_share(text, _SURER) < _SURER_SHARE:
        return True
    written = _written(text)
    foreign = len(_FOREIGN.findall(text))
    if foreign >= _SURE and foreign > _FOREIGN_SHARE * written:
        return sum(1 for letters in _ALPHABETS if letters.search(text)) >= _FEWEST_ALPHABETS
    signs = len(_SIGNS.findall(text))
    return signs >= _SURE and signs > _SIGNS_SHARE * written and len(_LETTERS.findall(text)) < _LETTERS_SHARE * written


def _is_strange(text: str) -> bool:
    return len(_STRANGE.findall(text)) > _STRANGE_SHARE * _written(text) + 1


def _written(text: str) -> int:
    return len(text) - text.count(" ") - text.count("\n")


def _common_share(text: str, sure: int) -> float:
    """Return the share of Hangul syllables that are common ones, 1 where there are too few to tell."""
    hangul = sum(map(len, _HANGUL.findall(text)))
    return sum(map(len, _COMMON.findall(text))) / hangul if hangul >= sure else 1.0
