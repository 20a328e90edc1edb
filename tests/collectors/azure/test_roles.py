"""What roles allow, and who holds them."""

import pytest

from collectors.azure.entitlements import guarded
from collectors.azure.patterns import allows
from collectors.azure.roles import permissions_of, powers


def role(*actions, but=(), data=(), not_data=()):
    return {
        "actions": list(actions),
        "notActions": list(but),
        "dataActions": list(data),
        "notDataActions": list(not_data),
    }


OWNER = role("*")
CONTRIBUTOR = role(
    "*",
    but=(
        "Microsoft.Authorization/*/Delete",
        "Microsoft.Authorization/*/Write",
        "Microsoft.Authorization/elevateAccess/Action",
    ),
)
ALL = ("data", "keys", "logging")


@pytest.mark.parametrize(
    ("permissions", "administrator", "wildcards", "planes"),
    [
        ([], False, (), ()),
        ([OWNER], True, ("*",), ALL),
        ([CONTRIBUTOR], False, ("*",), ALL),
        ([CONTRIBUTOR, role("Microsoft.Authorization/*")], True, ("*",), ALL),
        ([role("*/read")], False, (), ()),
        ([role("Microsoft.Authorization/*/write")], False, (), ()),
        ([role("Microsoft.Compute/*")], False, ("microsoft.compute",), ("data",)),
        ([role("Microsoft.Compute/*", but=("Microsoft.Compute/*",))], False, (), ()),
        ([role("Microsoft.KeyVault/*")], False, ("microsoft.keyvault",), ("keys",)),
        ([role("microsoft.keyvault/VAULTS/accesspolicies/WRITE")], False, (), ("keys",)),
        ([role(data=("Microsoft.KeyVault/vaults/*",))], False, (), ("keys",)),
        ([role(data=("Microsoft.KeyVault/vaults/keys/read",))], False, (), ()),
        ([role(data=("Microsoft.KeyVault/vaults/*",), not_data=("Microsoft.KeyVault/*",))], False, (), ()),
        ([role("Microsoft.Insights/*"), role("Microsoft.Storage/*")], False, ("microsoft.insights", "microsoft.storage"),
         ("data", "logging")),
        ([role("*/write")], False, (), ALL),
        ([role("*", but=("*",))], False, (), ()),
    ],
)  # fmt: skip
def test_powers_are_the_sum_of_all_roles(permissions, administrator, wildcards, planes):
    found = powers(permissions)
    assert (found.administrator, found.planes) == (administrator, planes)
    assert found.wildcards == wildcards


def test_what_some_role_allows_is_certain_though_another_is_not_known():
    assert powers([OWNER], certain=False).administrator is True
    unsure = powers([role("*/read")], certain=False)
    assert (unsure.administrator, unsure.wildcards, unsure.planes) == (None, None, None)


@pytest.mark.parametrize(
    "broken", [{}, {"properties": {}}, {"properties": {"permissions": "all"}}, {"properties": {"permissions": [{}]}}]
)
def test_a_definition_that_cannot_be_read_is_not_learned(broken):
    assert permissions_of(broken) is None


@pytest.mark.parametrize(
    ("actions", "but", "action", "expected"),
    [
        (["*"], [], "a/b/read", True),
        (["a/*/read"], [], "a/b/c/read", True),
        (["a/*/read"], [], "a/read", False),
        (["A/B/Read"], [], "a/b/read", True),
        (["a/b/read"], ["a/*"], "a/b/read", False),
        (["a.b/read"], [], "aXb/read", False),
        (None, None, "a/b/read", False),
        ("*", [], "a/b/read", False),
        ([None, 7], [], "a/b/read", False),
    ],
)
def test_patterns(actions, but, action, expected):
    assert allows(actions, but, action) is expected


LASTING = {"principalId": "p", "roleDefinitionId": "r"}
ASKED = {**LASTING, "justInTimeAccessPolicy": {"multiFactorAuthProvider": "Azure"}}


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        (None, None),
        ({}, None),
        ({"authorizations": [LASTING]}, False),
        ({"authorizations": [], "eligibleAuthorizations": [ASKED]}, True),
        ({"authorizations": [LASTING], "eligibleAuthorizations": [ASKED]}, False),
        ({"authorizations": [], "eligibleAuthorizations": [LASTING]}, False),
        ({"authorizations": [], "eligibleAuthorizations": [ASKED, LASTING]}, False),
        ({"authorizations": []}, False),
        ({"authorizations": [], "eligibleAuthorizations": "none"}, None),
    ],
)
def test_a_delegation_is_guarded_if_nothing_lasts_and_each_elevation_asks_for_a_second_factor(offer, expected):
    assert guarded(offer) is expected
