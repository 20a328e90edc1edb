# ruff: noqa: ARG002 - steps and sessions have the signatures of their protocols
"""A cloud of our own that fits in a dictionary, and a collector of what is in it."""

from collections.abc import Iterator
from typing import Any

from collectors.collector import Cell, Item, Unseen, collector
from collectors.gap import Reason
from collectors.notes import Failure, Notes
from collectors.resource import DataStore, Resource
from collectors.sighting import Call

CELL = Cell(provider="tin", account="111122223333", region="north", collector="tin.boxes")
CALL = Call(operation="tin.ShowBox", subject="", host="tin.example", request_id="r", date="", status=200)
DENIED = Failure(operation="tin.ShowBox", reason=Reason.DENIED, detail="No")


class TinSession:
    """A cloud of our own that fits in a dictionary: `answers` by operation and name."""

    account, region, partition, organization_accounts = "111122223333", "north", "tin", None

    def __init__(self, listing: list[Any], answers: dict[str, Any]) -> None:
        self.listing = listing
        self.answers = answers
        self.notes = Notes()

    def apart(self) -> "TinSession":
        return TinSession(self.listing, self.answers)

    def pages(self, operation: str, key: str, /, **parameters: Any) -> Iterator[Item]:
        for element in self.listing:
            if isinstance(element, Failure):
                self.notes.failures.append(element)
                raise Unseen(element.detail)
            self.notes.listing = operation
            yield element

    def ask(
        self, operation: str, /, *, absent: Any = (), gone: Any = (), region: Any = None, **parameters: Any
    ) -> dict[str, Any] | None:
        self.notes.calls.append(CALL)
        answer = self.answers.get(parameters["Name"], {"Locked": True})
        if isinstance(answer, Failure):
            self.notes.failures.append(answer)
            return None
        if isinstance(answer, Exception):
            raise answer
        self.notes.answers.append((operation, answer))
        return answer

    def seen(self, collector: str) -> tuple[Resource, ...] | None:
        return None

    def cite(self, resource: Resource) -> None:
        self.notes.cites.append(resource.id)


@collector(
    "tin.boxes", sees=DataStore, kinds=("box",), learns=("encrypted", "backup_days"), readings=("backup_days",), moves=("Opened",),
    redacts=("Secret",), grants=("tin:ListBoxes",), where="region",
)  # fmt: skip
class Boxes:
    """The boxes of the tin cloud."""

    def list(self, session: Any) -> Iterator[Item]:
        return session.pages("tin.ListBoxes", "Boxes")

    def describe(self, session: Any, item: Item) -> DataStore:
        answer = session.ask("tin.ShowBox", Name=item["Name"])
        return DataStore(
            id=f"tin:{item['Name']}", provider="tin", account=session.account, region=session.region, kind="box", name=item["Name"],
            encrypted=None if answer is None else answer["Locked"], backup_days=item.get("Days"),
        )  # fmt: skip
