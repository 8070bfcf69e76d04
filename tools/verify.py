"""Run the full counts of properties, fuzzing and simulation: more than every change can wait for.

    python tools/verify.py [STEP …]     run the steps, taking up where the last run stopped
    python tools/verify.py --list       name the steps and how far each has come
    python tools/verify.py --again      forget what has passed and start anew

What has passed is kept in .verify/ and counts only for the code it passed with: any change of a
source or a test starts anew. Stop it whenever you like.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".verify" / "progress.json"


@dataclass(frozen=True, slots=True)
class Step:
    """A long check, cut into chunks that pass or fail each for itself.

    ``chunks`` names them; ``command`` gives what runs one, as arguments of the Python interpreter.
    """

    name: str
    says: str
    chunks: Callable[[], list[str]]
    command: Callable[[str], list[str]]


def _property_tests() -> list[str]:
    modules = sorted((ROOT / "tests").rglob("test_*.py"))
    return [path.relative_to(ROOT).as_posix() for path in modules if "@given" in path.read_text("utf-8")]


def _at_full_count(module: str) -> list[str]:
    return ["-m", "pytest", "-q", "-n", "auto", "--hypothesis-profile=verify", module]


_PLANTS = {"12 streams, 15 options": ("12", "15"), "60 streams, 80 options": ("60", "80")}


def _plants() -> list[str]:
    return list(_PLANTS)


def _through_everything(plant: str) -> list[str]:
    return ["tools/load.py", *_PLANTS[plant]]


_WORKBOOKS, _AT_ONCE = 5000, 250


def _seeds() -> list[str]:
    return [str(first) for first in range(0, _WORKBOOKS, _AT_ONCE)]


def _damaged_workbooks(first: str) -> list[str]:
    return ["tests/library/fuzzed_workbooks.py", first, str(_AT_ONCE)]


_ALARMS = ("bypass", "recycle", "reactor", "steam", "correlated", "unmeasured", "two hundred")


def _alarming_plants() -> list[str]:
    return list(_ALARMS)


def _false_alarms(plant: str) -> list[str]:
    return ["tests/library/false_alarms.py", plant]


_INTERVALS = {
    "10,000 streams": ("10000", "0", "300"),
    "10,000 streams, 30 % unmeasured": ("10000", "0.3", "300"),
}
_LARGE = {
    "1,000,000 streams": ("1000000", "0", "0"),
    "1,000,000 streams, 30 % unmeasured": ("1000000", "0.3", "0"),
}


def _covered_networks() -> list[str]:
    return list(_INTERVALS)


def _large_networks() -> list[str]:
    return list(_LARGE)


def _intervals(network: str) -> list[str]:
    return ["tests/library/interval_coverage.py", *(_INTERVALS | _LARGE)[network]]


_STUDIED = {
    "P04": "heat_exchanger_with_bypass",
    "P06": "recycle_rosenberg",
    "P07": "recycle_ten_streams",
    "P10": "industrial_water",
    "P12": "mitsas",
    "P14": "refinery_like",
    "P15": "steam_metering",
    "P16": "ethylene_plant",
}


def _studied_problems() -> list[str]:
    return list(_STUDIED)


def _power(problem: str) -> list[str]:
    return ["tests/library/detection_power.py", _STUDIED[problem]]


# Add a step here; its chunks should each take a minute or less, so that little is lost by stopping.
STEPS: tuple[Step, ...] = (
    Step("properties", "every property-based test with 3,000 examples", _property_tests, _at_full_count),
    Step("workbooks", "5,000 damaged workbooks, by the seed each starts from", _seeds, _damaged_workbooks),
    Step("load", "large plants through workbook, evaluation and every report", _plants, _through_everything),
    Step(
        "false alarms", "tests for gross errors in 10,000 clean plants each", _alarming_plants, _false_alarms
    ),
    Step("coverage", "95 % intervals of 300 replicates of networks", _covered_networks, _intervals),
    Step("power", "gross errors found as in the published study", _studied_problems, _power),
    Step("large networks", "variances of networks that add up exactly", _large_networks, _intervals),
)


def fingerprint() -> str:
    """What the code and the tests are now."""
    digest = hashlib.sha256()
    for folder in ("src", "tests", "tools"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def passed_before(code: str) -> dict[str, list[str]]:
    """Step → chunks that passed with this very code."""
    if not KEPT.exists():
        return {}
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    return dict(kept["passed"]) if kept["code"] == code else {}


def keep(code: str, passed: dict[str, list[str]]) -> None:
    KEPT.parent.mkdir(exist_ok=True)
    temporary = KEPT.with_suffix(".new")
    temporary.write_text(json.dumps({"code": code, "passed": passed}, indent=1), encoding="utf-8")
    temporary.replace(KEPT)


def run(step: Step, code: str, passed: dict[str, list[str]]) -> list[str]:
    """Run what is left of a step; the chunks that failed."""
    chunks = step.chunks()
    done = passed.setdefault(step.name, [])
    failed = []
    for number, chunk in enumerate(chunks, start=1):
        if chunk in done:
            continue
        print(f"[{step.name} {number}/{len(chunks)}] {chunk} …", flush=True)
        start = time.monotonic()
        if subprocess.run([sys.executable, *step.command(chunk)], cwd=ROOT, check=False).returncode:
            failed.append(f"{step.name}: {chunk}")
            continue
        done.append(chunk)
        keep(code, passed)
        print(f"[{step.name} {number}/{len(chunks)}] passed in {time.monotonic() - start:.0f} s", flush=True)
    return failed


def main(arguments: list[str]) -> int:
    names = [argument for argument in arguments if not argument.startswith("--")]
    unknown = set(names) - {step.name for step in STEPS}
    if unknown or set(arguments) - set(names) - {"--list", "--again"}:
        print(__doc__)
        return 2
    code = fingerprint()
    passed = {} if "--again" in arguments else passed_before(code)
    steps = [step for step in STEPS if not names or step.name in names]
    if "--list" in arguments:
        for step in steps:
            print(
                f"{step.name}: {step.says}; {len(passed.get(step.name, []))} of {len(step.chunks())} chunks passed"
            )
        return 0
    failed = [chunk for step in steps for chunk in run(step, code, passed)]
    print("\n".join(["verify: failed", *failed]) if failed else "verify: every step passed at its full count")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
