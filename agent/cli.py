"""The command `starcadence`: a list of commands, each loaded when it is typed, and the way every error leaves the house."""

import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from agent.errors import AgentError

COMMANDS = {
    "demo": "Live two cycles of a simulated provider and seal them.",
    "init": "Write a commented programme.yaml and make the keys.",
    "programme": "Bring the programme to another version of the CCM.",
    "commit": "Sign the opening entry: from here on the cadence counts.",
    "check": "Preflight: credentials, reachability, permissions, store, keys.",
    "run": "Do all that is due: sweep, seal, write down what was missed.",
    "daemon": "Keep the cadence: run in a loop, answer for its health.",
    "status": "Say where the programme stands and what is due next.",
    "review": "Answer the deviations of a sealed cycle, and sign.",
    "submit": "Write down what was submitted to the STAR registry.",
    "work": "List what is to be done, by whom and by when; send it.",
    "requests": "Say which papers are needed, from whom, by when.",
    "baseline": "Approve settings as a versioned baseline; see drift.",
    "activity": "Say who did what and when, from the journal.",
    "explain": "Follow a specification down to the provider's own answer.",
    "verify": "Verify bundles offline, without trusting who made them.",
    "handover": "Let another key sign from now on.",
    "store": "Verify the store, clean it up, copy it elsewhere.",
    "catalog": "List, search and translate specifications and checks.",
    "crosswalk": "Read the evidence by another framework's clauses.",
    "permissions": "Print the exact read-only policy that the agent needs.",
}
"""Each command with its line in `--help`; `agent.commands.<name>` holds the click command of the same name."""


class Commands(click.Group):
    """Knows its commands by name and loads the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The commands in the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"agent.commands.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click's signature)
        """The list for `--help`, from the table above: no command is loaded for it."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:  # noqa: FBT001 (click's signature)
    if asked and not ctx.resilient_parsing:
        from agent.version import version

        click.echo(f"starcadence {version()}")
        ctx.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
@click.option("--log-format", type=click.Choice(["auto", "console", "json"]), default="auto", help="How stderr speaks.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@click.pass_context
def cli(ctx: click.Context, log_format: str, quiet: bool) -> None:  # noqa: FBT001 (click's signature)
    """Keep a CSA STAR Level 3 cadence: see, judge, keep and prove, every cycle.

    Results go to stdout, progress and logs to stderr. Exit status: 0 done, 1 our error, 2 usage or programme, 3 something due was not
    done, 4 objectives missed (only with run --fail-on), 5 verification failed.
    """
    ctx.obj = {"log_format": log_format, "quiet": quiet}


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; an operator's error is its message and its status, anything else is a bug and a traceback."""
    try:
        status = cli.main(args=arguments, prog_name="starcadence", standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except AgentError as error:
        click.echo(f"starcadence: {error}", err=True)
        sys.exit(error.status)
    except BrokenPipeError:  # the reader of our stdout has left; nothing more to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
