"""Parameters that a programme sets: they judge, they are sealed beside those that checks are shipped with, and looser ones say why."""

import json
from datetime import timedelta

import pytest

from agent.archive import Archive
from agent.errors import ProgrammeError, UsageError
from agent.foreign.judging import days
from agent.parameters import effective, held, looser, shipped
from agent.reading import load
from agent.replay import replay
from collectors.resource import Identity
from controls.catalogue import CHECKS
from tests.agent.living import PROGRAMME, START, begin

CHECK = "dormant_identities_are_disabled"
COMMITTED = PROGRAMME.replace("sweep_every: 24h", "sweep_every: 10d").replace(
    "      CCM:4.1:IAM-13:",
    "      CCM:4.1:IAM-07: {owner: storage-lead, responsibility: provider}\n      CCM:4.1:IAM-13:",
)
ADA = Identity(
    id="arn:aws:iam::111122223333:user/ada", provider="aws", account="111122223333", region="global", kind="user", tags={}, console=True,
    mfa=True, keys=(), last_active=START - timedelta(days=50), never_active=False,
)  # fmt: skip
BY_NAME = {one.name: one for one in CHECKS}


def sealed(folder, lines=""):
    """A cycle of an estate with a user who was idle for fifty days when it began."""
    life = begin(folder, programme=COMMITTED + lines)
    for _ in range(4):
        life.cloud.put(ADA, "aws.users")
        life.run()
        life.clock.now += timedelta(days=10)
    (bundle,) = life.bundles()
    with Archive.open(bundle) as archive:
        report = json.loads(archive.read("report.json", 1 << 26))
        public = json.loads(archive.read("public/report.json", 1 << 26))
        page = archive.read("report.html", 1 << 26).decode()
    assert replay(bundle).ok, replay(bundle).words
    return report, public, page


def failing(report):
    return [one["resource"] for one in report["deviations"] if one["check"] == CHECK]


def row(report):
    return next(one for one in report["checks"] if one["name"] == CHECK)


def test_a_tighter_parameter_judges_and_is_sealed_beside_the_shipped_one(tmp_path):
    report, public, page = sealed(tmp_path / "one", f"parameters: {{{CHECK}: {{values: {{max_idle_days: 30}}}}}}\n")
    assert len(failing(report)) == 1
    assert (row(report)["parameters"], row(report)["shipped"]) == ({"max_idle_days": 30}, {"max_idle_days": 90})
    assert (row(public)["parameters"], row(public)["shipped"]) == ({"max_idle_days": 30}, {"max_idle_days": 90})
    assert "max_idle_days = 30</code> (shipped with 90)" in page
    assert report["distrusted"] == []
    report, _, page = sealed(tmp_path / "other")
    assert failing(report) == [] and row(report)["shipped"] == {} and "shipped with" not in page


def test_a_looser_one_is_sealed_with_its_reason_and_the_public_edition_tells_the_value_alone(tmp_path):
    moved = f"parameters: {{{CHECK}: {{values: {{max_idle_days: 2000}}, because: people on parental leave}}}}\n"
    report, public, page = sealed(tmp_path, moved)
    assert report["distrusted"] == []  # canaries are judged by what checks are shipped with
    assert (row(report)["because"], row(public)["because"]) == ("people on parental leave", None)
    assert row(public)["parameters"] == {"max_idle_days": 2000}
    assert "Why: people on parental leave" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (f"{CHECK}: {{values: {{max_idle_days: 91}}}}", "max_idle_days 91 is looser than 90, with which the check is shipped"),
        ("passwords_are_long: {values: {min_length: 12}}", "min_length 12 is looser than 14"),
        (f"{CHECK}: {{values: {{max_days: 3}}}}", "has no parameter 'max_days'; it takes max_idle_days"),
        ("users_need_mfa: {values: {max_days: 3}}", "it takes none"),
        ("users_need_mfaa: {values: {max_days: 3}}", "did you mean 'users_need_mfa'"),
        (f"{CHECK}: {{values: {{max_idle_days: -1}}}}", "max_idle_days"),
        (f"{CHECK}: {{values: {{max_idle_days: many}}}}", "max_idle_days"),
        (f"{CHECK}: {{values: {{}}}}", "values"),
        (f"{CHECK}: {{max_idle_days: 3}}", "unknown key 'max_idle_days'"),
    ],
)  # fmt: skip
def test_a_fault_says_line_and_remedy(tmp_path, said, words):
    (tmp_path / "exceptions").mkdir()
    path = tmp_path / "programme.yaml"
    path.write_text(f"{PROGRAMME}parameters:\n  {said}\n")
    with pytest.raises(ProgrammeError, match=r"programme\.yaml:(16|17): ") as refused:
        load(path)
    assert words in str(refused.value)


def programme(folder, lines):
    (folder / "exceptions").mkdir(exist_ok=True)
    (folder / "programme.yaml").write_text(PROGRAMME + lines)
    return load(folder / "programme.yaml").programme


def test_every_parameter_of_the_catalogue_has_a_direction_and_is_shipped_as_written():
    for check in CHECKS:
        assert shipped(check) == check.parameters
        for name, value in check.parameters.items():
            assert name.startswith(("min_", "max_")) or name.endswith("_days")
            assert looser(name, value, value - 1) is name.startswith("min_")
            assert not looser(name, value, value)


def test_only_the_checks_that_are_named_change_and_their_digests_stand(tmp_path):
    said = programme(tmp_path, f"parameters: {{{CHECK}: {{values: {{max_idle_days: 30}}}}}}\n")
    changed = {one.name: one for one in effective(CHECKS, said)}
    assert changed[CHECK].parameters == {"max_idle_days": 30} and changed[CHECK].digest == BY_NAME[CHECK].digest
    assert all(one is BY_NAME[name] for name, one in changed.items() if name != CHECK)
    assert effective(changed.values(), said)[0].parameters == next(iter(changed.values())).parameters
    assert shipped(changed[CHECK]) == {"max_idle_days": 90}


def test_imported_vulnerabilities_are_held_against_them_too(tmp_path):
    moved = "vulnerabilities_are_mended_in_time: {values: {critical_days: 5, high_days: 7}}"
    lines = f"remediate_within: {{critical: 9d}}\nparameters: {{{moved}}}\n"
    assert days(programme(tmp_path, lines)) == {"critical": 5, "high": 7, "medium": 90, "low": 180}


def test_parameters_of_a_package_are_held_when_it_is_loaded(tmp_path):
    said = programme(tmp_path, f"parameters: {{{CHECK}: {{values: {{max_idle_days: 30}}}}}}\n")
    held(CHECKS, said)
    with pytest.raises(UsageError, match="install its package"):
        held([one for one in CHECKS if one.name != CHECK], said)
