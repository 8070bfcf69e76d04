"""Keep constraints.txt, the one list of versions that both pip and uv install, true to pyproject.toml.

    python tools/constraints.py update   resolve anew (needs uv) and write the list
    python tools/constraints.py check    fail where the list, pyproject.toml and the environment differ

A lock file would record the addresses packages came from; this list holds names and versions alone.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "constraints.txt"
HEADER = "# Versions that are installed together. Written by: python tools/constraints.py update\n"
# What an environment brings along itself.
_OF_THE_ENVIRONMENT = frozenset({"openrecp", "pip", "setuptools", "wheel", "uv"})


def update() -> None:
    command = ["uv", "export", "--quiet", "--format", "requirements-txt", "--no-emit-project", "--no-hashes"]
    exported = subprocess.run(
        [*command, "--no-annotate", "--no-header"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    LIST.write_text(HEADER + exported.stdout, encoding="utf-8")


def pinned() -> dict[str, str]:
    """Name → version, as listed for this Python and system."""
    listed = (
        Requirement(line)
        for line in LIST.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    return {
        canonicalize_name(each.name): str(each.specifier).removeprefix("==")
        for each in listed
        if each.marker is None or each.marker.evaluate()
    }


def check() -> int:
    versions = pinned()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    faults = []
    for requirement in map(Requirement, wanted):
        version = versions.get(canonicalize_name(requirement.name))
        if version is None:
            faults.append(f"constraints.txt does not list {requirement.name}")
        elif not requirement.specifier.contains(version):
            faults.append(
                f"constraints.txt has {requirement.name} {version}, pyproject.toml wants {requirement}"
            )
    for installed in distributions():
        name = canonicalize_name(installed.metadata["Name"])
        if name not in _OF_THE_ENVIRONMENT and versions.get(name) != installed.version:
            faults.append(
                f"{name} {installed.version} is installed, constraints.txt has {versions.get(name)}"
            )
    if "://" in LIST.read_text(encoding="utf-8"):
        faults.append("constraints.txt holds an address")
    print("\n".join(faults) if faults else "constraints: the list, pyproject.toml and the environment agree")
    return 1 if faults else 0


if __name__ == "__main__":
    command = sys.argv[1] if len(sys.argv) > 1 else "check"
    if command == "update":
        update()
    elif command == "check":
        sys.exit(check())
    else:
        sys.exit(__doc__)
