#!/usr/bin/env python3
"""Write the roles under deploy/ from what the collectors are granted: `make reference`. Tests compare them."""

import json
import re
import subprocess
import sys
from pathlib import Path

DEPLOY = Path(__file__).parents[1] / "deploy"
CLOUDS = ("aws", "gcp", "azure")
ACTIONS = re.compile(
    r"(?<=- Sid: StarcadenceReads\n                Effect: Allow\n                Action:\n)(?: {18}- [\w:-]+\n)+"
)
"""The list of actions in the StackSet's template."""


def main() -> None:
    """Write every one."""
    for cloud in CLOUDS:
        (DEPLOY / cloud / "role.json").write_text(printed(cloud))
    stackset = DEPLOY / "aws/stackset.yaml"
    (reads,) = json.loads(printed("aws"))["Statement"]
    listed = "".join(f"{' ' * 18}- {action}\n" for action in reads["Action"])
    text, found = ACTIONS.subn(listed, stackset.read_text())
    if found != 1:
        sys.exit(f"{stackset}: the actions of StarcadenceReads were not found")
    stackset.write_text(text)


def printed(cloud: str) -> str:
    """What `starcadence permissions` prints."""
    command = [Path(sys.executable).with_name("starcadence"), "permissions", cloud]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
