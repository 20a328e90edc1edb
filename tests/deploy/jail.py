"""Containers without an engine: commands run one after another in the built image, on one loopback with a fake AWS and nothing else.

`python -m tests.deploy.jail IMAGE ORDERS` must be root in mount, network and process namespaces of its own. IMAGE is what
`tests.deploy.dockerfile` left; ORDERS is a JSON list of `Container`s. Prints a JSON list of `Ended`s.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.deploy.dockerfile import BASE, bind, stand_on_base
from tests.fakes.aws import FakeAws, access_key
from tests.fakes.estate import Estate

NOBODY = 65532
CREDENTIALS = {
    "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Mount:
    """A folder or file of this machine, seen in the container."""

    source: str
    target: str
    writable: bool = False


@dataclass(frozen=True, kw_only=True)
class Container:
    """A command, what it is given, and what it may write. Its root is read-only, its user nobody, and there is no shell."""

    arguments: tuple[str, ...]
    """After the image's entrypoint."""
    environment: dict[str, str] = field(default_factory=dict)
    mounts: tuple[Mount, ...] = ()
    entrypoint: tuple[str, ...] | None = None
    until: tuple[str, ...] = ()
    """Paths on loopback (`PORT/path`) that must answer with 200 in turn; then the container is told to end by SIGTERM."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a container ended."""

    status: int
    out: str
    err: str
    answered: tuple[str, ...] = ()
    """What each of `until` answered."""


def container(image: Path, config: dict, one: Container, url: str, folder: Path) -> Ended:
    """Run one container to its end."""
    root = folder / "root"
    root.mkdir()
    subprocess.run(["mount", "--bind", image, root], check=True)
    for name in ("usr", "etc", "dev", "proc", *(mount.target.lstrip("/") for mount in one.mounts)):
        (root / name).mkdir(parents=True, exist_ok=True)
    stand_on_base(root, shell=False)
    subprocess.run(["mount", "-o", "remount,bind,ro", root], check=True)
    subprocess.run(["mount", "-t", "proc", "-o", "ro,hidepid=invisible", "proc", root / "proc"], check=True)
    for number, volume in enumerate({config["volume"]} - {mount.target for mount in one.mounts}):
        anonymous = folder / f"volume-{number}"
        shutil.copytree(image / volume.lstrip("/"), anonymous, dirs_exist_ok=True)
        shutil.copystat(image / volume.lstrip("/"), anonymous)
        os.chown(anonymous, NOBODY, NOBODY)
        bind(anonymous, root / volume.lstrip("/"), writable=True)
    for mount in one.mounts:
        bind(Path(mount.source), root / mount.target.lstrip("/"), writable=mount.writable)
    entry = one.entrypoint or tuple(config["entrypoint"])
    user, _, group = config["user"].partition(":")
    command = [
        "setpriv", "--no-new-privs", "--bounding-set=-all,+sys_chroot,+setuid,+setgid", "--inh-caps=-all",
        "unshare", f"--root={root}", f"--wd={config['workdir']}", f"--setgid={group}", f"--setuid={user}", *entry, *one.arguments,
    ]  # fmt: skip
    ambient = {
        **BASE,
        **config["environment"],
        **CREDENTIALS,
        "AWS_ACCESS_KEY_ID": access_key(Estate().management),
        "AWS_ENDPOINT_URL": url,
    }
    command[0] = shutil.which("setpriv") or "setpriv"
    command[4] = shutil.which("unshare") or "unshare"
    with subprocess.Popen(
        command,
        env=ambient | one.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        stdin=subprocess.DEVNULL,
    ) as process:
        answered = tuple(asked(path, process) for path in one.until)
        if one.until:
            process.terminate()
        out, err = process.communicate(timeout=120)
    subprocess.run(["umount", "--recursive", root], check=True)
    root.rmdir()
    return Ended(status=process.returncode, out=out, err=err, answered=answered)


def asked(until: str, process: subprocess.Popen) -> str:
    """What the container answers, once it does."""
    import urllib.request

    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{until}", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.1)
    return ""


def main(image: Path, orders: Path) -> None:
    """Loopback up, the fake AWS up, every container in turn."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    config = json.loads((image / "config.json").read_text())
    server = FakeAws(answers=Estate().answer).start()
    ended = []
    for order in json.loads(orders.read_text()):
        mounts = tuple(Mount(**mount) for mount in order.pop("mounts", ()))
        ended.append(container(image / "image", config, Container(**order, mounts=mounts), server.url, orders.parent))
    server.stop()
    sys.stdout.write(json.dumps([asdict(one) for one in ended]))


def contained(image: Path, folder: Path, *containers: Container) -> list[Ended]:
    """Run containers in namespaces of their own, one after another; `folder` is for us."""
    orders = folder / "orders.json"
    orders.write_text(json.dumps([asdict(one) for one in containers]))
    command = [
        "unshare",
        "--mount",
        "--net",
        "--pid",
        "--fork",
        "--kill-child",
        sys.executable,
        "-m",
        "tests.deploy.jail",
        image,
        orders,
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2], timeout=600
    )
    assert done.returncode == 0, done.stderr
    return [Ended(**one) for one in json.loads(done.stdout)]


def why_not() -> str | None:
    """Why there can be no container here, or nothing."""
    if os.geteuid() != 0:
        return "needs root, for namespaces and chroot"
    tried = subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "true"], capture_output=True, check=False)
    return tried.stderr.decode() if tried.returncode else None


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
