"""What every test shares: the real data when it is there, no network, a small library."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real corpora beside the project."""
    if not SHARED.is_dir():
        pytest.skip("no shared data beside the project")
    return SHARED


@pytest.fixture(scope="session")
def sample_corpus() -> Path:
    """The documents that we wrote."""
    return ROOT / "sample_corpus"


@pytest.fixture(scope="session")
def sample_library(sample_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the sample corpus, built once for all tests: read it, never write to it."""
    import govrag
    from govrag.cli.demo import folders

    path = tmp_path_factory.mktemp("sample") / "장서"
    with govrag.open(path) as library:
        receipt = library.add(folders(sample_corpus), metadata=sample_corpus / "metadata.csv", grade="O")
    assert receipt.refused == ()
    return path


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection; tests marked `loopback` may reach this machine."""
    connect = socket.socket.connect
    loopback = request.node.get_closest_marker("loopback") is not None

    def refuse(self: socket.socket, address: object) -> None:
        local = self.family == socket.AF_UNIX or (isinstance(address, tuple) and address[0] in {"127.0.0.1", "::1"})
        if loopback and local:
            connect(self, address)  # type: ignore[arg-type]
            return
        raise AssertionError(f"a test tried to connect to {address!r}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
