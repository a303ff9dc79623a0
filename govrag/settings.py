"""Settings: one frozen model, read from ``govrag.toml`` and the environment, validated once."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from govrag.errors import Lang, UsageError
from govrag.records.wrong import in_words

FILE = "govrag.toml"


class Settings(BaseModel):
    """What can be set once for every command. A command's own option goes before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    library: Path | None = Field(default=None, description="장서 디렉터리 / the library directory")
    lang: Lang = Field(default="ko", description="메시지 언어 ko, en / language of messages")
    workers: int = Field(
        default=2, ge=1, le=64, description="문서를 읽는 자식 프로세스 수 / child processes that read files"
    )
    lock_timeout: float = Field(
        default=30.0, ge=0, description="쓰기 잠금을 기다리는 초 / seconds to wait for another writer"
    )
    policy: Path | None = Field(
        default=None, description="승인된 모델의 policy.toml, 없으면 장서 안 / the policy; by default in the library"
    )
    principals: Path | None = Field(
        default=None, description="이용자와 권한의 principals.toml, 없으면 장서 안 / who reads what; in the library"
    )
    principal: str = Field(default="", max_length=100, description="읽고 쓰는 이용자 이름 / on whose behalf to read")
    labour_rates: Path | None = Field(
        default=None, description="최저임금 등 더할 요율의 TOML / TOML with further rates, as the minimum wage"
    )
    procurement_rules: Path | None = Field(
        default=None, description="제안요청서 규칙을 바꿀 TOML / TOML with rules of RFPs in place of ours"
    )
    audit: bool = Field(
        default=False, description="모델 없는 답변도 감사 기록에 남김 / audit answers without a model as well"
    )
    audit_key: Path | None = Field(
        default=None, description="감사 기록을 봉인하는 키 파일 / file with the key that seals the audit log"
    )
    department: str = Field(
        default="", max_length=100, description="사용량을 셀 부서 / department that usage is counted for"
    )
    user: str = Field(default="", max_length=100, description="쓰는 사람 / who is asking")


def load(*, folder: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of ``govrag.toml`` in the folder, then of ``GOVRAG_…`` variables for what it leaves open.

    Raises `UsageError` naming the file, the field, its value and the rule.
    """
    environment = os.environ if environment is None else environment
    file = (folder or Path.cwd()) / FILE
    values: dict[str, object] = {
        name: environment[variable]
        for name in Settings.model_fields
        if environment.get(variable := f"GOVRAG_{name.upper()}")
    }
    try:
        if file.is_file():
            values |= tomllib.loads(file.read_text(encoding="utf-8"))
        return Settings.model_validate(values)
    except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        names, wrong = ", ".join(Settings.model_fields), in_words(error)
        raise UsageError(
            f"설정이 올바르지 않습니다 ({wrong}). {file}과 GOVRAG_… 환경 변수를 확인하십시오. 쓸 수 있는 항목: {names}",
            f"invalid settings ({wrong}). Look at {file} and the GOVRAG_… variables. Known settings: {names}",
        ) from None
