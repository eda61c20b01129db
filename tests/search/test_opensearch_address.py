"""Reading `SEARCH_URL`."""

from pathlib import Path

import pytest

from gongkai.search.engines.opensearch_address import Address, BadAddress


@pytest.mark.parametrize(
    ("url", "expected", "reason"),
    [
        ("http://host", Address("http", (("host", 9200),)), "port and prefix have defaults"),
        (
            "http://one:9200,two:9201/district",
            Address("http", (("one", 9200), ("two", 9201)), "district"),
            "several hosts under one prefix",
        ),
        ("http://one,one:9200", Address("http", (("one", 9200),)), "a host named twice is one host"),
        (
            "https://reader:p%40ss%2Fword@host:443/a",
            Address("https", (("host", 443),), "a", "reader", "p@ss/word"),
            "special characters are percent-encoded",
        ),
        ("http://[::1]:9200/", Address("http", (("[::1]", 9200),)), "an address of IPv6"),
        (
            "http://host/gongkai?shards=3&replicas=0",
            Address("http", (("host", 9200),), shards=3, replicas=0),
            "how a new index is cut",
        ),
    ],
)
def test_what_is_read(url: str, expected: Address, reason: str) -> None:
    assert Address.read(url) == expected, reason


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("host:9200", "http://"),
        ("ftp://host", "http://"),
        ("http://", "主机“”"),
        ("http://one,,two", "主机“”"),
        ("http://host:0", "端口“0”"),
        ("http://host:99999", "端口“99999”"),
        ("http://host:port", "主机“host:port”"),
        ("http://host/Gongkai", "Gongkai"),
        ("http://host/a/b", "a/b"),
        ("http://host/_all", "_all"),
        ("http://host?shards=0", "shards"),
        ("http://host?replicas=many", "replicas"),
        ("http://host?verify=no", "verify"),
        ("https://host?ca=/nowhere/ca.pem", "/nowhere/ca.pem"),
        ("http://[::1", "格式有误"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_remedy(url: str, named: str) -> None:
    with pytest.raises(BadAddress, match="SEARCH_URL") as refused:
        Address.read(url)
    assert named in str(refused.value)
    assert "https://用户:密码@主机1:9200" in str(refused.value)


def test_an_authority_of_ones_own_is_for_https_only(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("")
    assert Address.read(f"https://host?ca={tmp_path}/ca.pem").ca == f"{tmp_path}/ca.pem"
    with pytest.raises(BadAddress, match="https"):
        Address.read(f"http://host?ca={tmp_path}/ca.pem")


def test_no_log_shows_the_password() -> None:
    assert "secret" not in repr(Address.read("http://user:secret@host/gongkai"))
