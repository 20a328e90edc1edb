"""`starcadence catalog caiq`: the sheet of CAIQ answers of a bundle, by the questions that the user imported."""

from pathlib import Path

import click


@click.command("caiq")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument("sheet", type=click.Path(path_type=Path))
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Where CSA's files were imported to; else csa beside the programme.",
)
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
def caiq(*, bundle: Path, sheet: Path, folder: Path | None, programme: str | None) -> None:
    """Write the CAIQ answers that BUNDLE shows to SHEET (.xlsx), one row for each question of CSA's questionnaire.

    Question ids come from your own import (`catalog import`); no text of CSA's is written. An answer stands only where the cycle shows it.
    """
    from agent.commands.importing import folder_of
    from agent.errors import UsageError
    from agent.exports.caiq import by_question

    made, number = by_question(bundle, folder or folder_of(programme))
    try:
        sheet.write_bytes(made)
    except OSError as error:
        raise UsageError(f"{sheet}: {error.strerror}; give a path at which a file can be written") from error
    click.echo(f"{sheet}: {number} questions")
