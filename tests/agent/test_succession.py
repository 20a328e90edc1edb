"""The signing key is handed over: the journal says so, verification follows it either way, and the old key's day is over."""

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from agent.activity import activity
from agent.canonical import encode
from agent.cli import cli
from agent.errors import StoreError, UsageError, VerificationError
from agent.journal import Journal, check_chain
from agent.keys import LocalSigner, load_signer, make_signing_key
from agent.replay import replay
from agent.reviewing import sealed_cycle, sign
from agent.store import Folder
from agent.stores.inspecting import inspect
from agent.succession import hand_over
from agent.verify import Authenticated, verify, verify_all
from tests.agent.living import DAY, PROGRAMME, START, Life, begin

WEEKLY = PROGRAMME.replace("24h", "15d")


@pytest.fixture
def life(tmp_path) -> Life:
    """September is sealed by the first key."""
    found = begin(tmp_path / "life", programme=WEEKLY)
    found.run()
    found.clock.now = START + 30 * DAY
    found.run()
    return found


def old_key(life: Life) -> LocalSigner:
    return load_signer(life.folder / "keys" / "signing.pem")


def handed(life: Life, name: str = "second") -> LocalSigner:
    """Hand over to a new key, and write it into the programme."""
    agent = life.agent
    new = make_signing_key(life.folder / "keys" / f"{name}.pem")
    hand_over(agent.journal, agent.press.signer, new, by="Ada Beispiel", now=life.clock.now)
    (life.folder / "programme.yaml").write_text(f"{WEEKLY}signing: {{key: keys/{name}.pem}}\n")
    return new


def month(life: Life) -> None:
    for _ in range(3):
        life.clock.now += 15 * DAY
        life.run()


def test_both_bundles_verify_for_whoever_trusts_either_key(life):
    old = old_key(life)
    new = handed(life)
    month(life)
    september, october = life.bundles()
    assert (verify(september).fingerprint, verify(october).fingerprint) == (old.fingerprint, new.fingerprint)
    for trusted in ((old.public_key,), (new.public_key,), (old.public_key, new.public_key)):
        found = verify_all([september, october], trusted)
        assert found.ok, [one.checks for one in found.bundles]
    assert verify(october).authenticated is Authenticated.SELF_ASSERTED, "signing.pub is still the first key's"
    assert replay(october).ok and inspect(life.agent.store).faults == ()


def test_an_auditors_copy_alone_is_followed_from_the_old_key_to_the_new_and_not_back(life, tmp_path):
    old, new = old_key(life), handed(life)
    month(life)
    copies = []
    for path in life.bundles():
        copies.append(tmp_path / path.name)
        copies[-1].write_bytes(path.read_bytes())
    september, october = copies
    assert verify(october, (old.public_key,)).ok and verify(october, (new.public_key,)).ok
    assert verify(september, (old.public_key,)).ok
    assert not verify(september, (new.public_key,)).ok, "nothing in it speaks of the new key"


def test_a_stranger_with_another_key_follows_nothing(life, tmp_path):
    handed(life)
    month(life)
    stranger = make_signing_key(tmp_path / "stranger.pem").public_key
    assert not any(verify(path, (stranger,)).ok for path in life.bundles())


def test_several_handovers_are_one_chain(life):
    first = old_key(life)
    handed(life, "second")
    third = handed(life, "third")
    month(life)
    assert verify_all(life.bundles(), (first.public_key,)).ok and verify_all(life.bundles(), (third.public_key,)).ok


