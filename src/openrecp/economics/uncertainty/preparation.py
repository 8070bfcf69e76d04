"""A project and its uncertain inputs, checked and ready to be drawn and evaluated block by block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from openrecp.economics.amounts import Array
from openrecp.economics.cash_flow import after_tax_cash_flow
from openrecp.economics.conventions import Conventions
from openrecp.economics.inputs import ProjectInput, changed_inputs, project_inputs
from openrecp.economics.project import Project
from openrecp.economics.uncertainty.correlation import Correlation
from openrecp.economics.uncertainty.distributions import Discrete, Distribution
from openrecp.economics.uncertainty.outcomes import Outcomes, outcomes_of
from openrecp.economics.uncertainty.sampling import BLOCK, Sampling, UncertainInput, prepare_sampling
from openrecp.errors import Issue, UnusableInput, problem

# Beyond this normal score lies one draw in a million million; it need not be possible.
_NEVER: Final = 7.03


@dataclass(frozen=True, slots=True)
class Prepared:
    """A project ready for simulation; made by `prepare_simulation`.

    Attributes
    ----------
    project : Project
        With the value of every input that does not vary after all.
    conventions : Conventions
    sampling : Sampling
    inputs : Mapping of str to ProjectInput
        Those that vary, by key, in the order given.
    whole : tuple of str
        Keys of those among them that take whole numbers only, and change the structure of the cash flow.
    """

    project: Project
    conventions: Conventions
    sampling: Sampling
    inputs: Mapping[str, ProjectInput]
    whole: tuple[str, ...]

    def evaluated(self, first: int, draws: int) -> tuple[Mapping[str, Array], Outcomes]:
        """Values of the inputs that vary, and what they return, in the draws from ``first`` on, a block's first."""
        numbers = range(first // BLOCK, -(-(first + draws) // BLOCK))
        blocks = [self.sampling.block(number) for number in numbers]
        values = {key: np.concatenate([block[key] for block in blocks])[:draws] for key in self.inputs}
        if not self.whole:
            return values, self._evaluated(values, draws)
        outcomes = Outcomes.space_for(draws)
        for rows in self._groups(values):
            group: dict[str, Array | float] = {
                key: float(column[rows[0]]) if key in self.whole else column[rows]
                for key, column in values.items()
            }
            outcomes.put(rows, self._evaluated(group, len(rows)))
        return values, outcomes

    def _evaluated(self, values: Mapping[str, Array | float], draws: int) -> Outcomes:
        changed = changed_inputs(self.project, ((self.inputs[key], value) for key, value in values.items()))
        return outcomes_of(changed, self.conventions, draws)

    def _groups(self, values: Mapping[str, Array]) -> Iterator[NDArray[np.intp]]:
        """Draws with the same whole numbers, whose cash flows have the same structure."""
        table = np.stack([values[key] for key in self.whole])
        for chosen in np.unique(table, axis=1).T:
            yield np.flatnonzero((table == chosen[:, np.newaxis]).all(axis=0))


def prepare_simulation(
    project: Project,
    uncertain: Sequence[UncertainInput],
    correlations: Sequence[Correlation],
    seed: int,
    conventions: Conventions,
) -> Prepared:
    """Check everything that can be checked before the first draw.

    Raises
    ------
    UnusableInput
        If an input is unknown, could take impossible values or overlaps another, or correlations are impossible;
        carries every such finding.
    """
    known = project_inputs(project)
    issues = [issue for each in uncertain for issue in _input_issues(each, known)]
    try:
        sampling = prepare_sampling(uncertain, correlations, seed)
    except UnusableInput as refused:
        issues.extend(refused.issues)
    if not issues:
        issues.extend(_structure_issues(project, uncertain, known))
        issues.extend(_overlap_issues(project, uncertain, known, conventions))
    if issues:
        raise UnusableInput(issues)
    fixed = [each for each in uncertain if _is_fixed(each.distribution)]
    varying = {each.key: known[each.key] for each in uncertain if not _is_fixed(each.distribution)}
    return Prepared(
        changed_inputs(project, ((known[each.key], each.distribution.mean) for each in fixed)),
        conventions,
        sampling,
        varying,
        tuple(key for key, each in varying.items() if each.is_whole),
    )


def _is_fixed(distribution: Distribution) -> bool:
    low, high = distribution.limits
    return low == high


def _input_issues(each: UncertainInput, known: Mapping[str, ProjectInput]) -> Iterator[Issue]:
    if each.key not in known:
        yield problem(
            "uncertain-input-unknown",
            "{key} is not an input of this project; choose one of {known}.",
            where=each.place,
            key=each.key,
            known=list(known),
        )
        return
    found = known[each.key]
    if found.is_whole and not _takes_whole_numbers(each.distribution):
        yield problem(
            "uncertain-input-not-whole",
            "{name} takes whole numbers only; give it a discrete distribution of whole numbers.",
            where=each.place,
            name=found.name,
        )
    low, high = _usual_limits(each.distribution)
    if low < found.limits[0] or high > found.limits[1]:
        percent = 100.0 if found.unit == "%" else 1.0
        yield problem(
            "uncertain-input-impossible",
            "{name} could become {low} to {high}, but only {least} to {most} is possible; "
            "give its distribution limits within.",
            where=each.place,
            name=found.name,
            low=_shown(low * percent, found.unit),
            high=_shown(high * percent, found.unit),
            least=_shown(found.limits[0] * percent, found.unit),
            most=_shown(found.limits[1] * percent, found.unit),
        )


def _takes_whole_numbers(distribution: Distribution) -> bool:
    if isinstance(distribution, Discrete):
        return all(float(value).is_integer() for value, _ in distribution.weights)
    return _is_fixed(distribution) and float(distribution.mean).is_integer()


def _usual_limits(distribution: Distribution) -> tuple[float, float]:
    """Limits, or where there are none, what is never passed."""
    low, high = distribution.limits
    never = distribution.of_scores(np.array([-_NEVER, _NEVER]))
    return (low if np.isfinite(low) else float(never[0])), (high if np.isfinite(high) else float(never[1]))


def _shown(value: float, unit: str) -> str:
    if not np.isfinite(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.4g} %" if unit == "%" else f"{value:,.6g}"


def _structure_issues(
    project: Project, uncertain: Sequence[UncertainInput], known: Mapping[str, ProjectInput]
) -> Iterator[Issue]:
    """What is impossible for some of the whole numbers, such as an item that comes after a short life."""
    whole = [each for each in uncertain if known[each.key].is_whole]
    possible = [
        [value for value, _ in each.distribution.weights]
        if isinstance(each.distribution, Discrete)
        else [each.distribution.mean]
        for each in whole
    ]
    for values in product(*possible):
        if not values:
            return
        try:
            changed_inputs(
                project, ((known[each.key], value) for each, value in zip(whole, values, strict=True))
            )
        except UnusableInput as refused:
            yield problem(
                "uncertain-input-structure",
                "With {name} at {value} the project is impossible: {why}",
                where=whole[0].place,
                name=[known[each.key].name for each in whole],
                value=list(values),
                why=list(refused.issues),
            )


def _overlap_issues(
    project: Project,
    uncertain: Sequence[UncertainInput],
    known: Mapping[str, ProjectInput],
    conventions: Conventions,
) -> Iterator[Issue]:
    """Inputs of which one is part of the other: it would matter which is put in first."""
    for one, other in combinations(uncertain, 2):
        pair = known[one.key], known[other.key]
        if not any(each.is_total for each in pair):
            continue
        values = [_moved(each.distribution) for each in (one, other)]
        both = list(zip(pair, values, strict=True))
        first, second = (
            after_tax_cash_flow(changed_inputs(project, order), conventions).cash
            for order in (both, both[::-1])
        )
        if not np.allclose(first, second, rtol=1e-9, atol=1e-9 * float(np.abs(first).max())):
            yield problem(
                "uncertain-inputs-overlap",
                "{first} and {second} overlap: one is part of the other, so only one of them can be uncertain.",
                where=other.place,
                first=pair[0].name,
                second=pair[1].name,
            )


def _moved(distribution: Distribution) -> float:
    """A value of the distribution that is not likely to be that of the base case."""
    return float(distribution.of_scores(np.array([-0.37]))[0])
