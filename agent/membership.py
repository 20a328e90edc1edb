"""Which service a resource belongs to, by the programme's selectors: the scope's rules, applied anew in every sweep."""

import re
from collections.abc import Iterable

from agent.programme import Service
from agent.scalars import PLACE
from collectors.resource import Resource


class Membership:
    """The services of a programme, as a question about one resource or one cell."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._services = tuple(services)
        self._whole: dict[str, tuple[tuple[str, bool], ...] | None] = {}
        """Account -> its services, where no tag selector divides it between them."""

    def of(self, resource: Resource) -> tuple[tuple[str, bool], ...]:
        """Service ids that the resource belongs to, each with whether that is certain.

        A tag selector does not divide types that serve a whole account. Where the tags were not learned the resource counts as
        the service's, uncertainly: it may neither help it (a pass of a stranger) nor drop out of sight.
        """
        if self.divides(resource.account):
            return self._among(resource)
        return self._whole[resource.account] or ()

    def divides(self, account: str) -> bool:
        """A tag selector divides the account between services."""
        if account not in self._whole:
            self._whole[account] = self._undivided(account)
        return self._whole[account] is None

    def _undivided(self, account: str) -> tuple[tuple[str, bool], ...] | None:
        here = [one for one in self._services if not one.scope.accounts or account in one.scope.accounts]
        return None if any(one.scope.tags for one in here) else tuple((one.id, True) for one in here)

    def _among(self, resource: Resource) -> tuple[tuple[str, bool], ...]:
        found = []
        for service in self._services:
            selector = service.scope
            if selector.accounts and resource.account not in selector.accounts:
                continue
            if not selector.tags or resource.shared:
                found.append((service.id, True))
            elif resource.tags is None:
                found.append((service.id, False))
            elif selector.tags.items() <= resource.tags.items():
                found.append((service.id, True))
        return tuple(found)

    def account(self, account: str) -> tuple[str, ...]:
        """Service ids that something in the account may belong to; all of them for what is not one account (`*`, an organisation)."""
        return tuple(
            service.id
            for service in self._services
            if not service.scope.accounts
            or account in service.scope.accounts
            or not re.search(PLACE, account, re.ASCII)
        )
