"""The kinds of personal data that are found, their Korean names, and which of them are masked."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "RRN",
    "FRN",
    "CORP",
    "BRN",
    "DRIVER",
    "PASSPORT",
    "MOBILE",
    "LANDLINE",
    "ACCOUNT",
    "CARD",
    "EMAIL",
    "IP",
    "PLATE",
    "ADDRESS",
    "NAME",
    "BIRTH",
    "MEMBER",
]
KOREAN: dict[Kind, str] = {
    "RRN": "주민등록번호",
    "FRN": "외국인등록번호",
    "CORP": "법인등록번호",
    "BRN": "사업자등록번호",
    "DRIVER": "운전면허번호",
    "PASSPORT": "여권번호",
    "MOBILE": "휴대전화",
    "LANDLINE": "유선전화",
    "ACCOUNT": "계좌번호",
    "CARD": "카드번호",
    "EMAIL": "이메일",
    "IP": "IP",
    "PLATE": "차량번호",
    "ADDRESS": "주소",
    "NAME": "이름",
    "BIRTH": "생년월일",
    "MEMBER": "개인식별번호",  # of staff, students and soldiers
}
# An office's own telephone stands in most of what it writes, and a corporation is nobody; a trader is somebody.
MASKED: frozenset[Kind] = frozenset(KOREAN) - {"LANDLINE", "CORP"}
