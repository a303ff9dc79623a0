"""Numbers, dates, classes and people out of the bibliographic part of a patent's XML (ST.36, ST.96, ST.32 codes)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from govrag.ingest.readers.patents.facts import shown_title
from govrag.ingest.readers.patents.parts import Facts, day_of
from govrag.ingest.xml import local
from govrag.korean.normalise import clean
from govrag.patent.classes import ClassSymbol, parse_symbol
from govrag.patent.numbers import PatentNumber, from_digits, parse

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["first", "inside", "kebab", "xml_facts"]

_PUBLICATION = (
    "publication-reference", "patent-publication-identification", "patent-grant-identification",
    "publication-identification",
)  # fmt: skip
_APPLICATION = ("application-reference", "application-identification")
_NUMBER = ("doc-number", "publication-number", "patent-number", "application-number-text", "grant-number")
_COUNTRY = ("country", "ip-office-code")
_KIND = ("kind", "patent-document-kind-code", "patent-document-kind-category")
_DATE = ("date", "publication-date", "grant-date", "filing-date", "priority-date")
_IPC = ("classification-ipcr", "classification-ipc", "ipcr-classification", "ipc-classification", "b511", "b512")
_CPC = ("classification-cpc", "cpc-classification")
_PEOPLE = {
    "출원인": ("applicant", "us-applicant", "b711"),
    "발명자": ("inventor", "us-inventor", "b721"),
    "특허권자": ("assignee", "grantee", "b731"),
    "대리인": ("agent", "b741"),
}
_ORGANISATION = (
    "orgname",
    "organization-standard-name",
    "organization-name",
    "entity-name",
    "name",
    "snm",
    "full-name",
)
_OFFICES = frozenset({"KR", "US", "JP", "EP", "WO", "CN"})  # whose numbers `patent.numbers` knows
_GRANTED = ("B", "C", "Y", "S", "E")


def kebab(element: etree._Element) -> str:
    """Return the local name in ST.36 spelling: InventionTitle and invention-title are one; "" for no element."""
    return _kebab(local(element))


@lru_cache(maxsize=4096)
def _kebab(name: str) -> str:
    if "-" in name or not re.search(r"[a-z][A-Z]|[A-Z]{2}[a-z]|^[A-Z][a-z]|^[A-Z]$", name):
        return name.lower()
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


def inside(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield the descendants with one of the names, in document order."""
    return (one for one in element.iterdescendants() if kebab(one) in names)


def first(element: etree._Element, *names: str) -> etree._Element | None:
    """Return the first descendant with one of the names."""
    return next(inside(element, *names), None)


def xml_facts(element: etree._Element) -> Facts:
    """Return what the bibliographic part says; parts that are missing are left out."""
    front = _front(element)
    publication = _reference(front, *_PUBLICATION) or _bare_publication(element, front)
    application = _reference(front, *_APPLICATION, application=True)
    values: dict[str, str] = {}
    if application:
        values |= {"출원번호": application.shown, "출원일": _iso(application.day)}
    if publication:
        granted = publication.kind.startswith(_GRANTED)
        name = "등록" if granted else "공개"
        values |= {f"{name}번호": publication.shown, f"{'공고' if granted else '공개'}일": _iso(publication.day)}
    values |= {
        "IPC": ", ".join(_symbols(front, _IPC, scheme="IPC")),
        "CPC": ", ".join(_symbols(front, _CPC, scheme="CPC")),
    }
    values |= {label: "; ".join(_people(front, names)) for label, names in _PEOPLE.items()}
    values["우선권"] = "; ".join(_priorities(front))
    values["인용문헌"] = "; ".join(_citations(element))
    title, english = _titles(front) or _titles(element) or ("", "")
    values["영문명칭"] = english
    stated = publication or application
    doubtful = [
        name for name, part in (("공개번호", publication), ("출원번호", application)) if part and not part.number
    ]
    return Facts(
        title=title,
        identity=stated.number if stated else None,
        published=publication.day if publication else None,
        values={label: value for label, value in values.items() if value},
        doubtful=tuple(doubtful),
    )


@dataclass(frozen=True, slots=True)
class _Identification:
    country: str
    digits: str
    kind: str
    day: date | None
    application: bool = False

    @property
    def number(self) -> PatentNumber | None:
        digits, country = self.digits.replace(" ", ""), self.country
        if country == "KR" and len(digits) == 13:
            return _with_kind(from_digits(digits, granted=self.kind.startswith(_GRANTED)), self.kind)
        if country == "US" and self.application and re.fullmatch(r"\d\d/?\d{6}", digits):
            return parse(f"US {digits[:2]}/{digits[-6:-3]},{digits[-3:]}")
        if country == "US":
            digits = re.sub(r"^(D|RE|PP|H)?0+(?=\d{6,})", r"\1", digits)
        kind = f" {self.kind}" if self.kind and not self.application else ""
        found = parse(f"{country} {digits}{kind}") or parse(digits)
        if found or country in _OFFICES or not re.fullmatch(r"[A-Z]{2}", country):
            return found
        # Other offices' numbers are kept as they write them.
        return PatentNumber(country, "10", None, digits, kind.strip()) if re.fullmatch(r"\w*\d\w*", digits) else None

    @property
    def shown(self) -> str:
        return str(self.number or f"{self.country} {self.digits} {self.kind}".strip())


