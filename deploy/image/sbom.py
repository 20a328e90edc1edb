"""Print what an environment holds as a CycloneDX 1.6 document: `python sbom.py FOLDER-OF-LOCKS`, run by that environment's own Python.

Names, versions and licences are those that the installed packages state; hashes are those that the locks allowed pip to install. The same
environment gives the same bytes: no clock, no random serial number.
"""

import json
import re
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

OURS = "starcadence"


def main(locks: Path) -> None:
    """Print the document."""
    installed = dict(sorted(((named(one), one) for one in distributions()), key=lambda pair: pair[0]))
    hashes = {name: found for path in sorted(locks.glob("*.txt")) for name, found in locked(path.read_text()).items()}
    parts = [component(name, one, hashes.get((name, one.version), ())) for name, one in installed.items()]
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": next(part for part in parts if part["name"] == OURS)},
        "components": [part for part in parts if part["name"] != OURS],
        "dependencies": [depends(name, one, installed) for name, one in installed.items()],
    }
    print(json.dumps(document, indent=1, sort_keys=True))  # noqa: T201 (the document is the output)


def named(one: Distribution) -> str:
    """A package's name as PEP 503 normalises it."""
    return normal(str(one.metadata["Name"]))


def normal(name: str) -> str:
    """A name as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(text: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """sha256 of the files that a lock allows, by name and version."""
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    heads = (re.match(r"([\w.-]+)==([^\s;]+)", block) for block in blocks)
    return {
        (normal(head[1]), head[2]): tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))
        for head, block in zip(heads, blocks, strict=True)
        if head
    }


def reference(name: str, one: Distribution) -> str:
    """A package URL."""
    return f"pkg:pypi/{name}@{one.version}"


def component(name: str, one: Distribution, allowed: tuple[str, ...]) -> dict[str, Any]:
    """One package; a lock allows a file for each platform, so its hashes are properties and no claim about one file."""
    licence = one.metadata["License-Expression"]
    locks = [{"name": "starcadence:locked:sha256", "value": each} for each in sorted(allowed)]
    return {
        "type": "application" if name == OURS else "library",
        "bom-ref": reference(name, one),
        "name": name,
        "version": one.version,
        "purl": reference(name, one),
        **({"licenses": [{"expression": str(licence)}]} if licence else {}),
        **({"properties": locks} if locks else {}),
    }


def depends(name: str, one: Distribution, installed: dict[str, Distribution]) -> dict[str, Any]:
    """What a package asks for and the environment holds."""
    wanted = {normal(match[0]) for each in one.requires or () if (match := re.match(r"[\w.-]+", each))}
    return {
        "ref": reference(name, one),
        "dependsOn": sorted(reference(each, installed[each]) for each in wanted & installed.keys()),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
