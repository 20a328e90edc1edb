"""What is made of a tenant's own policies: each row changes one thing, and what narrows a policy makes it none for everybody."""

import pytest

from agent.demo.microsoft.azure import FakeAzure
from collectors.azure.directory import Directories, demands_mfa, refuses_older
from tests.fakes.azure_rows import GOOD
from tests.fakes.azure_session import AnsweredSession

USERS, APPS = {"includeUsers": ["All"], "excludeUsers": ["emergency"]}, {"includeApplications": ["All"]}
WHOLE = {"users": USERS, "applications": APPS, "clientAppTypes": ["all"]}
STRONG = {"id": "x", "requirementsSatisfied": "mfa"}


def policy(controls=None, state="enabled", **conditions):
    asked = {"operator": "OR", "builtInControls": ["mfa"]} if controls is None else controls
    return {"state": state, "conditions": {**WHOLE, **conditions}, "grantControls": asked}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (policy(), True),
        (policy(clientAppTypes=["browser", "mobileAppsAndDesktopClients", "other"]), True),
        (policy(clientAppTypes=["browser"]), False),
        (policy(clientAppTypes=[]), False),
        (policy(state="disabled"), False),
        (policy(state="enabledForReportingButNotEnforced"), False),
        (policy(users={"includeUsers": ["user-a"]}), False),
        (policy(users={"includeRoles": ["admin"]}), False),
        (policy(applications={"includeApplications": ["Office365"]}), False),
        (policy(locations={"includeLocations": ["All"], "excludeLocations": []}), True),
        (policy(locations={"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}), False),
        (policy(locations={"includeLocations": ["place"]}), False),
        (policy(platforms={"includePlatforms": ["all"]}), True),
        (policy(platforms={"includePlatforms": ["iOS"]}), False),
        (policy(platforms="?"), False),
        (policy(signInRiskLevels=["high"]), False),
        (policy(devices={"deviceFilter": {"mode": "exclude"}}), False),
        (policy({"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]}), False),
        (policy({"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]}), True),
        (policy({"operator": "OR", "builtInControls": ["compliantDevice"]}), False),
        (policy({"operator": "OR", "builtInControls": [], "authenticationStrength": STRONG}), True),
        (policy({"operator": "OR", "builtInControls": ["compliantDevice"], "authenticationStrength": STRONG}), False),
        (policy({"operator": "AND", "builtInControls": ["compliantDevice"], "authenticationStrength": STRONG}), True),
        (policy({"operator": "OR", "builtInControls": [], "authenticationStrength": {"id": "x"}}), None),
        (
            policy(
                {"operator": "OR", "builtInControls": [], "authenticationStrength": {"requirementsSatisfied": "none"}}
            ),
            False,
        ),
        (policy({}), False),
        ({"state": "enabled"}, False),
        ({}, False),
    ],
)
def test_a_policy_demands_a_second_factor_of_everybody(said, expected):
    assert demands_mfa(said) is expected


BLOCK = {"operator": "OR", "builtInControls": ["block"]}
OLDER = ["exchangeActiveSync", "other"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (policy(BLOCK, clientAppTypes=OLDER), True),
        (policy(BLOCK, clientAppTypes=["other"]), False),
        (policy(clientAppTypes=OLDER), False),
        (policy(BLOCK, clientAppTypes=OLDER, state="disabled"), False),
        (policy(BLOCK, clientAppTypes=OLDER, users={"includeUsers": ["None"]}), False),
        ({}, False),
    ],
)
def test_a_policy_refuses_older_clients_to_everybody(said, expected):
    assert refuses_older(said) is expected


def directory(defaults, policies, *principals):
    answers = {
        "/v1.0/policies/identitysecuritydefaultsenforcementpolicy": defaults,
        "/v1.0/identity/conditionalaccess/policies": policies,
        "/v1.0/rolemanagement/directory/roleassignments": [{"principalId": one} for one in principals],
    }
    session = AnsweredSession(FakeAzure(rows=[], answers=answers), GOOD)
    (item,) = Directories.list(session)
    found = Directories.describe(session, item)
    return found.mfa_demanded, found.legacy_sign_ins_refused, found.administrators


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (directory({"isEnabled": True}, [], "a", "b", "b"), (True, True, 2)),
        (directory({"isEnabled": False}, []), (False, False, 0)),
        (directory({"isEnabled": False}, [policy()], "a"), (True, False, 1)),
        (directory({}, [], None), (None, None, None)),
        (directory({}, [policy()], "a"), (True, None, 1)),
    ],
)
def test_defaults_or_policies_speak_for_the_tenant(said, expected):
    assert said == expected
