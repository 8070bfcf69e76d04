"""The equations of a flowsheet: its numbers as variables, its balances as rows, as a problem for the engines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from openrecp.balances.equations.balance_rows import (
    add_component,
    add_element,
    add_energy,
    add_totals,
    all_elements,
    element_shares,
)
from openrecp.balances.equations.dependence import components_that_follow
from openrecp.balances.equations.knowledge_rows import (
    add_component_flows,
    add_relations,
    add_splitters,
    add_sums,
    add_transfers,
)
from openrecp.balances.equations.layout import Layout, layout
from openrecp.balances.equations.polynomials import Polynomials
from openrecp.balances.equations.rows import Constraint, Layer, RowBlock, RowList
from openrecp.balances.equations.starting import starting_values
from openrecp.balances.equations.variables import Variables
from openrecp.balances.flowsheet import Flowsheet, Ref
from openrecp.balances.problems import Array, LinearProblem, NonlinearProblem
from openrecp.errors import Issue

ALL_LAYERS: Final = frozenset({Layer.TOTAL, Layer.COMPONENT, Layer.ELEMENT, Layer.ENERGY})

_RANK: Final = 1e-3
"""Below this the mass fractions of elements differ by rounding alone."""


@dataclass(frozen=True, eq=False)
class System:
    """The equations of a flowsheet.

    Attributes
    ----------
    flowsheet : Flowsheet
    variables : Variables
        What each variable is, what was measured of it, and where it may lie.
    polynomials : Polynomials
        The constraints as sums of terms; zero where they hold.
    problem : LinearProblem or NonlinearProblem
        The same for the engines: linear where no unknown multiplies another.
    blocks : tuple of RowBlock
        What the constraints say, block by block.
    where : Layout
        Where each number stands.
    """

    flowsheet: Flowsheet
    variables: Variables
    polynomials: Polynomials
    problem: LinearProblem | NonlinearProblem
    blocks: tuple[RowBlock, ...]
    where: Layout

    @property
    def refs(self) -> tuple[Ref, ...]:
        """What each variable is, in order."""
        return self.variables.refs

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """What each row says, in order."""
        return tuple(
            Constraint(block.layer, key, block.component) for block in self.blocks for key in block.keys
        )

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What was taken for granted in building the equations."""
        return self.where.contents.issues

    def position(self, ref: Ref) -> int | None:
        """Where a number of the flowsheet stands among the variables; None if it is none of them."""
        return self.variables.position(ref)


def equations_of(
    flowsheet: Flowsheet,
    *,
    component: str | None = None,
    layers: Collection[Layer] = ALL_LAYERS,
    splitters: Collection[str] = (),
) -> System:
    """Write down the equations of a flowsheet.

    Variables are total flows and stocks, shares of components in streams and stocks, temperatures, energy flows,
    extents of reactions, transfer coefficients, and the constants of known equations that are not exact. Flows of
    components are variables where they are measured, or where nothing but flows is known of a component.
    Balances are of the total, of every component that anything is known of (of elements where components change in
    an unknown way), and of energy where a process asks for it. A balance that follows from the others, because
    all shares add up to 1, is left out; numbers known exactly are put in where they are multiplied.

    Parameters
    ----------
    flowsheet : Flowsheet
        Without faults.
    component : str, optional
        Follow only this component, beside the total; no shares are added up, and no energy is balanced.
    layers : collection of Layer
        Which of total, component, element and energy to balance.
    splitters : collection of str
        Keys of processes that only divide: all that leaves has one composition and temperature.

    Raises
    ------
    ValueError
        If a known equation names what is not in the flowsheet.
    KeyError
        If a stream names a process or medium that is not in it.

    References
    ----------
    Cencic, O. (2016), Nonlinear data reconciliation in material flow analysis with software STAN, Sustainable
    Environment Research 26, 291-298: flows and shares as variables.

    >>> from openrecp.balances.flowsheet import Measurement, Process, Stream
    >>> dryer = Flowsheet("Dryer", (Process("dryer", "Dryer"),), (
    ...     Stream("feed", "Feed", None, "dryer", flow=Measurement(100.0, 1.0)),
    ...     Stream("product", "Product", "dryer", None, flow=Measurement(80.0, 1.0)),
    ...     Stream("vapour", "Vapour", "dryer", None),
    ... ))
    >>> equations_of(dryer).problem.matrix.toarray().tolist()
    [[1.0, -1.0, -1.0]]
    """
    where = layout_of(flowsheet, component, layers)
    rows = RowList()
    _add_balances(rows, where, frozenset(layers))
    add_sums(rows, where)
    add_component_flows(rows, where)
    add_splitters(rows, where, splitters)
    add_relations(rows, where)
    add_transfers(rows, where)
    variables = where.variables
    polynomials = rows.polynomials(len(variables)).with_known(variables.fixed, variables.measured)
    correlations = correlations_of(flowsheet, variables)
    problem = _problem(where, rows, polynomials, correlations)
    return System(flowsheet, variables, polynomials, problem, tuple(rows.blocks), where)


