"""A small load generator: keep-alive connections on raw sockets, one thread each; the same for every server measured."""

from __future__ import annotations

import socket
import threading
import time

from bench.scratch import HOST

CONNECTIONS = 8


def requests_per_second(port: int, path: str, *, seconds: float = 4.0, connections: int = CONNECTIONS) -> float:
    """Ask for `path` on `connections` connections at once; answers a second. Raises `RuntimeError` for any status but 200."""
    counts = [0] * connections
    errors: list[Exception] = []
    until = time.monotonic() + seconds

    def ask(position: int) -> None:
        try:
            with Connection(port) as connection:
                while time.monotonic() < until:
                    connection.get(path)
                    counts[position] += 1
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(position,)) for position in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(counts) / seconds


class Connection:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), 30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def get(self, path: str, *, expect: tuple[bytes, ...] = (b"200",)) -> bytes:
        """One request; the body as sent (compressed where the server compresses)."""
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n"
        self._socket.sendall(request.encode())
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            self._read()
        head, self._buffer = self._buffer[:end], self._buffer[end + 4 :]
        if head[9:12] not in expect:
            raise RuntimeError(f"{path}: {head.splitlines()[0].decode()}")
        if b"chunked" in head.lower():
            raise RuntimeError(f"{path}: an answer without Content-Length, which no page of ours should be")
        length = _content_length(head)
        while len(self._buffer) < length:
            self._read()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return body

    def _read(self) -> None:
        received = self._socket.recv(262144)
        if not received:
            raise RuntimeError("the server closed the connection")
        self._buffer += received


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0
