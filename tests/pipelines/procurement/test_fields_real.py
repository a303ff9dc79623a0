"""Floors of what is read in real RFPs, and our own sample papers."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest
from benchmarks.rfp_fields import measured

from govrag.ingest.read import read_document
from govrag.pipelines.procurement.fields import fields_of, mentions_of
from govrag.records import Document, Source


def paper(path: Path) -> Document:
    content = path.read_bytes()
    return read_document(content, Source(str(path), path.name, "0" * 64, len(content)))[0]


@pytest.mark.shared
def test_floors_on_real_openings(shared: Path) -> None:
    tallies = measured(shared)

    assert {name: one.invented for name, one in tallies.items()} == dict.fromkeys(tallies, 0)
    for name, least in (("name", 33), ("name, order aside", 40), ("buyer", 30), ("amount", 28)):
        assert tallies[name].share >= 0.95, tallies[name].misses
        assert tallies[name].stated >= least


@pytest.mark.shared
def test_a_whole_rfp_of_a_public_corporation(shared: Path) -> None:
    read = fields_of(paper(shared / "documents" / "rhwp" / "samples__k-water-rfp.hwp"))

    assert read.facts.amount == 19_209_180_000
    assert read.facts.months == 24
    assert (read.facts.buyer_type, read.facts.contract_method) == ("public_corporation", "negotiation")
    assert read.facts.cloud is True
    assert read.facts.deadline is None  # the text points at the notice


@pytest.mark.shared
def test_a_hundred_pages_take_less_than_half_a_second(shared: Path) -> None:
    one = paper(shared / "documents" / "rhwp" / "samples__k-water-rfp.hwp")
    long = Document("d", "백 쪽", one.sections * 8)
    fields_of(one)
    begun = time.process_time()
    fields_of(long)

    assert time.process_time() - begun < 0.5


def test_our_own_papers(sample_corpus: Path) -> None:
    rfp = fields_of(paper(sample_corpus / "계약" / "제안요청서_대화형민원안내시스템구축.md"))
    notice = fields_of(paper(sample_corpus / "계약" / "입찰공고_대화형민원안내시스템.txt"))

    for read in (rfp, notice):
        assert read["name"] == "대화형 민원안내 시스템 구축"
        assert read["buyer"] == "한빛지역진흥원"
        assert (read.facts.amount, read.facts.months) == (480_000_000, Decimal(8))
        assert read.facts.deadline is not None
        assert read.facts.deadline.isoformat() == "2025-04-14"
    assert notice["notice_date"] == "2025. 3. 4."
    assert rfp.facts.notice_date is None
    assert rfp["department"] == "데이터AI팀"


def test_the_agencys_template_states_its_agency_and_no_project(sample_corpus: Path) -> None:
    template = paper(sample_corpus / "계약" / "제안요청서_표준서식.md")
    read = fields_of(template)

    assert {one.name for one in read.fields} == {"buyer", "contract_method"}
    assert not [one for one in mentions_of(template) if one.field in ("name", "amount", "months")]
