"""Names of persons: surnames, and the words that announce a name. A name in free text has no form of its own, so only names
behind such a word, or in a list column, are looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["COMPOUND_SURNAMES", "find_names", "is_name"]

COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "夏侯",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "司空",
        "长孙",
        "宇文",
        "独孤",
        "南宫",
        "端木",
        "轩辕",
        "百里",
        "东郭",
        "西门",
    ]
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章"
    "鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟"
    "艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄"
    "丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼闻厉伊仝区郜海阚屠朴"
)
_NOT_GIVEN = (
    "的了是在有不我他她你们们年月日时号于和与及等被把将向从对为个这那该此什么要会能可就都也很已又还局委院校办处科站所"
)
_GIVEN = rf"[^\W\d_a-zA-Z{_NOT_GIVEN}]"
_NAME = rf"(?:(?:{'|'.join(sorted(COMPOUND_SURNAMES))}){_GIVEN}{{1,2}}|[{_SURNAMES}]{_GIVEN}{{1,2}})"
_WHOLE = re.compile(rf"{_NAME}\Z|[\u4e00-\u9fff]{{1,8}}[·•][\u4e00-\u9fff]{{1,8}}\Z")
_BEHIND = r"(?=[\s,，。.;；:：、!！?？()（）《》\"“”]|[0-9]|身份证|公民身份|电话|手机|住址|性别|男|女|\Z)"
_WITH_COLON = (
    r"(?:姓名|联系人|申请人|报告人|投诉人|举报人|反映人|当事人|户主|监护人|经办人|收款人|家长|受害人|信访人|来信人|留言人|"
    r"业主|患者|死者|伤者|承租人|被征收人)"
)
_ANNOUNCED = re.compile(
    rf"(?:{_WITH_COLON}[ \t]*(?:[:：]|是|为|叫)[ \t]*|(?:我叫|本人叫|名叫|我是|本人)[ \t]*)({_NAME}){_BEHIND}"
)
_WORDS = re.compile(
    r"(?:方便|安全|全部|全家|原来|高兴|高龄|向来|时常|时间|成年|成功|文化|明白|应届|应该|古稀|解决|常年|马上|金额|关注|关心|连续|"
    r"无|单位|家庭|农民|农村|路过|经济|白天|明天|华夏|安徽|江苏|海南|强烈)"
)


_TITLE = re.compile("(?:女士|先生|老师|经理|主任|科长|局长|处长|同志|师傅|医生|书记|姓名)\\Z")


def is_name(text: str) -> bool:
    """Whether a whole cell can be the name of a person: a surname and one or two characters, or parts around a dot."""
    return _WHOLE.match(text) is not None and _WORDS.match(text) is None and _TITLE.search(text) is None


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of the names that a word announces (姓名：, 联系人：, 我叫, 本人)."""
    for match in _ANNOUNCED.finditer(text):
        if _WORDS.match(match[1]) is None and _TITLE.search(match[1]) is None and "某" not in match[1]:
            yield match.span(1)
