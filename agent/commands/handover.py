"""`starcadence handover`: let another key sign from now on."""

from pathlib import Path

import click

from agent.opening import now, open_agent, read_programme


@click.command()
@click.option(
    "--to",
    "address",
    required=True,
    metavar="KEY",
    help="The new key: a PEM file, or awskms: and its alias, id or ARN.",
)
@click.option("--by", metavar="NAME", help="Who decides that.")
@click.option(
    "--programme", metavar="PATH", help="The programme file; else STARCADENCE_PROGRAMME, else ./programme.yaml."
)
def handover(address: str, by: str | None, programme: str | None) -> None:
    """Let another key sign from now on: the programme's key signs that, and the new one consents.

    Then write the new key under `signing.key`. `verify` follows the entry from either key to the other; what the old key signs after it is
    refused. Give the new public key to whoever verifies public bundles: these hold no journal to follow.
    """
    from agent.awskms import SCHEME, open_kms
    from agent.keys import load_signer
    from agent.running import require_commitment
    from agent.succession import hand_over as hand

    agent = open_agent(read_programme(programme))
    require_commitment(agent)
    new = open_kms(address) if address.startswith(SCHEME) else load_signer(Path(address))
    entry = hand(agent.journal, agent.press.signer, new, by=by, now=now())
    click.echo(f"entry {entry.height} of the journal: {new.fingerprint} signs from now on")
    click.echo(f"write {address} under signing.key of {agent.loaded.path}, and let daemons read it again")
    click.echo(new.public_key.pem, nl=False)
