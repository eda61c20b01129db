"""A mail server that takes everything and counts: enough of SMTP (RFC 5321) for the benchmark and the fault tests of the digests."""

from __future__ import annotations

import socketserver
import threading
from collections import Counter


class Sink(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine until the `with` block ends. `taken`: letters by recipient; `connections`: how many."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: Counter[str] = Counter()
        self.connections = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """As `EMAIL_URL` wants it."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Sink:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Talk(socketserver.StreamRequestHandler):
    server: Sink
    disable_nagle_algorithm = True

    def handle(self) -> None:
        with self.server.lock:
            self.server.connections += 1
        self.say("220 sink")
        recipient = ""
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                recipient = line.split(b"<")[1].split(b">")[0].decode()
            if word == b"DATA":
                self.say("354 go on")
                while (part := self.rfile.readline()) and part != b".\r\n":
                    pass
                if not part:
                    return
                with self.server.lock:
                    self.server.taken[recipient] += 1
            self.say("221 bye" if word == b"QUIT" else "250 ok")
            if word == b"QUIT":
                return

    def say(self, text: str) -> None:
        try:
            self.wfile.write(f"{text}\r\n".encode())
        except OSError:  # the other side was killed
            return
