"""Password rules: length, mixture, names, and what a guesser tries first (GB/T 22239-2019 8.1.4.1 a)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.passwords import FEWEST_PIECES, SHORTEST, Owner, password_reasons, pieces

OWNER = Owner("jyj-zhang", ("示例某", "shilimou"), ("slm",), ("测试区教育局", "jyj", "jiaoyuju"))


@pytest.mark.parametrize(
    ("password", "codes", "reason"),
    [
        ("kT9-mourned-vale", [], "long, mixed, nobody's name"),
        ("Kuaiyu!82morgen", [], "several unusual words"),
        ("Sh0rt!", ["short"], "under ten characters"),
        ("mournedvalepark", ["mixture"], "small letters only"),
        ("mournedvale29", ["mixture"], "two kinds"),
        ("示例的密码很长很长", ["short", "mixture"], "nine characters, and Han characters are signs of one kind"),
        ("Xy9-jyj-zhang", ["username"], "user name in it"),
        ("Shi-Li-Mou/49x", ["own_name"], "the name in pinyin, signs between its syllables"),
        ("SHILIMOU/49xk", ["own_name"], "in capitals"),
        ("示例某Aa1!xkcd", ["own_name"], "the name in characters"),
        ("J!aoyuju#49xQ", ["body_name"], "a sign for a letter"),
        ("Bozhou@123", ["common"], "place and digits in order"),
        ("Qwe123!@#$", ["common"], "runs along the keyboard"),
        ("1qaz@WSX3edc", ["common"], "columns of the keyboard"),
        ("P@ssw0rd2024!", ["common"], "signs for letters, and a year"),
        ("Woaini1314!", ["common"], "我爱你一生一世"),
        ("Slm@19850101", ["common"], "initials and a birthday"),
        ("Admin@123456", ["common"], "the usual administrator"),
        ("aaaaaaaaA1!", ["common"], "one character again and again"),
        ("Xk7!Xk7!Xk7!", ["common"], "a short part three times"),
        ("Ｂｏｚｈｏｕ＠１２３", ["mixture"], "full-width letters are signs"),
        ("Zz9-" + "abcdefghkm" * 13, ["long"], "134 characters"),
    ],
)
def test_a_password_breaks_exactly_these_rules(password, codes, reason):
    assert [one.code for one in password_reasons(password, OWNER)] == codes, reason


def test_every_reason_says_what_to_do_at_the_field_and_never_the_password():
    for one in (*password_reasons("abc", OWNER), *password_reasons("Bozhou@123", OWNER)):
        assert one.field == "password" and one.message.endswith("。") and one.article
        assert "abc" not in one.message and "Bozhou" not in one.message


@given(st.text(min_size=0, max_size=60))
def test_no_text_breaks_the_rules_themselves(text):
    reasons = password_reasons(text, OWNER)
    assert len(text) >= SHORTEST or any(one.code == "short" for one in reasons)


@given(st.text(alphabet="abcxyz0189!@", min_size=1, max_size=20))
def test_no_password_has_more_pieces_than_characters_and_repeating_it_adds_none(text):
    assert 1 <= pieces(text) <= len(text)
    assert pieces(text * 2) <= pieces(text) + 1
    assert FEWEST_PIECES <= SHORTEST
