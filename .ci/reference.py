#!/usr/bin/env python3
"""Write the reference pages under docs/ from the code: `make reference`. A test compares them."""

import ast
import inspect
import sys
from collections.abc import Iterator
from enum import EnumType
from pathlib import Path

import click
import msgspec

from agent.cli import cli
from agent.commands.metrics import page
from agent.state import State
from collectors import governing, resource, serving, watching
from collectors.collector import Collector
from collectors.gap import Reason
from collectors.resource import Resource
from collectors.resources import TYPES
from controls import by_cloud
from controls.tally import Result
from controls.verdict import Outcome

DOCS = Path(__file__).parents[1] / "docs"
WIDTH = 100
MADE = "Made from the code by `make reference`.\n"


def main() -> None:
    """Write every page."""
    for name, text in pages().items():
        (DOCS / name).write_text(text)


def pages() -> dict[str, str]:
    """Each page's name and text."""
    return {
        "commands.md": commands(),
        "csa-metrics.md": page(),
        "permissions.md": permissions(),
        "resource-types.md": resource_types(),
        "glossary.md": glossary(),
        "clouds.md": by_cloud.page(),
    }


def commands() -> str:
    """What every command says of itself."""
    head = "What `--help` says of each command. [Exit statuses](exit-status.md) are one list for all of them."
    return "\n".join((f"# Commands\n\n{MADE}\n{head}\n", *_help(cli, _context(cli, "starcadence"))))


def _context(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    settings = {**cli.context_settings, "max_content_width": WIDTH}
    return click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH, **settings)


def _help(command: click.Command, context: click.Context) -> Iterator[str]:
    """A command's own words, then those of the commands below it."""
    depth = len(context.command_path.split())
    yield f"{'#' * min(depth + 1, 3)} {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        found = command.get_command(context, name)
        if found is not None:
            yield from _help(found, _context(found, name, context))


def clouds() -> dict[str, tuple[Collector, ...]]:
    """Every cloud's collectors."""
    from collectors.aws.catalogue import COLLECTORS as AWS
    from collectors.azure.catalogue import COLLECTORS as AZURE
    from collectors.gcp.catalogue import COLLECTORS as GCP

    return {"aws": AWS, "gcp": GCP, "azure": AZURE}


def permissions() -> str:
    """Which collector needs which permission."""
    head = "`starcadence permissions aws`, `gcp` or `azure` prints the role itself; discovery needs a few more, which stand in it."
    found = [f"# Permissions\n\n{MADE}\n{head}\n"]
    for cloud, collectors in clouds().items():
        users: dict[str, set[str]] = {}
        for one in collectors:
            for grant in one.grants:
                users.setdefault(grant, set()).add(one.name)
        rows = [
            f"| `{grant}` | {', '.join(f'`{name}`' for name in sorted(names))} |"
            for grant, names in sorted(users.items())
        ]
        found.append("\n".join((f"## {cloud}\n", "| permission | for |", "|---|---|", *rows)) + "\n")
    return "\n".join(found)


def resource_types() -> str:
    """Every type, its facts, and which collectors see it."""
    head = (
        "A fact that was not learned is `null`: never a pass. Facts in *italics* are readings: they move by themselves."
    )
    found = [f"# Resource types\n\n{MADE}\n{head}\n"]
    words = _docstrings()
    for kind in TYPES:
        seen = [(one, cloud) for cloud, collectors in clouds().items() for one in collectors if one.sees is kind]
        facts = [field for field in msgspec.structs.fields(kind) if field.name not in Resource.__struct_fields__]
        readings = {name for one, _ in seen for name in one.readings}
        rows = [
            f"| {f'*{field.name}*' if field.name in readings else f'`{field.name}`'} | {words.get((kind.__name__, field.name), '')} |"
            for field in facts
        ]
        found.append(f"## {kind.__name__}\n\n{inspect.cleandoc(kind.__doc__ or '')}\n")
        if rows:
            found.append("\n".join(("| fact | means |", "|---|---|", *rows)) + "\n")
        if seen:
            found.append("Seen by " + ", ".join(f"`{one.name}` ({', '.join(one.kinds)})" for one, _ in seen) + ".\n")
    return "\n".join(found)


def _docstrings() -> dict[tuple[str, str], str]:
    """(class, field) -> the string under the field."""
    return {
        (name, field): words
        for module in (governing, resource, serving, watching)
        for name, field, words in _under(module)
    }


def _under(module: object) -> Iterator[tuple[str, str, str]]:
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    for node in (one for one in tree.body if isinstance(one, ast.ClassDef)):
        for field, below in zip(node.body, node.body[1:], strict=False):
            target = (
                field.target
                if isinstance(field, ast.AnnAssign)
                else field.targets[0]
                if isinstance(field, ast.Assign)
                else None
            )
            if isinstance(target, ast.Name) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                yield node.name, target.id, " ".join(inspect.cleandoc(str(below.value.value)).split())


def glossary() -> str:
    """The house's words for results, gaps and states; what the page [index](index.md) defines is not repeated."""
    lists: tuple[tuple[str, EnumType, str], ...] = (
        ("Results of an objective", Result, "Only *met* is within objective."),
        ("Outcomes of a check", Outcome, ""),
        ("Reasons of a gap", Reason, ""),
        ("States of the programme", State, "See [the cadence](cadence.md)."),
    )
    found = [
        f"# Glossary\n\n{MADE}\nThe house's words stand in [the index](index.md#words); here are the values that they take.\n"
    ]
    for title, kind, more in lists:
        words = {name: text for owner, name, text in _under(sys.modules[kind.__module__]) if owner == kind.__name__}
        said = " ".join(part for part in (inspect.cleandoc(kind.__doc__ or ""), more) if part)
        rows = "\n".join(f"- **{one.value}**{': ' + words[one.name] if one.name in words else ''}" for one in kind)
        found.append(f"## {title}\n\n{said}\n\n{rows}\n")
    return "\n".join(found)


if __name__ == "__main__":
    main()
