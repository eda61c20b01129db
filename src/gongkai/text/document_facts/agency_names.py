"""Names of public bodies: recognise one, split a joint line, spell out a short form, and compare two names.

The words are data (``text/data/agency_words.toml``): endings, short forms, provinces and the character of their marks.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parents[1] / "data" / "agency_words.toml"
_WORDS = tomllib.loads(_DATA.read_text(encoding="utf-8"))

_ENDINGS = "|".join(sorted(_WORDS["endings"], key=len, reverse=True))
_PROVINCES: dict[str, str] = {item["mark"]: item["name"] for item in _WORDS["provinces"]}
_MUNICIPALITIES = frozenset(name for name in _PROVINCES.values() if name.endswith("市"))
_SHORT: dict[str, str] = _WORDS["short_forms"]
_NOT_IN_A_NAME = re.compile(
    r"[，。；：！？,;:!?“”\"《》〈〉<>0-9０-９]|^(?:第|附件|关于|各|本|该|此|抄送|抄报|单位[：:]|经|由|在|与|向|请|将|对|按|根据|联系|印发|主送)|的|明细表|名单|清单|一览表|统计表|申请表|登记表|如下|特此"
)
_NAME = re.compile(rf"[\u3400-\u9fff（）()、·\s]{{1,60}}?(?:{_ENDINGS})(?:[（(][^（）()]{{1,30}}[）)])?")
_NUMBERED_JOINT = re.compile(r"等(?:[0-9]+|[一二三四五六七八九十]+)(?:个|家)?(?:部门|单位|委办局|机关)\Z")
_PLACE = rf"(?:{'|'.join(_PROVINCES.values())}|国家|中共|省|市|县|区|州|盟|旗|镇|乡|自治区|国务院|中国)"
_END = rf"(?:{_ENDINGS})"
_NATIONAL = re.compile(
    r"\A(?:国务院|国家|中国|中共中央|中华|全国|最高)|\A(?!省|市(?!场)|县|区|州).{2,12}(?:部|总局)(?:办公厅)?\Z"
)
_PLACE_NAME = re.compile(r"\A.*?(?:省|自治区|自治州|自治县|市(?!场)|州|盟|县|区|旗|镇|乡|街道)")
_BLANKS = re.compile(r"[\s\u200b-\u200d\ufeff]+")


def squeeze(text: str) -> str:
    """``text`` without blanks and zero-width characters."""
    return _BLANKS.sub("", text)


def is_agency(name: str) -> bool:
    """Whether ``name`` reads as the name of one public body (or 「甲局等六部门」)."""
    name = _NUMBERED_JOINT.sub("", squeeze(name))
    if name == "国务院":
        return True
    return 2 < len(name) <= 45 and _NAME.fullmatch(name) is not None and _NOT_IN_A_NAME.search(name) is None


def split_agencies(line: str) -> list[str]:
    """The bodies named on one line of a signature or in front of 关于, or an empty list when it is anything else.

    Bodies are set apart by blanks or 、; run together (甲市教育局甲市财政局) by the place they share.
    """
    line = line.strip()
    parts = [part for part in re.split(r"[\s、]+", line) if part]
    if len(parts) > 1 and all(is_agency(part) for part in parts):
        return [name for part in parts for name in _split_run_together(part)]
    joined = squeeze(line)
    return _split_run_together(joined) if "、" not in joined and is_agency(joined) else []


def _split_run_together(name: str) -> list[str]:
    head = name[:2] if not re.match(r"[省市县区]", name) else name[:1]
    cuts = [
        match.end()
        for match in re.finditer(_END, name)
        if name.startswith(head, match.end()) and is_agency(name[: match.end()])
    ]
    pieces = [name[start:end] for start, end in zip([0, *cuts], [*cuts, len(name)], strict=True)]
    return pieces if all(is_agency(piece) for piece in pieces) else [name]


def spell_out(name: str) -> str:
    """The full form of the words of office: 市人社局 → 市人力资源和社会保障局, 市府办 → 市人民政府办公室."""
    name = squeeze(name)
    for short in _short_forms_by_length():
        if name.endswith(short) and not name.endswith(_SHORT[short]):
            return name[: -len(short)] + _SHORT[short]
    return name


@lru_cache(maxsize=1)
def _short_forms_by_length() -> tuple[str, ...]:
    return tuple(sorted(_SHORT, key=len, reverse=True))


def province_of_mark(mark: str) -> str:
    """The province whose marks begin with the first character of ``mark`` (鄂 → 湖北省); empty when there is none."""
    return _PROVINCES.get(mark[:1], "")


def with_place(name: str, province: str) -> str:
    """Replace a bare 省/自治区 (or 市 of a municipality) at the head of ``name`` by the full name of ``province``."""
    level = "自治区" if province.endswith("自治区") else province[-1:]
    if not province or not name.startswith(level) or (level == "市" and province not in _MUNICIPALITIES):
        return name
    return province + name[len(level) :]


def is_bare(name: str) -> bool:
    """Whether ``name`` leaves its place unsaid (市人社局, 省政府办公厅, 教育局)."""
    if _NATIONAL.search(name):
        return False
    return re.match(r"(?:省|市(?!场)|县|区|州|自治区)", name) is not None or _PLACE_NAME.match(name) is None


def core(name: str) -> str:
    """What is left of ``name`` when short forms are spelt out and the place is taken off, for comparing names."""
    name = re.sub(r"[（(][^（）()]*[）)]", "", squeeze(name))
    name = _NUMBERED_JOINT.sub("", name).removeprefix("中共").removeprefix("国家").removeprefix("中华人民共和国")
    name = spell_out(name)
    body = re.search(r"(?:人民政府|委员会|管理委员会)(?:办公[厅室])?\Z", name)
    place = _PLACE_NAME.match(name)
    while place is not None and place.end() < len(name) - 1 and (body is None or place.end() <= body.start()):
        name = name[place.end() :]
        body = re.search(r"(?:人民政府|委员会|管理委员会)(?:办公[厅室])?\Z", name)
        place = _PLACE_NAME.match(name)
    return name


def same_agency(left: str, right: str) -> bool:
    """Whether two names mean the same body as far as the names tell: one may leave out its place or be abbreviated."""
    left, right = squeeze(left), squeeze(right)
    if left == right:
        return True
    full_left, full_right = spell_out(left), spell_out(right)
    if core(left) != core(right):
        return False
    return is_bare(full_left) or is_bare(full_right) or full_left.endswith(full_right) or full_right.endswith(full_left)


_LEADING = re.compile(
    r"\A(?:[（(]转载[）)]|标题[：:])?(?P<names>[^《》“”，。；：]{2,160}?)(?=关于|印发《|印发〈|印发关|转发|批转)"
)
_LEADING_WITHOUT_ABOUT = re.compile(
    r"\A(?P<names>[\u3400-\u9fff]{1,20}?(?:人民政府|政府|管委会|委员会|局|厅|街道|办事处|服务中心))(?=[0-9０-９“”《召举深开组认走积赴印公发]|多举措|令|公告|通告|20)"
)


def leading_agencies(title: str) -> list[str]:
    """The bodies a title begins with: 「甲市财政局 甲市教育局关于…的通知」, 「甲局等六部门关于…」."""
    match = _LEADING.match(title.strip())
    return split_agencies(match["names"]) if match else []


def leading_agency_loosely(title: str) -> list[str]:
    """The body a headline without 关于 begins with: 「甲县教育局召开…会」. Less sure."""
    match = _LEADING_WITHOUT_ABOUT.match(title.strip())
    return split_agencies(match["names"]) if match else []
