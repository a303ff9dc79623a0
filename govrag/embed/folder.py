"""A transformer's folder: found on this machine, checked before anything of it runs, and told apart by its contents.

Only safetensors are read: a pickle runs code when it is opened. Code that a model brings along is never run.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from govrag.errors import GovragError, MissingExtra, UnreadableFile, UsageError

_READ = ("*.json", "*.jinja", "*.txt", "*.model", "*.safetensors")  # what makes the vectors what they are
_PICKLED = ("*.bin", "*.pt", "*.pth", "*.pkl", "*.ckpt")
_OTHER_RUNTIMES = ("onnx", "openvino")  # the same weights again, unused here
_TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "*.model")
_OURS = "sentence_transformers."  # modules from elsewhere would be code that the model brings along
_LONGEST_HEADER = 100 << 20  # bytes; the format's own limit


def find(model: str | Path, *, download: bool) -> Path:
    """Return the checked folder of a model: ``model`` itself, or the copy of a hub's model that is on this machine.

    The network is touched only with ``download``. Raises `UsageError` when there is no such model here, and
    `UnreadableFile` when the folder is incomplete, damaged, or holds pickles only.
    """
    folder = Path(model).expanduser()
    if not folder.is_dir():
        folder = _fetched(model, download=download)
    _check(folder)
    return folder


def fingerprint(folder: Path, *, settings: Sequence[object]) -> str:
    """Return a hash over the contents of the files that are read, their names within the folder, and settings."""
    whole = hashlib.sha256(json.dumps(list(settings), ensure_ascii=False).encode())
    for file in _files(folder, _READ):
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        whole.update(f"\n{file.relative_to(folder).as_posix()}:{digest}".encode())
    return whole.hexdigest()


@contextmanager
def loading(folder: Path) -> Iterator[None]:
    """Turn whatever goes wrong while a model is loaded or first tried into an `UnreadableFile`; no progress bars."""
    try:
        from transformers import utils
    except ImportError:
        raise MissingExtra("sentence-transformers", "neural") from None
    told: Any = utils.logging
    bars, level = told.is_progress_bar_enabled(), told.get_verbosity()
    told.disable_progress_bar()
    told.set_verbosity(logging.ERROR)  # what is missing is found out below, and raised
    try:
        yield
    except (GovragError, MemoryError):
        raise
    except ImportError as error:
        raise MissingExtra(error.name or "sentence-transformers", "neural") from error
    except Exception as error:  # tokenizers raises plain Exception, a damaged configuration anything
        raise _damaged(folder, f"{type(error).__name__}: {str(error)[:300]}") from error
    finally:
        told.set_verbosity(level)
        if bars:
            told.enable_progress_bar()


def load(kind: Callable[..., Any], folder: Path, *, device: str, dtype: str) -> Any:
    """Return the model, of class ``kind``, with unpadded attention where the machine and the model have it.

    Raises `UnreadableFile` when weights were made up for want of stored ones, or the tokenizer is another model's.
    """
    from transformers import utils

    flash: Any = utils.import_utils.is_flash_attn_2_available
    told = {"dtype": dtype, "use_safetensors": True}
    make = partial(kind, str(folder), device=device, local_files_only=True, trust_remote_code=False)
    if device.startswith("cuda") and dtype != "float32" and flash():
        try:
            model = make(model_kwargs=told | {"attn_implementation": "flash_attention_2"})
        except (ImportError, ValueError):  # an architecture without it
            model = make(model_kwargs=told)
    else:
        model = make(model_kwargs=told)
    _check_loaded(folder, model)
    return model


def _check_loaded(folder: Path, model: Any) -> None:
    # A pooler may be missing: nobody reads it.
    needed = sum(weight.numel() for name, weight in model.named_parameters() if ".pooler." not in name)
    held = sum(math.prod(shape) for file in _files(folder, ("*.safetensors",)) for shape in _shapes(folder, file))
    if held < needed:
        raise _damaged(folder, f"{held:,} weights are stored, and the model has {needed:,}")
    if model.transformers_model is not None and hasattr(model.tokenizer, "get_vocab"):
        rows = model.transformers_model.get_input_embeddings().weight.shape[0]
        largest = max(model.tokenizer.get_vocab().values())
        if largest >= rows:
            raise _damaged(
                folder, f"the tokenizer is another model's: it knows token {largest:,}, the model {rows:,} tokens"
            )


def _fetched(model: str | Path, *, download: bool) -> Path:
    if isinstance(model, Path) or model.count("/") > 1 or model.startswith((".", "/", "~")) or "\\" in model:
        raise UsageError(
            f"모델 폴더 '{model}'이(가) 없습니다. config.json 과 model.safetensors 가 있는 폴더의 경로를 주세요.",
            f"there is no model folder '{model}'. Give the path of a folder with config.json and model.safetensors.",
        )
    try:
        from huggingface_hub import snapshot_download
    except ImportError:
        raise MissingExtra("sentence-transformers", "neural") from None
    try:
        return Path(
            snapshot_download(
                model,
                local_files_only=not download,
                allow_patterns=list(_READ),
                ignore_patterns=[f"{runtime}/*" for runtime in _OTHER_RUNTIMES],
            )
        )
    except (OSError, ValueError) as error:  # not here, not there, no connection, no such name
        raise UsageError(
            f"모델 '{model}'이(가) 이 컴퓨터에 없습니다({type(error).__name__}). 모델 폴더를 옮겨 온 뒤 그 "
            "경로를 주거나, 인터넷에 연결된 컴퓨터라면 download=True 로 내려받으세요.",
            f"the model '{model}' is not on this machine ({type(error).__name__}). Bring its folder here and give its "
            "path, or let it be downloaded with download=True where there is a connection.",
        ) from error


def _check(folder: Path) -> None:
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        raise _damaged(folder, "config.json is missing")
    weights = list(_files(folder, ("*.safetensors",)))
    safe = {file.parent for file in weights}
    pickled = next((file for file in _files(folder, _PICKLED) if file.parent not in safe), None)
    if pickled is not None:
        raise UnreadableFile(
            f"모델 폴더 '{folder}': '{pickled.name}'은(는) 열면 코드가 실행될 수 있는 pickle 이라 읽지 않습니다. "
            "같은 모델의 safetensors 판을 받거나, 믿을 수 있는 곳에서 save_pretrained 로 변환하세요.",
            f"the model folder '{folder}': '{pickled.name}' is a pickle, which can run code when it is opened, and is "
            "not read. Get the model as safetensors, or convert it with save_pretrained where you trust it.",
        )
    if not weights:
        raise _damaged(folder, "no .safetensors file")
    if not any(_files(folder, _TOKENIZERS)):
        raise _damaged(folder, "no tokenizer.json")
    for file in weights:
        _shapes(folder, file)
    for module in _modules(folder):
        if not module.startswith(_OURS):
            raise UnreadableFile(
                f"모델 폴더 '{folder}': 모델이 자체 코드({module})를 요구하는데, govrag는 모델의 코드를 "
                "실행하지 않습니다. 표준 구조의 모델을 쓰세요.",
                f"the model folder '{folder}' wants code of its own ({module}), and govrag runs no code of a model. "
                "Use a model of a standard architecture.",
            )


def _modules(folder: Path) -> list[str]:
    file = folder / "modules.json"
    if not file.is_file():
        return []
    try:
        return [str(module["type"]) for module in json.loads(file.read_bytes())]
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(folder, f"modules.json: {error}") from error


def _shapes(folder: Path, file: Path) -> list[tuple[int, ...]]:
    """Return the shapes of the stored tensors; raises `UnreadableFile` when the file does not end where it says."""
    try:
        with file.open("rb") as stream:
            size = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(size)) if 0 < size <= _LONGEST_HEADER else {}
        tensors = [tensor for name, tensor in header.items() if name != "__metadata__"]
        end = max(int(tensor["data_offsets"][1]) for tensor in tensors)
        shapes = [tuple(int(side) for side in tensor["shape"]) for tensor in tensors]
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise _damaged(folder, f"{file.name}: {error}") from error
    if file.stat().st_size != 8 + size + end:
        raise _damaged(folder, f"{file.name}: {file.stat().st_size:,} bytes, {8 + size + end:,} expected")
    return shapes


def _files(folder: Path, patterns: Sequence[str]) -> Iterator[Path]:
    found = {file for pattern in patterns for file in folder.rglob(pattern) if file.is_file()}
    for file in sorted(found):
        within = file.relative_to(folder).parts
        if within[0] not in _OTHER_RUNTIMES and not any(part.startswith(".") for part in within):
            yield file


def _damaged(folder: Path, why: str) -> UnreadableFile:
    return UnreadableFile(
        f"모델 폴더 '{folder}'이(가) 완전하지 않거나 손상되었습니다({why}). 원본을 다시 복사하세요.",
        f"the model folder '{folder}' is incomplete or damaged ({why}). Copy the original again.",
    )
