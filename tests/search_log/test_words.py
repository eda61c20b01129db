"""What is written down of a search: one spelling for one meaning, and nothing that may be about a person."""

import pytest

from gongkai.search_log import words


@pytest.mark.parametrize(
    ("typed", "normal", "reason"),
    [
        ("  城乡居民　医疗保险 ", "城乡居民医疗保险", "blanks between characters are layout"),
        ("ＧＢ／Ｔ　９７０４", "gb/t 9704", "full width and capitals"),
        ("公租房？？？", "公租房", "punctuation at the edges"),
        ("谯政办[2025]01号", "谯政办〔2025〕1号", "文号 as the standard writes it"),
        ("?!。", "", "nothing is asked"),
        ("   ", "", "blanks"),
    ],
)
def test_one_spelling(typed, normal, reason):
    assert words.normal(typed) == normal, reason


@pytest.mark.parametrize(
    ("one", "other"),
    [("医疗 保险", "醫療保險"), ("“医保”", "医保"), ("gb/t 9704", "GBT9704"), ("低保，申请", "低保 申请")],
)
def test_near_duplicates_have_one_key(one, other):
    assert words.key(words.normal(one)) == words.key(words.normal(other))


def test_synonyms_are_different_searches():
    assert words.key("低保") != words.key("最低生活保障")


PRIVATE = [
    ("13800000001", "mobile"),
    ("1 3 8 0 0 0 0 0 0 0 1", "mobile, digits apart"),
    ("138，0000，0001", "mobile, commas: six digits and more"),
    ("一三八零零零零零零零一", "mobile written out"),
    ("340102190001011111", "identity number, whatever its check digit"),
    ("张三 340102", "six digits"),
    ("abc@example.com", "e-mail"),
    ("皖S12345", "plate"),
    ("0558-5000462", "landline"),
    ("某某小区3号楼2单元", "home"),
    ("沿河路12号", "home"),
    ("小李庄五组", "home"),
    ("幸福家园502室", "home"),
    ("我是某某村的村民我家去年申请的低保到现在还没有下来村干部说要等名额请问到底什么时候能办好", "a story"),
]
PUBLIC = [
    ("谯政办〔2025〕1号", "文号"),
    ("国务院令第711号", "order"),
    ("11341602003166647K/202501-00064", "索引号"),
    ("2025年12月31日", "date"),
    ("2024-2025年工作总结", "years"),
    ("12345热线", "hotline"),
    ("城乡居民医疗保险2026年缴费标准380元", "amount"),
    ("一户一宅政策", "no home"),
    ("户籍迁移", "plain"),
    ("三单一书", "plain"),
    ("八五普法", "plain"),
    ("汤王大道改造", "road without a number"),
]


@pytest.mark.parametrize(("text", "reason"), PRIVATE, ids=[case[1] for case in PRIVATE])
def test_what_may_be_about_a_person_is_private(text, reason):
    assert words.is_private(words.normal(text))


@pytest.mark.parametrize(("text", "reason"), PUBLIC, ids=[case[0] for case in PUBLIC])
def test_fair_questions_are_not(text, reason):
    assert not words.is_private(words.normal(text))
