"""A Dask cluster: over mutual TLS or not at all, and a worker that dies changes nothing in the result."""

import dataclasses
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec.structs import replace

from agent.canonical import stamp
from agent.errors import Incomplete, StoreError, UsageError
from agent.grid import Errand, NoSigner, Scheduler, run_on, scheduler_of, take_part
from agent.keys import make_salt_key, make_signing_key
from agent.opening import open_agent
from agent.parts import read_part, read_plan
from agent.reading import load
from agent.record import Sweep
from agent.running import commit, run
from agent.store import Folder
from agent.told import Patience
from tests.agent.living import DAY, Life, begin
from tests.agent.simulator import Clock
from tests.conftest import ambient
from tests.fakes.aws import FakeAws
from tests.fakes.estate import Estate

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)


def files(folder: Path) -> dict[str, Path | None]:
    return {name: folder / f"{name}.pem" for name in ("ca", "cert", "key")}


def certified(folder: Path) -> Scheduler:
    """A certificate authority of our own, and one certificate of it for everybody on loopback."""
    folder.mkdir(parents=True)
    now = datetime.now(UTC)
    authority, ours = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def signed(name: str, key: ec.EllipticCurvePrivateKey, *more: tuple[x509.ExtensionType, bool]) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority.example")]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
        )
        for extension, critical in more:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(authority, hashes.SHA256())

    root = signed("authority.example", authority, (x509.BasicConstraints(ca=True, path_length=0), True))
    loopback = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    (folder / "ca.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (folder / "cert.pem").write_bytes(
        signed("grid.example", ours, (loopback, False)).public_bytes(serialization.Encoding.PEM)
    )
    (folder / "key.pem").write_bytes(
        ours.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return Scheduler(
        address="tls://127.0.0.1:0", ca=folder / "ca.pem", cert=folder / "cert.pem", key=folder / "key.pem"
    )


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:8786", "127.0.0.1:8786", "ws://grid.example:1", "inproc://x", "TLS://x:1"]
)
def test_anything_but_tls_is_refused_with_the_reason(tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError, match="only tls:// is taken, with certificates on both sides"):
        scheduler_of(address, files(tmp_path))


def test_tls_without_certificates_of_ours_is_refused(tmp_path: Path) -> None:
    certified(tmp_path / "tls")
    for name in ("ca", "cert", "key"):
        with pytest.raises(UsageError, match=f"--tls-{name}: not given"):
            scheduler_of("tls://grid.example:8786", {**files(tmp_path / "tls"), name: None})
        with pytest.raises(UsageError, match=f"--tls-{name}: .* is no file"):
            scheduler_of("tls://grid.example:8786", {**files(tmp_path / "tls"), name: tmp_path / "none.pem"})
    with pytest.raises(UsageError, match="needs its scheduler"):
        scheduler_of(None, files(tmp_path / "tls"))


def test_a_worker_signs_nothing() -> None:
    for use in (lambda one: one.public_key, lambda one: one.fingerprint, lambda one: one.sign(b"x")):
        with pytest.raises(StoreError, match="signs nothing"):
            use(NoSigner())


def errand(life: Life, **changes: object) -> Errand:
    journal = life.agent.journal
    made = Errand(
        programme=str(life.folder / "programme.yaml"), named=life.clock.now, nominal=life.clock.now, index=0, count=2,
        height=journal.height, head=journal.head, patience=0,
    )  # fmt: skip
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def test_a_worker_with_another_store_takes_nothing(tmp_path: Path) -> None:
    mine, theirs = begin(tmp_path / "mine"), begin(tmp_path / "theirs")
    mine.run()
    before = theirs.tree()
    with pytest.raises(UsageError, match="names another store"):
        take_part(errand(mine, programme=str(theirs.folder / "programme.yaml")))
    with pytest.raises(UsageError, match="names another store"):
        take_part(errand(mine, head="0" * 64))
    assert theirs.tree() == before


PROGRAMME = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: monthly, sweep_every: 24h}
scope: {aws: {organization: o-exampleorg1, role: starcadence-read}}
services:
  - id: object-store
    name: Example Object Store
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications: {"CCM:4.1:CEK-03": {owner: lead, responsibility: provider}}
owners: {lead: {email: lead@cloud.example}}
"""


class Slow(Estate):
    """An organisation that takes its time, so that there is somebody to kill."""

    def answer(self, request):
        time.sleep(self.pace)
        return super().answer(request)


@pytest.fixture
def estate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda *_: "Mon, 14 Sep 2026 10:00:00 GMT")
    found = Slow(accounts=tuple(f"{number:012}" for number in range(111122223333, 111122223339)))
    found.pace = 0.0
    server = FakeAws(answers=found.answer).start()
    ambient(monkeypatch, found.management, server.url)
    yield found
    server.stop()


@contextmanager
def cluster(
    folder: Path, scheduler: Scheduler, *, programme: Path
) -> Iterator[tuple[Scheduler, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, each a process."""
    tls = [f"--tls-ca-file={scheduler.ca}", f"--tls-cert={scheduler.cert}", f"--tls-key={scheduler.key}"]
    told = folder / "scheduler.json"
    environment = {**os.environ, "STARCADENCE_PROGRAMME": str(programme), "PYTHONPATH": str(ROOT)}
    loopback = ["--host=127.0.0.1", "--no-dashboard"]
    command = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--protocol=tls",
        *loopback,
        "--port=0",
        f"--scheduler-file={told}",
        *tls,
    ]
    with ExitStack() as stack:

        def started(name: str, words: list[str]) -> subprocess.Popen[bytes]:
            log = stack.enter_context((folder / f"{name}.log").open("wb"))
            process = subprocess.Popen(words, stdout=log, stderr=log, env=environment, cwd=folder)
            stack.callback(process.wait, timeout=30)
            stack.callback(process.kill)
            return process

        started("scheduler", command)
        worker = [
            sys.executable,
            "-m",
            "distributed.cli.dask_worker",
            f"--scheduler-file={told}",
            "--nthreads=1",
            "--no-nanny",
        ]
        workers = [
            started(f"worker-{number}", [*worker, *loopback, f"--local-directory={folder / str(number)}", *tls])
            for number in range(2)
        ]
        address = until(lambda: told.is_file() and json.loads(told.read_text() or "{}").get("address"))
        found = dataclasses.replace(scheduler, address=address)
        until(lambda: number_of_workers(found) == 2)
        yield found, workers


