from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import GovragError
from govrag.evaluate import speed

MIB = 1 << 20


def program(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def test_a_childs_output_and_times_are_its_own() -> None:
    cost = speed.run_child(program("import time; time.sleep(.2); print('가나다')"))
    assert cost.output == "가나다\n"
    assert cost.wall_s >= 0.2
    assert cost.cpu_s > 0
    assert cost.peak_bytes > MIB


def test_processor_time_of_grandchildren_counts() -> None:
    busy = "import time\nwhile time.process_time() < .3: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}], check=True)"
    assert speed.run_child(program(code)).cpu_s >= 0.3


@pytest.mark.skipif(sys.platform != "linux", reason="memory of grandchildren is read from /proc")
def test_memory_is_that_of_the_process_and_its_children_together() -> None:
    hold = "import time; held = bytearray(b'x') * (100 << 20); time.sleep(.4)"
    both = "import subprocess, sys; held = bytearray(b'x') * (100 << 20)\n"
    both += f"subprocess.run([sys.executable, '-c', {hold!r}])"
    one = speed.run_child(program(hold)).peak_bytes
    two = speed.run_child(program(both)).peak_bytes
    assert 100 * MIB < one < 180 * MIB
    assert 200 * MIB < two < 300 * MIB


@pytest.mark.skipif(sys.platform != "linux", reason="memory of children is read from /proc")
def test_a_child_does_not_inherit_the_memory_of_a_fat_parent() -> None:
    # The system's own figure does: it is why it is not used.
    held = bytearray(b"x") * (300 * MIB)
    spawn = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'pass'], check=True)"
    assert speed.run_child(program(spawn)).peak_bytes < 100 * MIB
    assert len(held) == 300 * MIB


def test_much_output_does_not_block() -> None:
    assert len(speed.run_child(program("print('x' * 5_000_000)")).output) == 5_000_001


def test_a_child_that_fails_says_so_with_its_last_words() -> None:
    with pytest.raises(GovragError) as raised:
        speed.run_child(program("import sys; sys.exit('디스크가 가득 찼습니다')"))
    for lang in ("ko", "en"):
        assert "디스크가 가득 찼습니다" in raised.value.message(lang)
        assert "1" in raised.value.message(lang)


def test_a_file_with_two_names_counts_once(tmp_path: Path) -> None:
    (tmp_path / "가").write_bytes(b"x" * 10)
    (tmp_path / "아래").mkdir()
    (tmp_path / "아래" / "나").write_bytes(b"x" * 7)
    os.link(tmp_path / "가", tmp_path / "다")
    (tmp_path / "라").symlink_to(tmp_path / "가")
    assert speed.bytes_below([tmp_path]) == 17
    assert speed.bytes_below([tmp_path / "가", tmp_path / "다"]) == 10
    assert speed.bytes_below([tmp_path / "없음"]) == 0


@given(st.lists(st.text("0123456789abcdef", min_size=4, max_size=4), max_size=6), st.randoms())
def test_a_corpus_is_its_files_in_any_order(hashes: list[str], random: object) -> None:
    shuffled = sorted(hashes, key=lambda _: random.random())  # type: ignore[attr-defined]
    one = speed.corpus(hashes, documents=1, passages=2)
    assert one == speed.corpus(shuffled, documents=1, passages=2)
    assert one.sha256 != speed.corpus([*hashes, "ffff0"], documents=1, passages=2).sha256
    assert one.files == len(hashes)


def test_questions_are_repeated_until_there_are_enough_calls() -> None:
    asked: list[str] = []
    times = speed.latency(asked.append, questions=["가", "나"], calls=5)
    assert asked == ["가", *"가나가나가"]
    assert times.calls == 5
    assert 0 <= times.p50_ms <= times.p99_ms


def test_all_questions_are_asked_when_there_are_more_than_calls() -> None:
    asked: list[str] = []
    assert speed.latency(asked.append, questions=["가", "나", "다"], calls=1).calls == 3
    assert asked[1:] == ["가", "나", "다"]


def test_ingest_runs_the_command_twice_and_weighs_what_it_left(tmp_path: Path) -> None:
    source, library = tmp_path / "글.txt", tmp_path / "장서"
    source.write_text("x" * 100)
    code = """
import json, pathlib, sys
library = pathlib.Path(sys.argv[1])
library.mkdir(exist_ok=True)
with (library / "runs").open("a") as file:
    file.write("x" * 75)
print(json.dumps({"refused": [{"name": "나쁜.pdf"}]}))
"""
    found = speed.ingest(program(code, str(library)), inputs=[source], library=library)
    assert (found.input_bytes, found.library_bytes, found.refused) == (100, 150, 1)
    assert found.disk_ratio == 1.5
    assert found.wall_s > 0
    assert found.unchanged_wall_s > 0
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()


def test_the_machine_is_named() -> None:
    machine = speed.machine()
    assert machine.cpu
    assert 1 <= machine.cores <= (os.cpu_count() or 1)
    assert machine.memory_bytes > 64 * MIB
    assert machine.python == ".".join(map(str, sys.version_info[:3]))
