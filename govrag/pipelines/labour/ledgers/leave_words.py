"""What a ledger of leave says in words: that days lapsed, were paid for or promoted, and how it was done."""

from __future__ import annotations

import re

__all__ = [
    "AS_WORKED",
    "COUNTED",
    "IN_FULL",
    "LAPSED",
    "NONE",
    "NOT_LAPSED",
    "NOT_PAID",
    "NOT_WRITTEN",
    "PAID",
    "PROMOTED",
    "UNSURE",
]

LAPSED = re.compile(
    r"소멸|실효|없어(?:짐|진|졌)|사라(?:짐|진|졌)|날아|미지급|부지급|안\s*(?:줌|줬|주)|못\s*(?:받|줌|줬)"
    r"|(?:수당|보상|정산)\s*없음|지급\s*(?:안|하지)"
)
NOT_LAPSED = re.compile(r"소멸\s*(?:없음|0|예정|전|안)|미\s*소멸")
PROMOTED = re.compile(r"(?<!미)(?:촉진|알린|알림|통보|통지|촉구)(?!\s*(?:없|안|미|못|도\s*없|하지))")
IN_FULL = re.compile(r"(?:매월|매달|모두|계속|전부|다)\s*개근")
COUNTED = re.compile(r"(\d+(?:\.\d+)?)\s*일")
PAID = re.compile(
    r"(?:수당|보상|정산)[^.]{0,8}(?<!미)(?<!부)(?:지급|줌|줬|완료)(?!\s*(?:안|하지|예정|없))"
    r"|(?<!미)지급\s*(?:완료|함|됨|했)|^(?:지급|정산|보상)$"
)
NOT_PAID = re.compile(r"미지급|지급\s*(?:안|하지)|없음|부지급|무|x|N", re.IGNORECASE)
NOT_WRITTEN = re.compile(r"구두|말로|전화|유선|구술|게시|공지|방송|회의|조회")
UNSURE = re.compile(r"문자|카톡|카카오|메신저|이메일|메일|전자|그룹웨어|sms|e-?mail", re.IGNORECASE)
AS_WORKED = re.compile(r"육아휴직|출산|유산|사산|업무상|산재|산업재해|임신기|육아기")
NONE = re.compile(r"미실시|없음|안\s*함|미시행|미통보|x|해당\s*없음|미촉진", re.IGNORECASE)
