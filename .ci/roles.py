#!/usr/bin/env python3
"""Write the roles under deploy/ from what the collectors are granted: `make reference`. Tests compare them."""

import json
import re
import subprocess
import sys
from pathlib import Path

DEPLOY = Path(__file__).parents[1] / "deploy"
PRINTED = {
    "aws/role.json": ("aws",), "aws/agent.json": ("aws", "--agent"), "azure/directory.json": ("azure", "--directory"),
    "azure/role.json": ("azure",), "gcp/role.json": ("gcp",),
}  # fmt: skip
"""File -> what `starcadence permissions` is asked for."""
ACTIONS = re.compile(
    r"(?<=- Sid: StarcadenceReads\n                Effect: Allow\n                Action:\n)(?: {18}- [\w:-]+\n)+"
)
"""The list of actions in the StackSet's template."""


def main() -> None:
    """Write every one."""
    for name, asked in PRINTED.items():
        (DEPLOY / name).write_text(printed(*asked))
    stackset = DEPLOY / "aws/stackset.yaml"
    (reads,) = json.loads(printed("aws"))["Statement"]
    listed = "".join(f"{' ' * 18}- {action}\n" for action in reads["Action"])
    text, found = ACTIONS.subn(listed, stackset.read_text())
    if found != 1:
        sys.exit(f"{stackset}: the actions of StarcadenceReads were not found")
    stackset.write_text(text)


def printed(*asked: str) -> str:
    """What `starcadence permissions` prints."""
    command = [Path(sys.executable).with_name("starcadence"), "permissions", *asked]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
