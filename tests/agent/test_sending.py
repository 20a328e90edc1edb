"""Digests of work: one signed CloudEvent per owner, tried again while that may help, never sent where others could read it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.addresses import is_private
from agent.cli import cli
from agent.digests import deliver, letters
from agent.errors import UsageError
from agent.programme import Programme
from agent.reading import load
from agent.sending import WAITS, Event, send
from agent.work import Item
from tests.agent.living import PROGRAMME, begin
from tests.agent.receiving import Receiver, receiving

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
KEY = b"a shared secret"
EVENT = Event(id="one", source="urn:starcadence:work", type="t", time=NOW, data={"items": []})
ITEM = Item(
    key="0" * 16, kind="review", state="open", owner="storage-lead", services=("object-store",), words="sign", since=NOW
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def test_what_arrives_is_a_cloudevent_that_the_key_signed(receiver: Receiver) -> None:
    assert send(receiver.url, EVENT, KEY, lambda _: None).ok
    ((headers, body),) = receiver.got
    event = json.loads(body)
    assert headers["content-type"] == "application/cloudevents+json"
    assert {
        "id": "one",
        "specversion": "1.0",
        "source": "urn:starcadence:work",
        "time": "2026-09-01T12:00:00Z",
    }.items() <= event.items()
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert KEY not in body


def test_a_receiver_that_is_down_is_tried_again_with_growing_waits(receiver: Receiver) -> None:
    receiver.answers = [(503, {}), (429, {"Retry-After": "30"}), (500, {"Retry-After": "9999"})]
    waited: list[float] = []
    sent = send(receiver.url, EVENT, KEY, waited.append)
    assert (sent.ok, sent.tries, waited) == (True, 4, [1.0, 30.0, 60.0])
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


@pytest.mark.parametrize(
    ("answer", "tries"),
    [((400, {}), 1), ((404, {}), 1), ((302, {"Location": "http://127.0.0.1:1/"}), 1), ((503, {}), 4)],
)
def test_a_receiver_that_refuses_is_told(receiver: Receiver, answer: tuple[int, dict[str, str]], tries: int) -> None:
    receiver.answers = [answer] * 9
    sent = send(receiver.url, EVENT, KEY, lambda _: None)
    assert (sent.ok, sent.tries, sent.words) == (False, tries, f"answered {answer[0]}")


def test_nobody_there_is_tried_to_the_end() -> None:
    server = Receiver()
    url = server.url
    server.server_close()
    sent = send(url, EVENT, KEY, lambda _: None)
    assert not sent.ok and sent.tries == len(WAITS) + 1 and "refused" in sent.words


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://hooks.example/a", True), ("http://127.0.0.1/", True), ("http://[::1]:1/", True), ("http://localhost:9/", True),
        ("http://hooks.example/", False), ("http://127.0.0.1.hooks.example/", False), ("http://10.0.0.1/", False),
        ("file:///etc/hosts", False), ("https://", False), ("ftp://127.0.0.1/", False), ("http://[::1", False),
    ],
)  # fmt: skip
def test_only_private_ways_are_taken(url: str, private: bool) -> None:
    assert is_private(url) is private
    if not private:
        assert send(url, EVENT, KEY, lambda _: None).tries == 0


def routed(folder: Path, url: str) -> Programme:
    text = PROGRAMME.replace("storage@cloud.example}", "storage@cloud.example, webhook: team}, other: {webhook: team}")
    folder.mkdir(exist_ok=True)
    (folder / "exceptions").mkdir()
    (folder / "programme.yaml").write_text(f"{text}routes: {{team: {{url: '{url}', key_from: HOOK_KEY}}}}\n")
    return load(folder / "programme.yaml").programme


def test_each_owner_with_work_and_a_route_gets_one_letter(tmp_path: Path) -> None:
    programme = routed(tmp_path, "https://hooks.example/")
    (letter,) = letters(programme, (ITEM, ITEM), NOW)
    assert (letter.owner, letter.route, len(letter.event.data["items"])) == ("storage-lead", "team", 2)
    assert letters(programme, (ITEM, ITEM), NOW.replace(hour=23))[0].event.id == letter.event.id
    assert letters(programme, (ITEM,), NOW)[0].event.id != letter.event.id
    assert letters(programme, (), NOW) == ()


def test_a_key_that_is_not_in_the_environment_stops_before_anything_is_sent(tmp_path: Path, receiver: Receiver) -> None:
    waiting = letters(routed(tmp_path, receiver.url), (ITEM,), NOW)
    with pytest.raises(UsageError, match="lacks HOOK_KEY"):
        deliver(waiting, {}, lambda _: None)
    assert receiver.got == []


def test_the_command_sends_what_is_to_be_done(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = PROGRAMME.replace("storage@cloud.example}", "storage@cloud.example, webhook: team}")
    life = begin(tmp_path, programme=f"{text}routes: {{team: {{url: '{receiver.url}', key_from: HOOK_KEY}}}}\n")
    monkeypatch.setenv("HOOK_KEY", KEY.decode())
    monkeypatch.setattr("agent.commands.work.now", life.clock)
    typed = ["work", "--send", "--programme", str(tmp_path / "programme.yaml")]
    assert "nothing to send" in CliRunner().invoke(cli, typed).output
    life.cloud.volume("one", encrypted=False)
    life.run()
    result = CliRunner().invoke(cli, typed)
    items = json.loads(receiver.got[0][1])["data"]["items"]
    assert result.output == f"storage-lead: {len(items)} items sent by team\n"
    assert "data_is_encrypted_at_rest" in {item["check"] for item in items}
    receiver.answers = [(400, {})]
    assert "storage-lead: not sent by team in 1 tries (answered 400)" in str(CliRunner().invoke(cli, typed).exception)
