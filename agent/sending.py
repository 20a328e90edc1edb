"""Sending one message to one address, tried again while that may help: a CloudEvent 1.0 in structured JSON, signed as Standard Webhooks
do; or a text for a chat channel.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md and
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. No redirect is followed, so that nothing
is sent to an address that the programme does not name; http is for this machine only.
"""

import base64
import hashlib
import hmac
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from agent.addresses import is_private
from agent.canonical import encode

MEDIA_TYPE = "application/cloudevents+json"
WAITS = (1.0, 4.0, 16.0)
"""Seconds before the second, third and fourth try."""
LONGEST_WAIT = 60.0
"""The most that a receiver's Retry-After is heeded, in seconds."""
TIMEOUT = 20.0
"""Seconds for one try."""
TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which another try may help."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A CloudEvent with JSON data."""

    id: str
    source: str
    type: str
    time: datetime
    data: Any
    specversion: str = "1.0"
    datacontenttype: str = "application/json"


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message."""

    url: str
    """Where to; of a chat the host alone, since the rest is its secret."""
    ok: bool
    tries: int
    words: str
    """Empty where it arrived; else why it did not."""


def headers(identity: str, at: datetime, body: bytes, key: bytes) -> dict[str, str]:
    """The headers by which a receiver knows that the message is ours, unchanged and new."""
    stamp = str(int(at.timestamp()))
    mac = hmac.new(key, b".".join((identity.encode(), stamp.encode(), body)), hashlib.sha256).digest()
    return {
        "Content-Type": MEDIA_TYPE, "User-Agent": "starcadence", "webhook-id": identity, "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }  # fmt: skip


def send(url: str, event: Event, key: bytes, sleep: Callable[[float], None]) -> Sent:
    """Send an event; `sleep` waits between two tries. Never raises for what the network or the receiver does."""
    body = encode(event)
    return _post(url, url, body, headers(event.id, event.time, body, key), sleep)


def say(url: str, text: str, sleep: Callable[[float], None]) -> Sent:
    """Put a text into a chat channel by its incoming webhook: `{"text": ...}`, which Slack, Teams, Mattermost and Google Chat take."""
    shown = urlsplit(url).hostname or "" if is_private(url) else ""
    wanted = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "starcadence"}
    return _post(url, shown, encode({"text": text}), wanted, sleep)


def _post(url: str, shown: str, body: bytes, wanted: Mapping[str, str], sleep: Callable[[float], None]) -> Sent:
    if not is_private(url):
        return Sent(url=shown, ok=False, tries=0, words="not an https address")
    request = urllib.request.Request(url, data=body, headers=dict(wanted), method="POST")  # noqa: S310 (checked above)
    words = ""
    for number, wait in enumerate((*WAITS, None), start=1):
        words, again, after = _try(request)
        if not words or not again or wait is None:
            return Sent(url=shown, ok=not words, tries=number, words=words)
        sleep(min(max(wait, after), LONGEST_WAIT))
    raise AssertionError("the last try returns")


def _try(request: urllib.request.Request) -> tuple[str, bool, float]:
    """Why it failed (empty: it arrived), whether another try may help, and how long the receiver wants us to wait."""
    try:
        with _OPENER.open(request, timeout=TIMEOUT) as answer:
            answer.read(1024)
    except urllib.error.HTTPError as error:
        with error:
            return f"answered {error.code}", error.code in TEMPORARY, _seconds(error.headers.get("Retry-After"))
    except (OSError, http.client.HTTPException) as error:
        return str(getattr(error, "reason", error)) or type(error).__name__, True, 0.0
    return "", False, 0.0


def _seconds(text: str | None) -> float:
    return float(text) if text is not None and text.isascii() and text.isdigit() else 0.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer that is not taken."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""
        return


_OPENER = urllib.request.build_opener(_NoRedirect)
