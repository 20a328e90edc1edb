"""The servers that stores are held against and the tools that read deploy/, at pinned versions, built once into a cache of the machine.

`python -m tests.servers.tools` (`make servers`) builds them all. `STARCADENCE_TOOLS` names another cache.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One server: where its source comes from, and what makes it."""

    name: str
    toolchain: str
    """`go` or `npm`, as a command on the path."""
    source: str
    version: str
    program: str
    """Path of what is started, below the tool's folder."""

    @property
    def folder(self) -> Path:
        """Where it lies, built."""
        return cache() / f"{self.name}-{self.version}"

    @property
    def path(self) -> Path:
        """What is started."""
        return self.folder / self.program


MINIO = Tool(
    name="minio", toolchain="go", source="github.com/minio/minio", version="v0.0.0-20260212201848-7aac2a2c5b7c", program="minio"
)  # fmt: skip
"""The last state of its public repository: whoever published it has stopped."""
FAKE_GCS = Tool(
    name="fake-gcs-server", toolchain="go", source="github.com/fsouza/fake-gcs-server", version="v1.56.1", program="fake-gcs-server"
)  # fmt: skip
AZURITE = Tool(
    name="azurite", toolchain="npm", source="azurite", version="3.37.0", program="node_modules/azurite/dist/src/blob/main.js"
)  # fmt: skip
HELM = Tool(name="helm", toolchain="go", source="helm.sh/helm/v4/cmd/helm", version="v4.3.1", program="helm")
KUSTOMIZE = Tool(
    name="kustomize", toolchain="go", source="sigs.k8s.io/kustomize/kustomize/v5", version="v5.8.2", program="kustomize"
)  # fmt: skip
TOOLS = (MINIO, FAKE_GCS, AZURITE, HELM, KUSTOMIZE)


class MissingError(Exception):
    """A server cannot be had here; the message says why."""


def cache(environment: Mapping[str, str] = os.environ) -> Path:
    """Where built servers are kept."""
    return Path(environment.get("STARCADENCE_TOOLS") or Path.home() / ".cache" / "starcadence-tools")


def built(tool: Tool) -> Path:
    """The server's path, built if it is not there yet; processes that ask at once build it once. `MissingError` if it cannot be."""
    if tool.path.exists():
        return tool.path
    toolchain = shutil.which(tool.toolchain)
    if toolchain is None:
        raise MissingError(f"{tool.name} cannot be built: {tool.toolchain} is not installed")
    try:
        tool.folder.mkdir(parents=True, exist_ok=True)
        with (tool.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not tool.path.exists():
                _build(tool, toolchain)
    except OSError as error:
        raise MissingError(f"{tool.name} cannot be built: {error}") from error
    return tool.path


def _build(tool: Tool, toolchain: str) -> None:
    target = f"{tool.source}@{tool.version}"
    if tool.toolchain == "go":
        command, extra = [toolchain, "install", "-trimpath", target], {"GOBIN": str(tool.folder), "GOFLAGS": ""}
    else:
        command, extra = [toolchain, "install", "--no-audit", "--no-fund", "--prefix", str(tool.folder), target], {}
    done = subprocess.run(
        command, env=os.environ | extra, cwd=tool.folder, capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode or not tool.path.exists():
        raise MissingError(f"{tool.name} cannot be built: {done.stderr.strip()[-500:]}")


def main() -> int:
    """Build all; 1 if one cannot be."""
    missing = 0
    for tool in TOOLS:
        began = time.monotonic()
        try:
            print(f"{built(tool)}: {time.monotonic() - began:.0f} s")
        except MissingError as error:
            missing = 1
            print(error, file=sys.stderr)
    return missing


if __name__ == "__main__":
    sys.exit(main())
