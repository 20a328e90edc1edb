"""`starcadence verify`: hold bundles against their own evidence, offline, without trusting who made them."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from agent.errors import UsageError
from agent.keys import PublicKey, load_public
from agent.verification import Finding, State, Verification, Verified

if TYPE_CHECKING:
    from agent.replay import Replayed

MARKS = {State.VERIFIED: "ok", State.REFUSED: "REFUSED", State.WITHHELD: "withheld", State.UNKNOWN: "not known"}


def _digest(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    digest = value.lower().removeprefix("sha256:")
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise click.BadParameter("a sha256 has 64 hexadecimal digits; give the manifest digest that `verify` printed")
    return digest


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--key",
    "keys",
    metavar="PEM",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A public key to trust; may be repeated.",
)
@click.option("--any-key", is_flag=True, help="Take a signer for whom nothing speaks.")
@click.option(
    "--head",
    metavar="DIGEST",
    callback=_digest,
    help="A cycle's manifest digest, noted elsewhere: the chain must hold it.",
)
@click.option("--replay", is_flag=True, help="Judge the sealed facts again and compare every verdict and tally.")
@click.option("--with-packages", is_flag=True, help="Replay by installed packages' checks too: loads their code.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def verify(
    ctx: click.Context,
    *,
    paths: tuple[str, ...],
    keys: tuple[Path, ...],
    any_key: bool,
    head: str | None,
    replay: bool,
    with_packages: bool,
    as_json: bool,
) -> None:
    """Verify bundles offline, without trusting who made them.

    PATH is a bundle, a cycle's folder, or a store: of a folder, every sealed cycle is verified, and the chain between them. Of a store in a
    bucket (s3://, gs://, az://) what is signed is fetched first. Exit status: 0 verified, 5 something was refused or the signer is not
    authenticated, 3 --replay needs another version installed.
    """
    from agent.verify import verify_all

    if keys and any_key:
        raise UsageError("--key says whom to trust and --any-key to trust anybody; give one of them")
    needs = None
    with ExitStack() as held:
        given = {_fetched(path, held): path for path in paths}
        found = verify_all(_bundles(given), _keys(keys), head=head, any_key=any_key)
        if replay:
            found, needs = _replayed(found, with_packages=with_packages)
    found = _as_given(found, given)
    click.echo(msgspec.json.format(msgspec.json.encode(found)).decode() if as_json else _told(found))
    if not found.ok:
        ctx.exit(5)
    if needs:
        ctx.exit(3)


def _fetched(path: str, held: ExitStack) -> Path:
    """The path on this machine, until what is held is let go."""
    from agent.stores.naming import is_remote

    if not is_remote(path):
        return Path(path)
    from agent.stores.mirror import fetched

    return held.enter_context(fetched(path))


def _as_given(found: Verified, given: Mapping[Path, str]) -> Verified:
    """The findings, with what was fetched under the address at which it lies."""
    bundles = []
    for bundle in found.bundles:
        named = (bundle.path.replace(str(path), name, 1) for path, name in given.items() if str(path) in bundle.path)
        bundles.append(msgspec.structs.replace(bundle, path=next(named, bundle.path)))
    return msgspec.structs.replace(found, bundles=tuple(bundles))


def _bundles(paths: Iterable[Path]) -> tuple[Path, ...]:
    from agent.surroundings import committed

    found = (bundle for path in paths for bundle in (committed(path) if path.is_dir() else (path,)))
    return tuple(dict.fromkeys(found))


def _keys(paths: tuple[Path, ...]) -> tuple[PublicKey, ...]:
    return tuple(load_public(path) for path in paths)


def _replayed(found: Verified, *, with_packages: bool) -> tuple[Verified, str | None]:
    """The findings with those of judging again; and which version to install for what could not be."""
    bundles = []
    needs = None
    for bundle in found.bundles:
        finding, install = _replay(bundle, with_packages=with_packages)
        needs = needs or install
        bundles.append(
            msgspec.structs.replace(
                bundle, ok=bundle.ok and finding.state is not State.REFUSED, checks=(*bundle.checks, finding)
            )
        )
    ok = found.ok and all(bundle.ok for bundle in bundles)
    return msgspec.structs.replace(found, ok=ok, bundles=tuple(bundles)), needs


def _replay(bundle: Verification, *, with_packages: bool) -> tuple[Finding, str | None]:
    from agent.manifest import Tier
    from agent.replay import replay

    if any(check.state is State.REFUSED and check.what != "signer" for check in bundle.checks):
        return Finding(what="replay", state=State.UNKNOWN, words="nothing that was refused is judged again"), None
    if bundle.edition is not Tier.AUDITOR:
        return Finding(what="replay", state=State.WITHHELD, words="the facts are in the auditor's edition"), None
    return as_finding(replay(Path(bundle.path), with_packages=with_packages))


def as_finding(result: "Replayed") -> tuple[Finding, str | None]:
    """What judging again gave, as a finding; with the version to install where other checks judged, which is no fault of the bundle."""
    words = "; ".join(result.words)
    if result.to_install:
        return Finding(what="replay", state=State.UNKNOWN, words=words), result.to_install
    return Finding(what="replay", state=State.VERIFIED if result.ok else State.REFUSED, words=words), None


def _told(found: Verified) -> str:
    """The findings for a person."""
    lines = []
    for bundle in found.bundles:
        lines += [bundle.path, *(_line(check) for check in bundle.checks), _sum(bundle), ""]
    lines += [f"{chain.what}: {MARKS[chain.state]}: {chain.words}" for chain in found.chains]
    if any(bundle.ok for bundle in found.bundles):
        from agent.claims import RESTS_ON

        lines += ["What this rests on:", *(f"  - {words}" for words in RESTS_ON)]
    return "\n".join(lines)


def _line(check: Finding) -> str:
    return f"  {MARKS[check.state]:<9}  {check.what}: {check.words}"


def _sum(bundle: Verification) -> str:
    """The last line of a bundle's findings."""
    if bundle.cycle is None:
        return "  => refused"
    simulated = "SIMULATED (not read at a provider's own endpoints), " if bundle.simulated else ""
    interim = "interim " if bundle.interim else ""
    verdict = "verified" if bundle.ok else "refused"
    return (
        f"  => {verdict}: {simulated}{bundle.service} {interim}{bundle.cycle}, {bundle.edition} edition\n"
        f"     manifest sha256 {bundle.manifest}\n     signing key     {bundle.fingerprint} (authenticated: {bundle.authenticated})"
    )
