"""A session over the fake tenant's rows and answers, without a server: for what collectors make of shapes, thousands at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from agent.demo.microsoft.azure import FakeAzure
from collectors.azure.operations import ARM, DIRECTORY, GRAPH
from collectors.collector import Item, Unseen
from collectors.resource import Resource

T = TypeVar("T")


class AnsweredSession:
    """Implements what Azure's collectors ask of `AzureSession`; nothing is kept, and what is not in the tenant is refused."""

    partition = "azure"
    answered = None
    region = "global"
    organization_accounts: frozenset[str] | None = None

    def __init__(self, azure: FakeAzure, account: str, seen: Mapping[str, tuple[Resource, ...]] | None = None) -> None:
        self.account = account
        self._azure = azure
        self._seen = seen or {}
        self.read: set[str] = set()
        """Types and paths that were asked for."""

    def pages(self, operation: str, key: str, /, **parameters: Any) -> Iterator[Item]:  # noqa: ARG002 - as `Session`
        if operation in GRAPH:
            yield from self._rows(operation)
            return
        found = self._answer(operation, parameters)
        if not isinstance(found, list):
            raise Unseen("refused")
        yield from found

    def pages_once(self, operation: str) -> tuple[Item, ...]:
        return tuple(self.pages(operation, "value"))

    def ask(self, operation: str, /, *, through: Any = None, **parameters: Any) -> Any:
        found = self._answer(operation, parameters)
        found = through(found) if through and isinstance(found, dict) else found
        return {"value": found} if isinstance(found, list) else found

    ask_once = ask

    def once(self, key: str, make: Callable[[], T]) -> T:  # noqa: ARG002 - as `AzureSession`
        return make()

    def joined(
        self,
        operation: str,
        by: Callable[[Item], Iterable[str]],
        *keys: str,
        absent: tuple[str, ...] = (),  # noqa: ARG002
    ) -> list[Item] | None:
        wanted = {key.lower() for key in keys}
        rows = self._rows(operation) if operation in GRAPH else self._answer(operation, {})
        return None if rows is None else [row for row in rows if wanted & {key.lower() for key in by(row)}]

    def seen(self, collector: str) -> tuple[Resource, ...] | None:
        return self._seen.get(collector)

    def cite(self, resource: Resource) -> None:
        """Nothing is kept."""

    def _rows(self, operation: str) -> list[Item]:
        table = GRAPH[operation]
        self.read.add(table.type)
        return [row for row in self._azure.rows if row["type"] == table.type and row["subscriptionId"] == self.account]

    def _answer(self, operation: str, parameters: dict[str, Any]) -> Any:
        found = ARM.get(operation) or DIRECTORY[operation]
        path = found.path.format_map({"subscription": self.account, **parameters}).lower()
        self.read.add(path)
        return self._azure.answers.get(path)
