"""Speed and truth of the best set under a budget beside plain integer programming and a greedy choice.

    python benchmarks/economics/choice.py [MEASURES ...]

Run it in an environment that has OpenRECP and, to be compared, ``PuLP`` with its CBC solver; it installs
nothing, and says when the peer is missing. MEASURES (default 30, 200 and 2,000) are seeded measures of which
half stand in groups of five that exclude one another; the budget is 30 % of all capital. They come in two
kinds: "spread", whose gains lie anywhere between a loss and 120 % of their capital, and "alike", which all
gain about 30 % of it, so that no ranking tells them apart; the latter are hard for branch and bound.

Everything is measured in the same run on the same measures, as time on the wall, because CBC works in a
process of its own; the load of the machine is printed. Ours is the whole call: checks, proof, figures, and
why each measure is left out; best of three. The peers get the bare arrays, once, a limit of 60 s and the same
relative gap, 1e-9.

Printed are ratios (peer's time divided by ours; above 1 we are faster), whether the peer's optimum is the
same, and what filling the budget by net present value per capital leaves behind.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from openrecp.economics.choice import (
    BestSet,
    Candidate,
    best_set,
    filled_budget,
    ranking_by_npv_per_budget,
)
from openrecp.economics.choice.branching import quiet_stdout

SEED = 1988
GROUP = 5
GAP = 1e-9
PATIENCE = 60.0  # s


@dataclass(frozen=True)
class Measures:
    """Capital and net present value of each measure, the groups that exclude one another, and the budget."""

    capital: NDArray[np.float64]
    npv: NDArray[np.float64]
    groups: list[range]
    budget: float

    def candidates(self) -> list[Candidate]:
        rivals = {each: group for group in self.groups for each in group}
        return [
            Candidate(
                f"m{number}",
                f"Measure {number}",
                "TWD",
                float(self.capital[number]),
                float(self.npv[number]),
                excludes=tuple(f"m{other}" for other in rivals.get(number, ()) if other != number),
            )
            for number in range(len(self.npv))
        ]

    def rows(self) -> tuple[sparse.csr_array, NDArray[np.float64]]:
        """Budget, in units of a hundred-thousandth of it, and one row a group."""
        places = [(row, each) for row, group in enumerate(self.groups, start=1) for each in group]
        across = [(0, each) for each in range(len(self.npv))]
        row, column = np.array(across + places).T
        factors = np.concatenate([self.capital / self.budget * 1e5, np.ones(len(places))])
        shape = (len(self.groups) + 1, len(self.npv))
        return sparse.csr_array((factors, (row, column)), shape=shape), np.r_[1e5, np.ones(len(self.groups))]


def measures(count: int, *, alike: bool) -> Measures:
    source = np.random.default_rng(SEED)
    capital = source.uniform(1e4, 1e6, count).round(-2)
    npv = (
        capital * 0.3 + source.normal(0, 1e4, count) if alike else capital * source.uniform(-0.3, 1.2, count)
    )
    groups = [range(start, min(start + GROUP, count)) for start in range(0, count // 2, GROUP)]
    return Measures(capital, npv.round(), groups, 0.3 * float(capital.sum()))


def ours(candidates: Sequence[Candidate], budget: float) -> tuple[float, BestSet]:
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        found = best_set(candidates, budget, gap=GAP)
        best = min(best, time.perf_counter() - start)
    return best, found


def plain_milp(given: Measures) -> tuple[float, float]:
    """Seconds and value of HiGHS on the whole problem, as scipy offers it."""
    matrix, limits = given.rows()
    size = float(np.abs(given.npv).max()) / 1e4
    start = time.perf_counter()
    with quiet_stdout():
        found = milp(
            -given.npv / size,
            constraints=LinearConstraint(matrix, -np.inf, limits),
            integrality=np.ones(len(given.npv)),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": GAP, "time_limit": PATIENCE},
        )
    return time.perf_counter() - start, float(np.round(found.x) @ given.npv)


def pulp_cbc(pulp: ModuleType, given: Measures) -> tuple[float, float]:
    """Seconds and value of PuLP with CBC, from building the model to reading its answer."""
    start = time.perf_counter()
    problem = pulp.LpProblem("choice", pulp.LpMaximize)
    chosen = [pulp.LpVariable(f"x{number}", cat="Binary") for number in range(len(given.npv))]
    problem += pulp.lpSum(float(npv) * x for npv, x in zip(given.npv, chosen, strict=True))
    problem += (
        pulp.lpSum(float(cost) * x for cost, x in zip(given.capital, chosen, strict=True)) <= given.budget
    )
    for group in given.groups:
        problem += pulp.lpSum(chosen[each] for each in group) <= 1
    problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=GAP, timeLimit=PATIENCE))
    taken = np.array([round(x.value() or 0.0) for x in chosen])
    return time.perf_counter() - start, float(taken @ given.npv)


def compared(name: str, seconds: float, value: float, our_seconds: float, best: float) -> str:
    same = "same optimum" if abs(value - best) <= 1e-9 * abs(best) else f"optimum {value - best:+,.0f}"
    late = ", stopped by its time limit" if seconds >= PATIENCE else ""
    return f"{name} / openrecp {seconds / our_seconds:.1f} ({seconds * 1e3:,.0f} ms, {same}{late})"


def line(pulp: ModuleType | None, count: int, *, alike: bool) -> str:
    given = measures(count, alike=alike)
    candidates = given.candidates()
    seconds, found = ours(candidates, given.budget)
    value = found.value
    if value is None or value.npv.value is None:
        raise SystemExit("no set was found; nothing to compare")
    best = float(value.npv.value)
    order = [each.key for each in ranking_by_npv_per_budget(candidates)]
    greedy = set(filled_budget(candidates, given.budget, order))
    left = best - sum(each.npv for each in candidates if each.key in greedy)
    gap = float(found.relative_gap.value or 0.0) / 100.0
    kind = "alike" if alike else "spread"
    parts = [
        f"{count:>6,} {kind}: openrecp {seconds * 1e3:,.0f} ms, {found.proof.value}, gap {gap:.0e}",
        compared("scipy milp", *plain_milp(given), seconds, best),
    ]
    if pulp is not None:
        parts.append(compared("PuLP with CBC", *pulp_cbc(pulp, given), seconds, best))
    parts.append(f"greedy leaves {left:,.0f} ({left / best:.3%}) behind")
    return "\n        ".join(parts)


def main() -> None:
    """Measure, compare and print."""
    try:
        pulp: ModuleType | None = importlib.import_module("pulp")
    except ImportError:
        pulp = None
        print("PuLP is not installed here: not compared")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, load {load:.1f}")
    best_set([Candidate("first", "First", "TWD", 1.0, 1.0)], 1.0)  # imports the solver
    for count in map(int, sys.argv[1:] or ("30", "200", "2000")):
        for alike in (False, True):
            print(line(pulp, count, alike=alike), flush=True)


if __name__ == "__main__":
    main()
