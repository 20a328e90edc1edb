"""Which projects, folders and organisation a sweep looks at, and under which root each is listed."""

from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Territory:
    """What discovery learned and every cell needs to know. Filled by discovery, then only read."""

    roots: tuple[str, ...] = ()
    """What is listed: `organizations/<number>`, `folders/<number>`s or `projects/<id>`s."""
    owners: dict[str, str] = field(default_factory=dict)
    """Account (a project's id; an organisation's or a folder's number) -> its resource name, `projects/<number>`."""
    root_of: dict[str, str] = field(default_factory=dict)
    """Resource name of a project, folder or organisation that is seen -> the root under which it is listed."""
    ids: dict[str, str] = field(default_factory=dict)
    """`projects/<number>` and `projects/<id>` -> the project's id."""
    above: tuple[str, ...] = ()
    """Accounts of the folders and the organisation that are looked at: what the programme excludes is not."""
    domains: frozenset[str] | None = None
    """The organisation's own domains, to tell foreign from own; `None` if not learned."""
    projects: frozenset[str] | None = None
    """Ids of all projects of the organisation; `None` if they could not be listed to the end, or there is no organisation."""

    def root(self, owner: str) -> str | None:
        """Where an owner is listed; `None` for what lies above or beside the scope."""
        return self.root_of.get(owner)