def test_a_seal_that_was_begun_before_is_made_by_the_new_key(life, monkeypatch):
    life.clock.now += 31 * DAY
    with monkeypatch.context() as patched:
        patched.setattr("agent.sealing._print", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            life.run()
    new = handed(life)
    life.run()
    path = life.bundles()[-1]
    assert verify(path).fingerprint == new.fingerprint and verify(path, (new.public_key,)).ok


def test_the_old_key_signs_nothing_more(life):
    running = life.agent
    handed(life)
    with pytest.raises(StoreError, match="was handed over in entry"):
        running.journal.append("started", "started/x", {}, life.clock.now)
    (life.folder / "programme.yaml").write_text(WEEKLY)
    with pytest.raises(UsageError, match="is not the key that the journal names"):
        life.run()


def test_what_the_old_key_signs_all_the_same_is_refused(life):
    """A thief has it: an entry after the handover, with everything else in its place."""
    old, new = old_key(life), handed(life)
    journal = Journal(Folder(life.folder / "store"), old)
    journal._may_sign = lambda _: None
    journal.append("started", "started/x", {}, life.clock.now)
    for trusted in (old, new):
        with pytest.raises(VerificationError, match="it was signed by the key"):
            check_chain(journal.upto(journal.height).splitlines(), trusted.public_key)


def test_a_key_that_did_not_consent_is_not_handed_over_to(life, tmp_path):
    agent, other = life.agent, make_signing_key(tmp_path / "other.pem")
    new = make_signing_key(tmp_path / "new.pem")

    class Naming(LocalSigner):
        def sign(self, message: bytes) -> bytes:
            return other.sign(message)

    hand_over(agent.journal, agent.press.signer, Naming(public_key=new.public_key, key=new.key), by=None, now=START)
    with pytest.raises(VerificationError, match="the signature is not one of the key"):
        check_chain(agent.journal.upto(agent.journal.height).splitlines(), agent.press.signer.public_key)


@pytest.mark.parametrize("field", ["old", "new", "fingerprint", "consent"])
def test_a_handover_that_is_not_whole_is_refused(life, field):
    handed(life)
    entries = Journal(Folder(life.folder / "store")).entries
    body = {**entries[-1].body, field: "x"}
    changed = (*entries[:-1], msgspec.structs.replace(entries[-1], body=body))
    with pytest.raises(VerificationError):
        check_chain((encode(entry) for entry in changed), old_key(life).public_key)


def test_a_review_after_the_handover_is_verified_with_the_key_of_its_time(life):
    handed(life)
    agent = life.agent
    sealed = sealed_cycle(agent.store, agent.journal, "2026-09", None)
    sign(
        agent.store,
        agent.journal,
        sealed,
        (),
        reviewer="Ada Beispiel",
        programme=agent.press.signer,
        own=None,
        now=life.clock.now,
    )
    (september,) = life.bundles()
    found = verify(september, (old_key(life).public_key,))
    assert found.ok and any("Ada Beispiel" in one.words for one in found.checks), found.checks


def test_a_key_is_not_handed_over_to_itself_or_back(life):
    old, new = old_key(life), handed(life)
    agent = life.agent
    for again in (new, old):
        with pytest.raises(UsageError, match="signs already, or did before"):
            hand_over(agent.journal, agent.press.signer, again, by=None, now=life.clock.now)


def test_the_command_hands_over_and_prints_the_new_public_key(life, monkeypatch):
    monkeypatch.setattr("agent.commands.handover.now", life.clock)
    new = make_signing_key(life.folder / "keys" / "new.pem")
    typed = [
        "handover",
        "--to",
        str(life.folder / "keys/new.pem"),
        "--by",
        "Ada",
        "--programme",
        str(life.folder / "programme.yaml"),
    ]
    said = CliRunner().invoke(cli, typed)
    assert said.exit_code == 0 and said.output.endswith(new.public_key.pem), said
    (told,) = [one for one in activity(Journal(Folder(life.folder / "store")).entries) if one.what == "key"]
    assert (told.who, told.after) == ("Ada", new.fingerprint)


def test_a_programme_whose_key_was_never_handed_over_reads_as_before(life):
    key = old_key(life).public_key
    chain = check_chain(life.agent.journal.upto(life.agent.journal.height).splitlines(), key)
    assert chain.keys == ((0, key),) and isinstance(life.folder, Path)
