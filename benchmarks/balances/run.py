"""Speed, memory and truth of the balances beside difflow, neqsim and a dense solution.

    OPENRECP_BALANCE_PEERS=/path/to/python python benchmarks/balances/run.py [LARGEST]

Run it in an environment that has OpenRECP. The variable names the interpreter of another environment, which has ``difflow``
and ``neqsim``; nothing is installed, and a peer that is missing is named. LARGEST (default 1,000,000) is the largest number
of streams. On a machine with other work, put ``nice`` before it and look at the load printed and at the spread.

Everything is measured in the same run on the same seeded networks (see ``plants.py``), by the clock on the wall: smallest,
middle and largest of several calls, after a first one that is told apart. What is timed gives the reconciled value, the
standard deviation and the class of every stream, and chi-square. Ratios are the peer's smallest later time over our
smallest; above 1 we are faster. The values, deviations and chi-square of all must agree to 1e-9 or the run ends.

Memory is the most that a process of its own held while it reconciled, less what it held before, with everything imported.
At sizes where no dense solution fits, truth is the trace: over the measured streams the sum of reconciled over
measured variances is their number less the redundancy, exactly.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import ours
import scipy
from peers import NAMES, Answer, dense_answer, missing_peers, peer_answer, timed
from plants import Network, compositions, grid, plant, planted_errors, random_wiring, unmeasured

PEER_SIZES = (100, 1_000, 3_000)
DENSE_SIZES = (100, 1_000, 3_000, 6_000)
SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
AGREEMENT = 1e-9
TOPOLOGIES: dict[str, tuple[Callable[[int], Network], tuple[int, ...]]] = {
    "plant numbered at random, 30 % unmeasured": (
        lambda size: unmeasured(plant(size, shuffled=True)),
        (100_000,),
    ),
    "plant, 1 % of sections send far": (lambda size: plant(size, far=0.01), (10_000, 100_000)),
    "grid": (grid, (10_000, 100_000)),
    "random wiring": (random_wiring, (1_000, 10_000)),
}


def surroundings() -> str:
    """What the figures depend on."""
    load = (
        f", load {', '.join(f'{part:.1f}' for part in os.getloadavg())}" if hasattr(os, "getloadavg") else ""
    )
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}"
    return f"{versions}, {os.cpu_count()} processors{load}"


def spread(seconds: Any) -> str:
    """Smallest, middle and largest, in milliseconds."""
    low, middle, high = np.min(seconds) * 1e3, np.median(seconds) * 1e3, np.max(seconds) * 1e3
    return f"{low:,.2f} / {middle:,.2f} / {high:,.2f} ms"


def repeats_for(size: int) -> int:
    return 20 if size <= 1_000 else 7 if size <= 100_000 else 2


def disagreement(found: Any, other: Answer) -> float:
    """Largest difference: of values and deviations relative to their size, of chi-square relative to itself."""
    gaps = [
        np.max(np.abs(found.values - other.values) / np.abs(other.values)),
        abs(found.chi2 / other.chi2 - 1.0),
    ]
    if not np.isnan(other.sds).any():
        gaps.append(np.max(np.abs(found.sds - other.sds) / other.sds))
    return float(np.max(gaps))


def trace_error(network: Network, found: Any) -> float:
    """How far the sum of variance ratios is from what it must be, relative to that."""
    known = network.sds > 0
    must_be = np.count_nonzero(known) - found.redundancy
    return float(abs(np.sum((found.sds[known] / network.sds[known]) ** 2) / must_be - 1.0))


def compare_with_peers() -> None:
    """All streams measured: ours, each peer, and the dense formulas."""
    print("\nAll streams measured [smallest / middle / largest of later calls; ratio of the smallest]")
    for line in (lines := missing_peers()):
        print(f"  {line}")
    able = [] if os.environ.get("OPENRECP_BALANCE_PEERS") is None else [
        name for name in NAMES if not any(line.startswith(name) for line in lines)
    ]  # fmt: skip
    for size in sorted({*PEER_SIZES, *DENSE_SIZES}):
        network = plant(size)
        found, first, later = timed(lambda network=network: ours.reconciled(network), repeats_for(size))  # type: ignore[misc]
        print(f"  {size:,} streams: openrecp first {first * 1e3:,.1f} ms, then {spread(later)}")
        others: dict[str, Answer | None] = {}
        if size in PEER_SIZES:
            few = 3 if size <= 1_000 else 1
            others = {name: peer_answer(name, network, few) for name in able}
        if size in DENSE_SIZES:
            others["dense numpy"] = dense_answer(network, 1 if size > 1_000 else 5)
        for name, other in others.items():
            if other is not None:
                report(name, other, found, float(np.min(later)))


def report(name: str, other: Answer, found: Any, seconds: float) -> None:
    """A line about a peer; the run ends if it finds something else."""
    apart = disagreement(found, other)
    ratio = float(np.min(other.later)) / seconds
    print(
        f"    {name}: first {other.first:,.2f} s, then {spread(other.later)}; ratio "
        f"{ratio:,.{0 if ratio >= 10 else 2}f}; agrees to {apart:.0e}"
    )
    if not apart <= AGREEMENT:
        sys.exit(f"openrecp and {name} do not agree")


def large_sizes(largest: int) -> None:
    """What grows with size: all measured, and with 30 % unmeasured."""
    print(
        "\nPlants of any size [first call; smallest / middle / largest of later ones; memory; error of the trace]"
    )
    for size in (size for size in SIZES if size <= largest):
        whole = plant(size)
        for name, network in (("all measured", whole), ("30 % unmeasured", unmeasured(whole))):
            measure(f"{size:,} streams, {name}", network)


def other_topologies(largest: int) -> None:
    """Where the factor fills in more."""
    print("\nOther wirings, all measured if nothing is said [as above]")
    for name, (wire, sizes) in TOPOLOGIES.items():
        for size in (size for size in sizes if size <= largest):
            network = wire(size)
            measure(f"{name}, {network.streams:,} streams", network)


def measure(title: str, network: Network) -> None:
    """One line of time, memory and truth."""
    found, first, later = timed(lambda: ours.reconciled(network), repeats_for(network.streams))
    print(
        f"  {title}: {first * 1e3:,.1f} ms; {spread(later)}; {peak_megabytes(network):,.0f} MB; "
        f"{trace_error(network, found):.0e}"
    )


def gross_errors(largest: int) -> None:
    """Twenty meters wrong by 15 standard deviations."""
    size = min(largest, 100_000)
    network, wrong = planted_errors(plant(size), 20)
    found = ours.reconciled(network)
    critical, first_value, later_values = timed(lambda: ours.critical_value(found), 3)
    taken, first, later = timed(lambda: ours.eliminated(found, critical), 3)
    right = sum(any(stream in step.streams for step in taken) for stream in wrong)
    alone = sum(len(step.streams) + len(step.groups) == 1 for step in taken)
    print(
        f"\n20 gross errors of 15 standard deviations in {size:,} streams: first {first * 1e3:,.0f} ms, then "
        f"{spread(later)} beside the reconciliation, with the critical value {critical:.3f} (one false alarm in twenty "
        f"plants; {first_value * 1e3:,.0f} ms, then {spread(later_values)}); {len(taken)} taken out, {alone} of them as the only suspect; "
        f"{right} of the 20 are among the suspects"
    )


def everything() -> None:
    """A flowsheet of 200 streams from drawing to costs, and how long each part takes."""
    print(
        "\n200 streams with everything: classes, intervals, closures, losses, gross errors, further meters, costs"
    )
    whole = plant(200)
    for name, network in (("all measured", whole), ("30 % unmeasured", unmeasured(whole))):
        flowsheet = ours.flowsheet_of(network)
        _, first, later = timed(lambda flowsheet=flowsheet: through_all(flowsheet), 40)  # type: ignore[misc]
        told: dict[str, list[float]] = {}
        for _ in range(40):
            for part, seconds in through_all(flowsheet).items():
                told.setdefault(part, []).append(seconds)
        parts = ", ".join(f"{part} {np.min(seconds) * 1e3:,.2f}" for part, seconds in told.items())
        print(f"  {name}: first {first * 1e3:,.1f} ms, then {spread(later)}; of the smallest: {parts} ms")


def through_all(flowsheet: Any) -> dict[str, float]:
    """Seconds of each part, every one asked for once."""
    start = time.perf_counter()
    analysis = ours.analysed(flowsheet)
    seconds = {"reconciled": time.perf_counter() - start}
    for part in ours.PARTS:
        start = time.perf_counter()
        getattr(analysis, part)
        seconds[part] = time.perf_counter() - start
    return seconds


def component_balances(largest: int) -> None:
    """Flows and shares together, nonlinear."""
    print("\nFlows and shares of 5 components, all measured")
    for size in (size for size in (2_000, 20_000) if size <= largest):
        whole = compositions(size)
        found, first, later = timed(lambda whole=whole: ours.reconciled_compositions(whole), 2)  # type: ignore[misc]
        inside = np.abs(found.values - whole.true) <= 1.959964 * found.sds
        print(
            f"  {size:,} streams: first {first * 1e3:,.0f} ms, then {spread(later)}; {found.convergence}; "
            f"chi2/redundancy {found.chi2 / found.redundancy:.3f}; {np.mean(inside):.2%} of the intervals hold the truth"
        )


def peak_megabytes(network: Network) -> float:
    """What a fresh process takes for a reconciliation, above what it holds with everything loaded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "network.npz")
        np.savez(
            path,
            tails=network.tails,
            heads=network.heads,
            measured=network.measured,
            sds=network.sds,
            nodes=network.nodes,
        )
        ended = subprocess.run(
            [sys.executable, __file__, "--memory", str(path)], capture_output=True, text=True, check=True
        )
    return float(json.loads(ended.stdout)["megabytes"])


def measure_memory(path: str) -> None:
    """Inside the fresh process: a small network first, so that everything is imported, then the mark is set back."""
    with np.load(path) as given:
        network = Network(
            int(given["nodes"]),
            given["tails"],
            given["heads"],
            given["measured"],
            given["measured"],
            given["sds"],
        )
    ours.reconciled(plant(100))
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:  # the mark then keeps what loading took, and the figure is too small
        print("the high-water mark cannot be set back here", file=sys.stderr)
    before = status_kilobytes("VmRSS")
    ours.reconciled(network)
    print(json.dumps({"megabytes": (status_kilobytes("VmHWM") - before) / 1024}))


def status_kilobytes(name: str) -> int:
    """A line of the process's status; getrusage would count the parent's memory from before exec."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def main() -> None:
    """Measure, compare and print."""
    if sys.argv[1:2] == ["--memory"]:
        measure_memory(sys.argv[2])
        return
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(surroundings())
    compare_with_peers()
    large_sizes(largest)
    other_topologies(largest)
    everything()
    gross_errors(largest)
    component_balances(largest)
    print(f"\nAt the end: {surroundings()}")


if __name__ == "__main__":
    main()
