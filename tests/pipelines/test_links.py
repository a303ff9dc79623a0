from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.pipelines.links import REMOVED, without_links

HOSTILE = {
    "image": "![그림](https://leak.example/p?q=비밀)",
    "image in a link": "[![a](https://leak.example/x)](https://leak.example/y)",
    "link": "[여기](https://leak.example/a)",
    "reference": "[여기][1]\n\n[1]: https://leak.example/r",
    "footnote": "여기[^1]\n\n[^1]: https://leak.example",
    "autolink": "<https://leak.example/u>",
    "mail autolink": "<a@leak.example>",
    "html image": '<img src="https://leak.example/i">',
    "unclosed html": '<img src="https://leak.example/i"',
    "script": "<script>fetch('https://leak.example')</script>",
    "upper case": "HTTPS://LEAK.EXAMPLE/A",
    "protocol relative": "//leak.example/a",
    "unc": "\\\\leak.example\\a",
    "bare": "leak.example/b",
    "www": "www.leak.example",
    "punycode": "xn--9n2bp8q.xn--3e0b707e",
    "hangul domain": "유출.한국/가",
    "wide dot": "leak。example/a",
    "data": "data:text/html;base64,AAAA",
    "javascript": "javascript:alert(1)",
    "spaced javascript": "javascript : alert(1)",
    "ftp": "ftp://leak.example",
    "address": "http://10.0.0.1/a",
    "bare address": "10.0.0.1:8080/a",
    "mail": "a@leak.example",
    "zero width": "htt\u200bps://leak.example/a",
    "hidden in a comment": "<!-- https://leak.example -->",
    "nested brackets": "[[a](https://leak.example)](https://leak.example)",
}
PLAIN = (
    "연차는 15일이다.",
    "제60조제1항 및 제2항. 2026.3.1. 시행, 3.5퍼센트",
    "「근로기준법」 제2조 <개정 2026.3.1>",
    "[별표 1] 참조",
    "1 < 2 이고 3 > 2",
    "09:30부터 18:00까지, 상담전화 1588-0000",
    "비고: 없음. 구분: 가/나",
)
LOOSE = re.compile(
    r"leak|유출\.|xn--|https?|://|\]\(|\]\[|^\[|<[a-z/!]|javascript|data:|@|10\.0\.0\.1", re.IGNORECASE | re.MULTILINE
)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_that_leads_away_is_left(text: str) -> None:
    for around in ("{}", "앞말 {} 뒷말", "가{}나", "**{}**", "> {}", "| {} |"):
        found, removed = without_links(around.format(text), [])
        assert removed > 0
        assert not LOOSE.search(found), found


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_words_are_left_as_they_are(text: str) -> None:
    assert without_links(text, []) == (text, 0)


def test_an_address_that_the_library_has_stays_letter_for_letter() -> None:
    sources = ["신청은 https://www.gov.example/신청?a=1 에서 한다."]
    assert without_links("https://www.gov.example/신청?a=1 에서 신청한다.", sources)[1] == 0
    changed, removed = without_links("https://www.gov.example/신청?a=2 에서 신청한다.", sources)
    assert (changed, removed) == (f"{REMOVED} 에서 신청한다.", 1)


def test_the_words_of_a_link_stay() -> None:
    assert without_links("[신청서](https://leak.example/a)를 낸다.", []) == ("신청서를 낸다.", 1)


@given(st.text(st.sampled_from("가[]()!<>:/.a \n&;#x"), max_size=60))
def test_it_ends_and_does_nothing_twice(text: str) -> None:
    once, _ = without_links(text, [])
    twice, _ = without_links(once, [])
    assert without_links(twice, [])[0] == twice


@pytest.mark.parametrize("piece", ["a.", "[", "](", "<a", "a:", "![", "//", "가", "a@", "&a", "1."])
def test_long_nonsense_takes_no_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    started = time.process_time()
    without_links(text, [])
    assert time.process_time() - started < 2
