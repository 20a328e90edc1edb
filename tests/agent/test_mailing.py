"""Digests by mail: to owners with an address and no webhook, tried again while that may help, never in the open but to this machine."""

import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.cli import cli
from agent.digests import mails
from agent.mailing import compose, send
from agent.people import Mail
from agent.reading import load
from agent.work import Item
from tests.agent.living import PROGRAMME, begin

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
ITEM = Item(
    key="0" * 16,
    kind="review",
    state="overdue",
    owner="storage-lead",
    services=("object-store",),
    words="sign",
    since=NOW,
)
MESSAGE = compose("starcadence@cloud.example", "storage@cloud.example", "one\nto do", "text\n", "id")


class Postbox:
    """A mail server on this machine that answers RCPT as it is told, and keeps what it got."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.answers: list[bytes] = []
        self.got: list[bytes] = []
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    @property
    def mail(self) -> Mail:
        return Mail(
            server=f"127.0.0.1:{self.socket.getsockname()[1]}", sender="starcadence@cloud.example", security="none"
        )

    def serve(self) -> None:
        while True:
            connection, _ = self.socket.accept()
            with connection, connection.makefile("rb") as lines:
                if not self.talk(connection, iter(lines.readline, b"")):
                    return

    def talk(self, connection: socket.socket, lines: Iterator[bytes]) -> bool:
        connection.sendall(b"220 ready\r\n")
        for line in lines:
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"STOP":
                return False
            if verb == b"DATA":
                connection.sendall(b"354 go on\r\n")
                self.got.append(b"".join(iter(lambda: next(lines), b".\r\n")))
            answer = self.answers.pop(0) if verb == b"RCPT" and self.answers else b"250 fine"
            connection.sendall((b"221 bye" if verb == b"QUIT" else answer) + b"\r\n")
            if verb == b"QUIT":
                break
        return True

    def close(self) -> None:
        with socket.create_connection(self.socket.getsockname()) as last:
            last.sendall(b"STOP\r\n")
        self.thread.join()
        self.socket.close()


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    yield box
    box.close()


def test_a_message_arrives_with_its_headers_on_one_line_each(postbox: Postbox) -> None:
    assert send(postbox.mail, MESSAGE, {}, lambda _: None).ok
    found = message_from_bytes(postbox.got[0])
    assert (found["Subject"], found["To"], found["Message-ID"]) == (
        "one to do",
        "storage@cloud.example",
        "<id@cloud.example>",
    )
    assert found["Auto-Submitted"] == "auto-generated"


def test_a_server_that_is_busy_is_tried_again_and_one_that_refuses_is_not(postbox: Postbox) -> None:
    waited: list[float] = []
    postbox.answers = [b"451 later"]
    assert send(postbox.mail, MESSAGE, {}, waited.append).tries == 2
    assert waited == [1.0]
    postbox.answers = [b"550 nobody here"]
    refused = send(postbox.mail, MESSAGE, {}, waited.append)
    assert (refused.ok, refused.tries, refused.words) == (False, 1, "answered 550")


def test_a_server_without_encryption_gets_nothing_where_it_is_asked_for(postbox: Postbox) -> None:
    mail = Mail(server=postbox.mail.server, sender="starcadence@cloud.example")
    found = send(mail, MESSAGE, {}, lambda _: None)
    assert not found.ok and found.tries == 1 and "STARTTLS" in found.words
    assert postbox.got == []


def test_nobody_there_is_tried_to_the_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        server = f"127.0.0.1:{free.getsockname()[1]}"
    found = send(Mail(server=server, sender="a@cloud.example", security="none"), MESSAGE, {}, lambda _: None)
    assert not found.ok and found.tries == 4


def test_only_owners_with_an_address_and_no_webhook_are_mailed(tmp_path: Path) -> None:
    mail = "mail: {server: 'localhost:25', sender: starcadence@cloud.example, security: none}\n"
    (tmp_path / "exceptions").mkdir()
    path = tmp_path / "programme.yaml"
    path.write_text(PROGRAMME + mail)
    ((owner, message),) = mails(load(path).programme, (ITEM, ITEM), NOW)
    assert (owner, message["To"]) == ("storage-lead", "storage@cloud.example")
    assert message["Subject"] == "Example Cloud GmbH: 2 to do, 2 overdue"
    assert "0000000000000000  overdue review  storage-lead" in message.get_content()
    routed = PROGRAMME.replace("storage@cloud.example}", "storage@cloud.example, webhook: team}") + mail
    path.write_text(routed + "routes: {team: {url: 'https://hooks.example/', key_from: HOOK_KEY}}\n")
    assert mails(load(path).programme, (ITEM,), NOW) == ()
    path.write_text(PROGRAMME)
    assert mails(load(path).programme, (ITEM,), NOW) == ()


def test_the_command_mails_what_is_to_be_done(
    tmp_path: Path, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = f"{{server: '{postbox.mail.server}', sender: starcadence@cloud.example, security: none}}"
    life = begin(tmp_path, programme=f"{PROGRAMME}mail: {said}\n")
    monkeypatch.setattr("agent.commands.work.now", life.clock)
    life.cloud.volume("one", encrypted=False)
    life.run()
    result = CliRunner().invoke(cli, ["work", "--send", "--programme", str(tmp_path / "programme.yaml")])
    assert re.fullmatch(r"storage-lead: \d+ items sent by mail\n", result.output), result.exception
    assert b"data_is_encrypted_at_rest" in postbox.got[0]


def test_a_password_that_is_not_in_the_environment_stops_before_anything_is_sent(
    tmp_path: Path, postbox: Postbox
) -> None:
    said = f"{{server: '{postbox.mail.server}', sender: s@cloud.example, security: none, user_from: MAIL_USER, password_from: MAIL_WORD}}"
    life = begin(tmp_path, programme=f"{PROGRAMME}mail: {said}\n")
    life.cloud.volume("one", encrypted=False)
    life.run()
    result = CliRunner().invoke(cli, ["work", "--send", "--programme", str(tmp_path / "programme.yaml")])
    assert "lacks MAIL_USER, MAIL_WORD" in str(result.exception)
    assert postbox.got == []
