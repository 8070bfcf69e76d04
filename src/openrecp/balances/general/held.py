"""Bounds on the variables of a linear problem: which of them hold the solution, and the proof that no others do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linprog, nnls

from openrecp.balances.general.quadratic import Inside, smallest_inside
from openrecp.balances.general.step import Setting, frame_of, setting_of
from openrecp.balances.problems import Array, NonlinearProblem
from openrecp.errors import Issue, UnusableInput, problem

# What the conditions of the optimum may miss, relative to the size of the adjustments.
PROVEN: Final = 1e-7


class ContradictoryBounds(UnusableInput):
    """Bounds that cannot all be kept while the balances hold.

    Attributes
    ----------
    variables : tuple of int
        Places of variables whose bounds would have to give way, counted from 0.
    """

    def __init__(self, variables: tuple[int, ...], issue: Issue) -> None:
        super().__init__(issue)
        self.variables = variables


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """Balances near a point and the bounds around it, scaled: what is free to move, and how far.

    Attributes
    ----------
    setting : Setting
    centre : array, shape (variables,)
        A point at which the balances hold.
    sizes : array, shape (free,)
        Units of the free variables.
    along : array, shape (free, unknowns)
        Directions along the balances.
    lower, upper : array, shape (free,)
        Bounds in these units.
    """

    setting: Setting
    centre: Array
    sizes: Array
    along: Array
    lower: Array
    upper: Array

    def scaled(self, x: Array) -> Array:
        """The free variables of a point in their units."""
        return np.asarray(x[self.setting.free] / self.sizes)

    def point(self, scaled: Array) -> Array:
        """The point of free variables given in their units."""
        x = self.centre.copy()
        x[self.setting.free] = scaled * self.sizes
        return x

    def pull(self, x: Array) -> Array:
        """Gradient of half the sum of squares, shape (free,)."""
        gradient = np.zeros(self.sizes.size)
        measured = self.setting.measured
        gap = (x[self.setting.free[measured]] - self.setting.targets) / self.setting.sds
        gradient[measured] = self.setting.precision @ gap
        return gradient


def room_of(asked: NonlinearProblem, x: Array, lower: Array, upper: Array) -> Room:
    """Bring a point onto the balances, as far as they are straight, and find the directions along them."""
    setting = setting_of(asked)
    frame = frame_of(setting, x)
    free, sizes = setting.free, frame.sizes
    centre = x.copy()
    centre[free] += frame.undone(setting.misses(x)) * sizes
    return Room(setting, centre, sizes, frame.along, lower[free] / sizes, upper[free] / sizes)


def best_inside(room: Room) -> tuple[Inside, Array, Array, Array]:
    """The smallest sum of squares within the bounds: how it was found, the point, and what lower and upper bounds hold.

    Raises
    ------
    ContradictoryBounds
        If no point within the bounds satisfies the balances.
    """
    centre = room.scaled(room.centre)
    low, high = np.flatnonzero(np.isfinite(room.lower)), np.flatnonzero(np.isfinite(room.upper))
    measured = room.setting.measured
    seen = room.along[measured]
    sides = np.vstack([room.along[low], -room.along[high]])
    limits = np.concatenate([room.lower[low] - centre[low], centre[high] - room.upper[high]])
    inside = smallest_inside(
        seen.T @ room.setting.precision @ seen, room.along.T @ room.pull(room.centre), sides, limits
    )
    if np.max(limits - sides @ inside.point, initial=0.0) > PROVEN * (1 + np.abs(limits).max(initial=0.0)):
        refuse_contradiction(room)
    holding = (inside.multipliers > inside.slacks) & (inside.multipliers > 1e-2 * PROVEN)
    at_low, at_high = np.zeros(centre.size, bool), np.zeros(centre.size, bool)
    at_low[low], at_high[high] = holding[: low.size], holding[low.size :]
    return inside, room.point(centre + room.along @ inside.point), at_low, at_high


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """How far a point is from the proof that it is the best: the conditions of Karush, Kuhn and Tucker.

    Attributes
    ----------
    beyond : float
        By how much a bound is passed, in the units of the variables.
    unheld : float
        Pull of the measurements along the balances that no bounds hold by pushing inwards, relative to all pull.
    idle_low, idle_high : bool array, shape (free,)
        Bounds that were to hold but need not push.
    """

    beyond: float
    unheld: float
    idle_low: Array
    idle_high: Array

    @property
    def missed(self) -> float:
        """The larger of the two."""
        return max(self.beyond, self.unheld)


def proof_of(room: Room, x: Array, at_low: Array, at_high: Array) -> Proof:
    """Whether a point held at bounds is the best one."""
    scaled, pull = room.scaled(x), room.pull(x)
    beyond = max(
        float(np.max(room.lower - scaled, initial=0.0)), float(np.max(scaled - room.upper, initial=0.0))
    )
    pushing = np.hstack([room.along[at_low].T, -room.along[at_high].T])
    wanted = room.along.T @ pull
    pushes, unheld = nnls(pushing, wanted) if pushing.size else (np.zeros(0), np.sqrt(wanted @ wanted))
    idle_low, idle_high = at_low.copy(), at_high.copy()
    idle_low[at_low] = pushes[: int(at_low.sum())] == 0
    idle_high[at_high] = pushes[int(at_low.sum()) :] == 0
    return Proof(beyond, float(unheld) / (1 + float(np.sqrt(pull @ pull))), idle_low, idle_high)


def refuse_contradiction(room: Room) -> None:
    """Find out whether any point within the bounds satisfies the balances.

    Raises
    ------
    ContradictoryBounds
        With the fewest transgressions that would be needed, if none does.
    """
    unknowns, count = room.along.shape[1], room.sizes.size
    centre = room.scaled(room.centre)
    low, high = np.isfinite(room.lower), np.isfinite(room.upper)
    give = np.eye(count)
    sides = np.vstack([np.hstack([-room.along, -give])[low], np.hstack([room.along, -give])[high]])
    limits = np.concatenate([(centre - room.lower)[low], (room.upper - centre)[high]])
    answer = linprog(
        np.concatenate([np.zeros(unknowns), np.ones(count)]),
        A_ub=sides,
        b_ub=limits,
        bounds=[(None, None)] * unknowns + [(0, None)] * count,
        method="highs",
    )
    given = answer.x[unknowns:] if answer.x is not None else np.zeros(count)
    size = 1 + np.abs(limits).max(initial=0.0)
    if given.max(initial=0.0) <= 1e-6 * size:
        return
    places = room.setting.free[given > 1e-3 * given.max()]
    raise contradictory_bounds(tuple(int(place) for place in places))


def contradictory_bounds(variables: tuple[int, ...]) -> ContradictoryBounds:
    """What is raised where bounds and balances exclude each other."""
    return ContradictoryBounds(
        variables,
        problem(
            "bounds-contradict-balances",
            "The limits of the quantities {variables} cannot be kept while the balances hold. Widen one of them, or "
            "look for a stream that is missing.",
            variables=tuple(place + 1 for place in variables),
        ),
    )
