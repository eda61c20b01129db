"""检索帮助: what can be typed into 一站搜, each with an example that is a link."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.search import LONGEST_TEXT
from gongkai.web.portal.pages import render


@dataclass(frozen=True, slots=True)
class Example:
    """One thing that can be typed."""

    typed: str
    read: str
    """How it is understood."""


SECTIONS: tuple[tuple[str, tuple[Example, ...]], ...] = (
    (
        "按文号、索引号、标题",
        (
            Example(
                "谯政办〔2024〕12号", "文号相同的文件排在最前；括号用哪一种、有没有“号”字、全角半角、中间有空格都可以"
            ),
            Example("谯政办2024年12号", "不加括号也可以"),
            Example("谯政办〔2024〕", "该机关当年的文件；只输入“谯政办”为该机关代字的全部文件"),
            Example("文号：谯民〔2024〕", "机关代字较短、容易与普通词混淆时，在前面加“文号：”"),
            Example("202501-00064", "索引号全部或者末段（年月和流水号）"),
            Example("《谯城区政务公开工作要点》", "把标题整个粘贴进来，带书名号、日期、网站名称都可以"),
        ),
    ),
    (
        "按词语",
        (
            Example("低保 申请材料", "用空格隔开的词都要有"),
            Example("“城乡居民基本医疗保险”", "引号中的词句必须完整出现，也不扩展同义词"),
            Example("标题：养老服务", "只在标题中检索；“全文：”在标题和正文中检索"),
            Example("低保 或 特困供养", "有其中一个即可；“或”的两边要有空格，也可以用“|”"),
            Example("低保 -公示", "不要含有“公示”的；也可以写“低保 不含公示”，前面要有空格"),
            Example("孩子上小学需要什么材料？", "可以直接提问，“需要”“什么”一类的词不影响检索"),
            Example("醫療保險", "繁体字、异体字、全角字符与通用写法同样检索"),
        ),
    ),
    (
        "按时间（发布日期）",
        (
            Example("养老服务 2024年3月至5月", "时间与其他词用空格隔开；也可以写 2024-03-01..2024-05-31"),
            Example("养老服务 近三个月", "今年、去年、本月、上月、近半年、近30天等"),
            Example("日期：2024年 预算", "单独一个年份、月份，在前面加“日期：”，否则按普通词检索"),
        ),
    ),
    (
        "口语词和简称",
        (
            Example("生孩子", "常说的词与文件中的规范用语一并检索，如 生孩子 与 生育登记、低保 与 最低生活保障"),
            Example("三公经费", "简称与全称一并检索"),
        ),
    ),
)


@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(
        request, "search_language.html", title="检索帮助", section="search", sections=SECTIONS, longest=LONGEST_TEXT
    )
