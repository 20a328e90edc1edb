"""Our Dockerfile, read and carried out without a container engine: its own RUN lines in a chroot over this machine's Python.

`python -m tests.deploy.dockerfile FOLDER EXTRAS` must be root in a mount namespace of its own; it leaves the final stage under FOLDER/image
and its settings in FOLDER/config.json. What stands for the base image is this machine's /usr and /etc, and its Python at /usr/local.
"""

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
BASE = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LD_LIBRARY_PATH": "/usr/local/lib"}
"""What the base image sets; its linker knows /usr/local/lib, this machine's may not."""
LINKS = {"bin": "usr/bin", "lib": "usr/lib", "lib64": "usr/lib64", "sbin": "usr/sbin"}


@dataclass(kw_only=True)
class Stage:
    """One stage: its instructions, in order."""

    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def said(self, instruction: str) -> list[str]:
        """What every instruction of a kind says."""
        return [rest for word, rest in self.steps if word == instruction]


def stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile. Knows continued lines and comments, and no more."""
    joined = re.sub(r"\\\n", " ", "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#")))
    found: list[Stage] = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            found.append(Stage(base=base, name=name))
        elif found:
            found[-1].steps.append((word, rest))
    return found


def context(name: str, patterns: list[str]) -> bool:
    """A path below the top is sent to the builder: the last pattern of .dockerignore that fits decides."""
    kept = True
    for pattern in patterns:
        plain = pattern.removeprefix("!").rstrip("/")
        parts = name.split("/")
        above = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
        fits = any(fnmatch.fnmatch(one, plain) and one.count("/") == plain.count("/") for one in above)
        if fits or (plain.startswith("**/") and plain.removeprefix("**/") in parts):
            kept = pattern.startswith("!")
    return kept


def ignored() -> list[str]:
    """The patterns of .dockerignore."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def bind(source: Path, target: Path, *, writable: bool = False) -> None:
    """Mount a folder or file at another place."""
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    subprocess.run(["mount", "--bind", source, target], check=True)
    if not writable:
        subprocess.run(["mount", "-o", "remount,bind,ro", target], check=True)


def stand_on_base(root: Path, *, shell: bool) -> None:
    """Mount what stands for the base image. Without a shell there is neither /bin nor /usr/bin."""
    prefix = Path(sys.base_prefix)
    if shell:
        bind(Path("/usr"), root / "usr")
    else:
        for name in ("lib", "lib64", "share/zoneinfo"):
            bind(Path("/usr") / name, root / "usr" / name)
    bind(prefix, root / "usr/local")
    bind(Path("/etc"), root / "etc")
    for name in ("null", "urandom", "random"):
        bind(Path("/dev") / name, root / "dev" / name, writable=True)
    for name, target in LINKS.items():
        if (root / target).exists() and not (root / name).is_symlink():
            (root / name).symlink_to(target)


class Builder:
    """Carries out the instructions of one stage in a folder."""

    def __init__(self, folder: Path, built: dict[str, Path], arguments: dict[str, str]) -> None:
        self.root, self.built, self.values = folder, built, dict(arguments)
        self.workdir, self.environment = "/", dict(BASE)
        self.config: dict[str, object] = {}

    def build(self, stage: Stage) -> None:
        """Carry out every instruction."""
        carried = {
            "ARG": self._arg, "ENV": self._env, "WORKDIR": self._workdir, "COPY": self._copies, "RUN": self._run,
            "USER": self._says, "VOLUME": self._says, "ENTRYPOINT": self._says, "CMD": self._says,
        }  # fmt: skip
        for word, rest in stage.steps:
            carried[word](word, rest)

    def _arg(self, _: str, rest: str) -> None:
        name, _, default = rest.partition("=")
        self.environment[name] = self.values.get(name, default.strip('"'))

    def _env(self, _: str, rest: str) -> None:
        for pair in shlex.split(rest):
            name, _, value = pair.partition("=")
            self.environment[name] = value.replace("$PATH", self.environment["PATH"])

    def _workdir(self, _: str, rest: str) -> None:
        self.workdir = rest
        (self.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def _copies(self, _: str, rest: str) -> None:
        options = dict(word.split("=") for word in rest.split() if word.startswith("--"))
        *names, last = (word for word in rest.split() if not word.startswith("--"))
        stage = self.built.get(options.get("--from", ""))
        target = self.root / str(Path(self.workdir) / last).lstrip("/")
        for name in names:
            whole = stage is not None or (ROOT / name).is_dir()
            into = target / Path(name).name if last.endswith("/") and not whole else target
            self._copy(stage or ROOT, name.lstrip("/"), into, sent=stage is None, owner=options.get("--chown"))

    def _copy(self, source: Path, name: str, target: Path, *, sent: bool, owner: str | None) -> None:
        new = not target.exists()
        if (source / name).is_dir():
            target.mkdir(parents=True, exist_ok=True)
            for one in sorted((source / name).iterdir()):
                if not sent or one.is_dir() or context(one.relative_to(source).as_posix(), ignored()):
                    self._copy(source, one.relative_to(source).as_posix(), target / one.name, sent=sent, owner=owner)
        elif not sent or context(name, ignored()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, target, follow_symlinks=False)
        if new and owner and target.exists():
            user, _, group = owner.partition(":")
            os.chown(target, int(user), int(group), follow_symlinks=False)

    def _run(self, _: str, rest: str) -> None:
        outside = {
            name: value
            for name, value in os.environ.items()
            if name.upper().startswith(("PIP_", "HTTP", "NO_PROXY", "SSL"))
        }
        links = os.environ.get("PIP_FIND_LINKS")  # wheels of this machine, if it has some
        if links and Path(links).is_dir():
            bind(Path(links), self.root / links.lstrip("/"))
        command = [
            shutil.which("chroot") or "chroot",
            self.root,
            "/bin/sh",
            "-c",
            f"cd {shlex.quote(self.workdir)} && {rest}",
        ]
        subprocess.run(command, check=True, env=outside | self.environment)

    def _says(self, word: str, rest: str) -> None:
        self.config[word.lower()] = json.loads(rest) if rest.startswith("[") else rest


def main(folder: Path, extras: str) -> None:
    """Build both stages."""
    built: dict[str, Path] = {}
    for stage in stages((ROOT / "Dockerfile").read_text()):
        root = folder / (stage.name or "image")
        (root / "tmp").mkdir(parents=True)
        stand_on_base(root, shell=True)
        builder = Builder(root, built, {"EXTRAS": extras})
        builder.build(stage)
        built[stage.name] = root
    settings = {**builder.config, "workdir": builder.workdir, "environment": builder.environment}
    (folder / "config.json").write_text(json.dumps(settings))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
