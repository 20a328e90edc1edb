"""Visits of the fake AWS over again without a server: every answer is kept as the SDK parsed it, and one of them may be another."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from collectors.aws.catalogue import COLLECTORS
from collectors.aws.cloud import Aws
from collectors.aws.elsewhere import Elsewhere
from collectors.aws.places import GLOBAL_SERVICES
from collectors.aws.session import AwsSession
from collectors.aws.wire import Identity, Reply, Wire
from collectors.collector import Cell
from collectors.inline import Inline
from collectors.redaction import Redactor
from collectors.sighting import Visit
from collectors.visit import visit
from controls.assess import Judge
from controls.catalogue import CHECKS
from controls.verdict import Outcome
from tests.fakes.aws_looking import NOW, Look, look, resources, seen
from tests.fakes.spoiling import Way

Question = tuple[str, str, str, str]
"""Account, region (`everywhere` for services without any), operation, parameters."""
BY_NAME = {collector.name: collector for collector in COLLECTORS}


def question(account: str, region: str, operation: str, parameters: Mapping[str, Any]) -> Question:
    """What tells one question from another."""
    where = "everywhere" if operation.partition(".")[0] in GLOBAL_SERVICES else region
    return account, where, operation, json.dumps(parameters, sort_keys=True, default=str)


@contextmanager
def kept(patch: pytest.MonkeyPatch) -> Iterator[dict[Question, Reply]]:
    """Every reply of every wire while it lasts."""
    replies: dict[Question, Reply] = {}
    read = Wire.read

    def keep(wire: Wire, identity: Identity, region: str, operation: str, parameters: dict[str, Any]) -> Reply:
        reply = replies[question(identity.account, region, operation, parameters)] = read(
            wire, identity, region, operation, parameters
        )
        return reply

    with patch.context() as inside:
        inside.setattr(Wire, "read", keep)
        yield replies


@dataclass(kw_only=True)
class Replay:
    """One look at the fake AWS, and visits of its cells by what was answered then."""

    aws: Aws
    look: Look
    replies: dict[Question, Reply]
    other: dict[Question, dict[str, Any]] = field(default_factory=dict)
    """What is answered otherwise."""
    asked: list[Question] = field(default_factory=list)
    clients: Any = None
    _judge: Judge = field(default_factory=lambda: Judge(CHECKS))

    def __post_init__(self) -> None:
        self.clients = self.aws._wire.clients
        self._seen = {
            key: seen(self.look.visits, BY_NAME[Cell.of(key).collector], Cell.of(key)) for key in self.look.visits
        }

    def read(self, identity: Identity, region: str, operation: str, parameters: dict[str, Any]) -> Reply:
        """As `Wire.read`."""
        asked = question(identity.account, region, operation, parameters)
        self.asked.append(asked)
        reply = self.replies[asked]
        return replace(reply, answer=self.other[asked]) if asked in self.other else reply

    def worded(self, operation: str, way: Way) -> bool:
        """AWS lists the words that may stand there."""
        service, _, name = operation.partition(".")
        shape = self.clients.client(service).meta.service_model.operation_model(name).output_shape
        for key in way:
            kind = getattr(shape, "type_name", "")
            if kind == "structure":
                shape = shape.members.get(key)
            else:
                shape = shape.member if kind == "list" else shape.value if kind == "map" else None
        return bool(getattr(shape, "enum", None))

    def visit(self, cell: Cell) -> Visit:
        """One visit, with nothing in memory of any other."""
        mine = self.aws._elsewhere
        elsewhere = Elsewhere(identity=mine.identity, management=mine.management, accounts=mine.accounts)
        wire: Any = self
        session = AwsSession(
            wire=wire, identity=mine.identity(cell.account), region=cell.region, partition="aws", seen=self._seen[cell.key],
            organization_accounts=self.aws._organization_accounts, elsewhere=elsewhere,
        )  # fmt: skip
        return visit(BY_NAME[cell.collector], cell, session, Inline(), redactor=Redactor(b"key"))

    def verdicts(self, cell: Cell) -> dict[tuple[str, str], Outcome]:
        """What the checks say of what a visit sees."""
        return {
            (check.name, resource.id): verdict.outcome
            for resource in resources(self.visit(cell))
            for check, verdict in self._judge(resource, NOW)
        }


def recorded(aws: Aws, patch: pytest.MonkeyPatch) -> Replay:
    """Look at all that the sweep sees, once, and keep it."""
    with kept(patch) as replies:
        found = look(aws, aws.cells(aws.discover(), COLLECTORS))
        # What one cell asked for all is asked by each when it is visited alone.
        for key in found.visits:
            cell = Cell.of(key)
            aws._sharing.expect(())
            alone = aws._elsewhere
            aws._elsewhere = Elsewhere(identity=alone.identity, management=alone.management, accounts=alone.accounts)
            aws.visit(cell, BY_NAME[cell.collector], seen(found.visits, BY_NAME[cell.collector], cell))
    return Replay(aws=aws, look=found, replies=replies)
