"""Whether an address answers, asked of a real server: by status, by redirection, by a server that hangs; never of an inner network."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gongkai.text.web_answers import answer_of, is_public


class Site(BaseHTTPRequestHandler):
    """Answers with the status its path names; `/head-only-lies` knows no HEAD, `/to/x` leads to x, `/slow` never answers."""

    def do_HEAD(self) -> None:
        self._answer(head=True)

    def do_GET(self) -> None:
        self._answer(head=False)

    def _answer(self, *, head: bool) -> None:
        path = self.path.strip("/")
        if path == "slow":
            time.sleep(3)
        status = (404 if head else 200) if path == "head-lies" else int(path) if path.isdecimal() else 302
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.path.removeprefix("/to"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


CASES = [
    ("/200", True, "正常", "there"),
    ("/head-lies", True, "正常", "a server that knows no HEAD"),
    ("/403", True, "正常", "there, but not for programs"),
    ("/404", False, "页面不存在（404）", "gone"),
    ("/410", False, "页面不存在（410）", "gone for good"),
    ("/500", False, "网站出错（500）", "broken"),
    ("/to/200", True, "正常", "moved"),
    ("/to/404", False, "页面不存在（404）", "moved to nowhere"),
    ("/to/to/to/to/to/to/to/200", False, "反复跳转", "sent around"),
]


@pytest.mark.parametrize(("path", "alive", "words", "why"), CASES, ids=[row[3] for row in CASES])
def test_what_a_site_answers(site, path, alive, words, why):
    found = answer_of(site + path, may_ask=lambda host: True)
    assert (found.alive, found.words) == (alive, words), why
    assert found.gone is ("不存在" in words)


def test_a_server_that_does_not_answer_is_not_waited_for(site):
    before = time.monotonic()
    found = answer_of(f"{site}/slow", may_ask=lambda host: True, timeout=0.3)
    assert time.monotonic() - before < 2
    assert (found.alive, found.words) == (False, "没有回应")


def test_nobody_listens():
    assert answer_of("http://127.0.0.1:9/", may_ask=lambda host: True).words == "无法连接"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254", "[::1]", "192.168.1.1"])
def test_addresses_of_an_inner_network_are_never_asked(host):
    assert not is_public(host.strip("[]"))
    found = answer_of(f"http://{host}/")
    assert (found.alive, found.asked) == (False, False)


def test_a_redirection_into_the_inner_network_is_not_followed(site):
    asked = []

    def only_first(host: str) -> bool:
        asked.append(host)
        return len(asked) == 1

    assert not answer_of(f"{site}/to/200", may_ask=only_first).asked
    assert len(asked) == 2


@pytest.mark.parametrize("address", ["ftp://a.example/", "http://", "javascript:alert(1)", "http://[::1", ""])
def test_what_is_no_web_address_is_not_asked(address):
    assert not answer_of(address, may_ask=lambda host: True).alive
