"""Links: internal addresses, sites outside the list, and what is no address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.findings import Severity
from gongkai.text.checks import Link, Material, Section
from gongkai.text.checks.links import AllowList, judge, links, shipped_allow_list

LOCAL, OUTSIDE, MALFORMED = "link.local", "link.outside", "link.malformed"
ADDRESSES = [
    ("https://www.bozhou.gov.cn/a?b=1", None, "a government site"),
    ("http://WWW.GOV.CN", None, "upper case"),
    ("https://www.gov.cn:443/x", None, "with a port"),
    ("https://www.ahu.edu.cn/", None, "a university"),
    ("http://politics.people.com.cn/n1/", None, "a central medium"),
    ("http://谯城区.政务.cn/", None, "a Chinese name"),
    ("http://xn--zfr164b.cn.gov.cn/", None, "below gov.cn in punycode"),
    ("/items/12/", None, "within the site"),
    ("#part", None, "within the page"),
    ("attachment.docx", None, "beside the page"),
    ("mailto:office@example.gov.cn", None, "to write"),
    ("tel:0558-5000462", None, "to call"),
    ("//www.gov.cn/x", None, "without a scheme"),
    ("www.gov.cn", None, "without a scheme, bare"),
    ("http://www.example.com/", OUTSIDE, "a company"),
    ("https://gov.cn.example.com/", OUTSIDE, "gov.cn in front of another name"),
    ("https://fakegov.cn/", OUTSIDE, "ends in the same letters"),
    ("https://www.gov.cn@example.com/", OUTSIDE, "a name of a user that looks like a site"),
    ("http://8.8.8.8/", OUTSIDE, "a public number"),
    ("file:///C:/docs/a.doc", LOCAL, "a file"),
    ("C:\\Users\\a\\b.doc", LOCAL, "a path"),
    ("\\\\192.168.1.5\\share\\a.doc", LOCAL, "a share"),
    ("http://localhost:8080/x", LOCAL, "this machine"),
    ("http://127.0.0.1/", LOCAL, "this machine by number"),
    ("http://127.1/", LOCAL, "this machine, shortened"),
    ("http://2130706433/", LOCAL, "this machine as one number"),
    ("http://0x7f.0.0.1/", LOCAL, "this machine in hexadecimal"),
    ("http://10.1.2.3/oa", LOCAL, "internal, 10."),
    ("http://172.16.0.9/", LOCAL, "internal, 172.16."),
    ("http://172.32.0.9/", OUTSIDE, "172.32. is public"),
    ("http://192.168.0.1:8080/", LOCAL, "internal, 192.168."),
    ("http://[::1]/", LOCAL, "this machine, version 6"),
    ("http://[fd00::1]/", LOCAL, "internal, version 6"),
    ("http://[::ffff:10.0.0.1]/", LOCAL, "internal, version 4 within 6"),
    ("http://oa/login", LOCAL, "a name without a domain"),
    ("http://oa.qiaocheng.local/", LOCAL, "a local domain"),
    ("http:/www.gov.cn/", MALFORMED, "one stroke"),
    ("http：//www.gov.cn/", MALFORMED, "a Chinese colon"),
    ("http:\\\\www.gov.cn", MALFORMED, "strokes the wrong way"),
    ("httpwww.gov.cn", MALFORMED, "no sign between"),
    ("http://www.gov. cn/", MALFORMED, "a blank inside"),
    ("http://", MALFORMED, "nothing behind"),
    ("http://www..gov.cn/", MALFORMED, "two dots"),
    ("http://www.gov.cn:abc/", MALFORMED, "the port is no number"),
    ("javascript:alert(1)", MALFORMED, "a script"),
    ("http://999.1.1.1/", MALFORMED, "no such number"),
    ("http://[::1/", MALFORMED, "bracket left open"),
    ("", MALFORMED, "nothing"),
]


@pytest.mark.parametrize(("address", "code", "reason"), ADDRESSES, ids=[case[2] for case in ADDRESSES])
def test_an_address_is_judged(address: str, code: str | None, reason: str) -> None:
    judged = judge(address, shipped_allow_list())
    assert (judged[0] if judged else None) == code


def test_links_say_where_they_stand_and_each_address_once() -> None:
    text = "正文见链接。批注：内网。"
    material = Material(
        text,
        sections=(Section("正文", 0, 6), Section("批注", 6, 12)),
        links=(
            Link(3, 5, "http://www.example.com/"),
            Link(9, 11, "http://10.0.0.8/oa"),
            Link(9, 11, "http://10.0.0.8/oa"),
        ),
    )
    found = list(links(material))
    assert [(one.rule, one.severity, one.text, one.place) for one in found] == [
        (OUTSIDE, Severity.WARNING, "链接", "正文"),
        (LOCAL, Severity.SERIOUS, "内网", "批注"),
    ]


IN_TEXT = [
    ("登录http://192.168.1.10:8080/oa办理。", [(LOCAL, "http://192.168.1.10:8080/oa")], "before Chinese"),
    ("网址：www.example.com，咨询", [(OUTSIDE, "www.example.com")], "before a Chinese comma"),
    ("网址：https://www.gov.cn/zhengce/。", [], "allowed"),
    ("见\\\\fileserver\\公开\\a.doc。", [(LOCAL, "\\\\fileserver\\公开\\a.doc")], "a share"),
    ("存于D:\\资料\\a.doc。", [(LOCAL, "D:\\资料\\a.doc")], "a path"),
    ("（http://www.example.com/a）", [(OUTSIDE, "http://www.example.com/a")], "in Chinese brackets"),
    ("邮箱office@www.example.com", [], "a mailbox"),
    ("比例为1:3，时间9:30", [], "no address"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), IN_TEXT, ids=[case[2] for case in IN_TEXT])
def test_addresses_written_out_are_found(text: str, expected: list[tuple[str, str]], reason: str) -> None:
    found = list(links(Material(text)))
    assert [(one.rule, one.text) for one in found] == expected
    assert all(text[one.start : one.end] == one.text for one in found)


def test_a_district_adds_sites() -> None:
    material = Material("见www.example.com/a和www.example.org/b")
    more = shipped_allow_list().with_sites(["https://*.Example.com/"])
    assert [one.text for one in links(material, more)] == ["www.example.org/b"]
    assert [one.rule for one in links(material, AllowList.of([]))] == [OUTSIDE, OUTSIDE]


@given(st.text(max_size=60))
def test_no_address_is_a_crash(address: str) -> None:
    judge(address, shipped_allow_list())
    judge(f"http://{address}", shipped_allow_list())
    list(links(Material(f"见 http://{address} 。")))
