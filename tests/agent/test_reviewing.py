"""The review: every deviation is answered or nothing is signed, no result changes, and verify holds the assertion against the seal."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from agent import assertion
from agent.answers import deviation_key, read
from agent.canonical import encode
from agent.cli import cli
from agent.journal import Journal
from agent.keys import load_public, load_signer, make_signing_key
from agent.reviewing import sealed_cycle, sign
from agent.store import Folder
from agent.verification import State, Verification
from agent.verify import verify
from tests.agent.living import Life, begin

ANSWER = {
    "cause": "made by hand",
    "action": "made anew from the template",
    "owner": "storage-lead",
    "due": "2026-11-01",
}
KEY = deviation_key("data_is_encrypted_at_rest", "arn:aws:ec2:eu-west-1:111122223333:volume/one")
OTHER = deviation_key("data_is_encrypted_at_rest", "arn:aws:ec2:eu-west-1:111122223333:volume/two")


def sealed_life(folder: Path) -> Life:
    life = begin(folder)
    for name in ("one", "two"):
        life.cloud.volume(name, encrypted=False)
    life.run()
    life.clock.now = datetime(2026, 10, 1, 1, tzinfo=UTC)
    life.run()
    return life


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    life = sealed_life(tmp_path)
    for module in ("review", "submit"):
        monkeypatch.setattr(f"agent.commands.{module}.now", life.clock)
    return life


def typed(life: Life, *arguments: object) -> Result:
    return CliRunner().invoke(
        cli, ["review", "2026-09", "--programme", str(life.folder / "programme.yaml"), *map(str, arguments)]
    )


def answers(life: Life, given: dict[str, object], **more: object) -> Path:
    path = life.folder / "answers.yaml"
    path.write_text(
        json.dumps({"service": "object-store", "cycle": "2026-09", "answers": given, **more}, indent=1),
        encoding="utf-8",
    )
    return path


def reviewed(life: Life, *arguments: object) -> Result:
    given = {KEY: ANSWER, OTHER: {"disputed_because": "a scratch volume, destroyed every night"}}
    return typed(life, "--answers", answers(life, given), "--reviewer", "Ada Beispiel", *arguments)


def verified(life: Life, *keys: Path) -> Verification:
    trust = tuple(load_public(key) for key in keys) or (load_public(life.folder / "store" / "signing.pub"),)
    return verify(life.bundles()[0], trust)


def said(found: Verification) -> list[tuple[State, str]]:
    return [(one.state, one.words) for one in found.checks if one.what == "review"]


def test_each_deviation_is_shown_with_its_key(life: Life) -> None:
    result = typed(life)
    assert result.exit_code == 0
    assert KEY in result.output and "data_is_encrypted_at_rest" in result.output and "not reviewed yet" in result.output
    rows = json.loads(typed(life, "--json").output)["deviations"]
    assert {row["key"] for row in rows} >= {KEY, OTHER}


def test_the_template_asks_for_every_deviation_and_is_refused_as_it_stands(life: Life) -> None:
    path = life.folder / "answers.yaml"
    path.write_text(typed(life, "--template").output)
    assert set(yaml.safe_load(path.read_text())["answers"]) == {KEY, OTHER}
    result = typed(life, "--answers", path, "--reviewer", "Ada Beispiel")
    assert result.exit_code != 0
    words = str(result.exception)
    assert f"{KEY} lacks cause, action, owner, due" in words and f"{OTHER} lacks" in words
    assert words.startswith(f"{path}:")


def test_every_answer_that_is_missing_or_wrong_is_told_at_once(life: Life) -> None:
    given = {KEY: {**ANSWER, "owner": "nobody", "disputed_because": "no"}, "feedbeef": ANSWER}
    words = str(typed(life, "--answers", answers(life, given, cycle="2026-08")).exception)
    assert f"lacks an answer to {OTHER}" in words
    assert "'feedbeef' is no deviation of this cycle" in words
    assert "'nobody' is not under `owners`" in words
    assert "keep one of the two" in words
    assert "cycle is '2026-08', and 2026-09 is being reviewed" in words
    assert not list((life.folder / "store" / "cycles").rglob("review*"))


def test_a_review_by_nobody_is_refused(life: Life) -> None:
    given = {KEY: ANSWER, OTHER: ANSWER}
    assert "who has reviewed it?" in str(typed(life, "--answers", answers(life, given)).exception)


def test_a_signed_review_changes_nothing_that_is_sealed_and_verifies(life: Life) -> None:
    before = life.tree()
    assert said(verified(life))[0][0] is State.UNKNOWN
    result = reviewed(life)
    assert result.exit_code == 0, result.output
    assert "reviewed by Ada Beispiel on 2026-10-01 (declared), 2 deviations answered, 1 disputed" in result.output
    after = life.tree()
    assert {key: after[key] for key in before} == before
    assert {key.split("/")[-1].split("-")[0] for key in after.keys() - before.keys()} >= {
        "review.sigstore.json",
        "responses",
    }
    found = verified(life)
    assert found.ok, found
    assert [state for state, _ in said(found)] == [State.VERIFIED] * 3
    assert "2 answers, one to each deviation of the sealed report" in said(found)[2][1]


def test_a_second_review_is_refused(life: Life) -> None:
    reviewed(life)
    assert "a review is never replaced" in str(reviewed(life).exception)


def test_a_late_review_says_so(life: Life) -> None:
    life.clock.now = datetime(2026, 10, 12, tzinfo=UTC)
    assert "on 2026-10-12, late" in reviewed(life).output


def test_a_reviewers_own_key_proves_the_approval(life: Life, tmp_path: Path) -> None:
    own = make_signing_key(tmp_path / "ada.pem")
    assert "(proven)" in reviewed(life, "--key", tmp_path / "ada.pem").output
    found = verified(life)
    assert found.ok
    assert "which the provider's journal names" in said(found)[1][1]
    (tmp_path / "ada.pub").write_text(own.public_key.pem)
    given = said(verified(life, life.folder / "store" / "signing.pub", tmp_path / "ada.pub"))
    assert "a reviewer's key that you gave" in given[1][1]


def test_the_programmes_own_key_proves_nothing(life: Life) -> None:
    assert "(declared)" in reviewed(life, "--key", life.folder / "keys" / "signing.pem").output


def test_a_review_that_was_cut_short_is_finished_by_typing_it_again(life: Life) -> None:
    reviewed(life)
    journal = sorted((life.folder / "store" / "journal").iterdir())
    journal[-1].unlink()
    found = verified(life)
    assert not found.ok and "finishes one that was interrupted" in said(found)[0][1]
    before = life.tree()
    assert reviewed(life).exit_code == 0
    assert {key for key in life.tree() if key not in before} == {f"journal/{journal[-1].name}"}
    assert verified(life).ok


class Dying(Folder):
    """A store whose process is killed before, or after, its n-th write."""

    def __init__(self, root: Path, left: int, *, after: bool) -> None:
        super().__init__(root)
        self.left, self.after = left, after

    def put_if_absent(self, key: str, data: bytes) -> bytes:
        self.left -= 1
        if self.left < 0 and not self.after:
            raise KeyboardInterrupt
        found = super().put_if_absent(key, data)
        if self.left < 0:
            raise KeyboardInterrupt
        return found


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("left", [0, 1, 2])
@pytest.mark.slow
@pytest.mark.sampled
def test_a_review_killed_at_any_write_is_finished_and_is_one(life: Life, left: int, after: bool) -> None:
    """The second try has other answers: before the commit point it wins, after it the first one stands."""
    store = Dying(life.folder / "store", left, after=after)
    signer = load_signer(life.folder / "keys" / "signing.pem")
    journal = Journal(store, signer)
    sealed = sealed_cycle(store, journal, "2026-09", None)
    first = read(
        answers(life, {KEY: ANSWER, OTHER: ANSWER}),
        "object-store",
        "2026-09",
        sealed.report.deviations,
        ("storage-lead",),
    )[1]
    with pytest.raises(KeyboardInterrupt):
        sign(store, journal, sealed, first, reviewer="First", programme=signer, own=None, now=life.clock.now)
    result = reviewed(life)
    (entry,) = life.agent.journal.of("reviewed")
    committed = (left, after) not in {(0, False), (0, True), (1, False)}
    assert entry.body["reviewer"] == ("First" if committed else "Ada Beispiel")
    words = "is never replaced" if (left, after) == (2, True) else "yours was not taken"
    assert (words in str(result.exception)) is committed
    found = verified(life)
    assert found.ok, found


@pytest.mark.parametrize(
    ("name", "words"),
    [("review.sigstore.json", "it was removed"), ("responses-*.json", "is not beside it")],
)
def test_a_review_that_was_removed_is_missed(life: Life, name: str, words: str) -> None:
    reviewed(life)
    next(life.bundles()[0].parent.glob(name)).unlink()
    found = verified(life)
    assert not found.ok and words in said(found)[-1][1]


def test_changed_answers_are_refused(life: Life) -> None:
    reviewed(life)
    path = next(life.bundles()[0].parent.glob("responses-*.json"))
    path.write_bytes(path.read_bytes().replace(b"made by hand", b"made by NAND"))
    assert "is not what the review speaks of" in said(verified(life))[-1][1]


def test_every_changed_bit_of_a_review_is_refused(life: Life) -> None:
    reviewed(life)
    path = life.bundles()[0].with_name("review.sigstore.json")
    good = path.read_bytes()
    for index in range(0, len(good), 97):
        path.write_bytes(good[:index] + bytes([good[index] ^ 1]) + good[index + 1 :])
        assert not verified(life).ok, index
    path.write_bytes(good)
    assert verified(life).ok


def test_a_review_of_another_cycle_is_refused(life: Life) -> None:
    reviewed(life)
    life.clock.now = datetime(2026, 11, 1, 1, tzinfo=UTC)
    life.run()
    first, second = life.bundles()
    second.with_name("review.sigstore.json").write_bytes(first.with_name("review.sigstore.json").read_bytes())
    found = verify(second, (load_public(life.folder / "store" / "signing.pub"),))
    assert not found.ok and "speaks of another bundle (object-store 2026-09)" in said(found)[-1][1]


def test_an_assertion_signed_by_somebody_else_is_refused(life: Life, tmp_path: Path) -> None:
    reviewed(life)
    stranger = make_signing_key(tmp_path / "stranger.pem")
    path = life.bundles()[0].with_name("review.sigstore.json")
    found = assertion.parse(path.read_bytes())
    path.write_bytes(assertion.seal(found.manifest, found.said, stranger))
    assert not verified(life).ok


def test_a_cycle_without_deviations_is_signed_by_name_alone(tmp_path: Path) -> None:
    life = begin(tmp_path)
    life.run()
    life.clock.now = datetime(2026, 10, 1, 1, tzinfo=UTC)
    life.run()
    agent = life.agent
    sealed = sealed_cycle(agent.store, agent.journal, "2026-09", None)
    signer = load_signer(life.folder / "keys" / "signing.pem")
    entry = sign(
        agent.store, agent.journal, sealed, (), reviewer="Ada Beispiel", programme=signer, own=None, now=life.clock.now
    )
    assert (entry.body["deviations"], entry.body["late"]) == (0, False)
    assert verified(life).ok
    assert encode(entry.body)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--reviewer", "Ada"), "2 deviations are to be answered"),
        (("--template", "--reviewer", "Ada"), "without --answers"),
        (("--service", "other"), "no cycle 2026-09 of other is sealed; nothing is sealed yet"),
    ],
)
def test_what_cannot_be_reviewed_says_what_to_type(life: Life, arguments: tuple[str, ...], words: str) -> None:
    assert words in str(typed(life, *arguments).exception)
