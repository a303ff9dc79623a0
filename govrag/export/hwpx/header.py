"""The header of an HWPX document that has no template: fonts, borders, characters, paragraphs and styles (OWPML)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from govrag.export.hwpx.looks import Look, Looks, Role

__all__ = ["HEIGHT", "LOOKS", "MARGIN", "NAMESPACES", "PAGE", "WIDTH", "header"]

PAGE = (59_528, 84_186)  # A4 in HWPUNIT, 7200 to the inch
MARGIN = 5_669  # 20 mm on every side
WIDTH, HEIGHT = PAGE[0] - 2 * MARGIN, PAGE[1] - 2 * MARGIN - 2 * 2_835  # less the running head and foot
_HANCOM = "http://www.hancom.co.kr"
# Hancom's own files declare them all, and programs look for them.
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "ha": f"{_HANCOM}/hwpml/2011/app",
        "hp": f"{_HANCOM}/hwpml/2011/paragraph",
        "hp10": f"{_HANCOM}/hwpml/2016/paragraph",
        "hs": f"{_HANCOM}/hwpml/2011/section",
        "hc": f"{_HANCOM}/hwpml/2011/core",
        "hh": f"{_HANCOM}/hwpml/2011/head",
        "hhs": f"{_HANCOM}/hwpml/2011/history",
        "hm": f"{_HANCOM}/hwpml/2011/master-page",
        "hpf": f"{_HANCOM}/schema/2011/hpf",
        "dc": "http://purl.org/dc/elements/1.1/",
        "opf": "http://www.idpf.org/2007/opf/",
        "ooxmlchart": f"{_HANCOM}/hwpml/2016/ooxmlchart",
        "hwpunitchar": f"{_HANCOM}/hwpml/2016/HwpUnitChar",
        "epub": "http://www.idpf.org/2007/ops",
        "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
    }.items()
)
_SCRIPTS = ("hangul", "latin", "hanja", "japanese", "other", "symbol", "user")
_GOTHIC, _BATANG = 0, 1
_FONTS = ("함초롬돋움", "함초롬바탕")  # come with Hancom Office
_YELLOW = "#FFFF00"


@dataclass(frozen=True, slots=True)
class _Setting:
    """How one kind of paragraph is set: lengths in hundredths of a point, which HWPUNIT are."""

    name: str  # of its style
    english: str
    height: int = 1100
    font: int = _BATANG
    bold: bool = False
    color: str = "#000000"
    align: str = "JUSTIFY"
    left: int = 0
    first: int = 0  # how much further the first line is set in; negative: how much further the others are
    before: int = 0
    after: int = 0
    spacing: int = 160  # per cent
    level: int = 0  # of the outline, from 1


_SETTINGS: Mapping[Role, _Setting] = {
    "body": _Setting("바탕글", "Normal", after=400),
    "heading1": _Setting("개요 1", "Outline 1", 1600, _GOTHIC, True, align="LEFT", before=1800, after=800, level=1),
    "heading2": _Setting("개요 2", "Outline 2", 1300, _GOTHIC, True, align="LEFT", before=1400, after=600, level=2),
    "heading3": _Setting("개요 3", "Outline 3", 1150, _GOTHIC, True, align="LEFT", before=1000, after=400, level=3),
    "heading4": _Setting("개요 4", "Outline 4", 1100, _GOTHIC, True, align="LEFT", before=800, after=300, level=4),
    "title": _Setting("제목", "Title", 1600, _GOTHIC, True, align="LEFT", after=800),
    "cover_title": _Setting("표지 제목", "Cover Title", 2600, _GOTHIC, True, align="CENTER", after=3000),
    "cover": _Setting("표지", "Cover", 1500, _GOTHIC, align="CENTER", before=1200, after=1200),
    "bullet1": _Setting("목록 1", "List 1", left=700, first=-1450, after=300),
    "bullet2": _Setting("목록 2", "List 2", left=2000, first=-950, after=300),
    "bullet3": _Setting("목록 3", "List 3", left=3200, first=-950, after=300),
    "indent1": _Setting("들여쓰기 1", "Indented 1", left=2000, after=300),
    "indent2": _Setting("들여쓰기 2", "Indented 2", left=4000, after=300),
    "indent3": _Setting("들여쓰기 3", "Indented 3", left=6000, after=300),
    "note": _Setting("작은 글씨", "Note", 850, _GOTHIC, color="#595959", after=200, spacing=140),
    "warning": _Setting("주의", "Warning", 900, _GOTHIC, color="#A34700", after=200, spacing=140),
    "tree": _Setting("나무", "Tree", 900, _GOTHIC, align="LEFT", spacing=130),
    "cell": _Setting("표 내용", "Cell", 950, _GOTHIC, align="LEFT", spacing=130),
    "name": _Setting("표 이름", "Cell Name", 950, _GOTHIC, True, align="CENTER", spacing=130),
    "gap": _Setting("사이", "Gap", 500, _GOTHIC, align="LEFT", spacing=100),
    "footnote": _Setting("각주", "Footnote", 900, first=-1310, spacing=130),
}
_DOUBT = _Setting("", "", 800, _GOTHIC, color="#C00000")
_PLAIN_BORDER, _SOLID, _SHADED = "1", "3", "4"
# Ids: the paragraph and the style of each kind are numbered as above, its characters by twos, those of blanks second.
LOOKS = Looks(
    of={
        role: Look(str(number), str(number), str(2 * number), str(2 * number + 1), setting.height)
        for number, (role, setting) in enumerate(_SETTINGS.items())
    },
    doubt=str(2 * len(_SETTINGS)),
    border=_SOLID,
    shaded=_SHADED,
    width=WIDTH,
    height=HEIGHT,
)


def header() -> str:
    """Return header.xml, whose ids are those of `LOOKS`."""
    settings = list(_SETTINGS.values())
    characters = [_characters(one, shade) for one in settings for shade in ("none", _YELLOW)]
    characters.append(_characters(_DOUBT, "none"))
    lists = (
        ("fontfaces", [_font_face(script.upper()) for script in _SCRIPTS]),
        ("borderFills", [_border("NONE", None), _border("NONE", "none"), _border("SOLID", None), _border("SOLID")]),
        ("charProperties", characters),
        ("tabProperties", ['<hh:tabPr id="{id}" autoTabLeft="0" autoTabRight="0"/>']),
        ("numberings", [_numbering()]),
        ("paraProperties", [_paragraph(one) for one in settings]),
        ("styles", [_style(number, one) for number, one in enumerate(settings)]),
    )
    written = "".join(
        f'<hh:{name} itemCnt="{len(items)}">{"".join(_numbered(name, items))}</hh:{name}>' for name, items in lists
    )
    return (
        f'<hh:head {NAMESPACES} version="1.5" secCnt="1"><hh:beginNum page="1" footnote="1" endnote="1" pic="1" '
        f'tbl="1" equation="1"/><hh:refList>{written}</hh:refList><hh:compatibleDocument targetProgram="HWP201X">'
        '<hh:layoutCompatibility/></hh:compatibleDocument><hh:docOption><hh:linkinfo path="" pageInherit="0" '
        'footnoteInherit="0"/></hh:docOption><hh:trackchageConfig flags="56"/></hh:head>'
    )


def _numbered(name: str, items: list[str]) -> list[str]:
    first = 1 if name in ("borderFills", "numberings") else 0  # what Hancom counts from
    return [item.replace("{id}", str(number)) for number, item in enumerate(items, first)]


def _font_face(script: str) -> str:
    fonts = "".join(
        f'<hh:font id="{number}" face="{face}" type="TTF" isEmbedded="0"><hh:typeInfo familyType="FCAT_GOTHIC" '
        'weight="6" proportion="4" contrast="0" strokeVariation="1" armStyle="1" letterform="1" midline="1" '
        'xHeight="1"/></hh:font>'
        for number, face in enumerate(_FONTS)
    )
    return f'<hh:fontface lang="{script}" fontCnt="{len(_FONTS)}">{fonts}</hh:fontface>'


def _border(line: str, fill: str | None = "#E7E7E7") -> str:
    sides = "".join(
        f'<hh:{side}Border type="{line}" width="0.12 mm" color="#000000"/>'
        for side in ("left", "right", "top", "bottom")
    )
    brush = (
        f'<hc:fillBrush><hc:winBrush faceColor="{fill}" hatchColor="#999999" alpha="0"/></hc:fillBrush>' if fill else ""
    )
    return (
        '<hh:borderFill id="{id}" threeD="0" shadow="0" centerLine="NONE" breakCellSeparateLine="0">'
        '<hh:slash type="NONE" Crooked="0" isCounter="0"/><hh:backSlash type="NONE" Crooked="0" isCounter="0"/>'
        f'{sides}<hh:diagonal type="SOLID" width="0.1 mm" color="#000000"/>{brush}</hh:borderFill>'
    )


def _characters(setting: _Setting, shade: str) -> str:
    def every(name: str, value: int) -> str:
        values = " ".join(f'{script}="{value}"' for script in _SCRIPTS)
        return f"<hh:{name} {values}/>"

    return (
        f'<hh:charPr id="{{id}}" height="{setting.height}" textColor="{setting.color}" shadeColor="{shade}" '
        'useFontSpace="0" useKerning="0" symMark="NONE" borderFillIDRef="2">'
        f"{every('fontRef', setting.font)}{every('ratio', 100)}{every('spacing', 0)}{every('relSz', 100)}"
        f"{every('offset', 0)}{'<hh:bold/>' if setting.bold else ''}"
        '<hh:underline type="NONE" shape="SOLID" color="#000000"/><hh:strikeout shape="NONE" color="#000000"/>'
        '<hh:outline type="NONE"/><hh:shadow type="NONE" color="#C0C0C0" offsetX="10" offsetY="10"/></hh:charPr>'
    )


def _numbering() -> str:
    """Return the list of the outline: it prints no numbers, since a heading has its own in its words."""
    heads = "".join(
        f'<hh:paraHead start="1" level="{level}" align="LEFT" useInstWidth="1" autoIndent="1" widthAdjust="0" '
        'textOffsetType="PERCENT" textOffset="50" numFormat="DIGIT" charPrIDRef="4294967295" checkable="0"/>'
        for level in range(1, 11)
    )
    return f'<hh:numbering id="{{id}}" start="0">{heads}</hh:numbering>'


def _paragraph(setting: _Setting) -> str:
    level = setting.level
    heading = (
        f'<hh:heading type="OUTLINE" idRef="0" level="{level - 1}"/>'
        if level
        else '<hh:heading type="NONE" idRef="0" level="0"/>'
    )
    return (
        '<hh:paraPr id="{id}" tabPrIDRef="0" condense="0" fontLineHeight="0" snapToGrid="1" suppressLineNumbers="0" '
        f'checked="0" textDir="LTR"><hh:align horizontal="{setting.align}" vertical="BASELINE"/>{heading}'
        '<hh:breakSetting breakLatinWord="KEEP_WORD" breakNonLatinWord="KEEP_WORD" widowOrphan="0" '
        f'keepWithNext="{int(bool(level))}" keepLines="0" pageBreakBefore="0" lineWrap="BREAK"/>'
        '<hh:autoSpacing eAsianEng="0" eAsianNum="0"/><hp:switch>'
        '<hp:case hp:required-namespace="http://www.hancom.co.kr/hwpml/2016/HwpUnitChar">'
        # Programs that do not know the extension take lengths by halves.
        f"{_lengths(setting, 1)}</hp:case><hp:default>{_lengths(setting, 2)}</hp:default></hp:switch>"
        '<hh:border borderFillIDRef="2" offsetLeft="0" offsetRight="0" offsetTop="0" offsetBottom="0" connect="0" '
        'ignoreMargin="0"/></hh:paraPr>'
    )


def _lengths(setting: _Setting, times: int) -> str:
    lengths = (
        ("intent", setting.first),
        ("left", setting.left),
        ("right", 0),
        ("prev", setting.before),
        ("next", setting.after),
    )
    written = "".join(f'<hc:{name} value="{times * value}" unit="HWPUNIT"/>' for name, value in lengths)
    return f'<hh:margin>{written}</hh:margin><hh:lineSpacing type="PERCENT" value="{setting.spacing}" unit="HWPUNIT"/>'


def _style(number: int, setting: _Setting) -> str:
    return (
        f'<hh:style id="{{id}}" type="PARA" name="{setting.name}" engName="{setting.english}" '
        f'paraPrIDRef="{number}" charPrIDRef="{2 * number}" nextStyleIDRef="{0 if setting.level else number}" '
        'langID="1042" lockForm="0"/>'
    )
