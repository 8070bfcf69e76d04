"""Speed and truth of internal rate and present value beside numpy-financial and pyxirr.

    python benchmarks/economics/run.py [ROWS]

Run it in an environment that has OpenRECP and, to be compared, ``numpy-financial`` and ``pyxirr``; it
installs nothing, and says which peer is missing. Everything is measured in the same run on the same
cash flows: ROWS (default 2,000) seeded projects of ten periods, an outlay and nine inflows, as plain lists,
one call a row, single thread, processor time, best of three.

Printed are ratios (peer's time divided by ours; above 1 we are faster) and the largest difference of the
rates from each peer's. Below them, what each makes of cash flows that are known to be hard: several rates,
none, a rate below zero, a project dismantled at a cost. A peer returns one rate there without a word;
ours lists all and singles none out.

What to expect: ours is plain Python and finds all rates, pyxirr is compiled and finds one, so pyxirr is
faster on single ordinary cash flows. numpy-financial finds the eigenvalues of a matrix for each row.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
from collections.abc import Callable, Sequence
from types import ModuleType

from openrecp.economics import internal_rate_of_return, net_present_value

PERIODS = 10
RATE = 0.15
SEED = 1988
DISMANTLED = [-217_500.0, -217_500.0] + [108_466.80462450592 - 7_336.840361217 * year for year in range(25)]
HARD: dict[str, list[float]] = {
    "two rates, 10 % and 20 %": [-100.0, 230.0, -132.0],
    "no rate": [-1000.0, 3000.0, -2500.0],
    "no change of sign": [100.0, 50.0],
    "-50 %": [-100.0, 50.0],
    "dismantled: 12 % and a rate below zero": DISMANTLED,
    "a hundred becomes a thousand million": [-100.0, 1e9],
}


def projects(rows: int) -> list[list[float]]:
    """Seeded cash flows that pay back between half and four times their outlay."""
    source = random.Random(SEED)  # noqa: S311 - figures to count with, not secrets
    return [
        [-source.uniform(1e4, 1e6), *(source.uniform(0.05, 0.4) * 1e6 for _ in range(PERIODS - 1))]
        for _ in range(rows)
    ]


def peer(name: str) -> ModuleType | None:
    """The peer's module, or None with a line that says it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed here: not compared")
        return None


def processor_time(each: Callable[[list[float]], object], flows: Sequence[list[float]]) -> float:
    """Seconds a row, best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for flow in flows:
            each(flow)
        best = min(best, time.process_time() - start)
    return best / len(flows)


def answer(module: ModuleType, flow: list[float]) -> str:
    """What a peer says about a cash flow, its refusal included."""
    try:
        return str(module.irr(flow))
    except Exception as error:  # noqa: BLE001 - each peer refuses in its own way
        return f"refuses ({type(error).__name__})"


def main() -> None:
    """Measure, compare and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    flows = projects(rows)
    rates = [internal_rate_of_return(flow).value for flow in flows]
    ours = {
        "irr": processor_time(internal_rate_of_return, flows),
        "npv": processor_time(lambda flow: net_present_value(RATE, flow), flows),
    }
    print(f"{rows} cash flows of {PERIODS} periods, one call each, Python {sys.version.split()[0]}")
    print(f"openrecp: IRR {ours['irr'] * 1e6:.1f} µs, NPV {ours['npv'] * 1e6:.2f} µs a row")
    peers = {name: peer(name) for name in ("numpy_financial", "pyxirr")}
    for name, module in peers.items():
        if module is None:
            continue
        irr = processor_time(module.irr, flows)
        npv = processor_time(lambda flow, module=module: module.npv(RATE, flow), flows)  # type: ignore[misc]
        apart = max(
            abs(float(module.irr(flow)) - (rate or 0.0)) for flow, rate in zip(flows, rates, strict=True)
        )
        print(
            f"{name} / openrecp: IRR {irr / ours['irr']:.2f}, NPV {npv / ours['npv']:.2f}; "
            f"largest difference of rates {apart:.1e}"
        )
    print("\nHard cash flows")
    for title, flow in HARD.items():
        found = internal_rate_of_return(flow)
        answers = [f"openrecp {found.count.value} {[f'{root:.4f}' for root in found.roots]}"]
        answers += [f"{name} {answer(module, flow)}" for name, module in peers.items() if module is not None]
        print(f"  {title}: " + "; ".join(answers))


if __name__ == "__main__":
    main()
