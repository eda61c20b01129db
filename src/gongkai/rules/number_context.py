"""Where the 机关代字 of a document number begins when it stands in running text.

Chinese puts no blank between 「根据」 and 「国办发〔2017〕47号」. The run of Han characters before the year is cut
after the last word that never belongs to a mark, then words that only introduce a number are stripped from its head.
"""

from __future__ import annotations

import re

LONGEST_MARK = 16
"""Longest mark accepted, in Han characters (中华人民共和国住房和城乡建设部令 has 16)."""

_NEVER_IN_A_MARK = (
    # a document's kind or a title run into the number: 关于……的函渝府办函〔2021〕52号
    "的(?:函|令|决议|公告|通告|公报|纪要|议案|命令)?|"
    "通知|通报|意见|办法|方案|决定|规定|细则|条例|请示|批复|报告|纲要|预案|文件|目录|清单|制度|措施|"
    "规划(?!资源|和|局|委|国土)|计划(?!委|生育)|"
    # verbs and prepositions that introduce a number
    "根据|依据|依照|现?按照|遵照|参照|对照|比照|执行|施行|实施|现将|现按|现以|废止|修改|修订|修正|印发|下发|颁发|制发|转发|"
    "发布|公布|贯彻|落实|结合|按|详见|参见|替代|代替|取代|撤销|宣布|停止|终止|"
    "收到|收悉|来文|同意|批准|核准|以及|或者|其中|包括|关于|有关|涉及|属于|位于|(?<!无)为|了|"
    # labels
    "发文字号|文号|字号|编号|签发人"
)
_CUT = re.compile(rf"(?P<body>人民政府|办公厅|办公室|委员会|管理局|街道办事处)|{_NEVER_IN_A_MARK}")
"""A body's name written out in full ends in ``body``; it *can* be part of the mark, see :data:`_BARE_KINDS`."""

_HEAD_WORDS = re.compile(
    r"(?:[你我贵本该各](?:局|委|办|厅|市|县|区|乡|镇|部|院|校|省|公司|单位|街道|们)|以下|如下|一并|同时|分别|先后|继续|"
    r"自(?![然治贸])|[经依](?=[国省市皖])|已?经过|现|以|据|与|及|或|由|对|在|是|见|至|因|凡|该|此|其|除|附|等|把|被|又|也|均|已|另|仍)"
)
_HEAD_AMBIGUOUS = re.compile(r"[和将原经依并从向于即含]")
"""Also first characters of real marks (和县 和政, 将乐 将政, 含山 含政 …): stripped only where no mark could begin."""

_FULL_NAME = re.compile(
    r"[省市县区州盟旗][\u4e00-\u9fff]{2,13}?[厅局]|"
    r"(?:财政|教育|民政|水利|农业|农业农村|交通运输|公安|司法|科技|科学技术|商务|卫生|建设|住房和?城乡建设|"
    r"人力资源和?社会保障|自然资源|生态环境|国土资源|环境保护|文化|文化和旅游|工业和信息化|应急管理|退役军人事务)部"
)
"""A body written out in full at the head of the run: 省人力资源和社会保障厅 鄂财综发〔2011〕32号."""

_BARE_KINDS = re.compile(r"令|公告|通告|公报|函|文|字|号|发|办|规|通|党组|函字|办函|办发|规字|发字")
"""What may follow a body's full name *inside* a mark: 谯城区人民政府公告, 重庆市人民政府令, 省统计局函."""

_STATE = "中华人民共和国"
_COUNTED = re.compile(r"\A[年月日号条款项次届期]+")
"""Units that belong to the digit in front: 2009年7月1日福建省人民政府令第105号."""

_AFTER_WORDS = re.compile(r"[号》）)\]」”、，,]")


def trim_mark(run: str, before: str = "") -> str:
    """Return the part of ``run`` that is the mark.

    ``run`` is the unbroken run of Han characters that ends at the year, ``before`` the one character in front of it
    (empty at the start of the text). The result may be empty: then no mark stands there.
    """
    mark, after_word = _cut_after_words(run)
    after_word = after_word or _AFTER_WORDS.fullmatch(before) is not None
    if before.isdigit() and mark == run and (unit := _COUNTED.match(mark)):
        mark, after_word = mark[unit.end() :], True
    while mark:
        if body := _FULL_NAME.match(mark):
            head = None if _BARE_KINDS.fullmatch(mark, body.end()) else body
        else:
            head = _HEAD_WORDS.match(mark)
        if head is None and after_word:
            head, after_word = _HEAD_AMBIGUOUS.match(mark), False
        if head is None:
            break
        mark = mark[head.end() :]
    return mark.removeprefix(_STATE) if len(mark) > LONGEST_MARK else mark


def _cut_after_words(run: str) -> tuple[str, bool]:
    """Cut after the last word that never belongs to a mark; after a body's name only if a mark is left."""
    rest, cut = run, False
    for match in _CUT.finditer(run):
        if match["body"] and _BARE_KINDS.fullmatch(run, match.end()):
            continue
        rest, cut = run[match.end() :], True
    return rest, cut
