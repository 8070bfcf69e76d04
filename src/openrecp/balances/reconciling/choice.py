"""Reconciliation of anything: the engine is chosen by what the balances are.

- A plain network of flows (each in one balance or between two, with independent errors) goes to :mod:`.networks`, at
  any size.
- Flows with all their shares, in plants too large for dense algebra, go to :mod:`.compositions`.
- Everything else goes to :mod:`.general`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from openrecp.balances.equations import Constraint, System
from openrecp.balances.flowsheet import Flowsheet, Process, Ref, Relation, Stock, Stream, TransferCoefficient
from openrecp.balances.general import (
    ContradictoryBalances,
    ContradictoryBounds,
    reconcile_linear,
    reconcile_nonlinear,
    reconcile_within,
)
from openrecp.balances.problems import Array, LinearProblem, NonlinearProblem, Reconciliation
from openrecp.balances.reconciling.large_compositions import reconcile_large
from openrecp.balances.reconciling.plain_networks import Network, has_room, network_of, solve_network
from openrecp.balances.reconciling.solution import Solution, outside_of
from openrecp.balances.threads import one_thread
from openrecp.errors import NOWHERE, UnusableInput, problem

_Item = Process | Stream | Stock | Relation | TransferCoefficient

_DENSE: Final = 1_200
"""Variables of flows and shares together up to which the general engine takes them."""
_LARGEST: Final = 3_000
"""Variables in products and enthalpies that dense algebra takes within a minute or so."""
_BOUNDED: Final = 4_000
"""Variables up to which bounds are kept by dense algebra."""


def reconcile(
    asked: LinearProblem | NonlinearProblem, lower: Array | None = None, upper: Array | None = None
) -> Reconciliation:
    """The most probable values that satisfy every balance, with classes, intervals and tests.

    Parameters
    ----------
    asked : LinearProblem or NonlinearProblem
    lower, upper : array, shape (variables,), optional
        Bounds, infinite where there is none. They come into play only where a value would lie beyond them.

    Raises
    ------
    UnusableInput
        If what is known exactly contradicts the balances, or the problem is too large for its kind.

    >>> import scipy.sparse as sp
    >>> splitter = LinearProblem(
    ...     sp.csr_array([[1.0, -1.0, -1.0]]),
    ...     np.zeros(1),
    ...     np.array([9.22, 4.83, 3.22]),
    ...     np.array([0.2766, 0.1449, 0.0966]),
    ... )
    >>> reconcile(splitter).values.round(4).tolist()
    [8.3821, 5.0599, 3.3222]
    """
    return solve(asked, lower, upper).reconciliation


def reconcile_system(system: System, *, bounded: bool = True) -> Solution:
    """Reconcile the equations of a flowsheet.

    Parameters
    ----------
    system : System
    bounded : bool
        Keep flows from being negative and shares between 0 and 1.

    Raises
    ------
    UnusableInput
        As :func:`reconcile`; contradictions are told by the names and places of what they are in.
    """
    variables = system.variables
    limits = (variables.lower, variables.upper) if bounded else (None, None)
    try:
        if isinstance(system.problem, NonlinearProblem) and len(variables) > _DENSE:
            found = reconcile_large(system)
            if found is not None:
                return found
            if len(variables) > _LARGEST:
                raise _too_large(len(variables))
        return solve(system.problem, *limits)
    except ContradictoryBalances as error:
        raise _contradiction(system.flowsheet, [system.constraints[row] for row in error.rows]) from None
    except ContradictoryBounds as error:
        raise _no_room(system.flowsheet, [system.refs[place] for place in error.variables]) from None


def solve(
    asked: LinearProblem | NonlinearProblem, lower: Array | None = None, upper: Array | None = None
) -> Solution:
    """As :func:`reconcile`, with the network the solution was found on."""
    with one_thread():
        network = network_of(asked) if isinstance(asked, LinearProblem) else None
        if network is not None and isinstance(asked, LinearProblem):
            found = solve_network(asked, network, lower, upper)
            if found.reconciliation.variables > _DENSE or _keeps_bounds(found, network, lower):
                return found
            return _within(asked, lower, upper)
        first = reconcile_linear(asked) if isinstance(asked, LinearProblem) else reconcile_nonlinear(asked)
        outside = outside_of(first.values, lower, upper)
        if not outside.size or first.variables > _BOUNDED:
            return Solution(first, None, outside)
        return _within(asked, lower, upper)


def _keeps_bounds(found: Solution, network: Network, lower: Array | None) -> bool:
    """Whether all bounds are kept, those of flows that nothing gives among them."""
    return not found.outside.size and (lower is None or has_room(network, found.reconciliation))


def _within(asked: LinearProblem | NonlinearProblem, lower: Array | None, upper: Array | None) -> Solution:
    variables = asked.measured.size
    within = reconcile_within(
        asked,
        np.full(variables, -np.inf) if lower is None else lower,
        np.full(variables, np.inf) if upper is None else upper,
    )
    return Solution(within, None, outside_of(within.values, lower, upper))


def _too_large(count: int) -> UnusableInput:
    return UnusableInput(
        problem(
            "balance-too-large",
            "{count} numbers hang together in products of flows and shares; up to {limit} are solved at once, and more "
            "only where every stream has all its shares measured, or none, and nothing else is in the drawing. Balance "
            "a part of the plant, or one component at a time.",
            count=count,
            limit=_LARGEST,
        )
    )


def _contradiction(flowsheet: Flowsheet, constraints: list[Constraint]) -> UnusableInput:
    items = _items(flowsheet)
    known = [each for each in constraints if each.key in items]
    components = {each.key: each.name for each in flowsheet.components}
    names = [
        items[each.key].name
        if each.component is None
        else f"{items[each.key].name} ({components.get(each.component, each.component)})"
        for each in known
        if each.key is not None
    ]
    return UnusableInput(
        problem(
            "balances-contradict-by-name",
            "What is said to be known exactly contradicts the balances at {names}. Correct one of these values, or "
            "give it an uncertainty.",
            where=next((items[each.key].source for each in known if each.key is not None), NOWHERE),
            names=list(dict.fromkeys(names)),
        )
    )


def _no_room(flowsheet: Flowsheet, refs: list[Ref]) -> UnusableInput:
    items = _items(flowsheet)
    return UnusableInput(
        problem(
            "value-has-no-room",
            "What is known exactly leaves no room for “{name}”: it would have to be below 0 or above its limit. "
            "Correct an exactly known value or give it an uncertainty, turn the stream round, or draw what is "
            "missing.",
            where=items[ref.key].source if ref.key in items else NOWHERE,
            name=items[ref.key].name if ref.key in items else ref.key,
        )
        for ref in refs
    )


def _items(flowsheet: Flowsheet) -> dict[str | None, _Item]:
    """Everything that has a key, a name and a place."""
    found: dict[str | None, _Item] = {}
    for items in (flowsheet.relations, flowsheet.transfers, flowsheet.stocks, flowsheet.streams):
        found.update({each.key: each for each in items})
    found.update({each.key: each for each in flowsheet.processes})
    return found
