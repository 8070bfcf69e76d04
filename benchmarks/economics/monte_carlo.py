"""A million draws of an 8-year after-tax cash flow with internal rate, beside numpy-financial and pyxirr.

    python benchmarks/economics/monte_carlo.py [DRAWS]

Run it in an environment that has OpenRECP and, to be compared, ``numpy-financial`` and ``pyxirr``; it installs nothing,
and says which peer is missing.

The project: capital with a 40 % loan over 5 years, three operating items that rise with prices, income tax, declining
balance over 8 years changing to the straight line, salvage. Six inputs are uncertain (PERT, triangular, normal and
uniform). Each run draws them, counts every cash flow, finds net present value, internal rate and both paybacks of every
draw, sorts all four for their percentiles, and ranks the drivers.

Neither peer simulates. They are given the finished cash flows of a sample of the same draws and do the internal rate
alone, one call a row; the ratio is their processor time a draw over ours for the whole simulation, so it is
unfavourable to us.

Printed: the first run in the process (what a user waits for), then the best of the later ones, with one and two threads;
wall time and processor time. Nothing is compiled. On a busy machine the wall time of two threads says little: look at
the processor time and at the load that is printed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from peers import peer, surroundings

from openrecp.economics import (
    CapitalItem,
    Depreciation,
    DepreciationMethod,
    Financing,
    Loan,
    OperatingClass,
    OperatingItem,
    Project,
    after_tax_cash_flow,
    project_inputs,
)
from openrecp.economics.inputs import changed_inputs
from openrecp.economics.uncertainty import (
    MonteCarlo,
    Normal,
    Pert,
    Triangular,
    UncertainInput,
    Uniform,
    drawn_values,
    monte_carlo,
    simulation_figures,
)
from openrecp.figures import show

# Draws of which each peer finds the internal rates.
PEER_ROWS = {"numpy_financial": 2_000, "pyxirr": 50_000}
PROJECT = Project(
    "Recovery unit",
    "TWD",
    (CapitalItem("Equipment", 800_000.0), CapitalItem("Installation", 200_000.0)),
    (
        OperatingItem("disposal", "Disposal saved", OperatingClass.WASTE_MANAGEMENT, 180_000.0),
        OperatingItem("material", "Material saved", OperatingClass.MATERIALS, 120_000.0),
        OperatingItem("upkeep", "Upkeep", OperatingClass.SUPPLIES, -40_000.0),
    ),
    8,
    0.12,
    0.25,
    Depreciation(DepreciationMethod.DECLINING_BALANCE, 8),
    Financing((Loan(0.4, 0.06, 5),)),
    escalation=0.02,
    salvage=50_000.0,
)
UNCERTAIN = tuple(
    UncertainInput(key, distribution)
    for key, distribution in {
        "capital": Pert(850_000.0, 1_000_000.0, 1_400_000.0),
        "disposal": Triangular(120_000.0, 180_000.0, 220_000.0),
        "material": Normal(120_000.0, 20_000.0),
        "upkeep": Uniform(-60_000.0, -30_000.0),
        "escalation": Triangular(0.0, 0.02, 0.05),
        "salvage": Uniform(0.0, 100_000.0),
    }.items()
)


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Wall and processor time of one call [s]."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def ours(draws: int) -> float:
    """Print our times; returned is the processor time of one thread [s]."""
    first = timed(lambda: monte_carlo(PROJECT, UNCERTAIN, draws=draws))
    print(f"{draws:,} draws: first run in this process {first[0]:.3f} s, processor time {first[1]:.3f} s")
    best: dict[int, tuple[float, float]] = {}
    for workers in (1, 2):
        runs = [
            timed(lambda workers=workers: monte_carlo(PROJECT, UNCERTAIN, draws=draws, workers=workers))  # type: ignore[misc]
            for _ in range(9)
        ]
        best[workers] = min(wall for wall, _ in runs), min(processor for _, processor in runs)
        print(
            f"  {workers} thread{'s' if workers > 1 else ''}: {best[workers][0]:.3f} s, "
            f"processor time {best[workers][1]:.3f} s"
        )
    few = min(timed(lambda: monte_carlo(PROJECT, UNCERTAIN))[0] for _ in range(5))
    print(f"  10,000 draws: {few * 1000:.1f} ms")
    return best[1][1]


def result_of(draws: int) -> MonteCarlo:
    """Print what the simulation says."""
    found = monte_carlo(PROJECT, UNCERTAIN, draws=draws)
    figures = simulation_figures(found)
    print(f"  {figures.probability.name}: {show(figures.probability, 'en')}")
    for spread in (figures.npv, figures.irr, figures.payback, figures.discounted_payback):
        values = ", ".join(f"{percent:g} %: {show(figure, 'en')}" for percent, figure in spread.percentiles)
        print(f"  {spread.name}: {values}")
    for driver in figures.drivers:
        print(f"  {driver.name}: {show(driver.share, 'en')} of the variance")
    return found


def cash_flows(draws: int) -> Any:
    """The cash flows of the first draws, one row each."""
    known, drawn = project_inputs(PROJECT), drawn_values(UNCERTAIN, draws)
    changed = changed_inputs(PROJECT, ((known[key], column) for key, column in drawn.items()))
    return np.stack([np.broadcast_to(year, draws) for year in after_tax_cash_flow(changed).cash], axis=1)


def theirs(found: MonteCarlo, seconds: float) -> None:
    """Let each peer find the internal rates of a sample of the same draws."""
    own = seconds / found.draws
    for name, wanted in PEER_ROWS.items():
        module = peer(name)
        if module is None:
            continue
        rows = cash_flows(min(wanted, found.draws)).tolist()
        rates: list[float] = []
        processor = timed(lambda rates=rates, module=module, rows=rows: rates.extend(map(module.irr, rows)))[
            1
        ]  # type: ignore[misc]
        difference = np.nanmax(np.abs(np.array(rates, dtype=float) - found.outcomes.irr[: len(rows)]))
        print(
            f"  {name}, internal rate alone of {len(rows):,} draws: {processor / len(rows) * 1e9:,.0f} ns a draw, "
            f"{processor / len(rows) / own:,.1f} times our whole simulation; largest difference {difference:.0e}"
        )


def main() -> None:
    """Measure, compare and print."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(surroundings())
    seconds = ours(draws)
    theirs(result_of(draws), seconds)


if __name__ == "__main__":
    main()
