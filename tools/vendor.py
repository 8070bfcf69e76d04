"""Keep the files of others that reports and pages carry: exact versions, checksums, licences.

    python tools/vendor.py check    fail where a file is missing, altered or not listed (works offline)
    python tools/vendor.py fetch    take every package again with npm and lay its files out afresh

The list is src/openrecp/reports/vendor/vendor.json. After changing a version there, run ``fetch``:
it writes the new checksums, which are then read in the difference like any other change.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parent.parent / "src" / "openrecp" / "reports" / "vendor"
LIST = VENDOR / "vendor.json"
OWN_FILES = {"vendor.json", "README.md"}


def checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check() -> list[str]:
    """What is wrong with the vendored files, one line each."""
    wrong: list[str] = []
    listed: set[str] = set(OWN_FILES)
    for package in json.loads(LIST.read_text("utf-8")):
        for entry in package["files"]:
            listed.add(entry["to"])
            path = VENDOR / entry["to"]
            if not path.exists():
                wrong.append(f"{entry['to']}: missing; run tools/vendor.py fetch")
            elif checksum(path) != entry["sha256"]:
                wrong.append(f"{entry['to']}: not the file of {package['package']} {package['version']}")
    present = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    wrong += [f"{name}: not listed in vendor.json" for name in sorted(present - listed)]
    return wrong


def fetch() -> None:
    """Lay every listed file out from its npm package and write down its checksum."""
    packages: list[dict[str, Any]] = json.loads(LIST.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        for package in packages:
            name = f"{package['package']}@{package['version']}"
            packed = subprocess.run(
                ["npm", "pack", "--silent", name], cwd=folder, check=True, capture_output=True, text=True
            )
            with tarfile.open(Path(folder) / packed.stdout.split()[-1]) as archive:
                for entry in package["files"]:
                    unpack(archive, entry)
            print(f"{name}: {len(package['files'])} files")
    LIST.write_text(json.dumps(packages, indent=2, ensure_ascii=False) + "\n", "utf-8")


def unpack(archive: tarfile.TarFile, entry: dict[str, str]) -> None:
    member = archive.extractfile(f"package/{entry['from']}")
    if member is None:
        raise SystemExit(f"vendor: {entry['from']} is not a file of the package")
    target = VENDOR / entry["to"]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(member.read())
    entry["sha256"] = checksum(target)


def main() -> int:
    match sys.argv[1:]:
        case ["fetch"]:
            fetch()
            return 0
        case ["check"]:
            wrong = check()
            print("\n".join(wrong) if wrong else "vendor: every file is what the list says")
            return 1 if wrong else 0
        case _:
            print(__doc__)
            return 2


if __name__ == "__main__":
    sys.exit(main())
