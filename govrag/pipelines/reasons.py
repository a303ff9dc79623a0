"""Why a citation has its verdict, and what to warn of: every sentence in Korean and English, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence or several, in both languages."""

    ko: str
    en: str

    def __add__(self, other: Reason) -> Reason:
        return Reason(f"{self.ko} {other.ko}", f"{self.en} {other.en}")


def because(name: str, values: Mapping[str, object] | None = None) -> Reason:
    """Return the named sentence with its values filled in; in Korean ``{place:은}`` takes the particle that fits."""
    ko, en = _SENTENCES[name]
    words = {key: _Word(value) for key, value in (values or {}).items()}
    return Reason(ko.format_map(words), en.format_map(words))


_SENTENCES: dict[str, tuple[str, str]] = {
    # the answer
    "unsure": (
        "찾은 근거가 질문의 답인지 확실하지 않습니다(맞을 확률 약 {chance}%). 원문을 읽고 판단하십시오.",
        "It is uncertain that what was found answers the question (about {chance} %). Read the provisions and judge.",
    ),
    "unsupported": (
        "인용한 조문이 이 문장을 뒷받침하지 않습니다.",
        "The provision cited does not support the sentence.",
    ),
    "not_all_in_force": (
        "이 문서에서 {as_of}에 시행 중이 아닌 {count}개 부분은 뺐습니다. 그때의 법을 물으려면 기준일을 바꾸십시오.",
        "Left out: {count} parts of the document that are not in force on {as_of}. For their law give another day.",
    ),
    "not_all_read": (
        "문서가 길어 {count}개 부분 가운데 질문에 가까운 {read}개만 보고 답했습니다.",
        "The document is long: of its {count} parts only the {read} nearest to the question were read.",
    ),
    "cut_off": (
        "모델의 답이 끝나기 전에 멈췄습니다. 온전한 문장만 실었습니다.",
        "The model's reply was cut off. Only whole sentences are shown.",
    ),
    # procurement
    "review_unchecked": (
        "법령 장서 없이 규칙만으로 했습니다. 인용한 조문은 확인하지 못했습니다. --library로 법령을 지정하십시오.",
        "Done by the rules alone, without a library of statutes: no citation was checked. Give one with --library.",
    ),
    "rewording_refused": (
        "모델이 다듬은 문장 {count}개는 뜻이 달라져 본래 문장을 그대로 두었습니다.",
        "{count} sentences in the model's words no longer said the same: they were left as they were.",
    ),
    "review_no_notice_date": (
        "공고일을 몰라 {day}의 법을 적용했습니다. notice_date를 지정하십시오.",
        "The day of the notice is not known: the law of {day} was applied. Give notice_date.",
    ),
    # labour
    "labour_foreign": (
        "다른 나라의 법을 묻는 질문입니다. 이 장서는 대한민국 법령만 답합니다.",
        "The question is about another country's law. This library answers for the Republic of Korea alone.",
    ),
    "labour_no_issue": (
        "노동법의 어느 쟁점인지 알 수 없고 답이 될 조문도 없습니다. 누가 언제 무엇을 했는지 적어 다시 물으십시오.",
        "No labour-law issue was recognised and no provision found. Say who did what, and when, and ask again.",
    ),
    "labour_only_provisions": (
        "결론을 낼 규칙이 없는 질문이어서 관련 조문만 실었습니다. 담당자가 판단하십시오.",
        "There is no rule that decides this question: only provisions are shown. An officer has to judge.",
    ),
    "labour_differs": (
        "{label}: 질문에는 {said}, 따로 준 사실에는 {given}입니다. 따로 준 사실을 따랐습니다.",
        "{name}: the question says {said}, the facts given say {given}. The facts given were taken.",
    ),
    "labour_unread": (
        "질문에서 읽은 사실이 서로 맞지 않아 쓰지 않았습니다. 따로 적어 주십시오.",
        "The facts read in the question contradict each other and were not used. State them apart.",
    ),
    "labour_clash": (
        "서류와 따로 준 사실이 서로 맞지 않아 따로 준 사실만 따랐습니다.",
        "The paper and the facts given contradict each other: the facts given were taken.",
    ),
    "labour_absent": (
        "장서에서 확인하지 못한 조문: {articles}. 그 법령을 govrag add로 넣거나 원문을 확인하십시오.",
        "Not verified in the library: {articles}. Add the law with govrag add, or see the original.",
    ),
    # verified
    "stands": ("조문이 있고 {as_of}에 시행 중입니다.", "The provision exists and is in force on {as_of}."),
    "quote_stands": ("인용한 말이 그대로 있습니다.", "The words quoted stand there."),
    "inferred": (
        "시행일은 개정 표시와 부칙에서 추정했습니다.",
        "The dates are inferred from amendment marks and supplementary provisions.",
    ),
    "law_alone": (
        "법령이 장서에 있습니다. 조문을 밝히지 않아 이름만 확인했습니다.",
        "The law is in the library. No article is named, so only its name was checked.",
    ),
    # no_such_article
    "no_article": (
        "「{law}」에 {place:이} 없습니다. 있는 조문: {extent}.",
        "「{law}」 has no {place}. It has {extent}.",
    ),
    "no_articles": ("「{law}」에 {place:이} 없습니다.", "「{law}」 has no {place}."),
    "no_unit": (
        "{place:이} 없습니다. {parent}에는 {extent} 있습니다.",
        "There is no {place}. {parent} has {extent_en}.",
    ),
    "undivided": (
        "{place:이} 없습니다. {parent:은} {level:으로} 나뉘지 않습니다.",
        "There is no {place}. {parent} has no {level_en}.",
    ),
    "no_part": ("{place}에 {part:이} 없습니다.", "{place} has no {part}."),
    # repealed
    "deleted": ("{place:은} 삭제되었습니다.", "{place} is deleted."),
    "deleted_on": ("{place:은} 삭제되었습니다({day}).", "{place} was deleted ({day})."),
    "law_repealed": ("「{law}」 전체가 폐지되었습니다.", "「{law}」 as a whole has been repealed."),
    # not_in_force
    "not_yet": (
        "{place:은} {day}부터 시행됩니다. {as_of}에는 시행 전입니다.",
        "{place} takes effect on {day}, after {as_of}.",
    ),
    "not_yet_this_text": (
        "장서에 있는 {place}의 본문은 {day}부터 시행됩니다. {as_of}에 시행 중인 본문은 장서에 없습니다.",
        "The text of {place} in the library takes effect on {day}; that of {as_of} is not in the library.",
    ),
    "no_longer": (
        "{place:은} {day}부터 효력이 없습니다(기준일 {as_of}).",
        "{place} ceased to hold on {day} (asked for {as_of}).",
    ),
    "not_then": ("{place:은} {as_of}에 시행 중이 아닙니다.", "{place} is not in force on {as_of}."),
    # mismatch
    "quote_differs": (
        "인용문이 {place:과} 다릅니다. 인용: ‘{quoted}’, 조문: ‘{stands}’.",
        "The quotation differs from {place}. Quoted: ‘{quoted}’; the provision: ‘{stands}’.",
    ),
    "quote_elsewhere": (
        "인용한 말은 {place:이} 아니라 {found}에 있습니다.",
        "The words quoted stand in {found}, not in {place}.",
    ),
    "quote_absent": ("{place}에 인용한 말이 없습니다.", "The words quoted do not stand in {place}."),
    "words_differ": (
        "문장이 인용한 조문과 다릅니다: {difference}.",
        "The sentence differs from the provision it cites: {difference}.",
    ),
    "not_shown": ("근거로 제시되지 않은 조문을 인용했습니다.", "It cites a passage that was not among the evidence."),
    "no_place": ("인용한 자리가 조문 밖입니다.", "The place cited lies outside the passage."),
    # ambiguous
    "ambiguous_law": (
        "'{name}'에 해당하는 법령이 여럿입니다: {candidates}.",
        "'{name}' could be any of: {candidates}.",
    ),
    "ambiguous_role": (
        "'{name}': 앞에 나온 법령 가운데 어느 것인지 알 수 없습니다. 법령 이름을 밝혀 적으십시오.",
        "'{name}' could be any of the laws named before. Name the law.",
    ),
    "ambiguous_text": (
        "이름이 「{law}」인 문서가 여럿이어서 어느 것인지 정할 수 없습니다: {candidates}.",
        "Several documents are called 「{law}」: {candidates}.",
    ),
    "unclear_level": (
        "{place:은} 없습니다. {candidates:을} 뜻한다면 항·호를 밝혀 적으십시오.",
        "There is no {place}. If {candidates} is meant, name every level.",
    ),
    # not_in_library
    "unknown_law": (
        "장서에 「{name}」이(가) 없습니다. 없는 법령이라는 뜻은 아닙니다. 장서에 넣은 뒤 다시 확인하십시오.",
        "「{name}」 is not in the library, which does not mean that it does not exist. Add it and check again.",
    ),
    "unknown_decision": (
        "판례·해석례 {number:은} 장서에 없습니다. 없는 사건이라는 뜻은 아닙니다. 공식 판례 검색에서 확인하십시오.",
        "The decision {number} is not in the library, which does not mean that it does not exist. Ask the court.",
    ),
    # unchecked
    "known_decision": (
        "장서에 {number:이} 있으나 무엇을 판시했는지는 대조하지 않습니다.",
        "{number} is in the library; what it held is not checked.",
    ),
    "no_antecedent": (
        "'{name}'의 앞에 가리킬 법령이나 조문이 없습니다. 법령 이름을 밝혀 적으십시오.",
        "Nothing before '{name}' says what it refers to. Name the law.",
    ),
    "no_law": (
        "어느 법의 조문인지 적혀 있지 않습니다. 법령 이름을 밝혀 적으십시오.",
        "The text does not say which law's article this is. Name the law.",
    ),
    "former": (
        "개정 전 조문을 가리킵니다. 그 조문이 시행되던 날을 기준일로 지정해 확인하십시오.",
        "An earlier text is meant. Check it with a date on which that text was in force.",
    ),
    "supplement": ("부칙은 대조하지 못했습니다.", "The supplementary provision could not be compared."),
    "unsettled": (
        "{as_of}의 조문인지 확정할 수 없습니다. 장서에 그 무렵의 연혁이 없어 개정 표시로 추정할 뿐입니다.",
        "Whether this is the text of {as_of} is not certain: the library has no edition of that time to compare.",
    ),
    "unsettled_differs": ("가진 본문과는 다릅니다: {difference}", "It differs from the text at hand: {difference_en}"),
    "range_quote": (
        "인용한 말이 범위의 처음과 끝 조문에는 없습니다. 어느 조문의 말인지 밝혀 적으십시오.",
        "The words quoted stand in neither end of the range. Say which article they come from.",
    ),
    # warnings
    "late": (
        "기준일 {as_of:이} 장서의 최신 공포일 {corpus}보다 늦습니다. 그 사이에 공포된 개정은 반영되지 않았습니다.",
        "{as_of} is later than the newest promulgation in the library, {corpus}. Later amendments are not known here.",
    ),
    "no_corpus_date": (
        "장서에 공포일을 아는 법령이 없어 얼마나 새로운 법령인지 알 수 없습니다.",
        "No document in the library has a promulgation date, so how recent its law is cannot be told.",
    ),
    "unchecked_count": (
        "인용 {total}건 가운데 {count}건은 확인하지 못했습니다.",
        "{count} of {total} citations could not be checked.",
    ),
    "no_citations": ("법령 인용을 찾지 못했습니다.", "No legal citation was found."),
    "none_in_force": (
        "찾은 조문 가운데 {as_of}에 시행 중인 것이 없습니다. 아래 조문은 그날의 법이 아닙니다.",
        "None of the provisions found is in force on {as_of}. The text below is not the law of that day.",
    ),
    "dropped": (
        "확인되지 않은 문장 {count}개를 뺐습니다.",
        "{count} statements whose citations failed were dropped.",
    ),
}


class _Word(str):
    """A value that takes a Korean particle by its last sound: ``{:은}`` writes 은 or 는."""

    __slots__ = ()

    def __format__(self, particle: str) -> str:
        return f"{self!s}{_fitting(self, particle)}" if particle else str(self)


# Particle after a consonant → after a vowel (and, of 으로, after ㄹ).
_PARTICLES = {"은": "는", "이": "가", "을": "를", "과": "와", "으로": "로"}
_ENDS_IN_CONSONANT = frozenset("013678")  # 영 일 삼 육 칠 팔, as read aloud
_RIEUL = 8  # the number of final ㄹ among the 28 finals of a Hangul syllable


def _fitting(word: str, particle: str) -> str:
    last = word.rstrip("」』)]’”'\"> ")[-1:]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        closed = final != 0 and not (particle == "으로" and final == _RIEUL)
    else:
        closed = last in _ENDS_IN_CONSONANT
    return particle if closed else _PARTICLES[particle]
