"""What `init --discover` makes of an organisation: asked over the wire of a simulated AWS, and of estates as discovery gives them."""

import boto3
import pytest
from moto.server import ThreadedMotoServer

from agent.cli import main
from agent.proposal import proposed
from agent.reading import load
from agent.starter import Answers
from collectors.gap import Gap, Reason
from collectors.sighting import Estate, Member

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example"}


@pytest.fixture(scope="module")
def server():
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    yield "http://{}:{}".format(*running.get_host_and_port())
    running.stop()


@pytest.fixture
def ambient(server, tmp_path, monkeypatch):
    """Credentials of the simulated AWS, and nothing else of this machine."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "STARCADENCE_EXTERNAL_ID"):
        monkeypatch.delenv(name, raising=False)
    settings = {
        **KEYS,
        "AWS_ENDPOINT_URL": server,
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    return monkeypatch


@pytest.fixture
def organization(server, ambient):
    """An organisation of two accounts, and its id."""
    client = boto3.client("organizations", endpoint_url=server)
    made = client.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    account = client.create_account(Email="storage@cloud.example", AccountName="storage")["CreateAccountStatus"][
        "AccountId"
    ]
    yield made, account
    client.remove_account_from_organization(AccountId=account)
    client.delete_organization()


def discover(capsys, folder, *more):
    with pytest.raises(SystemExit) as ended:
        main(["init", "--discover", "--directory", str(folder), *more])
    assert ended.value.code == 0
    return capsys.readouterr().err, (folder / "programme.yaml").read_text()


def test_the_organisation_and_its_accounts_are_proposed(capsys, tmp_path, organization):
    made, account = organization
    said, text = discover(capsys, tmp_path / "x")
    assert f"    organization: {made} " in text
    assert f"    #   {account}  storage, " in text
    assert "master, management account, " in said
    assert load(tmp_path / "x/programme.yaml", environment={}).programme.scope.aws.organization == made


def test_an_external_id_of_the_environment_is_named_and_not_written(capsys, tmp_path, organization, ambient):
    ambient.setenv("STARCADENCE_EXTERNAL_ID", "example-external-id")
    said, text = discover(capsys, tmp_path / "x")
    assert "\n    external_id: ${STARCADENCE_EXTERNAL_ID} " in text
    assert "example-external-id" not in said + text


def test_another_organisation_than_the_credentials_is_said(capsys, tmp_path, organization):
    said, text = discover(capsys, tmp_path / "x", "--organization", "o-exampleorg01")
    assert "not learned: organizations.DescribeOrganization (no role, credentials of another organization)" in said
    assert "    organization: o-exampleorg01 " in text


def test_an_account_in_no_organisation_is_proposed_by_itself(capsys, tmp_path, ambient):
    said, text = discover(capsys, tmp_path / "x")
    assert "Found 1 account:" in said
    assert "    # organization: o-exampleorg01 " in text
    assert load(tmp_path / "x/programme.yaml", environment={}).programme.scope.aws.organization is None


def test_without_credentials_the_file_is_still_written(capsys, tmp_path, ambient):
    ambient.delenv("AWS_ACCESS_KEY_ID")
    said, text = discover(capsys, tmp_path / "x")
    assert "not learned: AWS (no role, no ambient credentials); run init --discover again" in said
    assert "# not learned: AWS" in text


def test_without_an_answer_the_file_is_still_written(capsys, tmp_path, ambient):
    ambient.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    said, _ = discover(capsys, tmp_path / "x")
    assert "not learned: organizations.DescribeOrganization (unreachable" in said


def gap(account, reason, detail="", collector="aws.enabled_regions", operation="sts.AssumeRole"):
    return Gap(cell=f"aws/{account}/global/{collector}", operation=operation, subject="", reason=reason, detail=detail)


def test_accounts_that_cannot_be_looked_at_are_listed_with_what_to_do():
    estate = Estate(
        provider="aws", organization="o-exampleorg01", management_account="111122223333", calls=(),
        members=(
            Member(account="111122223333", name="root", state="in scope", regions=("eu-central-1", "eu-west-1")),
            Member(account="222233334444", name="storage", state="in scope"),
            Member(account="333344445555", name=None, state="in scope"),
            Member(account="444455556666", name="old", state="closed"),
        ),
        gaps=(
            gap("222233334444", Reason.NO_ROLE, "AccessDenied"),
            gap("333344445555", Reason.DENIED, "UnauthorizedOperation", operation="ec2.DescribeRegions"),
            gap("o-exampleorg01", Reason.THROTTLED, collector="aws.organization", operation="organizations.ListAccounts"),
        ),
    )  # fmt: skip
    answers, lacking = proposed(Answers(name="Example"), estate)
    assert lacking == ("222233334444",)
    assert answers.organization == "o-exampleorg01"
    assert answers.remarks == (
        "not learned: organizations.ListAccounts (throttled)",
        "Found 4 accounts:",
        "  111122223333  root, management account, 2 enabled regions",
        "  222233334444  storage, no role, AccessDenied: the role cannot be assumed: deploy it there, or exclude the account with a reason",
        "  333344445555  denied, UnauthorizedOperation: the role may not do what it needs: see `starcadence permissions aws`",
        "  444455556666  old, closed",
    )
