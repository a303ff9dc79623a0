"""What is known of a deployed assistant for its card: each fact in Korean and in English, from configuration and code.

A fact about what the program does is true of this version of it; whoever changes the program changes it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from govrag.govern.policy import Budget
from govrag.records.card import CardCollection, CardEvaluation, CardModel, CardRisk

__all__ = ["FACTS", "Known", "Words"]

Words = tuple[str, str]  # Korean and English


@dataclass(frozen=True, slots=True)
class Known:
    """What facts are made from."""

    agency: str
    version: str
    models: tuple[CardModel, ...]
    collections: tuple[CardCollection, ...]
    budgets: tuple[Budget, ...]
    evaluation: CardEvaluation | None
    risks: tuple[CardRisk, ...]
    keyed: bool  # the audit log is sealed with a key


def _name(known: Known) -> Words:
    agency = f"{known.agency} " if known.agency else ""
    return f"{agency}문서 질의응답(govrag)", f"{agency}question answering over documents (govrag)"


def _agency(known: Known) -> Words:
    return known.agency, known.agency


def _purpose(_: Known) -> Words:
    return (
        "기관이 넣은 법령과 문서에서 물음에 맞는 조문을 찾아, 문장마다 근거를 달아 답하고 인용을 확인한다.",
        "It finds provisions that answer a question in the statutes and documents that the agency has added, answers "
        "with a citation for each statement, and checks the citations.",
    )


def _working(known: Known) -> Words:
    worded = any(one.kind == "model" and one.state == "in force" for one in known.models)
    end = (
        ("승인된 언어모델이 그 근거로 문장을 쓰고", "an approved language model words an answer from that evidence")
        if worded
        else (
            "근거의 글을 그대로 뽑아 보이고",
            "the evidence is quoted as it stands, since no language model is in force",
        )
    )
    return (
        f"물음을 형태소와 벡터로 찾아 기준일에 시행 중인 조문을 고르고, {end[0]}, 문장과 인용을 장서와 대조한 뒤 "
        "내보낸다. 차례는 코드로 정해져 있고 모델은 도구, 주소, 다음 물음을 고르지 않는다.",
        f"Provisions in force on the day asked about are found by words and by vectors; {end[1]}; statements and "
        "citations are compared with the library before they are shown. The steps are fixed code: a model "
        "chooses no tool, no address and no query.",
    )


def _architecture(known: Known) -> Words:
    zones = dict.fromkeys(_ZONE[one.zone] for one in known.models if one.state == "in force")
    ko, en = ", ".join(ko for ko, _ in zones), ", ".join(en for _, en in zones)
    return (
        "기관의 컴퓨터에서 도는 파이썬 프로그램이다. 문서와 색인은 그곳 디렉터리의 파일이다. "
        + (f"정책이 승인한 모델이 있는 곳: {ko}." if ko else "밖으로 나가는 호출이 없다."),
        "A Python program on the agency's own machine; documents and indexes are files in a directory there. "
        + (f"Where the models are that policy approves: {en}." if en else "No call leaves it."),
    )


def _inputs(_: Known) -> Words:
    return (
        "물음(글), 기준일, 찾을 컬렉션.",
        "A question in words, the day whose law is wanted, the collections to search.",
    )


def _outputs(_: Known) -> Words:
    return (
        "문장과 그 인용, 인용마다의 판정과 시행일, 기준일, 장서의 최신 공포일, 경고. 근거가 없으면 없다고 답한다.",
        "Statements with citations, a verdict and a date of effect for each, the day of the law, the newest "
        "promulgation held, warnings. Where nothing answers, it says so.",
    )


def _advice(_: Known) -> Words:
    return (
        "답변은 조언이다. 프로그램은 처분하거나 신청을 처리하지 않고, 다른 시스템에 쓰지 않는다.",
        "Answers are advice. The program decides no case, processes no application and writes to no other system.",
    )


def _oversight(_: Known) -> Words:
    return (
        "답변은 문장마다 인용과 판정을 보여 사람이 원문과 대조할 수 있다. 결론이 옳은지는 확인하지 않는다고 "
        "답변에 적는다.",
        "Each statement shows its citations and their verdicts, so that a person can compare it with the source. "
        "Answers say that whether the conclusion is right is not checked.",
    )


def _marking(known: Known) -> Words:
    if not any(one.kind == "model" for one in known.models):
        return (
            "승인된 언어모델이 없어 생성한 글이 없다. 답변은 조문의 글이다.",
            "No language model is approved, so no text is generated: answers are the provisions' own words.",
        )
    return (
        "모델이 쓴 답변에는 글, Markdown, HTML에 모델이 작성했다고 적고, JSON에는 모델의 이름(usage.model)을 담는다.",
        "An answer that a model worded says so as text, Markdown and HTML, and names the model in JSON (usage.model).",
    )


def _vendors(known: Known) -> Words:
    if not known.models:
        return "승인된 모델이 없어 모델 업체가 없다.", "No model is approved, so no vendor of one is involved."
    named = dict.fromkeys(f"{one.vendor} ({one.country})" for one in known.models)
    return ", ".join(named), ", ".join(named)


def _models(known: Known) -> Words:
    if not known.models:
        return (
            "정책에 승인된 모델이 없다. 답변은 모델 없이 조문의 글로 한다.",
            "The policy approves no model: answers are the provisions' own words.",
        )
    return _lines(_model_line(one) for one in known.models)


def _model_line(one: CardModel) -> Words:
    until = (f", {one.expires} 전까지", f", until {one.expires}") if one.expires else ("", "")
    masked = _MASKED[one.masked]
    (kind, kind_en), (zone, zone_en), (state, state_en) = _KIND[one.kind], _ZONE[one.zone], _STATE[one.state]
    return (
        f"{one.id}: {kind}, {one.vendor}({one.country}), {zone}(서버 {one.platform_country}), "
        f"{one.grade.value}등급까지, 승인 {one.approval}({one.approved}부터{until[0]}, {state}){masked[0]}",
        f"{one.id}: {kind_en}, {one.vendor} ({one.country}), {zone_en} (server in {one.platform_country}), grade "
        f"{one.grade.value} at most, approval {one.approval} (from {one.approved}{until[1]}, {state_en}){masked[1]}",
    )


def _collections(known: Known) -> Words:
    if not known.collections:
        return "장서에 컬렉션이 없다.", "The library has no collection."
    return _lines(
        (
            f"{one.name}: {one.grade.value}등급, 문서 {one.documents:,}건, 단락 {one.passages:,}개, "
            f"최신 공포일 {one.corpus_date or '알 수 없음'}, 임베더 {one.embedder}",
            f"{one.name}: grade {one.grade.value}, {one.documents:,} documents, {one.passages:,} passages, newest "
            f"promulgation {one.corpus_date or 'unknown'}, embedder {one.embedder}",
        )
        for one in known.collections
    )


def _training(_: Known) -> Words:
    return (
        "이 서비스는 언어모델을 학습시키지 않는다. 질문과 문서를 학습에 쓰지 않는다.",
        "The program trains no language model, and uses neither questions nor documents for training.",
    )


def _evaluation(known: Known) -> Words:
    found = known.evaluation
    if found is None:
        return (
            "평가 결과가 주어지지 않았다('govrag evaluate --json'의 파일을 --evaluation으로 지정).",
            "No evaluation was given (name a file of 'govrag evaluate --json' with --evaluation).",
        )
    figures = ", ".join(f"{name} {_figure(value)}" for name, value in found.figures.items())
    return (
        f"{found.file}에 적힌 대로(SHA-256 {found.sha256}): {figures}. 검색의 질이며 답변의 질이 아니다. "
        "이 장서로 잰 것인지는 확인하지 않았다.",
        f"As {found.file} says (SHA-256 {found.sha256}): {figures}. These are figures of search, not of answers; that "
        "they were measured on this library was not checked.",
    )


def _figure(value: float | tuple[float, float]) -> str:
    return "–".join(f"{one:,.4g}" for one in value) if isinstance(value, tuple) else f"{value:,.4g}"


def _risks(known: Known) -> Words:
    return _lines(
        (
            f"{one.risk} → {one.measure} ({', '.join(one.modules)}). 남는 것: {one.left}.",
            f"{one.risk_en} → {one.measure_en} ({', '.join(one.modules)}). Left: {one.left_en}.",
        )
        for one in known.risks
    )


def _personal(known: Known) -> Words:
    open_to = ", ".join(one.id for one in known.models if one.masked is False)
    return (
        "언어모델에 보내는 글의 개인정보(번호, 표지가 붙은 이름 등)를 가리고 답변에서 되돌린다. 기록에는 값을 남기지 "
        "않는다." + (f" 가리지 않는 모델: {open_to}." if open_to else ""),
        "Personal data (numbers, labelled names and the like) is masked on the way to a language model and restored "
        "in the answer; logs hold no values." + (f" Not masked for: {open_to}." if open_to else ""),
    )


def _records(known: Known) -> Words:
    sealed = (
        ("키로 봉인하여", "sealed with a key")
        if known.keyed
        else ("키 없이(전체를 위조하면 드러나지 않음)", "without a key (a log forged as a whole would not be found)")
    )
    return (
        f"모델에 물을 때마다 식별자와 수만 고리로 이은 감사 기록에 {sealed[0]} 남기고, 쓴 양을 원장에 적는다. "
        "오래된 줄은 확인할 수 있는 파일로 옮긴다('govrag audit retire').",
        f"Whenever a model is asked, ids and counts go to a chained audit log, {sealed[1]}, and what was used to a "
        "ledger. Older lines can be moved to a file that still verifies ('govrag audit retire').",
    )


def _budgets(known: Known) -> Words:
    if not known.budgets:
        return "정책에 예산 한도가 없다.", "The policy sets no budget."
    return _lines(
        (
            f"{'부서마다' if one.department == '*' else one.department} 예산({_PERIOD[one.period][0]}): "
            f"{_amounts(one)[0]}",
            f"budget of {'each department' if one.department == '*' else one.department} per {_PERIOD[one.period][1]}: "
            f"{_amounts(one)[1]}",
        )
        for one in known.budgets
    )


def _amounts(budget: Budget) -> Words:
    said = [
        (f"{budget.tokens:,}토큰", f"{budget.tokens:,} tokens") if budget.tokens is not None else None,
        (f"비용 {budget.cost:,.0f}", f"cost {budget.cost:,.0f}") if budget.cost is not None else None,
    ]
    kept = [words for words in said if words]
    return ", ".join(ko for ko, _ in kept), ", ".join(en for _, en in kept)


def _version(known: Known) -> Words:
    return f"govrag {known.version}.", f"govrag {known.version}."


def _lines(rows: Iterable[Words]) -> Words:
    kept = list(rows)
    return "\n".join(ko for ko, _ in kept), "\n".join(en for _, en in kept)


_MASKED: Mapping[bool | None, Words] = {
    True: (", 개인정보 가림", ", personal data masked"),
    False: (", 개인정보 가리지 않음", ", personal data not masked"),
    None: ("", ""),
}
_KIND: Mapping[str, Words] = {
    "model": ("언어모델", "language model"),
    "embedder": ("임베더", "embedder"),
    "reranker": ("재순위 모델", "reranker"),
    "platform": ("플랫폼", "platform"),
}
_ZONE: Mapping[str, Words] = {
    "internet": ("인터넷 구간", "on the internet"),
    "government": ("정부 클라우드 구간", "in the government cloud"),
    "internal": ("내부망", "on the internal network"),
}
_STATE: Mapping[str, Words] = {
    "in force": ("유효", "in force"),
    "not yet": ("아직 시작하지 않음", "not yet begun"),
    "ended": ("끝남", "ended"),
}
_PERIOD: Mapping[str, Words] = {"day": ("하루", "day"), "month": ("한 달", "month"), "year": ("한 해", "year")}
FACTS: Mapping[str, Callable[[Known], Words]] = {
    "name": _name,
    "agency": _agency,
    "purpose": _purpose,
    "working": _working,
    "architecture": _architecture,
    "inputs": _inputs,
    "outputs": _outputs,
    "advice": _advice,
    "oversight": _oversight,
    "marking": _marking,
    "vendors": _vendors,
    "models": _models,
    "collections": _collections,
    "training": _training,
    "evaluation": _evaluation,
    "risks": _risks,
    "personal": _personal,
    "records": _records,
    "budgets": _budgets,
    "version": _version,
}
