"""`starcadence permissions`: the exact read-only permissions that the agent needs in a cloud."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collectors.collector import Collector


@click.group()
def permissions() -> None:
    """Print the exact read-only permissions that the agent needs."""


@permissions.command()
@click.option(
    "--agent", "ambient", is_flag=True, help="The agent's own identity, which assumes the role in each account."
)
@click.option("--json", "compact", is_flag=True, help="One line of JSON.")
def aws(*, ambient: bool, compact: bool) -> None:
    """Print the IAM policy of the role in each AWS account."""
    from collectors.aws.catalogue import COLLECTORS
    from collectors.aws.permissions import ambient_policy, policy

    document = ambient_policy() if ambient else policy(_every("aws", COLLECTORS))
    click.echo(json.dumps(document, indent=None if compact else 2))


@permissions.command()
@click.option("--json", "compact", is_flag=True, help="One line of JSON.")
def gcp(*, compact: bool) -> None:
    """Print the custom role for the organisation, folders or projects of Google Cloud."""
    from collectors.gcp.catalogue import COLLECTORS
    from collectors.gcp.permissions import role

    click.echo(json.dumps(role(_every("gcp", COLLECTORS)), indent=None if compact else 2))


@permissions.command()
@click.option(
    "--directory", is_flag=True, help="The application permissions of Microsoft Graph, which no role of Azure holds."
)
@click.option("--json", "compact", is_flag=True, help="One line of JSON.")
def azure(*, directory: bool, compact: bool) -> None:
    """Print the custom role for the management group or subscriptions of Azure."""
    from collectors.azure.catalogue import COLLECTORS
    from collectors.azure.permissions import app_roles, role

    every = _every("azure", COLLECTORS)
    document = app_roles(every) if directory else role(every)
    click.echo(json.dumps(document, indent=None if compact else 2))


def _every(cloud: str, ours: "Sequence[Collector]") -> "tuple[Collector, ...]":
    """Our collectors and those of installed packages: a sweep uses both."""
    from agent.plugins import plugged_collectors

    return (*ours, *plugged_collectors(cloud, ours))
