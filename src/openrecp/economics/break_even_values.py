"""Break-even: the values of an input at which a project just reaches a target.

The whole range of the input is scanned with one evaluation of many projects, so that every change between
reached and missed that is wider than the scan is found, and each is then narrowed down. A value is therefore
also found where the result jumps, as at the threshold of a tax credit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from openrecp.economics.amounts import Array
from openrecp.economics.cash_flow import after_tax_cash_flow
from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.inputs import ProjectInput, project_inputs
from openrecp.economics.measures import Target, unknown_input
from openrecp.economics.project import Project
from openrecp.errors import UnusableInput, Where
from openrecp.figures import Basis, Figure, unit_words
from openrecp.texts import Text, text

ZERO_NPV: Final = Target()

_NEAR, _FAR = 201, 97  # values scanned around the base value, and over the range on each side of zero
_PARTS, _ROUNDS = 32, 14  # each round narrows a change down to a 32nd
_WIDTH = 1e-13  # of the value
_NO_EFFECT = 1e-12  # of the amounts involved: rounding


@dataclass(frozen=True, slots=True)
class BreakEvenPoint:
    """A value at which the target is just reached.

    Attributes
    ----------
    value : Figure
        Of the input; a life is the first, or last, whole year that reaches the target.
    margin : Figure
        Change from the base value, as part of it [%]; a cost that may rise has one above zero. Without a
        value where the base value is zero.
    reached_above : bool
        Whether larger values reach the target and smaller ones miss it.
    statement : Text
        The same as a sentence.
    """

    value: Figure
    margin: Figure
    reached_above: bool
    statement: Text

    @property
    def distance(self) -> float:
        """Size of the margin; infinite where it has no value [%]."""
        return math.inf if self.margin.value is None else abs(float(self.margin.value))


@dataclass(frozen=True, slots=True)
class BreakEven:
    """All break-even values of one input.

    Attributes
    ----------
    key : str
        Of the `ProjectInput`.
    name : Text
    base : Figure
        Value of the input in the base case.
    target : Target
    reached : bool
        Whether the base case reaches the target.
    points : tuple of BreakEvenPoint
        Ascending; empty where no value is found.
    reason : Text or None
        Why there is none.
    is_total : bool
        The input moves several others at once.
    """

    key: str
    name: Text
    base: Figure
    target: Target
    reached: bool
    points: tuple[BreakEvenPoint, ...]
    reason: Text | None
    is_total: bool

    @property
    def nearest(self) -> BreakEvenPoint | None:
        """The value nearest to the base value."""
        return min(self.points, key=lambda point: point.distance, default=None)

    @property
    def distance(self) -> float:
        """Margin of the nearest value, without its sign; infinite where there is none [%]."""
        return math.inf if self.nearest is None else self.nearest.distance


def break_even(
    project: Project, key: str, target: Target = ZERO_NPV, conventions: Conventions = TEXTBOOK
) -> BreakEven:
    """Every value of an input at which the project just reaches a target, all else as in the base case.

    Parameters
    ----------
    project : Project
    key : str
        Of a `ProjectInput`.
    target : Target
        A net present value, an internal rate of return or a simple payback.
    conventions : Conventions

    Raises
    ------
    UnusableInput
        If the project has no such input.
    """
    inputs = project_inputs(project)
    if key not in inputs:
        raise UnusableInput([unknown_input(key, inputs, Where(path=f"break_even[{key}]"))])
    return _Search(project, inputs[key], target, conventions).result()


def break_evens(
    project: Project, target: Target = ZERO_NPV, conventions: Conventions = TEXTBOOK
) -> tuple[BreakEven, ...]:
    """Break-even of every input, the one that can least afford to be wrong first.

    Inputs without a break-even value, or whose base value is zero, come last.
    """
    found = [
        _Search(project, each, target, conventions).result() for each in project_inputs(project).values()
    ]
    return tuple(sorted(found, key=lambda each: (each.distance, not each.points)))


@dataclass(frozen=True)
class _Search:
    project: Project
    input: ProjectInput
    target: Target
    conventions: Conventions

    def result(self) -> BreakEven:
        each, values = self.input, self.scanned_values()
        surplus = self.surpluses(values)
        base = float(self.surpluses(np.array([each.value]))[0])
        points: tuple[BreakEvenPoint, ...] = ()
        flat = _is_flat(surplus, self.amounts_involved())
        if not flat:
            points = tuple(
                self.point(value, above, base)
                for value, above in self.changes(values, surplus >= 0, np.isfinite(surplus))
            )
        return BreakEven(
            key=each.key,
            name=each.name,
            base=each.figure(each.value, Basis.ESTIMATED),
            target=self.target,
            reached=base >= 0,
            points=points,
            reason=None if points else self.reason(values[np.isfinite(surplus)], base, flat=flat),
            is_total=each.is_total,
        )

    def scanned_values(self) -> Array:
        """Values over the whole range, ascending, closest around the base value."""
        base, (low, high) = self.input.value, self.input.limits
        if self.input.is_whole:
            return np.arange(low, high + 1.0)
        if math.isfinite(high):
            size = abs(base) or 0.1
            far = np.expm1(np.linspace(math.log1p(low), math.log1p(high), 2 * _FAR)).clip(low, high)
        else:
            size = abs(base) or self.amounts_involved() or 1.0
            steps = size * np.logspace(-6, 6, _FAR)
            far = np.concatenate([-steps, [0.0], steps])
        near = base + size * np.linspace(-1.0, 1.0, _NEAR)
        values = np.unique(np.concatenate([near, far]))
        return values[(values >= low) & (values <= high)]

    def amounts_involved(self) -> float:
        """All the money of the cash flow of the base case, without signs [money]."""
        return float(sum(abs(amount) for amount in after_tax_cash_flow(self.project, self.conventions).cash))

    def surpluses(self, values: Array) -> Array:
        """How far each value is beyond the target; nan where it is impossible."""
        if not self.input.is_whole:
            return self._surpluses(values)
        return np.concatenate([self._surpluses(values[place : place + 1]) for place in range(values.size)])

    def _surpluses(self, values: Array) -> Array:
        try:
            with np.errstate(all="ignore"):
                put = float(values[0]) if self.input.is_whole else values
                flow = after_tax_cash_flow(self.input.put(self.project, put), self.conventions)
                found: Array = np.broadcast_to(self.target.surplus(flow), values.shape)
        except (UnusableInput, ValueError, ArithmeticError):
            # One impossible value spoils all; halves tell which it is.
            if values.size == 1:
                return np.array([np.nan])
            half = values.size // 2
            return np.concatenate([self._surpluses(values[:half]), self._surpluses(values[half:])])
        return np.where(np.isfinite(found), found, np.nan)

    def changes(
        self, values: Array, reached: NDArray[np.bool_], possible: NDArray[np.bool_]
    ) -> list[tuple[float, bool]]:
        """Where the target begins (True) or ceases to be reached as the value grows."""
        places = np.flatnonzero(possible[:-1] & possible[1:] & (reached[:-1] != reached[1:]))
        above = [bool(reached[place + 1]) for place in places]
        if self.input.is_whole:
            found = [
                float(values[place + 1 if up else place]) for place, up in zip(places, above, strict=True)
            ]
        else:
            found = self.narrowed(values[places], values[places + 1]) if places.size else []
        return [(value, up) for value, up in zip(found, above, strict=True) if math.isfinite(value)]

    def narrowed(self, left: Array, right: Array) -> list[float]:
        """The value between each left and right at which reached and missed meet."""
        parts, rows = np.linspace(0.0, 1.0, _PARTS + 1), np.arange(left.size)
        for _ in range(_ROUNDS):
            marks = left[:, None] + (right - left)[:, None] * parts
            marks[:, -1] = right
            reached = self.surpluses(marks.ravel()).reshape(marks.shape) >= 0
            differs = reached != reached[:, :1]
            first = np.where(differs.any(axis=1), differs.argmax(axis=1), _PARTS)
            left, right = marks[rows, first - 1], marks[rows, first]
            if np.all(right - left <= _WIDTH * np.maximum(np.abs(left), np.abs(right))):
                break
        before, after = np.split(self.surpluses(np.concatenate([left, right])), 2)
        reached_side = np.where(after >= 0, right, left)
        with np.errstate(all="ignore"):
            between = left - before * (right - left) / (after - before)
        # Where the result jumps, the side that reaches the target is the answer, not a place in between.
        jumps = np.abs(after - before) > 1e-6 * np.maximum(self.amounts_involved(), 1e-300)
        inside = (between >= left) & (between <= right) & ~jumps
        return [float(value) for value in np.where(inside, between, reached_side)]

    def point(self, value: float, above: bool, base_surplus: float) -> BreakEvenPoint:
        each = self.input
        base = each.figure(each.value, Basis.ESTIMATED)
        goal = self.target.goal(self.project.currency)
        shown = each.figure(value)
        found = Figure(
            shown.name,
            shown.value,
            shown.unit,
            text(
                "the value at which the project just reaches {goal}, all else as in the base case", goal=goal
            ),
            (base,),
        )
        margin = self.margin(value, found, base)
        words = {"name": each.name, "base": self.words(each.value), "goal": goal}
        words["value"] = self.words(value, margin.value)
        if base_surplus >= 0:
            statement = text(
                "{name} may go from {base} to {value} before the project misses {goal}.", **words
            )
        else:
            statement = text(
                "{name} must go from {base} to {value} for the project to reach {goal}.", **words
            )
        return BreakEvenPoint(found, margin, above, statement)

    def margin(self, value: float, shown: Figure, base: Figure) -> Figure:
        of = self.input.value
        return Figure(
            name=text("Distance from the base value"),
            value=100.0 * (value - of) / of if of else None,
            unit="%",
            formula=text("(break-even value − base value) ÷ base value"),
            inputs=(replace(shown, inputs=()), base),
            reason=None if of else text("the base value is zero"),
        )

    def words(self, value: float, change: object = None) -> Text:
        """A value with its unit, and its change in percent, as a part of a sentence."""
        unit = self.input.unit
        shown = round(value * 100.0, 2) if unit == "%" else round(value, 0 if abs(value) >= 100 else 2)
        words = {"value": shown, "unit": unit_words(unit)}
        if not isinstance(change, float):
            return Text("{value} {unit}", words)
        return text("{value} {unit} ({change} %)", **words, change=f"{change:+,.1f}".replace("-", "−"))

    def reason(self, possible: Array, base_surplus: float, *, flat: bool) -> Text:
        """Why there is no break-even value."""
        words = {"name": self.input.name, "goal": self.target.goal(self.project.currency)}
        if possible.size <= 1:
            return text(
                "no other value of {name} is possible: {why}", name=self.input.name, why=self.refusal()
            )
        if flat:
            return text("{name} makes no difference to whether the project reaches {goal}", **words)
        if math.isfinite(self.input.limits[1]):
            words |= {"low": self.words(float(possible.min())), "high": self.words(float(possible.max()))}
            if base_surplus >= 0:
                return text("the project reaches {goal} at any {name} between {low} and {high}", **words)
            return text("the project misses {goal} at any {name} between {low} and {high}", **words)
        if base_surplus >= 0:
            return text("the project reaches {goal} whatever {name} is", **words)
        return text("the project misses {goal} whatever {name} is", **words)

    def refusal(self) -> object:
        """What stands against the largest value scanned."""
        try:
            self.input.put(self.project, float(self.scanned_values()[-1]))
        except UnusableInput as error:
            return error.issues[0]
        return text("the result is not a finite number")


def _is_flat(surplus: Array, amounts: float) -> bool:
    """Whether the value makes no difference beyond rounding."""
    known = surplus[np.isfinite(surplus)]
    return known.size == 0 or float(known.max() - known.min()) <= _NO_EFFECT * max(
        amounts, float(np.abs(known).max())
    )
