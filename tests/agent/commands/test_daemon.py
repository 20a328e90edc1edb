"""`starcadence daemon` as a process: what it answers and what its signals do."""

import json
import signal
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.cli import cli
from agent.errors import UsageError
from agent.journal import Journal
from agent.opening import open_agent
from agent.reading import load
from agent.running import run
from agent.store import Folder
from tests.agent.serving import LONG, PROGRAMME, Running, patient, prepare, start
from tests.fakes.aws import FakeAws
from tests.fakes.estate import Estate


@pytest.fixture
def estate() -> Estate:
    """One account and one region: what the process does with a sweep is the point, not what is swept."""
    return Estate(accounts=("111122223333",), regions=("eu-west-1",))


@pytest.fixture
def programme(aws: FakeAws, tmp_path: Path) -> Path:
    return prepare(tmp_path)


@pytest.fixture
def daemons():
    """Starts daemons; kills what is left of them."""
    made: list[Running] = []

    def begin(programme: Path, *more: str) -> Running:
        made.append(start(programme, *more))
        return made[-1]

    yield begin
    for one in made:
        one.process.kill()
        one.process.wait(LONG)


def kinds(programme: Path) -> list[str]:
    return [entry.kind for entry in Journal(Folder(programme.parent / "store")).entries]


def test_a_daemon_sweeps_answers_reloads_and_stops(programme, daemons):
    running = daemons(programme)
    running.until("sweep closed")
    patient(lambda: "starcadence_last_sweep_complete 1" in running.get("/metrics")[1])
    assert "starcadence_last_sweep_complete 1" in running.get("/metrics")[1]
    assert running.get("/healthz")[0] == 200
    assert running.get("/readyz")[0] == 200
    status, page = running.get("/")
    assert status == 200 and "Example Cloud GmbH" in page and "111122223333" not in page
    assert running.get("/store/journal/00000001.json")[0] == 404
    written = programme.parent / "store" / "status" / "index.html"
    patient(written.is_file)
    assert "Example Cloud GmbH" in written.read_text()

    programme.write_text("provider: [")
    running.process.send_signal(signal.SIGHUP)
    running.until("the changed programme cannot be used; the one before it goes on")
    patient(lambda: running.get("/readyz")[0] == 503)
    ready = json.loads(running.get("/readyz")[1])
    assert [one["what"] for one in ready["findings"] if not one["ok"]] == ["programme"]

    programme.write_text(PROGRAMME.replace("GmbH", "AG"))
    running.process.send_signal(signal.SIGHUP)
    running.until("programme read again")
    assert running.stop() == 0
    assert kinds(programme)[-1] == "stopped"
    assert {"started", "sweep", "programme-refused", "stopped"} <= set(kinds(programme))


@pytest.mark.slow
@pytest.mark.whole
def test_sigterm_lets_go_of_a_sweep_within_the_grace_period_and_a_second_runner_goes_on(programme, daemons, aws):
    reached, go_on = threading.Event(), threading.Event()
    answer = aws.answers

    def stalled(request):
        if request.operation == "ec2.DescribeVolumes":
            reached.set()
            go_on.wait(LONG)
        return answer(request)

    aws.answers = stalled
    running = daemons(programme, "--grace", "2")
    assert reached.wait(LONG)
    begun = time.monotonic()
    assert running.stop() == 0
    assert time.monotonic() - begun < 2 + 5
    assert "sweep" not in kinds(programme)
    go_on.set()
    assert run(open_agent(load(programme))).taken


@pytest.mark.slow
@pytest.mark.whole
def test_a_sweep_that_ends_within_the_grace_period_is_finished(programme, daemons, aws):
    reached, go_on = threading.Event(), threading.Event()
    answer = aws.answers

    def stalled(request):
        if request.operation == "ec2.DescribeVolumes":
            reached.set()
            go_on.wait(LONG)
        return answer(request)

    aws.answers = stalled
    running = daemons(programme, "--grace", "60")
    assert reached.wait(LONG)
    running.process.send_signal(signal.SIGTERM)
    go_on.set()
    assert running.process.wait(LONG) == 0
    assert kinds(programme)[-2:] == ["sweep", "stopped"]


@pytest.mark.slow
@pytest.mark.whole
def test_killing_loses_nothing(programme, daemons):
    running = daemons(programme)
    running.until("sweep closed")
    assert running.stop(signal.SIGKILL) == -signal.SIGKILL
    other = daemons(programme)
    other.until("started")
    patient(lambda: kinds(programme).count("started") == 2)
    assert other.stop() == 0
    assert kinds(programme).count("sweep") == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--listen", "nonsense"], "write address and port"),
        (["--listen", "0.0.0.0:0", "--tier", "auditor"], "health.tls.clients"),
        (["--listen", "203.0.113.9:1"], "name a free address"),
    ],
)
def test_what_cannot_be_listened_to_is_refused_with_its_remedy(programme, options, words):
    ended = CliRunner().invoke(cli, ["daemon", "--programme", str(programme), *options])
    assert isinstance(ended.exception, UsageError)
    assert words in str(ended.exception)
