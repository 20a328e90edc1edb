"""A session that answers from a table: for what a collector makes of the shapes of answers, without a server."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from collectors.aws.gathered import Keep, indexed
from collectors.collector import Gone, Item, Unseen
from collectors.resource import Resource

ACCOUNT = "111122223333"
REGION = "eu-west-1"


class Told:
    """Implements `collectors.collector.Session`. An answer is a dictionary, an error code, `None` where it is refused, or a function
    of the parameters that gives one of these."""

    partition = "aws"
    management_account: str | None = None

    def __init__(
        self,
        answers: Mapping[str, Any] | None = None,
        *,
        region: str = REGION,
        organization_accounts: frozenset[str] | None = None,
        seen: Mapping[str, tuple[Resource, ...]] | None = None,
    ) -> None:
        self.account = ACCOUNT
        self.region = region
        self.organization_accounts = organization_accounts
        self.asked: list[str] = []
        self.regions: list[str | None] = []
        self.cited: list[str] = []
        self._answers = answers or {}
        self._seen = seen or {}

    def pages(self, operation: str, key: str, /, **parameters: Any) -> Iterator[Item]:
        answer = self._answer(operation, parameters)
        if not isinstance(answer, dict):
            raise Unseen(str(answer))
        yield from answer[key]

    def parts(self, operation: str, keys: tuple[str, ...], /, **parameters: Any) -> Iterator[tuple[str, Item]]:
        answer = self._answer(operation, parameters)
        if not isinstance(answer, dict):
            raise Unseen(str(answer))
        yield from ((key, element) for key in keys for element in answer[key])

    def ask(
        self,
        operation: str,
        /,
        *,
        absent: tuple[str, ...] = (),
        gone: tuple[str, ...] = (),
        region: str | None = None,
        **parameters: Any,
    ) -> dict[str, Any] | None:
        self.regions.append(region)
        answer = self._answer(operation, parameters)
        if isinstance(answer, str) and answer in gone:
            raise Gone(answer)
        if isinstance(answer, str):
            return {} if answer in absent else None
        return answer

    def seen(self, collector: str) -> tuple[Resource, ...] | None:
        return self._seen.get(collector)

    def joined(self, collector: str) -> dict[str, Resource] | None:
        seen = self.seen(collector)
        return None if seen is None else {resource.id: resource for resource in seen}

    def among(
        self, operation: str, key: str, /, *, by: str, of: Any, keep: Keep | None = None, newest: str = "", absent: tuple[str, ...] = (),
        **parameters: Any,
    ) -> tuple[Item, ...] | None:  # fmt: skip
        answer = self._answer(operation, parameters)
        if isinstance(answer, str) and answer in absent:
            return ()
        if not isinstance(answer, dict):
            return None
        found = indexed(answer[key], by, newest).get(of, ())
        return found if keep is None else keep(found)

    def every(
        self, operation: str, key: str, /, *, gone: tuple[str, ...] = (), **parameters: Any
    ) -> tuple[Item, ...] | None:
        answer = self.ask(operation, gone=gone, **parameters)
        return None if answer is None else tuple(answer[key])

    def common(self, operation: str, /, *, absent: tuple[str, ...] = (), **parameters: Any) -> dict[str, Any] | None:
        return self.ask(operation, absent=absent, **parameters)

    def elsewhere(
        self,
        account: str,
        operation: str,
        key: str = "",
        /,
        *,
        absent: tuple[str, ...] = (),
        region: str | None = None,
        only: Callable[[Item], bool] | None = None,
        mine: Callable[[Item], bool] | None = None,
        **parameters: Any,
    ) -> dict[str, Any] | None:
        """An answer under `account/service.Operation`, or else as the account itself would be answered."""
        there = f"{account}/{operation}"
        answer = self.ask(there if there in self._answers else operation, absent=absent, region=region, **parameters)
        for wanted in (only, mine):
            if answer and wanted:
                answer = {key: [one for one in answer[key] if wanted(one)]}
        return answer

    def administered(self, delegated: object, keep: object, **parameters: Any) -> None:
        """Nobody tells for the account."""

    def cite(self, resource: Resource) -> None:
        self.cited.append(resource.id)

    def _answer(self, operation: str, parameters: dict[str, Any]) -> Any:
        self.asked.append(operation)
        answer = self._answers[operation]
        return answer(parameters) if callable(answer) else answer