def _with_kind(number: PatentNumber | None, kind: str) -> PatentNumber | None:
    return number and PatentNumber(number.country, number.right, number.year, number.serial, kind, number.series)


def _reference(element: etree._Element, *names: str, application: bool = False) -> _Identification | None:
    """Return the first reference of the document itself: not one of its priorities, relatives or citations."""
    for holder in inside(element, *names):
        if any(
            re.search(r"citation|cited|priorit|related|family|amend", kebab(above)) for above in holder.iterancestors()
        ):
            continue
        found = _identification(holder, application=application)
        if found:
            return found
    return None


def _identification(holder: etree._Element, *, application: bool = False) -> _Identification | None:
    ids = list(inside(holder, "document-id")) or [holder]
    # DOCDB form keeps country, number and kind apart; epodoc runs them together.
    ids.sort(key=lambda one: one.get("document-id-type") not in (None, "docdb"))
    number = _said(ids[0], *_NUMBER)
    if not number:
        return None
    country = _said(ids[0], *_COUNTRY) or _said(holder, *_COUNTRY) or str(holder.get("country") or "")
    if not country and re.fullmatch(r"[1-4]\d{12}|[1-4]0-\d{4}-\d{7}|[1-4]0-?\d{7}", number):
        country = "KR"
    return _Identification(country.upper(), number, _said(ids[0], *_KIND), day_of(_said(ids[0], *_DATE)), application)


def _front(element: etree._Element) -> etree._Element:
    """Return the bibliographic part, else the whole: full texts are long, and only that part states facts."""
    parts = (one for one in element if "bibliographic-data" in kebab(one) or kebab(one) == "sdobi")
    return next(parts, element)


def _bare_publication(element: etree._Element, front: etree._Element) -> _Identification | None:
    """Return the number that stands in the attributes (exchange-document) or in ST.32 codes (B110)."""
    if element.get("doc-number"):
        return _Identification(
            str(element.get("country") or ""), str(element.get("doc-number")), str(element.get("kind") or ""),
            day_of(str(element.get("date-publ") or "")),
        )  # fmt: skip
    number = _said(element, "b110")
    if not number:
        return None
    return _Identification(
        _said(element, "b190") or "KR", number, _said(element, "b130"), day_of(_said(element, "b140"))
    )


def _said(element: etree._Element, *names: str) -> str:
    found = first(element, *names)
    return _words(found) if found is not None else ""


def _words(element: etree._Element) -> str:
    return clean(" ".join("".join(map(str, element.itertext())).split()))


def _symbols(element: etree._Element, names: tuple[str, ...], *, scheme: str) -> Iterator[str]:
    found = [_symbol(one) for one in inside(element, *names)]
    for one in inside(element, "patent-classification"):  # of exchange documents, which name the scheme inside
        stated = next((str(said.get("scheme") or "") for said in inside(one, "classification-scheme")), "")
        if stated.startswith(scheme):
            found.append(_symbol(one))
    return iter(dict.fromkeys(str(symbol) for symbol in found if symbol))


def _symbol(element: etree._Element) -> ClassSymbol | None:
    section, cls = _said(element, "section"), _said(element, "class")
    if section and cls:
        group, subgroup = _said(element, "main-group"), _said(element, "subgroup")
        return ClassSymbol(section, cls, _said(element, "subclass"), group, subgroup)
    return parse_symbol(_words(element))


def _people(element: etree._Element, names: tuple[str, ...]) -> list[str]:
    people = []
    for one in inside(element, *names):
        person = " ".join(filter(None, (_said(one, "first-name"), _said(one, "last-name"))))
        people.append(_said(one, *_ORGANISATION) or person or ("" if len(one) else _words(one)))
    return list(dict.fromkeys(filter(None, people)))


def _priorities(element: etree._Element) -> Iterator[str]:
    for claim in inside(element, "priority-claim"):
        found = _identification(claim, application=True)
        if found:
            yield " ".join(filter(None, (found.shown, _iso(found.day))))


def _citations(element: etree._Element) -> list[str]:
    cited = [
        found.shown
        for one in inside(element, "patcit", "patent-citation", "cited-patent-document-identification")
        if (found := _identification(one))
    ]
    return list(dict.fromkeys(cited))


def _titles(element: etree._Element) -> tuple[str, str] | None:
    """Return the title and, where it has one beside, its English form; None without a title."""
    titles = [
        (_language(one), _words(one)) for one in inside(element, "invention-title", "b540", "b542") if _words(one)
    ]
    if not titles:
        return None
    title, english = shown_title(next((words for language, words in titles if language == "ko"), titles[0][1]))
    beside = next((words for language, words in titles if language == "en" and words != title), "")
    return title, english or beside


def _language(element: etree._Element) -> str:
    keys = {str(key).rpartition("}")[2].lower(): str(value) for key, value in element.attrib.items()}
    return (keys.get("lang") or keys.get("languagecode") or "").lower()[:2]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
