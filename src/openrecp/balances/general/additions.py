"""What else to measure: the cheapest meters that make known what the balances do not give yet."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import qr

from openrecp.balances.general.blocks import Block, blocks_of, kinds_of
from openrecp.balances.general.reduction import TOLERANCE, pivoted, scaling
from openrecp.balances.problems import Array, LinearProblem
from openrecp.errors import Issue, UnusableInput, problem

MOST_TRIED: Final = 20_000
"""Sets of meters tried before a search for the cheapest is given up and the best known one is given, unproven."""


class Unmeasurable(UnusableInput):
    """No meter that can be installed makes the variables known."""

    def __init__(self, variables: tuple[int, ...], issue: Issue) -> None:
        super().__init__(issue)
        self.variables = variables


@dataclass(frozen=True, slots=True)
class Additions:
    """Variables to measure in addition.

    Attributes
    ----------
    variables : tuple of int
        Places, in their order.
    cost : float
        Of all of them, in the unit of the costs.
    proven : bool
        Whether no cheaper set does the same.
    """

    variables: tuple[int, ...]
    cost: float
    proven: bool


def smallest_additions(
    asked: LinearProblem,
    costs: Array,
    target: int | None = None,
    *,
    most_tried: int = MOST_TRIED,
) -> Additions:
    """The cheapest further measurements that make one unobservable variable observable, or all of them.

    With ``target`` None: all of them. The sets of meters that add something, each, to the others are independent
    sets of a linear matroid (rows of a basis of what the balances leave open), so taking the cheapest meter that adds
    something until nothing is open gives the cheapest set of all.

    With a ``target``: that one alone. Sets are tried in the order of their cost, so that the first that does it is
    the cheapest; of more than ``most_tried`` sets the search is given up, and the better of the target itself and
    the meters that the set for all variables uses for it is given, not proven.

    Parameters
    ----------
    asked : LinearProblem
        For balances that are no straight lines, the problem that touches them at the solution.
    costs : array, shape (variables,)
        Of a meter on each variable; 1 throughout gives the fewest meters, infinite is what cannot be measured. Only
        those of unmeasured variables count.
    target : int or None
        Place of a variable.
    most_tried : int

    Returns
    -------
    Additions
        Empty where nothing is unobservable.

    Raises
    ------
    Unmeasurable
        If what can be measured is not enough; names the variables that stay unknown.
    UnusableInput, ValueError
        As the reconciliation; ValueError too if a cost is negative or not a number.

    References
    ----------
    J. Edmonds, Matroids and the greedy algorithm, Mathematical Programming 1 (1971) 127-136; M. J. Bagajewicz,
    Process Plant Instrumentation: Design and Upgrade (Technomic, 2000), chapters 4 and 5.

    Examples
    --------
    A stream is split in two and both parts are joined again; no flow of the parts is known, and the first is cheap:

    >>> import scipy.sparse as sp
    >>> asked = LinearProblem(
    ...     sp.csr_array(np.array([[1.0, -1.0, -1.0, 0.0], [0.0, 1.0, 1.0, -1.0]])),
    ...     np.zeros(2),
    ...     np.array([10.0, np.nan, np.nan, 10.0]),
    ...     np.array([0.1, np.nan, np.nan, 0.1]),
    ... )
    >>> smallest_additions(asked, np.array([0.0, 200.0, 500.0, 0.0]))
    Additions(variables=(1,), cost=200.0, proven=True)
    >>> smallest_additions(asked, np.array([0.0, 200.0, 500.0, 0.0]), target=2)
    Additions(variables=(1,), cost=200.0, proven=True)
    """
    prices = np.asarray(costs, dtype=float)
    kinds = kinds_of(asked)
    if not bool(np.all(prices[kinds.unmeasured] >= 0)):
        raise ValueError("costs have to be 0 or more; infinite for what cannot be measured")
    blocks = blocks_of(asked, kinds)
    alone = np.setdiff1d(
        np.flatnonzero(kinds.unmeasured),
        np.concatenate([np.zeros(0, int), *(each.unmeasured for each in blocks)]),
    )
    if target is not None:
        return _for_one(blocks, alone, prices, target, most_tried)
    chosen = [*alone[np.isfinite(prices[alone])]]
    unknown = [*alone[~np.isfinite(prices[alone])]]
    for block in blocks:
        found, left = _cheapest_basis(block.unmeasured, open_directions(block), prices)
        chosen.extend(found)
        unknown.extend(left)
    if unknown:
        raise _unmeasurable(unknown)
    return _additions(chosen, prices, proven=True)


def open_directions(block: Block) -> Array:
    """What the balances leave open: an orthonormal basis of it, scaled, shape (unmeasured, openness)."""
    row_sizes, column_sizes = scaling(block.unmeasured_part)
    scaled = block.unmeasured_part / row_sizes[:, None] / column_sizes
    q, _, _, rank = pivoted(scaled.T)
    directions = q[:, rank:]
    return np.where(np.abs(directions) > TOLERANCE, directions, 0.0)


def _cheapest_basis(places: Array, directions: Array, prices: Array) -> tuple[list[int], list[int]]:
    """Cheapest meters that leave nothing open, and what stays open because it cannot be measured."""
    order = np.argsort(prices[places], kind="stable")
    order = order[np.isfinite(prices[places[order]])]
    left = directions.copy()
    chosen = []
    for each in order:
        row = left[each]
        length = float(np.sqrt(row @ row))
        if length > TOLERANCE:
            chosen.append(int(places[each]))
            unit = row / length
            left = left - np.outer(left @ unit, unit)
            left[np.abs(left) <= TOLERANCE] = 0.0
    still = places[np.any(np.abs(left) > TOLERANCE, axis=1)]
    return chosen, [int(each) for each in still]


def _for_one(
    blocks: tuple[Block, ...], alone: Array, prices: Array, target: int, most_tried: int
) -> Additions:
    if target in alone:
        if np.isfinite(prices[target]):
            return _additions([target], prices, proven=True)
        raise _unmeasurable([target])
    block = next((each for each in blocks if target in each.unmeasured), None)
    if block is None:
        return Additions((), 0.0, proven=True)
    directions = open_directions(block)
    wanted = directions[block.unmeasured == target][0]
    if not np.any(wanted):
        return Additions((), 0.0, proven=True)
    usable = np.flatnonzero(np.isfinite(prices[block.unmeasured]) & np.any(directions, axis=1))
    usable = usable[np.argsort(prices[block.unmeasured[usable]], kind="stable")]
    fallback = _through_basis(directions[usable], wanted)
    if fallback is None:
        raise _unmeasurable([target])
    places = block.unmeasured[usable]
    known = min(
        [[int(each) for each in places[fallback]], *([[target]] if target in places else [])],
        key=lambda each: float(prices[each].sum()),
    )
    limit = float(prices[known].sum())
    found, proven = _first_in_order(directions[usable], prices[places], wanted, limit, most_tried)
    return _additions(
        known if found is None else [int(places[each]) for each in found], prices, proven=proven
    )


def _through_basis(rows: Array, wanted: Array) -> Array | None:
    """Rows of a cheapest basis of which the wanted one is made; None if it is not."""
    basis: list[int] = []
    left = rows.copy()
    for each in range(rows.shape[0]):
        length = float(np.sqrt(left[each] @ left[each]))
        if length > TOLERANCE:
            basis.append(each)
            unit = left[each] / length
            left = left - np.outer(left @ unit, unit)
    if not basis:
        return None
    parts, *_ = np.linalg.lstsq(rows[basis].T, wanted, rcond=None)
    if np.abs(rows[basis].T @ parts - wanted).max() > TOLERANCE:
        return None
    return np.asarray(basis)[np.abs(parts) > TOLERANCE]


def _first_in_order(
    rows: Array, prices: Array, wanted: Array, limit: float, most_tried: int
) -> tuple[tuple[int, ...] | None, bool]:
    """The first set in the order of cost that the wanted row is made of, if one is cheaper than the limit."""
    queue: list[tuple[float, tuple[int, ...]]] = [(float(prices[0]), (0,))]
    for _ in range(most_tried):
        if not queue or queue[0][0] >= limit:
            return None, True
        cost, chosen = heapq.heappop(queue)
        outside, dependent = _outside(rows, chosen, wanted)
        if not dependent and outside <= TOLERANCE:
            return chosen, True
        following = chosen[-1] + 1
        if following == rows.shape[0]:
            continue
        # Every set comes once: from the one without its last member, or with the member before that instead.
        swapped = (*chosen[:-1], following)
        heapq.heappush(queue, (cost + float(prices[following] - prices[chosen[-1]]), swapped))
        if not dependent:
            heapq.heappush(queue, (cost + float(prices[following]), (*chosen, following)))
    return None, False


def _outside(rows: Array, chosen: tuple[int, ...], wanted: Array) -> tuple[float, bool]:
    """How much of the wanted row the chosen ones leave, and whether one of them follows from the others."""
    q, r = qr(rows[list(chosen)].T, mode="economic", check_finite=False)
    dependent = q.shape[1] < len(chosen) or float(np.abs(np.diag(r)).min()) <= TOLERANCE
    rest = wanted - q @ (q.T @ wanted)
    return float(np.sqrt(rest @ rest)), dependent


def _additions(chosen: list[int], prices: Array, *, proven: bool) -> Additions:
    places = sorted(int(each) for each in chosen)
    return Additions(tuple(places), float(prices[places].sum()), proven)


def _unmeasurable(variables: list[int]) -> Unmeasurable:
    places = tuple(sorted(int(each) for each in variables))
    return Unmeasurable(
        places,
        problem(
            "measurements-not-enough",
            "The quantities {variables} stay unknown whatever else is measured, because they cannot be measured "
            "themselves. State what a meter on one of them would cost, or add an equation.",
            variables=tuple(each + 1 for each in places),
        ),
    )
