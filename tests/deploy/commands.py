"""`starcadence ...` as it stands in documents and units: does our command line take it, without doing it?"""

import re
import shlex
from collections.abc import Iterator

import click

from agent.cli import cli

OPTIONAL = re.compile(r"\[[^\]]*\]")
"""`[ADDRESS]` in a line that shows a form."""


def fault_of(words: list[str]) -> str | None:
    """What is wrong with a command, its options and arguments; `None` if nothing is."""
    command: click.Command = cli
    context = click.Context(cli, info_name="starcadence", **cli.context_settings)
    words = words[1:]
    while True:
        try:
            with context.scope(cleanup=False):
                parser = command.make_parser(context)
                values, rest, _ = parser.parse_args(list(words))
        except click.UsageError as error:
            return error.format_message()
        if fault := _values(command, context, values, rest):
            return fault
        if not isinstance(command, click.Group):
            return None
        if not rest:
            return None if _eager(values) else f"{context.info_name} needs a command"
        name, *words = rest
        found = command.get_command(context, name)
        if found is None:
            return f"there is no command {name}"
        command, context = found, click.Context(found, info_name=name, parent=context, **cli.context_settings)


def _values(command: click.Command, context: click.Context, values: dict, rest: list[str]) -> str | None:
    """Choices and counts, which the parser itself does not look at; paths need not be there."""
    if not isinstance(command, click.Group) and rest:
        return f"unexpected arguments: {' '.join(rest)}"
    for parameter in command.params:
        given = values.get(parameter.name)
        if isinstance(given, str) and isinstance(parameter.type, click.Choice) and given not in parameter.type.choices:
            return f"{given} is none of {', '.join(parameter.type.choices)}"
        absent = (
            given in (None, ()) or type(given).__name__ == "Sentinel"
        )  # what click says of an argument that was not given
        if parameter.required and absent and not _eager(values):
            return f"{parameter.human_readable_name} is missing"
    return None


def _eager(values: dict) -> bool:
    """An option is given that answers before anything else is looked at."""
    return any(name.endswith(("help", "version")) for name in values)


def lines(text: str) -> Iterator[str]:
    """Every line of a document's fenced blocks that begins with `starcadence`; continued lines are joined."""
    for block in re.findall(r"^ *```(?:console|sh|bash)?\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            plain = line.strip().removeprefix("$ ")
            if plain.startswith("starcadence "):
                yield plain


def inline(text: str) -> Iterator[str]:
    """Every `starcadence ...` in running text."""
    outside = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from (
        found for found in re.findall(r"`(starcadence [^`]+)`", outside) if "..." not in found and "<" not in found
    )


def words_of(line: str) -> list[str]:
    """The words of the first command of a line: what optional brackets, pipes, redirections and comments add is not ours."""
    lexer = shlex.shlex(OPTIONAL.sub("", line), posix=True, punctuation_chars="|;&<>")
    lexer.whitespace_split = True
    found = []
    for word in lexer:
        if set(word) <= set("|;&<>"):
            break
        found.append(word)
    return found
