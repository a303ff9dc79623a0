"""The two office files among the sample RFPs: the form of 한빛지역진흥원 (HWPX), made here, and a past RFP (DOCX).

``PYTHONPATH=. python tests/rfp_template_made.py`` writes them anew, when a writer has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import rfp_past_made
from rfp_past_made import Part, card, chapter, lines

from govrag.display.blocks import Block, Heading
from govrag.export import docx, hwpx

FOLDER = Path(__file__).resolve().parents[1] / "sample_corpus" / "계약"
FORM, PAST = "제안요청서_양식.hwpx", "제안요청서_안내시설정보_고도화.docx"


def made() -> Mapping[str, Callable[[], bytes]]:
    """Return what makes each file, by its name."""
    return {
        FORM: lambda: hwpx.document(form(), title="한빛지역진흥원 제안요청서 양식"),
        PAST: lambda: docx.document(rfp_past_made.past(), title=rfp_past_made.NAME),
    }


def form() -> list[Block]:
    """Return the form of 한빛지역진흥원: its fixed text stands in every RFP, ○○○○ and blank cells are filled in."""
    return [
        Heading("한빛지역진흥원 제안요청서"),
        card(
            ("사업명", "○○○○○○"),
            ("담당 부서", "○○○○"),
            ("연락처", "○○○○"),
            ("작성 연월", "○○○○"),
        ),
        *chapter("Ⅰ. 사업 개요", _FORM_OVERVIEW),
        *chapter("Ⅱ. 현황과 문제점", [("1. 업무 현황", []), ("2. 문제점과 개선 방향", [])]),
        *chapter("Ⅲ. 추진 방안", _FORM_METHOD),
        *chapter("Ⅳ. 제안요청 내용", _FORM_REQUIREMENTS),
        *chapter("Ⅴ. 제안서 작성 요령", _FORM_WRITING),
        *chapter("Ⅵ. 제안 안내", _FORM_BIDDING),
        *chapter("Ⅶ. 계약 조건", _FORM_CONTRACT),
        *chapter("별첨", [("", lines("진흥원의 별첨은 차례를 바꾸지 않습니다."))]),
    ]


_FORM_OVERVIEW: list[Part] = [
    (
        "1. 사업 일반",
        [
            card(("사업명", ""), ("사업 기간", ""), ("사업 예산", ""), ("계약 방법", "")),
            *lines("대가는 검사를 마친 후 청구를 받은 날부터 5일 이내에 지급합니다(「계약사무규정」 제13조)."),
        ],
    ),
    ("2. 추진 배경", []),
    ("3. 사업 목적", []),
    ("4. 사업 범위", []),
    ("5. 기대 효과", []),
]
_FORM_METHOD: list[Part] = [
    (
        "1. 추진 체계",
        lines(
            "진흥원의 정보화 용역은 사업을 맡은 부서가 관리하고, 데이터AI팀이 기술 검토를, 정보보안팀이 보안성 검토를, "
            "재무계약팀이 계약을 맡습니다."
        ),
    ),
    ("2. 추진 일정", []),
    ("3. 추진 방법", []),
]
_FORM_REQUIREMENTS: list[Part] = [
    ("1. 요구사항 총괄표", lines("총괄표의 개수는 상세 요구사항의 개수와 같아야 합니다.")),
    ("2. 요구사항 목록표", []),
    (
        "3. 상세 요구사항",
        [
            *lines("요구사항마다 아래의 표 하나를 쓰고, 측정 기준과 시험 방법을 빠뜨리지 않습니다."),
            card(
                ("요구사항 고유번호", "SFR-○○○"),
                ("요구사항 분류", "○○"),
                ("요구사항 명칭", "○○○○"),
                ("정의", ""),
                ("세부내용", ""),
                ("측정 기준", ""),
                ("시험 방법", ""),
                ("산출정보", ""),
            ),
        ],
    ),
]
_FORM_WRITING: list[Part] = [
    (
        "1. 제안서의 목차",
        lines("제안서는 80쪽 이내로 작성하며, 발표 자료는 30쪽 이내로 합니다."),
    ),
    ("2. 작성 지침", lines("투입 인력의 수와 이름은 적지 않습니다.")),
]
_FORM_BIDDING: list[Part] = [
    ("1. 입찰 참가 자격", []),
    (
        "2. 사업자 선정 방식",
        lines(
            "제안서는 진흥원 밖의 전문가가 2분의 1 이상인 평가위원회에서 평가합니다(「계약사무규정」 제8조의2).",
        ),
    ),
    ("3. 평가 항목과 배점", []),
    (
        "4. 제출 서류와 일정",
        [
            card(("제출 마감", ""), ("제출처", ""), ("문의 부서", "")),
            *lines("제안 설명회: 20    년    월    일"),
        ],
    ),
]
_FORM_CONTRACT: list[Part] = [
    (
        "1. 계약과 사업 관리",
        lines(
            "이 계약에는 한빛지역진흥원 「계약사무규정」을 적용하고, 그 규정에 없는 것은 「지방자치단체를 당사자로 "
            "하는 계약에 관한 법률」을 준용합니다.",
        ),
    ),
    (
        "2. 보안",
        lines("계약상대자는 한빛지역진흥원 「정보보안지침」을 지키며, 진흥원의 자료를 모형 학습에 쓰지 않습니다."),
    ),
    ("3. 개인정보 보호", lines("계약상대자는 한빛지역진흥원 「개인정보 보호지침」을 지킵니다.")),
]


if __name__ == "__main__":
    for name, make in made().items():
        (FOLDER / name).write_bytes(make())
