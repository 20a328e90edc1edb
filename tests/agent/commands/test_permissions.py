"""`starcadence permissions aws` prints policies that a console takes."""

import json

import pytest
from click.testing import CliRunner

from agent.commands.permissions import permissions
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.permissions import ambient_policy, policy


@pytest.mark.parametrize(("flags", "expected"), [((), policy(COLLECTORS)), (("--agent",), ambient_policy())])
def test_the_policy_is_printed_as_json(flags: tuple[str, ...], expected: dict[str, object]) -> None:
    printed = CliRunner().invoke(permissions, ["aws", *flags])
    compact = CliRunner().invoke(permissions, ["aws", *flags, "--json"])
    assert (printed.exit_code, compact.exit_code) == (0, 0)
    assert json.loads(printed.output) == json.loads(compact.output) == expected
    assert compact.output.count("\n") == 1
