"""Hold packages to 90% coverage, of lines and branches together and of branches alone.

Usage: covered.py COVERAGE.JSON PACKAGE...
"""

import json
import sys
from pathlib import Path
from typing import Any

LEAST = 90.0


def share(files: list[dict[str, Any]], *, branches_only: bool) -> float:
    """Percent of what can be covered that was covered."""
    seen = sum(each["covered_branches"] + (0 if branches_only else each["covered_lines"]) for each in files)
    there = sum(each["num_branches"] + (0 if branches_only else each["num_statements"]) for each in files)
    return 100.0 * seen / there if there else 100.0


def main(report: Path, packages: list[str]) -> int:
    """Print one line per package and the thinnest modules of one that falls short; 1 if any does."""
    files = json.loads(report.read_text())["files"]
    short = False
    for package in packages:
        own = {name: each["summary"] for name, each in files.items() if name.startswith(f"{package}/")}
        both, branches = (share(list(own.values()), branches_only=only) for only in (False, True))
        print(
            f"{package}: {both:.1f}% of lines and branches, {branches:.1f}% of branches; at least {LEAST:.0f}% is held"
        )
        if min(both, branches) < LEAST:
            short = True
            for name, each in sorted(
                own.items(), key=lambda item: -item[1]["missing_branches"] - item[1]["missing_lines"]
            )[:10]:
                print(f"  {name}: {each['missing_lines']} lines and {each['missing_branches']} branches not covered")
    return int(short)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
