"""Text messages: one class for each way they go out, chosen by `GONGKAI_SMS_BACKEND`.

Each message has an id of its own. Handing over the same id again is the same message: a file of that name, or a gateway that knows it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Protocol

from django.conf import settings

TIMEOUT = 10.0
"""Seconds."""


class NotSent(Exception):
    """The gateway did not take the message."""


class Backend(Protocol):
    """A way for messages to go out."""

    def send(self, message_id: str, phone: str, text: str) -> None:
        """Hand over one message. Raises `NotSent` or `OSError` when it was not taken."""


class FileBackend:
    """Writes each message to `data_dir/sms/<id>.json`: for trying out, and for gateways that read a folder."""

    def send(self, message_id: str, phone: str, text: str) -> None:
        """Write the file at once and whole; the same id is the same file."""
        folder = Path(settings.GONGKAI_DATA_DIR) / "sms"
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{message_id}.{os.getpid()}"
        draft.write_text(json.dumps({"id": message_id, "phone": phone, "text": text}, ensure_ascii=False))
        draft.chmod(0o600)
        draft.replace(folder / f"{message_id}.json")


class HttpBackend:
    """Posts each message as JSON (id, phone, text) to the district's gateway, with the secret as a bearer token."""

    def send(self, message_id: str, phone: str, text: str) -> None:
        """One request; anything but a 2xx answer means it was not taken. The gateway must take an id only once."""
        import urllib3  # only where messages go to a gateway

        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.GONGKAI_SMS_SECRET}"}
        body = json.dumps({"id": message_id, "phone": phone, "text": text}, ensure_ascii=False).encode()
        pool = urllib3.PoolManager(timeout=TIMEOUT, retries=False)
        try:
            answer = pool.request("POST", settings.GONGKAI_SMS_URL, body=body, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise NotSent(type(error).__name__) from error
        finally:
            pool.clear()
        if not 200 <= answer.status < 300:
            raise NotSent(f"HTTP {answer.status}")


def backend() -> Backend:
    """The one that is set."""
    return HttpBackend() if settings.GONGKAI_SMS_BACKEND == "http" else FileBackend()
