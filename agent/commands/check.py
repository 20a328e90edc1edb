"""`starcadence check`: the preflight."""

import click
import msgspec

from agent.errors import Incomplete
from agent.opening import clouds_of, read_programme

SIGNS = {"ok": "ok     ", "warning": "warning", "failed": "FAILED "}


@click.command()
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(programme: str | None, as_json: bool) -> None:  # noqa: FBT001 (click's signature)
    """Look before a run: programme, keys, store, credentials, reachability and permissions, and what to do about each. Keeps nothing."""
    from agent.preflight import preflight

    loaded = read_programme(programme)
    findings = []
    for finding in preflight(loaded, lambda salt_key: clouds_of(salt_key)(loaded.programme, "check")):
        findings.append(finding)
        if not as_json:
            click.echo(f"{SIGNS[finding.state]}  {finding.what}: {finding.words}")
            if finding.remedy:
                click.echo(f"         -> {finding.remedy}")
    if as_json:
        click.echo(msgspec.json.encode(findings))
    failed = sum(finding.state == "failed" for finding in findings)
    if failed:
        raise Incomplete(
            f"{failed} of {len(findings)} would leave a run blind or undone; mend them and type `starcadence check` again"
        )
