"""`starcadence catalog import`: CSA's own texts and mapping, from a file that the user downloaded, into a folder of the user's."""

from pathlib import Path

import click
import msgspec

from agent.csa.library import FOLDER, Library


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--ccm", "version", metavar="VERSION", help="4.0.13 or 4.1.0, where the file's ids do not tell.")
@click.option(
    "--folder", type=click.Path(path_type=Path), metavar="PATH", help="Where it is kept; else csa beside the programme."
)
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(*, file: Path, version: str | None, folder: Path | None, programme: str | None, as_json: bool) -> None:
    """Read CSA's own FILE: the CCM or the CAIQ (XLSX, JSON, OSCAL), the metrics (YAML), or an archive of them as downloaded.

    Texts and CSA's mapping go to a folder of yours, never into the package or a bundle, and take precedence over our own tables in
    `crosswalk` and `explain`. What a later file says of the same thing replaces what an earlier one said.
    """
    from agent.csa.library import keep, load, merged
    from agent.csa.reading import read

    found = read(file, version)
    place = folder or folder_of(programme)
    for library in found.libraries:
        before = load(place, library.version) or Library(version=library.version)
        path = keep(place, merged(before, library))
        if not as_json:
            click.echo(f"{path}: {_told(library)}")
    if as_json:
        told = [_counts(one) for one in found.libraries]
        click.echo(
            msgspec.json.format(
                msgspec.json.encode({"libraries": told, "passed_over": found.passed_over, "unknown": found.unknown}),
                indent=2,
            )
        )
    if found.passed_over:
        click.echo(f"passed over, for nothing in them is known or kept: {', '.join(found.passed_over)}", err=True)
    if found.unknown:
        click.echo(f"left, for CCM has no such ids: {', '.join(found.unknown)}", err=True)


def folder_of(programme: str | None) -> Path:
    """The folder of imports: `csa` beside the programme, or here where there is no programme."""
    from agent.errors import UsageError
    from agent.reading import locate

    try:
        return locate(programme).parent / FOLDER
    except UsageError:
        if programme:
            raise
        return Path(FOLDER)


def _counts(library: Library) -> dict[str, object]:
    return {
        "ccm": library.version, "texts": len(library.texts), "questions": len(library.questions), "metrics": len(library.metrics),
        "mappings": {name: len(one.mapped) for name, one in library.mappings.items()},
    }  # fmt: skip


def _told(library: Library) -> str:
    parts = [
        f"{number} {word}"
        for number, word in (
            (len(library.texts), "texts"),
            (len(library.questions), "questions"),
            (len(library.metrics), "metrics"),
        )
        if number
    ]
    parts += [f"mapping to {one.name} of {len(one.mapped)} specifications" for one in library.mappings.values()]
    return f"CCM {library.version}: {'; '.join(parts)}"
