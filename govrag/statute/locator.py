"""Where in a statute: 제76조의2제1항제2호가목, parsed, ordered and rendered."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_PATTERN = re.compile(
    r"\s*제\s*(?P<article>\d+)\s*조(?:\s*의\s*(?P<branch>\d+))?"
    r"(?:\s*제\s*(?P<paragraph>\d+)\s*항)?"
    r"(?:\s*제\s*(?P<item>\d+)\s*호(?:\s*의\s*(?P<item_branch>\d+))?)?"
    r"(?:\s*(?P<subitem>[가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호])\s*목)?\s*"
)


@dataclass(frozen=True, slots=True)
class Locator:
    """A place in a statute's body. Levels that are not named are empty; an item may hang from an article directly."""

    article: str  # "60", "76의2"
    paragraph: str = ""  # 항: "1"
    item: str = ""  # 호: "2", "2의2"
    subitem: str = ""  # 목: "가"

    @classmethod
    def parse(cls, text: str) -> Locator | None:
        """Return the locator that the whole text spells, blanks allowed, or None."""
        match = _PATTERN.fullmatch(text)
        if match is None:
            return None
        article = str(int(match["article"])) + (f"의{int(match['branch'])}" if match["branch"] else "")
        item = str(int(match["item"])) if match["item"] else ""
        if match["item_branch"]:
            item += f"의{int(match['item_branch'])}"
        paragraph = str(int(match["paragraph"])) if match["paragraph"] else ""
        return cls(article, paragraph, item, match["subitem"] or "")

    def __str__(self) -> str:
        number, _, branch = self.article.partition("의")
        text = f"제{number}조" + (f"의{branch}" if branch else "")
        if self.paragraph:
            text += f"제{self.paragraph}항"
        if self.item:
            number, _, branch = self.item.partition("의")
            text += f"제{number}호" + (f"의{branch}" if branch else "")
        if self.subitem:
            text += f"{self.subitem}목"
        return text

    @property
    def article_only(self) -> Locator:
        """The article this place lies in."""
        return replace(self, paragraph="", item="", subitem="")

    @property
    def order(self) -> tuple[int, int, int, int, int, str]:
        """A key that sorts locators as they stand in the statute."""
        return (*_numbers(self.article), int(self.paragraph or 0), *_numbers(self.item), self.subitem)


def _numbers(numeral: str) -> tuple[int, int]:
    number, _, branch = numeral.partition("의")
    return int(number or 0), int(branch or 0)
