"""How things come about, and who else may use them: stacks of resources that code makes, and shares with other accounts.

The rules of `collectors.resource` hold: `None` is not learned, absence is said, readings are named as such.
"""

from datetime import datetime

from collectors.resource import Resource


class Stack(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Resources that the provider makes and changes together, from code; `stack`, or `nested stack` where another one made it."""

    rolls_back: bool | None = None
    """A change of it that fails is undone by itself."""
    deletion_protected: bool | None = None
    drifted: bool | None = None
    """A reading: what it made is no longer as its code says, as far as that was last compared."""
    drift_checked: datetime | None = None
    """A reading: when that was last compared; `None` with `never_checked` unset means not learned."""
    never_checked: bool | None = None
    """A reading: the provider says that it was never compared."""


class Share(Resource, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Resources that an account lends to others, all on the same terms; kind `resource share`."""

    foreign_access: tuple[str, ...] | None = None
    """Whom outside of the organisation it lends them to, sorted."""
