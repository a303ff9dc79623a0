"""Read a text from left to right, keeping in mind what 같은 법, 제2항 and the elements of a list refer to."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from govrag.statute import grammar
from govrag.statute.antecedents import OTHER_PAPERS, ROLES, Antecedents, Law, Level, Place, Role
from govrag.statute.elements import LEVELS, Citations, Open
from govrag.statute.grammar import ELEMENT, LOOSE_ELEMENT
from govrag.statute.names import LawNames, Mention, key
from govrag.statute.reference import Context, Reference

_WORDS = re.compile(r"(같은|동|위|상기|이|본|전)[ ]?(\d{0,2})[ ]?(.+)", re.DOTALL)


class Reading:
    """One reading of one text: `read` fills ``references``."""

    def __init__(self, text: str, names: LawNames, context: Context | None) -> None:
        self._text = text
        self._names = names
        self._context = context or Context()
        self._laws = Antecedents(names, context)
        self._here = Place(self._laws.own, self._context.article, self._context.paragraph, self._context.item)
        self._citations = Citations(text)
        self._amended: Law | None = None  # in 다른 법률의 개정: the law whose articles are listed
        self._stack: list[tuple[Open | None, Place, Place, dict[Role, Law]]] = []
        self._position = 0

    @property
    def references(self) -> list[Reference]:
        """The references found, in the order in which they were understood."""
        return self._citations.references

    @property
    def defined(self) -> dict[str, Law]:
        """The names that the text gives to laws."""
        return self._laws.defined

    def implied(self) -> list[tuple[Role, str]]:
        """Return what 법 and 영 mean in a statute that has only named one act, and none is in its title."""
        if len(self._laws.families) != 1 or self._laws.own is None:
            return []
        act = self._laws.law(next(iter(self._laws.families)))
        roles: tuple[tuple[Role, Law], ...] = (("법", act), ("영", self._laws.sublaw(act, "시행령")))
        return [
            (role, law.title)
            for role, law in roles
            if law.title and law.role == role and not self._laws.by_role(role).title
        ]

    def read(self) -> None:
        """Read the whole text."""
        text = self._text
        tokens = grammar.TOKEN_IN_STATUTE if self._laws.own else grammar.TOKEN
        mentions = iter(self._names.find_names(text))
        mention = next(mentions, None)
        token = tokens.search(text)
        while True:
            if token is not None and token.start() < self._position:
                token = tokens.search(text, self._position)
            stop = token.start() if token else len(text)
            while mention is not None and mention.start < self._position:
                mention = next(mentions, None)
            if mention is not None and mention.start < stop:
                self._position = self._read_mention(mention)
            elif token is None:
                return
            else:
                self._position = max(getattr(self, f"_read_{token.lastgroup}")(token), self._position + 1)

    # ── laws ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _read_quoted(self, token: re.Match[str]) -> int:
        start, end = token.span()
        name = token[0][1:-1].strip()
        inside = re.search(r"\s*제\s?\d{1,4}\s?조", name)
        if inside and inside.start():  # 「근로기준법 제60조」
            name, end = name[: inside.start()], start + 1 + token[0][1:].index(name) + inside.start()
        law = self._laws.law(name)
        if law.problem == "unknown_law" and not (inside or grammar.DOCUMENT_WORD.fullmatch(name)):
            return end  # 「」 also quotes titles of books and institutions
        return self._name(law, start, end)

    def _read_mention(self, mention: Mention) -> int:
        name = self._text[mention.start : mention.end]
        return self._name(self._laws.resolved(name, mention.resolution), mention.start, mention.end)

    def _name(self, law: Law, start: int, end: int) -> int:
        """Take in a law that is named here, with what belongs to its name on either side."""
        sublaw = grammar.SUBLAW.match(self._text, end)
        if sublaw and law.role == "법":
            law, end = self._laws.sublaw(law, sublaw[1]), sublaw.end()
        if amending := grammar.AMENDING.match(self._text, end):
            law, end = replace(law, former=True), amending.end()
        before = self._text[max(0, start - 24) : start]
        if grammar.FORMER_WORD.search(before):
            law = replace(law, former=True)
        promulgation = grammar.PROMULGATION.search(before)
        self._mention(law)
        number = f"제{promulgation[1]}호" if promulgation else ""
        position = self._after_law(law, start, end, number)
        if position is not None:
            return position
        alone = self._citations.emit(start, end, Place(law))
        if grammar.AMENDED.match(self._text, end):
            self._amended = law
        self._citations.open = Open(end, start, Place(law), alone)
        return end

    def _after_law(self, law: Law, start: int, end: int, number: str = "") -> int | None:
        """Read what follows a law's name; None when that is no provision."""
        text = self._text
        if supplement := grammar.SUPPLEMENT.match(text, end):
            return self._supplement(supplement, start, law, number)
        gap = grammar.BEFORE_LOCATOR.match(text, end)
        position = gap.end() if gap else end
        element = LOOSE_ELEMENT.match(text, position)
        if element and element[1]:
            return self._citations.chain(start, element.end(), Place(law).below(element))
        numbers = grammar.NUMBERS.match(text, position)
        if numbers and numbers[2] == "조":
            return self._citations.numbers(start, numbers, Place(law))
        if self._citations.cited.article and (same := _SAME_ARTICLE.match(text, position)):
            return self._descend(start, same.end(), replace(self._citations.cited.upto("조"), law=law))
        return None

    def _read_role(self, token: re.Match[str]) -> int:
        """법 제3조, 영 제5조, 시행규칙 제2조: a law called by its role."""
        word = token[0].removeprefix("현행").lstrip()
        former = word.startswith("구")
        word = word.removeprefix("구").strip()
        start = token.start()
        if word.startswith("시행") and (document := self._document(start)):
            law: Law = self._laws.sublaw(document[0], word)
            start = document[1]
        else:
            law = self._laws.by_role(word)
        law = replace(law, former=True) if former or self._is_former(start) else law
        self._mention(law)
        position = self._after_law(law, start, token.end())
        return token.end() if position is None else position

    def _mention(self, law: Law) -> None:
        self._laws.mention(law)
        self._citations.last = Place(law)

    def _is_former(self, start: int) -> bool:
        return grammar.FORMER_WORD.search(self._text, max(0, start - 8), start) is not None

    # ── pointing back ─────────────────────────────────────────────────────────────────────────────────────────────

    def _read_same(self, token: re.Match[str]) -> int:
        word = _after_first_word(token[0])
        if word in LEVELS:
            return self._same_level(token, self._citations.cited, LEVELS[word])
        if word in OTHER_PAPERS:
            return self._same_law(token, self._laws.last_called(word) or Law(None, token[0], "no_antecedent"))
        law = self._laws.named.get(ROLES[word])
        if ROLES[word] == "법" and grammar.SUBLAW.match(self._text, token.end()):
            law = self._laws.last_act()
        if word == "규정" and not (law and law.text.endswith("규정")):
            return token.end()  # 같은 규정 is the provision itself, unless a law is called so
        if law is None and word.startswith("시행") and (act := self._laws.named.get("법")):
            law = self._laws.sublaw(act, word)
        return self._same_law(token, law or Law(None, token[0], "no_antecedent"))

    def _same_law(self, token: re.Match[str], law: Law) -> int:
        end = token.end()
        sublaw = grammar.SUBLAW.match(self._text, end)
        if sublaw and law.role == "법":
            law, end = self._laws.sublaw(law, sublaw[1]), sublaw.end()
        if law.problem == "no_antecedent":
            law = replace(law, text=self._text[token.start() : end])
            position = self._after_law(law, token.start(), end)
            return end if position is None else position
        self._mention(law)
        position = self._after_law(law, token.start(), end)
        if position is None:
            self._citations.open = Open(
                end, token.start(), Place(law), self._citations.emit(token.start(), end, Place(law))
            )
            return end
        return position

    def _read_this(self, token: re.Match[str]) -> int:
        word = _after_first_word(token[0])
        start, end = token.span()
        if self._text[max(0, start - 3) : start].strip() == "이하":
            return end  # (이하 이 조에서 "…"라 한다) says how far a definition reaches
        if word in LEVELS:
            return self._same_level(token, self._here if self._laws.own else self._citations.cited, LEVELS[word])
        role = ROLES.get(word, "법")
        law = self._laws.own or (self._laws.last_called(word) if word in OTHER_PAPERS else self._laws.named.get(role))
        if law and role == "법" and law.family != law.title:
            law = self._laws.by_role(word)  # a decree that says 이 법 means its act
        if sublaw := grammar.SUBLAW.match(self._text, end):
            end = sublaw.end()
            law = self._laws.sublaw(law, sublaw[1]) if law else None
        law = law or Law(None, self._text[start:end], "no_antecedent")
        position = self._after_law(law, start, end)
        if position is None:
            return end
        self._laws.named = {**self._laws.named, law.role: law}
        return position

    def _same_level(self, token: re.Match[str], place: Place, level: Level) -> int:
        """같은 조, 이 항, 동호: down to this level the place is known, or nothing is."""
        if not place.has(level):
            place = Place(place.law)
        return self._descend(token.start(), token.end(), place.upto(level))

    def _descend(self, start: int, end: int, base: Place) -> int:
        """Read the levels below a known place, if any are written, and cite."""
        blank = grammar.BLANK.match(self._text, end)
        element = ELEMENT.match(self._text, blank.end() if blank else end)
        if element and not element[1]:
            return self._citations.chain(start, element.end(), base.below(element))
        return self._citations.chain(start, end, base)

    def _read_before(self, token: re.Match[str]) -> int:
        """전조, 전항, 전2항: counted back from where the text stands."""
        words = _WORDS.fullmatch(token[0])
        start, end = token.span()
        if words is None:
            return end
        count, level, here = int(words[2] or 1), LEVELS[words[3].strip()], self._here
        if level == "조":
            previous = self._context.previous if count == 1 and here.article == self._context.article else ""
            return self._citations.chain(start, end, Place(here.law, previous))
        number = here.paragraph if level == "항" else here.item
        first = int(number) - count if number.isdigit() else 0
        if first < 1:
            return self._citations.chain(start, end, Place(here.law))
        place = here.at(level, str(first))
        if count == 1:
            return self._descend(start, end, place)
        self._citations.emit(start, end, place, until=here.at(level, str(first + count - 1)).locator)
        return end

    # ── provisions ────────────────────────────────────────────────────────────────────────────────────────────────

    def _read_element(self, token: re.Match[str]) -> int:
        start = token.start()
        element = LOOSE_ELEMENT.match(self._text, start)
        if element is None:
            numbers = grammar.NUMBERS.match(self._text, start)
            if numbers is None:
                return token.end()
            base = (
                self._article_base(start)
                if numbers[2] == "조"
                else (self._here if self._laws.own else self._citations.last, start)
            )
            return self._citations.numbers(base[1], numbers, base[0] if numbers[2] == "조" else base[0].upto("조"))
        if element[1]:
            if (end := self._heading(element)) is not None:
                return end
            base_place, begin = self._article_base(start)
            return self._citations.chain(begin, element.end(), base_place.below(element))
        if grammar.NUMBERED_THING.search(self._text, max(0, start - 10), start) or (
            element[11] and not self._laws.own and "별표" in self._text[max(0, start - 40) : start]
        ):
            return element.end()
        base_place = self._here if self._laws.own else self._citations.last
        if element[11] and not base_place.article:
            return element.end()  # 제1호 without any article around is a thing that has a number
        return self._citations.chain(start, element.end(), base_place.below(element))

    def _read_subitem(self, token: re.Match[str]) -> int:
        base = self._here if self._laws.own and self._here.item else self._citations.last
        element = ELEMENT.match(self._text, token.start())
        if element is None or not base.item:
            return token.end()
        return self._citations.chain(token.start(), element.end(), base.below(element))

    def _read_supplement(self, token: re.Match[str]) -> int:
        supplement = grammar.SUPPLEMENT.match(self._text, token.start())
        return token.end() if supplement is None else self._supplement(supplement, token.start(), self._current_law)

    def _supplement(self, supplement: re.Match[str], start: int, law: Law | None, number: str = "") -> int:
        written = supplement[1] or number
        base = Place(law, supplement=f"부칙 <{written.strip()}>" if written else "부칙")
        blank = grammar.BLANK.match(self._text, supplement.end())
        position = blank.end() if blank else supplement.end()
        element = ELEMENT.match(self._text, position)
        if element is None:
            return supplement.end()
        if number and (promulgation := grammar.PROMULGATION.search(self._text, max(0, start - 24), start)):
            start = promulgation.start()
        return self._citations.chain(start, element.end(), base.below(element))

    @property
    def _current_law(self) -> Law | None:
        return self._amended or self._laws.own or self._citations.last.law

    def _article_base(self, start: int) -> tuple[Place, int]:
        """Return whose article stands at ``start``, and where its citation begins: 정관 제3조 is not the act's."""
        document = self._document(start)
        if document:
            named, begin = document
            named = replace(named, former=named.former or self._is_former(begin))
            self._mention(named)
            return Place(named), begin
        law = self._current_law
        if law and self._is_former(start):
            law = replace(law, former=True)
        return Place(law), start

    def _document(self, start: int) -> tuple[Law, int] | None:
        """Return the document that the word before ``start`` names, and where its name begins."""
        floor = max(self._position, start - 80)
        before = self._text[floor:start].rstrip(" \t\xa0\u3000\"”’'』》>")
        if not before:
            floor = max(0, start - 160)
            note = grammar.NOTE.search(self._text[floor:start].rstrip())
            before = self._text[floor : floor + note.start()] if note else ""
        word = grammar.LAST_WORD.search(before)
        if word is None:
            return None
        if known := self._laws.defined.get(key(word[0])):
            return known, floor + word.start()
        if former := self._laws.formerly(word[0]):
            return former, floor + word.start()
        if not grammar.DOCUMENT_WORD.fullmatch(word[0]) or grammar.ORDINARY_WORD.fullmatch(word[0]):
            return None
        long = grammar.LONG_NAME.search(before)
        name = (long[1] if long else word[0]).lstrip()
        return Law(None, name, "unknown_law"), floor + len(before) - len(name)

    # ── parentheses, headings, marks ──────────────────────────────────────────────────────────────────────────────

    def _read_open(self, token: re.Match[str]) -> int:
        text, start = self._text, token.start()
        open_ = self._citations.open
        if open_ is not None and text[open_.end : start].strip(" \t\"”」’'"):
            open_ = None
        self._citations.open = None
        end = token.end()
        if open_ is not None and open_.place.law and not open_.place.article:
            if definition := grammar.DEFINITION.match(text, start):
                self._laws.defined[key(definition[1])] = open_.place.law
                end = definition.end()
            if grammar.FORMER_NOTE.match(text, start):
                law = replace(open_.place.law, former=True)
                self._mention(law)
                open_ = replace(open_, place=Place(law))
                if open_.alone is not None:
                    self._citations.references[open_.alone] = replace(
                        self._citations.references[open_.alone], former=True
                    )
        self._stack.append((open_, self._citations.last, self._citations.cited, self._laws.named))
        return end

    def _read_close(self, token: re.Match[str]) -> int:
        if not self._stack:
            return token.end()
        open_, last, cited, named = self._stack.pop()
        self._citations.cited = cited if cited.article else self._citations.cited
        if last.law is not None or last.article:
            self._citations.last = last
        if named is not self._laws.named:
            self._laws.named = {**self._laws.named, **named}
        if open_ is None:
            return token.end()
        self._citations.open = replace(open_, end=token.end())
        return self._after_parenthesis(open_, token.end()) or token.end()

    def _after_parenthesis(self, open_: Open, end: int) -> int | None:
        if open_.place.article:
            connector = grammar.AND.match(self._text, end)
            element = connector and LOOSE_ELEMENT.match(self._text, connector.end())
            if not connector or not element or (element[14] and not open_.place.item):
                return None
            return self._citations.chain(connector.end(), element.end(), open_.place.below(element))
        if open_.place.law is None:
            return None
        count = len(self._citations.references)
        position = self._after_law(open_.place.law, open_.start, end)
        if position is not None and open_.alone is not None and len(self._citations.references) > count:
            del self._citations.references[open_.alone]
        return position

    def _heading(self, element: re.Match[str]) -> int | None:
        """Return where the heading of an article ends, None when the element is a citation."""
        start = element.start()
        line = grammar.LINE_START.search(self._text, max(0, start - 16), start)
        if line is None:
            return None
        heading = grammar.HEADING.match(self._text, element.end())
        if not line[1] and not (self._laws.own and heading):
            return None
        if self._laws.own:
            self._here = Place(self._laws.own).below(element)
        self._amended = None
        return heading.end() if heading else element.end()

    def _read_mark(self, token: re.Match[str]) -> int:
        mark = token[0].strip(" \t#*\\.")
        if mark[0].isdigit() and mark[0].isascii():
            self._here = replace(self._here.upto("항"), item=mark)
        else:
            self._here = replace(self._here.upto("조"), paragraph=str(int(unicodedata.numeric(mark[0]))))
            self._amended = None
        return token.end()


_SAME_ARTICLE = re.compile(r"[ ]?같은[ ]?조(?![가-힣]{2})")


def _after_first_word(words: str) -> str:
    found = _WORDS.fullmatch(words)
    return found[3].strip() if found else words