def until(found, seconds: float = 60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError("it did not come about")


def number_of_workers(scheduler: Scheduler) -> int:
    from distributed import Client, Security

    security = Security(
        tls_ca_file=str(scheduler.ca),
        tls_client_cert=str(scheduler.cert),
        tls_client_key=str(scheduler.key),
        require_encryption=True,
    )
    with Client(scheduler.address, security=security, set_as_default=False) as client:
        return len(client.scheduler_info(n_workers=-1)["workers"])


def desk(folder: Path) -> Path:
    folder.mkdir()
    (folder / "programme.yaml").write_text(PROGRAMME)
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    store = folder / "store"
    return {path.relative_to(store).as_posix(): path.read_bytes() for path in store.rglob("*") if path.is_file()}


def said(folder: Path, sweep: Sweep) -> tuple[object, ...]:
    """Everything that a sweep says, to the last address of a blob, but for its log of calls.

    Which of several threads asked first for what all of them share is chance, in one process as in two; and two processes ask twice what
    one asks once for a whole sweep.
    """
    store, name = Folder(folder / "store"), f"sweeps/{stamp(sweep.slot)}"
    plan = read_plan(store, name)
    parts = [read_part(store, name, account) for account in sorted(sweep.parts)]
    cells = [tuple(replace(cell, calls=0, hosts=()) for cell in part.cells) for part in parts]
    return (
        replace(sweep, calls=0, parts={}, plan=""),
        replace(plan, estates=tuple(replace(estate, calls=()) for estate in plan.estates)),
        [replace(part, calls="", cells=bare) for part, bare in zip(parts, cells, strict=True)],
    )


@pytest.mark.slow
@pytest.mark.whole
@pytest.mark.filterwarnings("ignore")
def test_a_worker_that_is_killed_changes_no_byte_of_the_result(tmp_path: Path, estate: Slow) -> None:
    mine = desk(tmp_path / "mine")
    clock = Clock(NOW)
    commit(open_agent(load(mine / "programme.yaml"), clock=clock))
    shutil.copytree(mine, tmp_path / "alone")
    clock.now += DAY
    alone = run(open_agent(load(tmp_path / "alone/programme.yaml"), clock=clock))
    assert alone.sweep is not None
    estate.pace = 0.03
    secured = certified(tmp_path / "tls")
    with cluster(tmp_path, secured, programme=mine / "programme.yaml") as (scheduler, workers):
        watcher = subprocess.Popen([sys.executable, "-c", WATCH, str(mine / "store"), str(workers[1].pid)])
        ran = run_on(open_agent(load(mine / "programme.yaml"), clock=clock), scheduler, Patience(seconds=3, every=0.1))
        assert watcher.wait(timeout=30) == 0, "the sweep was over before anybody was killed"
        assert workers[1].wait(timeout=30) == -signal.SIGKILL
        assert workers[0].poll() is None
    assert ran.taken and ran.sweep is not None
    assert said(mine, ran.sweep) == said(tmp_path / "alone", alone.sweep)


WATCH = """
import os, pathlib, signal, sys, time
store, pid = pathlib.Path(sys.argv[1]), int(sys.argv[2])
end = time.monotonic() + 60
while time.monotonic() < end and not list(store.glob("sweeps/*/plan.json.zst")):
    time.sleep(0.01)
time.sleep(1)
parts = len(list(store.glob("sweeps/*/parts/*")))
os.kill(pid, signal.SIGKILL)
sys.exit(parts >= 6)
"""


@pytest.mark.slow
@pytest.mark.whole
@pytest.mark.filterwarnings("ignore")
def test_whoever_has_no_certificate_of_ours_gets_no_word(tmp_path: Path, estate: Slow) -> None:
    mine = desk(tmp_path / "mine")
    secured, strange = certified(tmp_path / "tls"), certified(tmp_path / "strange")
    agent = open_agent(load(mine / "programme.yaml"))
    commit(agent)
    with cluster(tmp_path, secured, programme=mine / "programme.yaml") as (scheduler, _):
        host, port = scheduler.address.removeprefix("tls://").split(":")
        context = ssl.create_default_context(cafile=str(scheduler.ca))
        with pytest.raises(OSError), ssl_connection(host, int(port), context) as bare:  # no certificate at all
            bare.read(1)
        before = tree(mine)
        with pytest.raises(Incomplete, match="cannot be reached over mutual TLS"):
            run_on(agent, dataclasses.replace(strange, address=scheduler.address), Patience(seconds=1))
        assert tree(mine) == before


@contextmanager
def ssl_connection(host: str, port: int, context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    import socket

    with (
        socket.create_connection((host, port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=host) as found,
    ):
        yield found
