"""Fail where the repository holds what it must never hold, or lacks what it says it has.

    python tools/guard.py

Checked: paths of one machine, hosts of package registries, addresses in lists of versions, unfinished
work, modules nobody can survey, and links and citations of documents that do not exist.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_MODULE = 500
# Other people's files are as they came; tools/vendor.py keeps their checksums.
_NOT_OURS = ("src/openrecp/reports/vendor/", "LICENSE")

_NEVER = {
    "a path of one machine": re.compile(r"(?:^|[^\w.\-/])/(?:work|root|home|Users)/\w"),
    "a place outside the repository": re.compile(r"(?:^|[^\w\-])(?:\.\./|/)?shared/[a-z]"),
    "the host of a package registry": re.compile(
        r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|unpkg\.com|jsdelivr\.net|deb\.debian\.org)\b"
    ),
    "unfinished work": re.compile(
        r"\b(?:T[O]DO|F[I]XME|X[X]X)\b|raise Not[I]mplementedError|lorem [i]psum|coming [s]oon", re.IGNORECASE
    ),
}
_VERSION_LISTS = re.compile(r"(?:^|/)(?:constraints.*\.txt|.*\.lock|package-lock\.json|vendor\.json)$")
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
_CITED = re.compile(r"(?<![\w/.\-])(?:docs|tools|tests|benchmarks)/[\w\-./]*\w\.(?:md|py|json|yaml|csv)\b")


def kept_files() -> list[str]:
    listed = subprocess.run(
        # A checkout may belong to another user than the one who guards it.
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def lines_of(name: str) -> list[str]:
    """The lines of a text file; none of a binary one."""
    content = (ROOT / name).read_bytes()
    return [] if b"\0" in content[:8000] else content.decode("utf-8", "replace").splitlines()


def faults_in(name: str) -> Iterator[str]:
    lines = lines_of(name)
    for number, line in enumerate(lines, start=1):
        for what, pattern in _NEVER.items():
            if pattern.search(line):
                yield f"{name}:{number}: {what}: {line.strip()[:100]}"
        if _VERSION_LISTS.search(name) and "://" in line:
            yield f"{name}:{number}: an address in a list of versions"
        yield from (f"{name}:{number}: {cited} does not exist" for cited in missing(name, line))
    if name.endswith(".py") and not name.startswith("tests/") and len(lines) > LONGEST_MODULE:
        yield f"{name}: {len(lines)} lines; a module has at most {LONGEST_MODULE}, better 400"


def missing(name: str, line: str) -> Iterator[str]:
    """Documents a line links to or cites that are not there."""
    cited = set(_CITED.findall(line))
    yield from (path for path in cited if not (ROOT / path).exists())
    if name.endswith(".md"):
        folder = (ROOT / name).parent
        yield from (target for target in _LINK.findall(line) if not (folder / target).exists())


def main() -> int:
    files = [name for name in kept_files() if not name.startswith(_NOT_OURS)]
    faults = [fault for name in files for fault in faults_in(name)]
    print("\n".join(faults) if faults else f"guard: {len(files)} files hold nothing they must not hold")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
