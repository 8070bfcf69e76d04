"""Speed and truth of internal rate and present value beside numpy-financial and pyxirr.

    python benchmarks/economics/run.py [ROWS]

Run it in an environment that has OpenRECP and, to be compared, ``numpy-financial`` and ``pyxirr``; it
installs nothing, and says which peer is missing. Everything is measured in the same run on the same
seeded cash flows of ten periods, by the clock on the wall, best of several; a busy machine shows in the load
printed. ROWS (default 1,000,000) are given at once, as a table and year by year. The peers know only
one flow a call, so they get the first rows of the table one after the other, as many as take a second or
two, already as lists.

Printed are nanoseconds a row, ratios (peer's time divided by ours; above 1 we are faster), the largest
difference from each peer, and how far each answer leaves the present value from zero, relative to the sum
of the sizes of the discounted flows. Rows with several changes of sign are timed apart: they take a slower
path, because all rates above -100 % are counted before one is called the rate. Below stand small inputs
with the very first call, one flow a call, and what each makes of flows that are known to be hard.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from peers import peer, projects, projects_of_many_signs, surroundings, wall_time

from openrecp.economics.profitability import (
    RootCount,
    internal_rate_of_return,
    internal_rates_of_return,
    net_present_value,
)

PERIODS = 10
RATE = 0.15
# How many rows a peer gets.
PEER_ROWS = {"numpy_financial": 10_000, "pyxirr": 200_000}
DISMANTLED = [-217_500.0, -217_500.0] + [108_466.80462450592 - 7_336.840361217 * year for year in range(25)]
HARD: dict[str, list[float]] = {
    "two rates, 10 % and 20 %": [-100.0, 230.0, -132.0],
    "no rate": [-1000.0, 3000.0, -2500.0],
    "no change of sign": [100.0, 50.0],
    "-50 %": [-100.0, 50.0],
    "dismantled: 12 % and a rate below zero": DISMANTLED,
    "a hundred becomes a thousand million": [-100.0, 1e9],
    "numpy-financial's issue 44": [-1678.87, 771.96, 1814.05, 3520.30, 3552.95, 3584.99, 4789.91, -1.0],
}


def row_by_row(each: Callable[[list[float]], object], flows: Sequence[list[float]]) -> float:
    """Seconds a row, one call each."""

    def all_of_them() -> None:
        for flow in flows:
            each(flow)

    return wall_time(all_of_them, 3) / len(flows)


def residual(flows: Any, rates: Any) -> float:
    """Largest present value at the rates, relative to the sizes of the discounted flows."""
    terms = flows / (1.0 + rates[:, None]) ** np.arange(flows.shape[1])
    return float(np.nanmax(np.abs(terms.sum(axis=1)) / np.abs(terms).sum(axis=1)))


def small_inputs(flows: Any) -> None:
    """First and later calls on few rows, before anything else has run."""
    print("Few rows at once, first call and best of later ones [µs a call]")
    for rows in (1, 10, 1_000):
        start = time.perf_counter()
        internal_rates_of_return(flows[:rows])
        first = time.perf_counter() - start
        later = wall_time(lambda rows=rows: internal_rates_of_return(flows[:rows]), 20)  # type: ignore[misc]
        print(f"  {rows:>5} rows: {first * 1e6:,.0f} and {later * 1e6:,.0f}")


def many_at_once(flows: Any, peers: dict[str, ModuleType]) -> None:
    """Ordinary rows: one change of sign."""
    rows, years = len(flows), [year.copy() for year in flows.T]
    rates = np.full(rows, RATE)
    ours = {
        "IRR": wall_time(lambda: internal_rates_of_return(flows)),
        "IRR, year by year": wall_time(lambda: internal_rates_of_return(years)),
        "NPV": wall_time(lambda: net_present_value(RATE, flows)),
        "NPV, year by year": wall_time(lambda: net_present_value(RATE, years)),
        "NPV, year by year, a rate a row": wall_time(lambda: net_present_value(rates, years)),
    }
    found = internal_rates_of_return(flows)
    if not found.having(RootCount.ONE).all():
        sys.exit("each of these flows has one rate: something is broken")
    low, middle, high = np.percentile(found.value, [0, 50, 100])
    print(f"\n{rows:,} rows at once, rates {low:.0%} to {high:.0%}, median {middle:.0%} [ns a row]")
    for name, seconds in ours.items():
        print(f"  {name}: {seconds / rows * 1e9:.1f}")
    print(f"  residual {residual(flows, found.value):.0e}")
    for name, module in peers.items():
        part = flows[: PEER_ROWS[name]]
        lists = part.tolist()
        irr = row_by_row(module.irr, lists)
        npv = row_by_row(lambda flow, module=module: module.npv(RATE, flow), lists)  # type: ignore[misc]
        theirs = np.array([module.irr(flow) for flow in lists], dtype=float)
        values = np.array([module.npv(RATE, flow) for flow in lists])
        print(
            f"  {name}, {len(part):,} rows: IRR {irr * 1e9:,.0f}, NPV {npv * 1e9:,.0f}; ratios IRR "
            f"{irr * rows / ours['IRR']:,.0f}, NPV {npv * rows / ours['NPV']:,.0f}; largest difference of rates "
            f"{np.nanmax(np.abs(theirs - found.value[: len(part)])):.0e}, of values relative to the outlay "
            f"{np.max(np.abs((values - net_present_value(RATE, part)) / part[:, 0])):.0e}; "
            f"residual {residual(part, theirs):.0e}"
        )


def many_signs(rows: int, peers: dict[str, ModuleType]) -> None:
    """Rows with several changes of sign."""
    print(f"\n{rows:,} rows with several changes of sign [ns a row]")
    for name, flows in projects_of_many_signs(rows, PERIODS).items():
        seconds = wall_time(lambda flows=flows: internal_rates_of_return(flows), 3)  # type: ignore[misc]
        found = internal_rates_of_return(flows)
        counts = ", ".join(
            f"{share:.0%} {count.value}" for count in RootCount if (share := found.having(count).mean())
        )
        line = f"  {name} ({counts}): {seconds / rows * 1e9:,.0f}"
        for peer_name, module in peers.items():
            part = flows[: PEER_ROWS[peer_name] // 10].tolist()
            line += f"; {peer_name} {row_by_row(lambda flow, module=module: answer(module, flow), part) * 1e9:,.0f}"  # type: ignore[misc]
        print(line)


def one_at_a_time(flows: Any, peers: dict[str, ModuleType]) -> None:
    """One call a row."""
    lists = flows[:5_000].tolist()
    irr = row_by_row(internal_rate_of_return, lists)
    npv = row_by_row(lambda flow: net_present_value(RATE, flow), lists)
    print(f"\nOne flow a call: IRR {irr * 1e6:.1f} µs, NPV {npv * 1e6:.2f} µs")
    for name, module in peers.items():
        theirs = row_by_row(module.irr, lists)
        values = row_by_row(lambda flow, module=module: module.npv(RATE, flow), lists)  # type: ignore[misc]
        print(f"  {name} / openrecp: IRR {theirs / irr:.2f}, NPV {values / npv:.2f}")


def answer(module: ModuleType, flow: list[float]) -> str:
    """What a peer says about a cash flow, its refusal included."""
    try:
        return str(module.irr(flow))
    except Exception as error:  # noqa: BLE001 - each peer refuses in its own way
        return f"refuses ({type(error).__name__})"


def hard_flows(peers: dict[str, ModuleType]) -> None:
    """What each makes of flows that are known to be hard."""
    print("\nHard cash flows")
    for title, flow in HARD.items():
        found = internal_rate_of_return(flow)
        answers = [f"openrecp {found.count.value} {[f'{root:.4f}' for root in found.roots]}"]
        answers += [f"{name} {answer(module, flow)}" for name, module in peers.items()]
        print(f"  {title}: " + "; ".join(answers))


def main() -> None:
    """Measure, compare and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    flows = projects(rows, PERIODS)
    print(surroundings())
    small_inputs(flows)
    peers = {name: module for name in PEER_ROWS if (module := peer(name)) is not None}
    many_at_once(flows, peers)
    many_signs(max(rows // 10, 1), peers)
    one_at_a_time(flows, peers)
    hard_flows(peers)


if __name__ == "__main__":
    main()
