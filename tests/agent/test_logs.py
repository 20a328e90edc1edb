"""Logs: who reads them decides their shape, and no secret leaves through them."""

import io
import json
import logging
import subprocess
import sys
import warnings

import pytest
import structlog

from agent import logs


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def the_logging_of_before():
    """Logging is the process's: put back what the tests of others expect."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_where_nobody_looks_each_event_is_one_json_object():
    stream = io.StringIO()
    logs.configure("auto", stream=stream)
    logs.logger("agent.sweep").info("sweep closed", cells=240, note="two\nlines")
    (event,) = lines(stream)
    assert event["event"] == "sweep closed"
    assert event["cells"] == 240
    assert event["level"] == "info"
    assert event["logger"] == "agent.sweep"
    assert event["timestamp"].endswith("Z")


def test_a_person_at_a_terminal_reads_words():
    stream = Terminal()
    logs.configure("auto", stream=stream)
    logs.logger("agent").warning("cell unseen")
    assert "cell unseen" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


@pytest.mark.parametrize(
    ("stream", "asked", "is_json"), [(Terminal(), "json", True), (io.StringIO(), "console", False)]
)
def test_what_is_asked_for_beats_the_terminal(stream, asked, is_json):
    logs.configure(asked, stream=stream)
    logs.logger("agent").info("event")
    assert stream.getvalue().startswith("{") is is_json


def test_a_level_silences_what_is_below():
    stream = io.StringIO()
    logs.configure("json", level="warning", stream=stream)
    logs.logger("agent.store").info("not this")
    logs.logger("collectors.visit").warning("this")
    assert [each["event"] for each in lines(stream)] == ["this"]


def test_other_libraries_and_warnings_leave_by_the_same_door_and_never_below_warning():
    stream = io.StringIO()
    logs.configure("json", level="debug", stream=stream)
    logging.getLogger("botocore.auth").debug("Authorization: AWS4-HMAC-SHA256 ...")
    logging.getLogger("urllib3").warning("pool of %s is full", "sts")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logs.configure("json", level="debug", stream=stream)
        warnings.warn_explicit("old call", UserWarning, "somewhere.py", 1)
    events = [each["event"] for each in lines(stream)]
    assert events[0] == "pool of sts is full"
    assert "old call" in events[1]
    assert len(events) == 2


def fails_with(message: str, aside: str = "") -> None:
    kept = aside * 2
    raise ValueError(message if kept is not None else kept)


SECRETS = {
    "an access key": "AKIA" + "IOSFODNN7EXAMPLE",
    "a session's access key": "ASIA" + "IOSFODNN7EXAMPLE",
    "a private key": "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBkg\n-----END EC PRIVATE KEY-----",
    "a signature": "Signature=" + "0f" * 32,
    "a bearer token": "Bearer abcdefgh.ijklmnop",
    "a password in an address": "https://user:hunter2@proxy.example/",
    "an e-mail address": "someone@cloud.example",
}


@pytest.mark.parametrize("log_format", ["json", "console"])
@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_is_struck_out_wherever_it_stands(secret, log_format):
    stream = io.StringIO()
    logs.configure(log_format, stream=stream)
    log = logs.logger("agent")
    log.info(secret, text=f"x {secret} y", deep={"inner": [secret, {"more": (secret,)}]}, thing=ValueError(secret))
    logging.getLogger("botocore").error("failed with %s", secret)
    try:
        fails_with(secret)
    except ValueError:
        log.exception("broken")
    written = stream.getvalue()
    canary = secret.split("\n")[1] if "\n" in secret else secret.replace("Signature=", "").replace("Bearer ", "")
    canary = "hunter2" if "hunter2" in canary else canary
    assert canary not in written
    assert logs.STRUCK in written
    assert "ValueError" in written


@pytest.mark.parametrize("name", ["aws_secret_access_key", "Password", "session_token", "salt_key", "credentials"])
def test_what_is_called_a_secret_is_struck_out_whatever_it_looks_like(name):
    stream = io.StringIO()
    logs.configure("json", stream=stream)
    logs.logger("agent").info("event", **{name: "plain words"}, cells=3)
    (event,) = lines(stream)
    assert event[name] == logs.STRUCK
    assert event["cells"] == 3


def test_a_traceback_shows_no_local_variables():
    stream = io.StringIO()
    logs.configure("console", stream=stream)
    try:
        fails_with("words", aside="can" + "ary")
    except ValueError:
        logs.logger("agent").exception("broken")
    assert "ValueError: words" in stream.getvalue()
    assert "canary" not in stream.getvalue()


def test_help_loads_no_log_library():
    code = "import sys, agent.cli; sys.exit('structlog' in sys.modules or 'prometheus_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
