"""Nodes that are gone, slow or busy: another is asked, and when none is left that is said at once."""

from __future__ import annotations

import http.server
import json
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gongkai.search import SearchUnavailable
from gongkai.search.engines import opensearch_client
from gongkai.search.engines.opensearch_address import Address
from gongkai.search.engines.opensearch_client import Client, Refused

Answers = Callable[..., "FakeNode"]
BLOCKED = {"error": {"type": "cluster_block_exception", "reason": "disk"}}


class FakeNode(http.server.ThreadingHTTPServer):
    """Answers each request with the next of its answers (status, body), the last one for ever; notes what it was asked."""

    daemon_threads = True

    def __init__(self, *answers: tuple[int, object]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = list(answers)
        self.asked: list[tuple[str, str, str, bytes]] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()


class _Handler(http.server.BaseHTTPRequestHandler):
    server: FakeNode
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, self.headers.get("Authorization", ""), body))
        answers = self.server.answers
        status, answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if status == 0:
            time.sleep(0.5)  # longer than the client waits
            self.close_connection = True
            return
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *arguments: Any) -> None:
        """Silent."""


@pytest.fixture
def node() -> Iterator[Answers]:
    """Starts a node that gives these answers."""
    started: list[FakeNode] = []

    def start(*answers: tuple[int, object]) -> FakeNode:
        started.append(FakeNode(*answers))
        return started[-1]

    yield start
    for one in started:
        one.shutdown()
        one.server_close()


def client(*ports: int, user: str = "") -> Client:
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    return Client(Address.read(f"http://{user}{hosts}"))


def gone() -> int:
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (429, {}, "too busy"),
        (503, {}, "no leader"),
        (502, b"<html>", "a proxy without a node"),
        (200, b"<html>", "something else answers at this port"),
        (403, BLOCKED, "takes no writes now"),
        (0, {}, "does not answer in time"),
    ],
)
def test_a_node_that_cannot_is_followed_by_one_that_can(
    node: Answers, status: int, answer: object, reason: str
) -> None:
    bad, good = node((status, answer)), node((200, {"fine": True}))
    asking = client(bad.server_port, good.server_port)
    for _ in range(2):  # whichever is asked first
        assert asking.ask("GET", "/", seconds=0.2) == {"fine": True}, reason
    assert len(bad.asked) == 1


def test_a_node_that_is_gone_is_left_alone_for_a_while(node: Answers) -> None:
    good = node((200, {}))
    asking = client(gone(), good.server_port)
    for _ in range(10):
        asking.ask("GET", "/")
    assert len(good.asked) == 10


def test_nodes_take_turns(node: Answers) -> None:
    nodes = [node((200, {})) for _ in range(3)]
    asking = client(*(one.server_port for one in nodes))
    for _ in range(9):
        asking.ask("GET", "/")
    assert [len(one.asked) for one in nodes] == [3, 3, 3]


def test_when_all_are_gone_it_is_said_with_the_remedy_and_the_next_reader_does_not_wait(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asking = client(gone(), gone(), user="reader:secret@")
    with caplog.at_level(logging.WARNING, "gongkai.search"):
        for _ in range(2):
            with pytest.raises(SearchUnavailable, match="SEARCH_URL"):
                asking.ask("GET", "/")
    assert "all nodes failed just now" in caplog.text
    assert "secret" not in caplog.text


def test_a_writer_goes_on_asking_until_a_node_is_back(node: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opensearch_client, "PAUSE", 0.01)
    one = node((503, {}), (503, {}), (429, {}), (200, {"fine": True}))
    assert client(one.server_port).ask("POST", "/", patient=True) == {"fine": True}
    assert len(one.asked) == 4


def test_but_not_for_ever(node: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opensearch_client, "PAUSE", 0.01)
    monkeypatch.setattr(opensearch_client, "PATIENCE", 0.1)
    with pytest.raises(SearchUnavailable):
        client(node((503, {})).server_port).ask("POST", "/", patient=True)


def test_a_no_is_a_no_and_is_not_asked_again(node: Answers) -> None:
    one = node((400, {"error": {"type": "parsing_exception", "reason": "why"}}))
    with pytest.raises(Refused) as refused:
        client(one.server_port, one.server_port).ask("GET", "/", patient=True)
    assert (refused.value.status, refused.value.kind, refused.value.reason) == (400, "parsing_exception", "why")
    assert len(one.asked) == 1


def test_a_wrong_password_is_said_to_be_the_operators_matter(node: Answers) -> None:
    with pytest.raises(SearchUnavailable, match="用户、密码"):
        client(node((401, b"Unauthorized")).server_port).ask("GET", "/")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Certificate and key of a node at 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "node")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    plain = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "node.pem"
    path.write_bytes(made.public_bytes(encoding) + plain)
    return path


def test_a_node_must_prove_who_it_is(node: Answers, certificate: Path) -> None:
    one = node((200, {"fine": True}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    one.socket = context.wrap_socket(one.socket, server_side=True)
    url = f"https://127.0.0.1:{one.server_port}"
    assert Client(Address.read(f"{url}?ca={certificate}")).ask("GET", "/") == {"fine": True}
    with pytest.raises(SearchUnavailable):
        Client(Address.read(url)).ask("GET", "/")
    assert len(one.asked) == 1


def test_user_and_password_go_along(node: Answers) -> None:
    one = node((200, {}))
    client(one.server_port, user="reader:p%40ss@").ask("POST", "/x?y=1", {"问": 1})
    assert one.asked == [("POST", "/x?y=1", "Basic cmVhZGVyOnBAc3M=", '{"问":1}'.encode())]