def layout_of(flowsheet: Flowsheet, component: str | None, layers: Collection[Layer]) -> Layout:
    """The variables that the layers need."""
    followed = [each.key for each in flowsheet.components if component in (None, each.key)]
    if not {Layer.COMPONENT, Layer.ELEMENT} & set(layers):
        followed = []
    return layout(flowsheet, followed, energy=Layer.ENERGY in layers and component is None)


def _add_balances(rows: RowList, where: Layout, layers: frozenset[Layer]) -> None:
    processes = where.flowsheet.processes
    plant = len(processes)
    inside = np.arange(plant + 1) < plant
    by_elements = np.array([*(process.by_elements for process in processes), False], bool)
    follows = np.full(plant + 1, -1)
    if layers >= {Layer.TOTAL, Layer.COMPONENT} and (Layer.ELEMENT in layers or not by_elements.any()):
        follows = components_that_follow(where, by_elements)
    if Layer.TOTAL in layers:
        add_totals(rows, where, inside)
    if Layer.COMPONENT in layers:
        for number in range(len(where.contents.components)):
            add_component(rows, where, number, inside & ~by_elements & (follows != number))
    if Layer.ELEMENT in layers and by_elements.any():
        _add_elements(rows, where, by_elements, follows >= 0)
    if Layer.ENERGY in layers:
        add_energy(rows, where, np.array([*(process.heat_balance for process in processes), False], bool))


def _add_elements(rows: RowList, where: Layout, by_elements: Array, follows: Array) -> None:
    """Element balances that do not follow from the total and from each other."""
    elements = all_elements(where)
    if not elements:
        return
    shares = np.array([element_shares(where, each) for each in elements])
    there = _components_at(where, len(by_elements))
    wanted = np.zeros((len(elements), len(by_elements)), bool)
    chosen: dict[tuple[bytes, bool], Array] = {}
    for process in np.flatnonzero(by_elements).tolist():
        kind = (there[process].tobytes(), bool(follows[process]))
        if kind not in chosen:
            chosen[kind] = _independent(shares[:, there[process]], with_total=kind[1])
        wanted[chosen[kind], process] = True
    for number, element in enumerate(elements):
        if wanted[number].any():
            add_element(rows, where, element, wanted[number])


def _components_at(where: Layout, places: int) -> Array:
    """Which components may be at each process and at the plant, bool array of shape (processes + 1, components)."""
    ends = where.mass_ends
    present = where.contents.present[where.carrier_owner[ends.item]]
    there = np.zeros((places, present.shape[1]), bool)
    for number in range(present.shape[1]):
        there[ends.process[present[:, number]], number] = True
    return there


def _independent(shares: Array, *, with_total: bool) -> Array:
    """Rows that are no sums of the rows before them, nor of the total where that is balanced too."""
    base = np.ones((int(with_total), shares.shape[1]))
    kept: list[int] = []
    for number in range(len(shares)):
        tried = np.vstack([base, shares[[*kept, number]]])
        if np.linalg.matrix_rank(tried, tol=_RANK) == len(tried):
            kept.append(number)
    return np.array(kept, int)


def correlations_of(flowsheet: Flowsheet, variables: Variables) -> tuple[tuple[int, int, float], ...]:
    """Correlations between measured variables; those of numbers that are left out or not measured are left out."""
    found: list[tuple[int, int, float]] = []
    for correlation in flowsheet.correlations:
        first, second = variables.position(correlation.first), variables.position(correlation.second)
        if first is None or second is None:
            continue
        if variables.sds[first] > 0 and variables.sds[second] > 0:
            found.append((first, second, correlation.coefficient))
    return tuple(found)


def _problem(
    where: Layout,
    rows: RowList,
    polynomials: Polynomials,
    correlations: tuple[tuple[int, int, float], ...],
) -> LinearProblem | NonlinearProblem:
    variables = where.variables
    if polynomials.degree <= 1:
        nowhere = np.zeros(len(variables))
        matrix = polynomials.jacobian(nowhere)
        matrix.eliminate_zeros()
        constants = -polynomials.values(nowhere)
        return LinearProblem(matrix, constants, variables.measured, variables.sds, correlations)
    start = starting_values(where, polynomials, _transfer_rows(where, rows))
    sizes: Array = polynomials.sizes(start)
    return NonlinearProblem(
        residuals=polynomials.values,
        jacobian=polynomials.jacobian,
        start=start,
        measured=variables.measured,
        sds=variables.sds,
        scale=np.where(sizes > 0, sizes, 1.0),
        hessian=polynomials.hessian,
        correlations=correlations,
    )


def _transfer_rows(where: Layout, rows: RowList) -> Array:
    """Row of each transfer coefficient, -1 where it is left out."""
    found: dict[str | None, int] = {}
    first = 0
    for block in rows.blocks:
        if block.layer is Layer.TRANSFER:
            found[block.keys[0]] = first
        first += len(block.keys)
    return np.array([found.get(each.key, -1) for each in where.flowsheet.transfers], int)
