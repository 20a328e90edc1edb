"""A bucket whose replies are lost, or which is away: around a real one, so that what was done is done."""

from typing import Any

from agent.stores.remote import Remote, Unanswered


class Unreliable:
    """Passes everything on to a real bucket; a call that `loses` names is done, and its reply lost; while `away`, nothing is done."""

    def __init__(self, bucket: Any) -> None:
        self._bucket = bucket
        self.address = bucket.address
        self.loses: set[str] = set()
        self.away = False
        self.lost = 0

    def __getattr__(self, name: str) -> Any:
        whole = getattr(self._bucket, name)

        def asked(*arguments: Any) -> Any:
            if self.away:
                raise Unanswered("no route to the store")
            answer = whole(*arguments)
            if name in self.loses:
                self.lost += 1
                raise Unanswered("the connection was reset")
            return answer

        return asked


def unreliable(store: Any) -> tuple[Remote, Unreliable]:
    """A store over the same bucket, and the hand that breaks it."""
    bucket = Unreliable(store._bucket)
    return Remote(bucket), bucket
