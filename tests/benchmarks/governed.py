"""What the layer around a model call costs: policy, masking, ledger and audit, on a real disk; prints milliseconds.

``python tests/benchmarks/governed.py [--calls 500] [--folder DIR] [--no-mask]``

A model that answers at once is called bare and governed, in turn, with a prompt of some 2,000 characters; the
difference of the medians is the layer. ``audit`` is one line of the log, durable.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from govrag.govern.audit import AuditLog
from govrag.govern.governed import Governed
from govrag.govern.meter import Ledger
from govrag.govern.pii import Pseudonyms
from govrag.govern.policy import Entry, Registry, RegistryPolicy
from govrag.records import ChatRequest, Grade, Message, Purpose
from govrag.testing import ScriptedModel

PROMPT = "천문대장은 1년간 90퍼센트 이상 출근한 직원에게 17일의 관측휴가를 주어야 한다.\n" * 45


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--folder", type=Path, help="where the ledger and the log are written; a temporary one if none")
    parser.add_argument("--no-mask", action="store_true", help="a model that may see personal data")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=told.folder) as folder:
        measure(Path(folder), told.calls, mask=not told.no_mask)


def measure(folder: Path, calls: int, *, mask: bool) -> None:
    """Print the medians and 95th percentiles of a bare call, a governed one and an audit line."""
    entry = Entry(
        id="scripted",
        vendor="v",
        country="KR",
        zone="internal",
        grade=Grade.CLASSIFIED,
        approval="r",
        approved=date(2026, 1, 1),
        price_output=1.0,
        mask=mask,
    )
    policy = RegistryPolicy(Registry(model=(entry,)))
    bare = ScriptedModel("관측휴가는 17일입니다. [AAAAAA]\n" * 3)
    governed = Governed(bare, policy=policy, meter=Ledger(folder), masker=Pseudonyms)
    audit = AuditLog(folder, key=b"k" * 32)
    request = ChatRequest((Message("system", "규칙"), Message("user", PROMPT)))
    purpose = Purpose("bench", Grade.SENSITIVE, "r")
    steps: dict[str, Callable[[], object]] = {
        "bare": lambda: list(bare.stream(request, purpose)),
        "governed": lambda: list(governed.stream(request, purpose)),
        "audit": lambda: audit.write("answer", {"request": "r", "documents": ["a", "b"], "tokens_in": 10}),
    }
    took: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(calls):
        for name, step in steps.items():
            started = time.perf_counter()
            step()
            took[name].append((time.perf_counter() - started) * 1000)
        bare.requests.clear()
        bare.purposes.clear()
    middle = {name: statistics.median(times) for name, times in took.items()}
    for name, times in took.items():
        print(f"{name:9} median {middle[name]:7.2f} ms   p95 {statistics.quantiles(times, n=20)[-1]:7.2f} ms")
    print(
        f"{'layer':9} median {middle['governed'] - middle['bare'] + middle['audit']:7.2f} ms (governed - bare + audit)"
    )


if __name__ == "__main__":
    main()
