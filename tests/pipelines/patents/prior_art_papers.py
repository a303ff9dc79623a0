"""Made patents around one invention, the cooling of a fuel cell in a vehicle, and others far from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from prior_art_sets import Shelf, document

from govrag.ingest.readers.patents.text import patent_document
from govrag.ingest.split import ArticleSplitter
from govrag.records import Document, DocumentInfo, Passage, Source

__all__ = ["APPLICATION", "CRITICAL", "PAPERS", "application", "shelf"]

CRITICAL = date(2022, 3, 15)

APPLICATION = """【발명의 설명】
【발명의 명칭】
연료전지 차량의 냉각수 온도 제어 장치
【기술분야】
[0001] 본 발명은 연료전지 스택을 식히는 냉각수의 온도를 제어하는 장치에 관한 것이다.
【발명의 내용】
【해결하려는 과제】
[0002] 저온 시동 때 냉각수가 차가워 연료전지 스택의 출력이 늦게 오르는 문제를 해결하고자 한다.
【발명의 효과】
[0003] 저온 시동 시간이 짧아지고 스택의 내구성이 좋아진다.
【청구범위】
【청구항 1】
연료전지 스택을 지나는 냉각수 유로;
상기 냉각수 유로에 냉각수를 순환시키는 펌프;
상기 연료전지 스택의 출구에서 냉각수 온도를 측정하는 온도 센서;
라디에이터를 우회하는 바이패스 유로에 설치된 전자 밸브; 및
측정된 온도가 기준 온도보다 낮으면 상기 전자 밸브를 열어 냉각수를 바이패스 유로로 보내는 제어부를 포함하는
냉각수 온도 제어 장치.
【청구항 2】
제1항에 있어서, 상기 바이패스 유로에 설치된 히터를 더 포함하는 냉각수 온도 제어 장치.
【요약서】
【요약】
저온 시동이 빠른 냉각수 온도 제어 장치를 제공한다.
"""

_CLOSE = """【발명의 설명】
【발명의 명칭】
연료전지 스택의 냉각 시스템
【기술분야】
[0001] 연료전지 스택의 냉각에 관한 것이다.
【해결하려는 과제】
[0002] 저온 시동 때 스택의 출력이 늦게 오르는 문제를 줄인다.
【발명을 실시하기 위한 구체적인 내용】
[0003] 연료전지 스택을 지나는 냉각수 유로가 마련된다.
[0004] 냉각수 유로에는 냉각수를 순환시키는 펌프가 놓인다.
[0005] 스택의 출구에 놓인 온도 센서가 냉각수 온도를 측정한다.
【청구범위】
【청구항 1】
연료전지 스택을 지나는 냉각수 유로와 펌프를 포함하는 냉각 시스템.
"""
_BYPASS = """【발명의 설명】
【발명의 명칭】
라디에이터 바이패스 장치
【기술분야】
[0001] 엔진의 냉각수를 다루는 장치에 관한 것이다.
【발명을 실시하기 위한 구체적인 내용】
[0002] 라디에이터를 우회하는 바이패스 유로에는 솔레노이드 밸브가 설치된다.
[0003] 제어부는 냉각수의 온도가 기준 온도보다 낮으면 전자 밸브를 열어 냉각수를 바이패스 유로로 보낸다.
【청구범위】
【청구항 1】
바이패스 유로와 전자 밸브를 포함하는 바이패스 장치.
"""
_ENGLISH = (
    "A cooling system for a fuel cell vehicle is described. A coolant flow path passes through the fuel cell stack. "
    "A pump circulates the coolant in the channel. A temperature sensor measures the temperature at the outlet. "
    "A controller opens a solenoid valve when the measured temperature is low."
)
_FAR = (
    ("버섯 재배용 배지", "버섯을 재배하는 배지에 퇴비와 톱밥을 섞는다. 습도를 높게 유지한다.", "A01G18/20"),
    ("음성 인식 방법", "신경망으로 음성 신호의 특징을 추출하여 낱말을 인식한다.", "G10L15/16"),
    ("자전거 안장", "안장 아래에 스프링을 두어 진동을 줄인다.", "B62J1/02"),
    ("Drip irrigation emitter", "An emitter for drip irrigation has a labyrinth channel and a membrane.", "A01G25/02"),
    ("Adhesive composition", "An adhesive comprises an acrylic polymer, a curing agent and a solvent.", "C09J133/04"),
    ("선박용 프로펠러", "프로펠러 날개의 두께를 줄여 소음을 낮춘다.", "B63H1/26"),
)  # fmt: skip


def application() -> Document:
    """Return the application that art is searched for."""
    found = _read(APPLICATION, "출원.txt")
    stated = {"출원번호": "10-2022-0032001", "출원일": CRITICAL.isoformat(), "우선권": "10-2021-0070001 2021-06-01",
              "출원인": "한빛자동차 주식회사", "발명자": "김하늘", "IPC": "H01M8/04007"}  # fmt: skip
    return replace(found, id="10-2022-0032001", number="10-2022-0032001", metadata=stated)


def shelf() -> Shelf:
    """Return every paper on a shelf."""
    return Shelf(PAPERS())


@cache
def PAPERS() -> tuple[tuple[DocumentInfo, tuple[Passage, ...]], ...]:  # noqa: N802 - what it gives never changes
    """Return the papers: those that count, and one of each kind that must not be shown."""
    rows = [
        _paper("KR 10-2019-0011111 A", _CLOSE, "2019-01-30", IPC="H01M8/04", 출원일="2017-07-20"),
        _paper("KR 10-2018-0022222 A", _BYPASS, "2018-03-02", IPC="F01P7/16", 출원일="2016-08-25"),
        _paper("KR 10-2023-0033333 A", APPLICATION, "2023-02-01", IPC="H01M8/04", 출원일="2022-06-01"),
        _paper("KR 10-2022-0044444 A", APPLICATION, "2022-05-10", IPC="H01M8/04", 출원일="2020-11-03",
               출원인="새봄에너지 주식회사"),
        _paper("KR 10-2022-0055555 A", APPLICATION, "2022-06-10", IPC="H01M8/04", 출원일="2020-12-03",
               출원인="한빛자동차(주)"),
        _paper("KR 10-2022-0066666 A", APPLICATION, CRITICAL.isoformat(), IPC="H01M8/04", 출원일="2022-03-15"),
        _paper("KR 10-1234567 B1", APPLICATION, "", IPC="H01M8/04"),
        _paper("KR 10-2021-0077777 A", APPLICATION, "2021-12-01", 출원번호="10-2021-0070001", 출원일="2021-06-01"),
        _paper("KR 10-2022-0032001 A", APPLICATION, "2022-01-01", 출원번호="10-2020-0099999", 출원일="2020-01-01",
               IPC="G06F1/00"),
        document("US-7686681-B2", _ENGLISH, title="Fuel cell cooling", metadata={"IPC": "H01M8/04"}),
        document("US-2023000123-A1", _ENGLISH, title="Fuel cell cooling again"),
        *(
            document(f"far-{number}", text, title=title, kind="특허", promulgated=date(2010, 1, 1 + number),
                     metadata={"IPC": symbol})
            for number, (title, text, symbol) in enumerate(_FAR)
        ),
    ]  # fmt: skip
    return tuple((info, tuple(passages)) for info, passages in rows)


def _paper(number: str, text: str, published: str, **stated: str) -> tuple[DocumentInfo, list[Passage]]:
    found = replace(_read(text, f"{number}.txt"), id=number, number=number)
    info = DocumentInfo(
        document_id=number,
        title=found.title,
        kind="특허",
        number=number,
        promulgated=date.fromisoformat(published) if published else None,
        metadata=stated,
    )
    return info, ArticleSplitter().split(found)


def _read(text: str, name: str) -> Document:
    found = patent_document(text, Source(f"memory:{name}", name, "0" * 64, len(text)))
    assert found is not None
    return found
