"""Personal data that belongs to nobody: valid values of each kind, written in the forms that people and programs use.

`FORMS` was there before the recognisers and they were tuned on it; `HELD_OUT` was written at the same time, with other
labels and other disguises, and is for a figure that nothing was tuned on.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

REGIONS = [f"{number}" for number in (*range(11, 27), 28)]
PLATE_SYLLABLES = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배하허호"


@dataclass(frozen=True)
class Sample:
    """A text and where its one value stands."""

    kind: str
    form: str
    text: str
    start: int
    end: int

    @property
    def value(self) -> str:
        return self.text[self.start : self.end]


def _digits(random: Random, count: int) -> str:
    return "".join(random.choice(string.digits) for _ in range(count))


def _birth(random: Random, first: int, last: int) -> tuple[int, str]:
    year = random.randint(first, last)
    return year, f"{year % 100:02d}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"


def _weighted(body: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))


RESIDENT = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def resident(random: Random) -> str:
    year, birth = _birth(random, 1930, 2019)
    body = birth + str(random.choice((1, 2) if year < 2000 else (3, 4))) + _digits(random, 5)
    return f"{body[:6]}-{body[6:]}{(11 - _weighted(body, RESIDENT) % 11) % 10}"


def resident_since_2020(random: Random) -> str:
    while True:
        _, birth = _birth(random, 2020, 2026)
        body = birth + str(random.choice((3, 4))) + _digits(random, 6)
        if (11 - _weighted(body[:12], RESIDENT) % 11) % 10 != int(body[12]):
            return f"{body[:6]}-{body[6:]}"


def foreigner(random: Random) -> str:
    year, birth = _birth(random, 1950, 2010)
    body = birth + str(random.choice((5, 6) if year < 2000 else (7, 8))) + _digits(random, 5)
    return f"{body[:6]}-{body[6:]}{(13 - _weighted(body, RESIDENT) % 11) % 10}"


def corporate(random: Random) -> str:
    body = random.choice(("1101", "1311", "1801", "2001")) + random.choice(("11", "21", "14")) + _digits(random, 6)
    return f"{body[:6]}-{body[6:]}{(10 - _weighted(body, (1, 2) * 6) % 10) % 10}"


def business(random: Random) -> str:
    body = str(random.randint(101, 899)) + f"{random.randint(1, 89):02d}" + _digits(random, 4)
    total = _weighted(body, (1, 3, 7, 1, 3, 7, 1, 3, 5)) + int(body[8]) * 5 // 10
    return f"{body[:3]}-{body[3:5]}-{body[5:]}{(10 - total % 10) % 10}"


def licence(random: Random) -> str:
    return f"{random.choice(REGIONS)}-{_digits(random, 2)}-{_digits(random, 6)}-{_digits(random, 2)}"


def passport(random: Random) -> str:
    letter = random.choice("MSRODG")
    if random.random() < 0.5:
        return letter + _digits(random, 8)
    return letter + _digits(random, 3) + random.choice(string.ascii_uppercase) + _digits(random, 4)


def mobile(random: Random) -> str:
    if random.random() < 0.1:
        return f"01{random.choice('16789')}-{random.randint(200, 999)}-{_digits(random, 4)}"
    return f"010-{random.randint(2000, 9999)}-{_digits(random, 4)}"


def landline(random: Random) -> str:
    area = random.choice(("02", "031", "032", "033", "041", "042", "044", "051", "053", "062", "063", "064", "070"))
    return f"{area}-{random.randint(200, 9999)}-{_digits(random, 4)}"


def account(random: Random) -> str:
    groups = random.choice(
        ((6, 2, 6), (3, 2, 4, 3), (3, 3, 6), (4, 3, 6), (3, 6, 5), (3, 4, 4, 2), (3, 6, 2, 3), (3, 2, 6), (4, 4, 4))
    )
    first = str(random.randint(1, 9)) + _digits(random, groups[0] - 1)
    return "-".join([first, *(_digits(random, count) for count in groups[1:])])


def card(random: Random) -> str:
    body = random.choice(("4", "51", "55", "9", "6", "35")) + _digits(random, 15)
    body = body[:15]
    total = sum(sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10)) for place, digit in enumerate(body))
    body += str(-total % 10)
    return "-".join(body[place : place + 4] for place in range(0, 16, 4))


def email(random: Random) -> str:
    name = "".join(random.choice(string.ascii_lowercase) for _ in range(random.randint(3, 9)))
    name += random.choice(("", ".", "_")) + random.choice(("kim", "lee", "park")) + random.choice(("", "77", "2024"))
    return f"{name}@{random.choice(('naver.com', 'korea.kr', 'hanmail.net', 'example.co.kr', 'mail.seoul.go.kr'))}"


def address_of_machine(random: Random) -> str:
    first = random.choice([*range(11, 127), *range(128, 224)])
    return f"{first}.{random.randint(10, 255)}.{random.randint(0, 255)}.{random.randint(1, 254)}"


def plate(random: Random) -> str:
    return f"{random.randint(10, 699)}{random.choice(PLATE_SYLLABLES)}{random.randint(1000, 9999)}"


VALUES: dict[str, Callable[[Random], str]] = {
    "RRN": resident,
    "RRN_SINCE_2020": resident_since_2020,
    "FRN": foreigner,
    "CORP": corporate,
    "BRN": business,
    "DRIVER": licence,
    "PASSPORT": passport,
    "MOBILE": mobile,
    "LANDLINE": landline,
    "ACCOUNT": account,
    "CARD": card,
    "EMAIL": email,
    "IP": address_of_machine,
    "PLATE": plate,
}
LABELS = {
    "RRN": ("주민등록번호", "주민번호"),
    "RRN_SINCE_2020": ("주민등록번호", "주민번호"),
    "FRN": ("외국인등록번호",),
    "CORP": ("법인등록번호", "법인번호"),
    "BRN": ("사업자등록번호", "사업자번호"),
    "DRIVER": ("운전면허번호", "면허번호"),
    "PASSPORT": ("여권번호",),
    "MOBILE": ("휴대전화", "연락처"),
    "LANDLINE": ("전화번호", "전화"),
    "ACCOUNT": ("계좌번호", "국민은행"),
    "CARD": ("카드번호", "신용카드"),
    "EMAIL": ("이메일", "전자우편"),
    "IP": ("IP", "접속 IP"),
    "PLATE": ("차량번호", "자동차등록번호"),
}
OTHER_LABELS = {
    "RRN": ("주민등록번호(필수)", "주 민 등 록 번 호", "주민 번호"),
    "RRN_SINCE_2020": ("주민등록번호(필수)", "주 민 등 록 번 호"),
    "FRN": ("외국인 등록번호", "외국인번호"),
    "CORP": ("법인 등록번호", "법인등록 번호"),
    "BRN": ("사업자 등록번호", "사업자등록증 번호"),
    "DRIVER": ("자동차운전면허", "면허증 번호"),
    "PASSPORT": ("여권 번호", "Passport No."),
    "MOBILE": ("핸드폰", "H.P", "Mobile"),
    "LANDLINE": ("TEL", "대표전화", "☎"),
    "ACCOUNT": ("입금계좌", "농협", "환급 계좌번호"),
    "CARD": ("법인카드", "카드 번호"),
    "EMAIL": ("E-mail", "메일"),
    "IP": ("아이피", "서버 주소(IP)"),
    "PLATE": ("차량 번호", "차번호"),
}
# A value of these is known by its shape; the others need their label.
BARE = frozenset({"RRN", "RRN_SINCE_2020", "FRN", "BRN", "DRIVER", "MOBILE", "LANDLINE", "CARD", "EMAIL"})


def wide(value: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)


def scattered(value: str, random: Random, extra: str) -> str:
    """Return the value with something unseen between two of its characters, twice."""
    for _ in range(2):
        place = random.randint(1, len(value) - 1)
        value = value[:place] + extra + value[place:]
    return value


def bold(value: str) -> str:
    return "".join(chr(0x1D7CE + int(c)) if c in string.digits else c for c in value)


def without_dashes(value: str) -> str:
    return value.replace("-", "")


Disguise = Callable[[str, Random], str]
# name: text before ({label}), disguise of the value, text after, whether the label is there.
FORMS: dict[str, tuple[str, Disguise, str]] = {
    "labelled": ("{label}: ", lambda v, r: v, "\n"),
    "with a particle": ("신청인의 {label}는 ", lambda v, r: v, "입니다."),
    "en dash": ("{label} : ", lambda v, r: v.replace("-", "–"), ", 끝."),
    "full width": ("{label}：", lambda v, r: wide(v), " 입니다"),
    "zero width": ("{label} ", lambda v, r: scattered(v, r, "\u200b"), ""),
    "blank, dash, blank": ("{label}: ", lambda v, r: v.replace("-", " - "), " (본인)"),
    "without dashes": ("{label}: ", lambda v, r: without_dashes(v), "\n다음"),
    "table": ("| {label} | ", lambda v, r: v, " | 비고 |"),
    "next line": ("{label}\n", lambda v, r: v, "\n"),
    "blanks for dashes": ("{label}: ", lambda v, r: v.replace("-", " "), "\n"),
    "bracketed": ("홍길동({label} ", lambda v, r: v, ")은"),
    "bare": ("아래와 같이 ", lambda v, r: v, "을 확인함."),
}
HELD_OUT: dict[str, tuple[str, Disguise, str]] = {
    "non-breaking hyphen": ("{label} ", lambda v, r: v.replace("-", "\u2011"), "을 제출"),
    "bold digits": ("({label}) ", lambda v, r: bold(v), ";"),
    "no-break blanks": ("{label}:\u00a0", lambda v, r: v.replace("-", "\u00a0-\u00a0"), "\u00a0"),
    "long vowel mark": ("{label}=", lambda v, r: v.replace("-", "ー"), "\n"),
    "line end after the dash": ("{label} : ", lambda v, r: v.replace("-", "-\n", 1), "\n끝"),
    "digits apart": ("{label}  ", lambda v, r: " ".join(v) if "-" in v else v, "\n"),
    "tag characters": ("[{label}] ", lambda v, r: scattered(v, r, "\U000e0041"), "."),
    "direction marks": ("{label}: ", lambda v, r: "\u202d" + v + "\u202c", "로 연락"),
    "JSON": ('{{"{label}": "', lambda v, r: v, '", "n": 1}}'),
    "decomposed label": ("NFD{label}: ", lambda v, r: v, "\n"),
    "quoted": ("{label} '", lambda v, r: without_dashes(v), "'로 등록"),
    "soft hyphen": ("{label}: ", lambda v, r: scattered(v, r, "\u00ad"), "이며"),
}


def samples(kind: str, form: str, count: int, *, seed: int, held_out: bool = False) -> Iterator[Sample]:
    """Yield texts that hold one value of a kind in a form; nothing for a bare value of a kind that needs its label."""
    if form == "bare" and kind not in BARE:
        return
    before, disguise, after = (HELD_OUT if held_out else FORMS)[form]
    random = Random(f"{seed} {kind} {form}")
    for _ in range(count):
        label = random.choice((OTHER_LABELS if held_out else LABELS)[kind])
        opening = before.format(label=label)
        if opening.startswith("NFD"):
            opening = unicodedata.normalize("NFD", opening.removeprefix("NFD"))
        value = disguise(VALUES[kind](random), random)
        yield Sample(kind, form, opening + value + after.replace("}}", "}"), len(opening), len(opening) + len(value))
