"""Digests of work that go out by themselves: at their hour, once, into chats too, and never in the way of the cadence."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from agent import running
from agent.digesting import Postbox, hours, next_due
from agent.digests import MOST_IN_CHAT, chatted
from agent.people import Digests
from agent.sending import WAITS, say
from agent.work import Item
from tests.agent.living import DAY, PROGRAMME, START, Life, begin
from tests.agent.receiving import Receiver, receiving
from tests.agent.test_daemon import Days

HOUR = timedelta(hours=1)
ROUTED = (
    PROGRAMME.replace("storage@cloud.example}", "storage@cloud.example, webhook: channel}").replace(
        "time_zone: UTC", "time_zone: Europe/Berlin"
    )
    + "routes: {channel: {kind: chat, url_from: CHANNEL}}\ndigests: {at: 07:30, on: every day}\n"
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@pytest.fixture
def life(tmp_path) -> Life:
    """An unencrypted volume is work, from the first sweep on."""
    found = begin(tmp_path, programme=ROUTED)
    found.cloud.volume("one", encrypted=False)
    return found


def run(life, receiver, **changes):
    """A run with the receiver's address in its environment."""
    waits: list[float] = []
    postbox = Postbox(environment={"CHANNEL": receiver.url, **changes}, sleep=waits.append)
    return running.run(replace(life.agent, postbox=postbox)), waits


def texts(receiver):
    return [json.loads(body)["text"] for _, body in receiver.got]


def test_a_run_after_the_hour_sends_the_days_digest_once(life, receiver):
    run(life, receiver)
    assert receiver.got == [], "the hour had not come since the commitment"
    life.clock.now = START + 6 * HOUR  # half past seven in Berlin was half an hour ago
    run(life, receiver)
    run(life, receiver)
    life.clock.now += 12 * HOUR
    run(life, receiver)
    (text,) = texts(receiver)
    assert re.match(r"Example Cloud GmbH: \d+ to do, 0 overdue \(storage-lead\)\n", text)
    assert "data_is_encrypted_at_rest" in text
    life.clock.now += DAY
    run(life, receiver)
    assert len(receiver.got) == 2
    assert [entry.key for entry in life.agent.journal.of("digests")] == ["digests/2026-09-01", "digests/2026-09-02"]


def test_what_a_chat_gets_is_json_with_one_text(receiver):
    assert say(receiver.url, "two\nlines", lambda _: None).ok
    ((headers, body),) = receiver.got
    assert json.loads(body) == {"text": "two\nlines"}
    assert headers["content-type"] == "application/json; charset=utf-8" and "webhook-signature" not in headers


def test_a_chat_that_is_busy_is_tried_again_and_its_address_is_told_to_nobody(receiver):
    receiver.answers, waits = [(429, {"Retry-After": "7"}), (500, {}), (200, {})], []
    sent = say(f"{receiver.url}/T0/secret", "text", waits.append)
    assert (sent.ok, sent.tries, waits, sent.url) == (True, 3, [7.0, WAITS[1]], "127.0.0.1")
    assert say("http://chat.example/secret", "text", waits.append).words == "not an https address"


def test_a_receiver_that_refuses_is_written_down_and_does_not_hold_the_cadence(life, receiver):
    life.run()
    life.clock.now = START + DAY + 6 * HOUR
    receiver.answers = [(404, {})]
    ran, _ = run(life, receiver)
    assert ran.taken and not ran.troubles
    assert ran.undelivered == ("the digest of storage-lead was not sent by channel in 1 tries (answered 404)",)
    (entry,) = life.agent.journal.of("undelivered")
    assert (entry.body["owners"], entry.body["routes"]) == (["storage-lead"], ["channel"])
    assert run(life, receiver)[0].undelivered == (), "the next day's holds all that is still to do"


def test_a_secret_that_is_not_there_is_said_and_does_not_hold_the_cadence(life, receiver):
    life.run()
    life.clock.now = START + DAY + 6 * HOUR
    agent = replace(life.agent, postbox=Postbox(environment={}, sleep=lambda _: None))
    ran = running.run(agent)
    assert ran.taken and "lacks CHANNEL" in ran.undelivered[0]


def test_no_secret_is_in_the_words_of_an_agent(life):
    agent = replace(
        life.agent, postbox=Postbox(environment={"CHANNEL": "https://chat.example/secret"}, sleep=lambda _: None)
    )
    assert "chat.example" not in repr(agent)


def test_of_two_replicas_one_sends(life, receiver):
    life.run()
    life.clock.now = START + DAY + 6 * HOUR
    postbox = Postbox(environment={"CHANNEL": receiver.url}, sleep=lambda _: None)
    for agent in (replace(life.agent, postbox=postbox), replace(life.agent, postbox=postbox)):
        running.run(agent)
    assert len(receiver.got) == 1


def test_a_daemon_sends_at_the_hour_itself(life, receiver, monkeypatch):
    monkeypatch.setenv("CHANNEL", receiver.url)
    Days(life, until=START + 4 * DAY).live()
    sent = [entry.at for entry in life.agent.journal.of("digests")]
    assert sent == [START + number * DAY + timedelta(hours=5, minutes=30) for number in range(4)]
    assert len(receiver.got) >= 3, "each day on which there is work"


def test_hostile_names_call_nobody_and_a_long_list_is_cut():
    items = [
        Item(
            key=f"{number:016x}", kind="deviation", state="overdue" if number else "new", owner="lead", since=START,
            services=("one",), words="<!channel> & <@U1>", check="c", account="1",
        )
        for number in range(MOST_IN_CHAT + 5)
    ]  # fmt: skip
    text = chatted("Example", "lead", items)
    assert "<" not in text and "&lt;!channel&gt; &amp; &lt;@U1&gt;" in text
    assert text.startswith("Example: 25 to do, 24 overdue (lead)\n") and text.endswith(
        "and 5 more: starcadence work --owner lead"
    )


@pytest.mark.parametrize(("on", "days"), [("every day", range(7)), ("weekdays", range(5)), ("mondays", range(1))])
def test_hours_are_local_and_of_the_days_that_were_named(on, days):
    found = hours(Digests(at="02:30", on=on), "Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert {one.weekday() for one in found} <= set(days) and len(found) >= 2 * len(days)
    assert datetime(2026, 3, 30, 0, 30, tzinfo=UTC) in found, "a Monday of summer time"
    assert all(one < other for one, other in pairwise(found))


def test_without_the_key_nothing_is_ever_due(tmp_path):
    life = begin(tmp_path)
    assert next_due(life.agent.journal, life.agent.loaded, life.clock.now) is None
    life.days(3)
    assert not list(life.agent.journal.of("digests"))
