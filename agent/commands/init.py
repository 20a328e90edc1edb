"""`starcadence init`: write a commented programme, make the keys, and propose the scope from the organisation."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from agent import starter
from agent.errors import UsageError
from agent.programme import Programme
from agent.starter import Answers

PROGRAMME = "programme.yaml"
SIGNING, PUBLIC, SALT = "keys/signing.pem", "keys/signing.pub", "keys/salt.key"
README = "exceptions/README.md"


@click.command()
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    show_default=True,
    help="Where to write.",
)
@click.option("--name", default=Answers.name, show_default=True, help="The provider's name, as reports print it.")
@click.option("--organization", metavar="o-...", help="The AWS organisation.")
@click.option("--role", metavar="NAME", help=f"The read-only role in every account.  [usual: {starter.ROLE}]")
@click.option("--discover", is_flag=True, help="Ask AWS for the organisation, and which of its accounts lack the role.")
@click.option("--schema", is_flag=True, help="Print the programme's JSON Schema for editors, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def init(
    directory: Path,
    name: str,
    organization: str | None,
    role: str | None,
    discover: bool,  # noqa: FBT001 (click's signature)
    schema: bool,  # noqa: FBT001 (click's signature)
    as_json: bool,  # noqa: FBT001 (click's signature)
) -> None:
    """Write a commented programme.yaml and make the keys. Overwrites nothing."""
    if schema:
        from agent.schema import published

        click.echo(published(Programme).decode(), nl=False)
        return
    _refuse_what_exists(directory)
    answers = Answers(name=name, organization=organization, role=role)
    _refuse_faults(starter.programme(answers))
    lacking: tuple[str, ...] = ()
    if discover:
        from agent.proposal import propose

        click.echo("asking AWS for the organisation and its accounts ...", err=True)
        answers, lacking = propose(answers)
        for remark in answers.remarks:
            click.echo(remark, err=True)
    _say(_write(directory, answers), directory, lacking, as_json=as_json)


def _refuse_what_exists(directory: Path) -> None:
    found = [name for name in (PROGRAMME, SIGNING, PUBLIC, SALT, README) if (directory / name).exists()]
    if found:
        there = ", ".join(str(directory / name) for name in found)
        raise UsageError(
            f"{there}: already there, and init overwrites nothing; use what stands there, or give another --directory"
        )


def _refuse_faults(text: str) -> None:
    """What was typed must make a programme without fault, before anything is written."""
    from agent.reading import faults_of

    faults = faults_of(text.encode(errors="surrogatepass"), PROGRAMME)
    if faults:
        words = "\n".join(fault.split(": ", 1)[1] for fault in faults)
        raise UsageError(f"this would make a programme with faults, so nothing is written; mend the options:\n{words}")


def _write(directory: Path, answers: Answers) -> dict[str, str]:
    """Write every file, the programme last. Gives what each path holds."""
    from agent.keys import make_salt_key, make_signing_key

    try:
        public = make_signing_key(directory / SIGNING).public_key
        make_salt_key(directory / SALT)
        texts = {PUBLIC: public.pem, README: starter.EXCEPTIONS, PROGRAMME: starter.programme(answers)}
        for name, text in texts.items():
            _create(directory / name, text)
        ignored = _ignore(directory / ".gitignore")
    except OSError as error:
        where = error.filename or directory
        words = f"{where}: cannot be written ({error.strerror})"
        raise UsageError(f"{words}; mend that, remove what was written, and type it again") from None
    return {
        PROGRAMME: "the programme: answer its lines",
        SIGNING: f"the signing key: keep it to yourself; its fingerprint is {public.fingerprint}",
        PUBLIC: "its public part: give it to those who verify",
        SALT: "the salt key: keep it to yourself",
        README: "how to write an approved exception",
        **({".gitignore": "keeps keys and store out of git"} if ignored else {}),
    }


def _create(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


def _ignore(path: Path) -> bool:
    """Write .gitignore, unless one stands there: then say which lines it lacks."""
    if not path.exists():
        _create(path, "".join(f"{line}\n" for line in starter.IGNORED))
        return True
    lines = path.read_text(encoding="utf-8", errors="replace").split()
    lacking = [line for line in starter.IGNORED if line not in lines]
    if lacking:
        click.echo(f"{path} stands there already; add to it: {' '.join(lacking)}", err=True)
    return False


def _say(written: Mapping[str, str], directory: Path, lacking: tuple[str, ...], *, as_json: bool) -> None:
    path = directory / PROGRAMME
    following = "starcadence check" + (f" --programme {shlex.quote(str(path))}" if path != Path(PROGRAMME) else "")
    if as_json:
        result: dict[str, Any] = {
            "written": [str(directory / name) for name in written],
            "accounts_without_role": list(lacking),
            "next": following,
        }
        click.echo(msgspec.json.encode(result).decode())
        return
    for name, words in written.items():
        click.echo(f"{directory / name}  {words}")
    click.echo(f"\nnext: answer the lines of {path}, then type: {following}")
