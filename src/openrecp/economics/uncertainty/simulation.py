"""Monte Carlo simulation of a project: what it returns when many inputs vary at once.

Every draw is the whole after-tax cash flow, with its internal rate; nothing is approximated. Draws are evaluated in
blocks, in threads where there are several; the digits do not depend on how many.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from openrecp import __version__
from openrecp.economics.amounts import Array
from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.inputs import ProjectInput
from openrecp.economics.profitability import RootCount
from openrecp.economics.project import Project
from openrecp.economics.uncertainty.correlation import Correlation
from openrecp.economics.uncertainty.distributions import refuse
from openrecp.economics.uncertainty.drivers import DRIVER_DRAWS, Drivers, drivers_of
from openrecp.economics.uncertainty.outcomes import COUNTS, Outcomes, outcomes_of
from openrecp.economics.uncertainty.preparation import Prepared, prepare_simulation
from openrecp.economics.uncertainty.sampling import (
    BLOCK,
    GENERATOR,
    STARTING_DRAWS,
    STARTING_SEED,
    UncertainInput,
    draws_issues,
)
from openrecp.economics.uncertainty.spread import Share, Spread, share_of, spread_of

# More threads than this wait for each other: Python itself runs in one at a time.
_MOST_THREADS: Final = 4
# Draws evaluated together: so many that threads seldom wait for each other, as few as the processor's cache likes.
_TOGETHER: Final = 3 * BLOCK
# The largest array, in numbers, whose release teaches the C library of Linux what `_drawn` says.
_LESSON: Final = 2**22 - 1024


@dataclass(frozen=True, slots=True)
class MonteCarlo:
    """What a project returns over many draws of its uncertain inputs.

    Attributes
    ----------
    project : Project
        The base case.
    conventions : Conventions
    uncertain : tuple of UncertainInput
    correlations : tuple of Correlation
    inputs : Mapping of str to ProjectInput
        The uncertain inputs that vary, with their names, units and values in the base case.
    draws, seed : int
    generator : str
        numpy's name of the random number generator.
    versions : Mapping of str to str
        Of ``openrecp`` and ``numpy``; with the same ones, seed and inputs every digit comes again.
    npv, irr, payback, discounted_payback : Spread
        [money], fraction, [yr], [yr]. The internal rate is missing in draws without exactly one.
    rate_shares : Mapping of RootCount to Share
        Draws with one internal rate, without a change of sign, without a rate, with several.
    drivers : Drivers
        Which input drives the net present value.
    base : Outcomes
        Of the base case alone, shape (1,).
    outcomes : Outcomes
        Of every draw, in the order drawn.
    """

    project: Project
    conventions: Conventions
    uncertain: tuple[UncertainInput, ...]
    correlations: tuple[Correlation, ...]
    inputs: Mapping[str, ProjectInput]
    draws: int
    seed: int
    generator: str
    versions: Mapping[str, str]
    npv: Spread
    irr: Spread
    payback: Spread
    discounted_payback: Spread
    rate_shares: Mapping[RootCount, Share]
    drivers: Drivers
    base: Outcomes
    outcomes: Outcomes

    @property
    def probability_of_gain(self) -> Share:
        """Share of the draws with a net present value above zero."""
        return self.npv.share_above(0.0)


def monte_carlo(
    project: Project,
    uncertain: Sequence[UncertainInput],
    correlations: Sequence[Correlation] = (),
    draws: int = STARTING_DRAWS,
    seed: int = STARTING_SEED,
    conventions: Conventions = TEXTBOOK,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> MonteCarlo:
    """Evaluate a project for many random values of its uncertain inputs.

    Parameters
    ----------
    project : Project
        The base case; inputs that are not named keep its values.
    uncertain : sequence of UncertainInput
        Keys are those of `openrecp.economics.inputs.project_inputs`.
    correlations : sequence of Correlation
        Between pairs of them; the others are independent.
    draws : int
    seed : int
        The same seed gives the same draws, of which a longer run begins with those of a shorter one.
    conventions : Conventions
    workers : int, optional
        Threads; by default one for each processor that is free to this program, up to four. The result is the same.
    progress : callable, optional
        Called with the draws done and all draws, now and then, in the calling thread.

    Raises
    ------
    UnusableInput
        If an input is unknown, could take impossible values or overlaps another, or correlations contradict each
        other; carries every such finding.
    ValueError
        If there is less than one worker.
    """
    refuse(draws_issues(draws))
    if workers is not None and workers < 1:
        raise ValueError(f"drawing needs at least 1 worker, not {workers}")
    prepared = prepare_simulation(project, uncertain, correlations, seed, conventions)
    pool = ThreadPoolExecutor(min(workers or _free_processors(), -(-draws // _TOGETHER)))
    try:
        outcomes, columns = _drawn(prepared, draws, pool, progress)
        results = (outcomes.npv, outcomes.irr, outcomes.payback, outcomes.discounted_payback)
        npv, irr, payback, discounted = (pool.submit(spread_of, each) for each in results)
        drivers = pool.submit(
            drivers_of, columns, outcomes.npv, correlated=bool(prepared.sampling.correlated)
        )
        return MonteCarlo(
            project=project,
            conventions=conventions,
            uncertain=tuple(uncertain),
            correlations=tuple(correlations),
            inputs=prepared.inputs,
            draws=draws,
            seed=seed,
            generator=GENERATOR,
            versions=MappingProxyType({"openrecp": __version__, "numpy": np.__version__}),
            npv=npv.result(),
            irr=irr.result(),
            payback=payback.result(),
            discounted_payback=discounted.result(),
            rate_shares=_rate_shares(outcomes, draws),
            drivers=drivers.result(),
            base=outcomes_of(project, conventions, 1),
            outcomes=outcomes,
        )
    finally:
        # Whoever breaks off does not wait for the blocks that were not begun.
        pool.shutdown(cancel_futures=True)


def _free_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), _MOST_THREADS)
    return min(os.cpu_count() or 1, _MOST_THREADS)


def _drawn(
    prepared: Prepared,
    draws: int,
    pool: ThreadPoolExecutor,
    progress: Callable[[int, int], object] | None,
) -> tuple[Outcomes, Mapping[str, Array]]:
    """Results of all draws, and the inputs of the first ones, from which drivers are found."""
    if draws > _TOGETHER:
        # The C library gives what is freed back to the system, which hands it out page by page, until it has seen a
        # large array come and go; then it keeps it. This array does only that, and halves the time of a first run.
        np.empty(_LESSON)
    outcomes = Outcomes.space_for(draws)
    wanted = min(draws, DRIVER_DRAWS)
    columns = {key: np.empty(wanted) for key in prepared.inputs}

    def evaluate(first: int) -> int:
        count = min(_TOGETHER, draws - first)
        values, found = prepared.evaluated(first, count)
        outcomes.put(slice(first, first + count), found)
        kept = min(first + count, wanted) - first
        if kept > 0:
            for key, column in columns.items():
                column[first : first + kept] = values[key][:kept]
        return count

    done = 0
    for count in pool.map(evaluate, range(0, draws, _TOGETHER)):
        done += count
        if progress is not None:
            progress(done, draws)
    return outcomes, columns


def _rate_shares(outcomes: Outcomes, draws: int) -> Mapping[RootCount, Share]:
    counted = np.bincount(outcomes.counts, minlength=len(COUNTS))
    return MappingProxyType(
        {each: share_of(int(count), draws) for each, count in zip(COUNTS, counted, strict=True)}
    )
