"""How well the fields of real RFPs are read: name, agency and amount, against what the procurement portal says.

``python tests/benchmarks/rfp_fields.py [--data DIR] [--misses]``

``DIR`` holds the shared data (``documents/rfp.jsonl``: openings of RFPs with the portal's metadata). A row counts where
the portal's value stands in the text as a whole: not as the head of a longer name (… 용역, … 산학협력단), not across
the next label, and an agency not merely in the project's title or an address. Blanks, quotes, brackets, hyphens and the
portal's own remarks, as (긴급) or [재공고], are not compared. A value that is not verbatim in the text is invented.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govrag.ingest.read import read_document
from govrag.korean.normalise import match_key
from govrag.pipelines.procurement.fields import fields_of
from govrag.pipelines.procurement.fields.values import money
from govrag.records import Document, Source

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
_REMARKS = re.compile(r"[(\[][^()\[\]]*(?:공고|긴급|계약|협상|지문|국제|공개)[^()\[\]]*[)\]]")
_SHOULDER = re.compile(r"재단법인|사단법인|\((?:재|사|주|용역)[)）]|㈜|입찰공고")
_SIGNS = re.compile(r"[\[\](){}<>（）,.\-_/]")
_PLACES = re.compile(r"(?:위치|주소|장소)\s*[:：][^\n]*")
_LABEL = re.compile(r"\n(?=[^\n:：]{1,15}[:：])")
_LONGER = "용역|사업|산학협력단"
_ORDER = re.compile(r"(?:입찰공고|재공고|용역|사업)+$")


@dataclass
class Tally:
    """What became of one field: of how many stated, and how."""

    stated: int = 0
    exact: int = 0
    wrong: int = 0
    missing: int = 0
    invented: int = 0
    beside: int = 0  # read where the portal's value does not stand in the text: for the eye
    misses: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Exact of stated."""
        return self.exact / self.stated if self.stated else 1.0


def documents(data: Path) -> Iterator[tuple[Mapping[str, Any], Document]]:
    """Yield the portal's row and the document of every RFP."""
    with (data / "documents" / "rfp.jsonl").open(encoding="utf-8") as rows:
        for line in rows:
            row = json.loads(line)
            content = row["text"].encode()
            name = f"{row['id']}.txt"
            source = Source(f"memory:{name}", name, hashlib.sha256(content).hexdigest(), len(content))
            yield row["fields"], read_document(content, source)[0]


def measured(data: Path) -> dict[str, Tally]:
    """Return a tally for the name, for the name without its last word (용역, 사업), the agency and the amount."""
    tallies = {name: Tally() for name in ("name", "name, order aside", "buyer", "amount")}
    for portal, document in documents(data):
        read = fields_of(document, name=document.id)
        text = _LABEL.sub("\n§", document.text)
        flat = _flat(text)
        title = _flat(_SHOULDER.sub("", _REMARKS.sub("", portal["사업명"])))
        short = _ORDER.sub("", title)
        _count(tallies["name"], title, _flat(_SHOULDER.sub("", _REMARKS.sub("", read["name"]))), _whole(title, flat))
        short_read = _ORDER.sub("", _flat(_REMARKS.sub("", read["name"])))
        _count(tallies["name, order aside"], short, short_read, short in flat)
        agency = _flat(_SHOULDER.sub("", portal["발주 기관"]))
        elsewhere = _flat(_SHOULDER.sub("", _PLACES.sub("", text))).replace(_flat(_SHOULDER.sub("", short)), "")
        _count(tallies["buyer"], agency, _flat(_SHOULDER.sub("", read["buyer"])), _whole(agency, elsewhere))
        won = int(float(portal["사업 금액"] or 0))
        said = {one.won for one in money(text)}
        _count(tallies["amount"], str(won), str(read.facts.amount or ""), won in said)
        for one in read.fields:
            at = one.location
            verbatim = document.text[at.start : at.end] == at.quote and " ".join(at.quote.split()) == one.value
            if not (verbatim and one.value) and one.name in tallies:
                tallies[one.name].invented += 1
    return tallies


def _count(tally: Tally, portal: str, read: str, stands: bool) -> None:
    if not stands:
        tally.beside += bool(read)
        return
    tally.stated += 1
    if read == portal:
        tally.exact += 1
        return
    tally.wrong += bool(read)
    tally.missing += not read
    tally.misses.append(f"{portal} ≠ {read or '—'}")


def _whole(value: str, flat: str) -> bool:
    return bool(value) and re.search(rf"{re.escape(value)}(?!{_LONGER})", flat) is not None


def _flat(text: str) -> str:
    return _SIGNS.sub("", match_key(text))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure the fields that are read in real RFPs.")
    parser.add_argument("--data", type=Path, default=SHARED, help="the shared data, beside the project by default")
    parser.add_argument("--misses", action="store_true", help="tell each miss")
    options = parser.parse_args(arguments)
    begun = time.process_time()
    tallies = measured(options.data)
    _say(f"{'field':20}{'n':>4}{'exact':>7}{'wrong':>7}{'missing':>9}{'invented':>10}{'beside':>8}{'share':>8}")
    for name, one in tallies.items():
        counts = f"{one.stated:4}{one.exact:7}{one.wrong:7}{one.missing:9}{one.invented:10}{one.beside:8}"
        _say(f"{name:20}{counts}{one.share:8.3f}")
        for miss in one.misses if options.misses else ():
            _say(f"    {miss}")
    _say(f"{time.process_time() - begun:.1f} s of processor time, reading included")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
