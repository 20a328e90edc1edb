"""`starcadence demo`: two cycles of a simulated provider on three clouds, lived through by the production agent."""

import shutil
from pathlib import Path

import click

from agent.errors import Incomplete, UsageError, VerificationError

MARK = ".starcadence-demo"


@click.command()
@click.option(
    "--directory",
    metavar="PATH",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Everything it makes lies here.",
)
@click.option("--open", "show", is_flag=True, help="Open the newest report in a browser.")
@click.pass_context
def demo(ctx: click.Context, directory: Path, show: bool) -> None:  # noqa: FBT001 (click's signature)
    """Live through two closed cycles of a simulated provider on three clouds, then seal, verify and replay them.

    Real clients against servers on this machine (moto's for AWS), under an injected clock: a defect is mended, a new one appears, one
    day is an outage, a permission is withdrawn, an approved exception runs out. Exits 0 when every verdict is the one that the table of
    seeded defects says. The last line is the path of the newest bundle.
    """
    try:
        from agent.demo.beside import beside
        from agent.demo.comparing import rows
        from agent.demo.defects import broken
        from agent.demo.google.defects import GOOGLE
        from agent.demo.life import ambient, live, prepare
        from agent.demo.microsoft.defects import MICROSOFT
        from agent.demo.seeding import seeded
        from agent.demo.simulation import simulated
    except ModuleNotFoundError as error:
        raise UsageError(f"the demo needs {error.name}: install starcadence[demo]") from None

    quiet = (ctx.find_root().obj or {}).get("quiet", False)

    def tell(line: str) -> None:
        if not quiet:
            click.echo(line, err=True)

    _clear(directory)
    prepare(directory)
    tell("starting a simulated AWS organisation, a Google Cloud and an Azure, and breaking them in known places")
    with simulated() as endpoint, beside(GOOGLE, MICROSOFT) as others, ambient(endpoint.url, others):
        estate = broken(seeded(endpoint))
        tell(f"{sum(estate.made.values())} resources made on AWS; living from 25 September to 31 October 2026")
        _, wrong = live(directory, estate, others, tell)
    if wrong:
        for one in wrong:
            click.echo(
                f"{one.slot:%Y-%m-%d}  {one.check}  {one.resource}: expected {one.expected}, found {one.found}",
                err=True,
            )
        raise Incomplete(f"{len(wrong)} verdicts differ from the table of seeded defects")
    click.echo(f"all {rows(others)} seeded defects got the verdict that the table says, and nothing else failed")
    newest = _verified(directory)
    _tell_story(newest, directory)
    if show:
        click.launch(str(directory / "report.html"))
    click.echo(newest)


def _clear(directory: Path) -> None:
    """An empty folder of ours. `UsageError` for one that holds something else."""
    if directory.exists():
        if any(directory.iterdir()) and not (directory / MARK).is_file():
            raise UsageError(f"{directory} holds something that no demo made; give another --directory")
        shutil.rmtree(directory)
    directory.mkdir(parents=True)
    (directory / MARK).write_text("Made by `starcadence demo`, which clears this folder when it runs again.\n")


def _verified(directory: Path) -> Path:
    """Verify and replay every bundle as a stranger with the public key would; return the newest one of the first service."""
    from agent.keys import load_public
    from agent.replay import replay
    from agent.verification import State
    from agent.verify import verify_all

    paths = sorted((directory / "store" / "cycles").glob("*/*/bundle-*.zip"), key=lambda path: path.parts[-2])
    key = load_public(directory / "store" / "signing.pub")
    verified = verify_all(paths, (key,))
    refused = [
        f"{one.path}: {each.words}" for one in verified.bundles for each in one.checks if each.state is State.REFUSED
    ]
    refused += [each.words for each in verified.chains if each.state is State.REFUSED]
    if refused or not verified.ok:
        raise VerificationError("\n".join(refused))
    for path in paths:
        replayed = replay(path)
        if not replayed.ok:
            raise VerificationError(f"{path}: {'; '.join(replayed.words)}")
    click.echo(
        f"{len(paths)} bundles verified with the public key and judged again from their own evidence: the same figures"
    )
    return next(path for path in reversed(paths) if path.parts[-3] == "object-store")


def _tell_story(newest: Path, directory: Path) -> None:
    """Lay the newest reports where they are easy to open, and say what they open on."""
    from agent.archive import Archive

    with Archive.open(newest) as archive:
        for name, target in (("report.html", "report.html"), ("public/report.html", "public-report.html")):
            (directory / target).write_bytes(archive.read(name, 1 << 28))
    click.echo(f"programme      {directory / 'programme.yaml'}")
    click.echo(f"auditor report {directory / 'report.html'}")
    click.echo(f"public report  {directory / 'public-report.html'}")
    click.echo(
        f"try            starcadence review {newest.parts[-2]} --service object-store --programme {directory / 'programme.yaml'}"
    )
    click.echo(f"try            starcadence verify --key {directory / 'store' / 'signing.pub'} {newest}")
