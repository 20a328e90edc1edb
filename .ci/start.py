"""Measure `starcadence --help`: CPU time of several starts, and what they import.

Usage: start.py COMMAND. Fails over 150 ms of CPU time (median), or if a cloud SDK or a log library is loaded for it.
"""

import os
import resource
import statistics
import subprocess
import sys

MOST = 0.150  # seconds of CPU, user and system
STARTS = 9
NOT_FOR_HELP = (
    "boto3",
    "botocore",
    "cryptography",
    "jinja2",
    "jsonschema",
    "moto",
    "prometheus_client",
    "structlog",
    "yaml",
)


def cpu(command: list[str]) -> float:
    """CPU seconds of one run of the command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def loaded(command: str) -> set[str]:
    """Top-level modules that `--help` imports."""
    run = subprocess.run(
        [command, "--help"],
        check=True,
        env={**os.environ, "PYTHONPROFILEIMPORTTIME": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    return {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in run.stderr.splitlines() if "|" in line}


def main(command: str) -> int:
    """Print the figures; 1 if a promise does not hold."""
    heavy = sorted(loaded(command) & set(NOT_FOR_HELP))
    median = statistics.median(cpu([command, "--help"]) for _ in range(STARTS))
    print(f"--help: {median * 1000:.0f} ms of CPU (median of {STARTS}; {MOST * 1000:.0f} at most)")
    if heavy:
        print(f"--help imports {', '.join(heavy)}: import them where they are used", file=sys.stderr)
    return int(bool(heavy) or median > MOST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
