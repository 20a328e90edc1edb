"""Lay the pages out as Zensical wants them: `python .ci/site.py FOLDER`. docs/, what of the rest it links to, and the site's own settings.

Pages are written to be read where they lie; a link that leads out of docs/ is one to a page of the site here, or the name of a file.
"""

import os
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
GUESTS = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "deploy/README.md": "deploy-folder.md"}
"""Pages from elsewhere, and what they are called on the site."""
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s#:]+)(#[^)\s]+)?\)")


def main(folder: Path) -> None:
    """Write the pages anew."""
    shutil.rmtree(folder / "docs", ignore_errors=True)
    shutil.copytree(DOCS, folder / "docs")
    shutil.copy(ROOT / ".ci/site.toml", folder / "zensical.toml")
    for path in sorted(DOCS.rglob("*.md")):
        name = path.relative_to(DOCS).as_posix()
        (folder / "docs" / name).write_text(relinked(path.read_text(), path.parent, name))
    for source, name in GUESTS.items():
        (folder / "docs" / name).write_text(relinked((ROOT / source).read_text(), (ROOT / source).parent, name))


def relinked(text: str, beside: Path, name: str) -> str:
    """A page's text, its links as they must be under that name on the site."""

    def link(found: re.Match[str]) -> str:
        words, target, anchor = found[1], found[2], found[3] or ""
        path = Path(os.path.normpath(beside / target))
        if path.is_relative_to(DOCS) and path.suffix in {".md", ".json"}:
            there = path.relative_to(DOCS).as_posix()
        elif path.is_relative_to(ROOT) and path.relative_to(ROOT).as_posix() in GUESTS:
            there = GUESTS[path.relative_to(ROOT).as_posix()]
        else:
            return f"{words} (`{path.relative_to(ROOT).as_posix()}`)" if path.is_relative_to(ROOT) else found[0]
        return f"[{words}]({os.path.relpath(there, Path(name).parent)}{anchor})"

    return LINK.sub(link, text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
