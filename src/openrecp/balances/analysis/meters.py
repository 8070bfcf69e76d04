"""What to measure next: meters that make the unknown known, and meters that make a loss surer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from openrecp.balances.equations import Layer, System, equations_of
from openrecp.balances.flowsheet import Flowsheet, Quantity, Ref, Role, Stream
from openrecp.balances.general import Unmeasurable, smallest_additions
from openrecp.balances.losses import LossOrigin, UnaccountedLoss
from openrecp.balances.networks import cheapest_additions
from openrecp.balances.placement import NewMeter, Placement, next_meters
from openrecp.balances.problems import Array, LinearProblem, Reconciliation, VariableClass
from openrecp.balances.reconciling import network_of, reconcile_system
from openrecp.balances.uncertainty import ASSUMED_SHARE
from openrecp.errors import UnusableInput
from openrecp.figures import Basis

_LARGEST: Final = 700
"""Variables up to which sets of further meters are looked for."""
_TARGETS: Final = 12
_TRIED: Final = 2_000
_NEW: Final = ASSUMED_SHARE[Basis.MEASURED]
"""Standard deviation of a new meter as part of its reading, as assumed of measurements without a stated one."""
_BETTER: Final = 0.5
"""What a better meter leaves of the standard deviation of the one that is there."""
_NO_METER: Final = frozenset({Quantity.EXTENT, Quantity.RELATION, Quantity.TRANSFER})
_SHOWN: Final = 8
_OWN: Final = "loss:"


@dataclass(frozen=True, slots=True)
class MissingMeter:
    """The cheapest further measurements that make something known.

    Attributes
    ----------
    target : Ref or None
        What becomes known; None for everything that is unknown now.
    meters : tuple of Ref
        What to measure.
    cost : float
        Of all of them, in the flowsheet's measuring costs.
    proven : bool
        Whether no cheaper set does it.
    """

    target: Ref | None
    meters: tuple[Ref, ...]
    cost: float
    proven: bool


@dataclass(frozen=True, slots=True)
class NextMeter:
    """A meter that would make a loss surer.

    Attributes
    ----------
    loss : str
        Key of the loss stream, or of the process whose gap it is.
    meter : Ref
        What it would measure.
    replaces : bool
        Whether it takes the place of a meter that is there, with half its standard deviation.
    sd : float
        Standard deviation assumed of it.
    sd_before, sd_after : float
        Of the loss; infinite where nothing gives it.
    cost : float
    """

    loss: str
    meter: Ref
    replaces: bool
    sd: float
    sd_before: float
    sd_after: float
    cost: float


def measuring_costs(system: System) -> Array:
    """Cost of measuring each variable: that of its stream, 1 for stocks, infinite for what no meter shows."""
    costs = {stream.key: stream.measuring_cost for stream in system.flowsheet.streams}
    return np.array(
        [math.inf if ref.quantity in _NO_METER else costs.get(ref.key, 1.0) for ref in system.refs],
        dtype=float,
    )


def missing_meters(system: System, reconciliation: Reconciliation) -> tuple[MissingMeter, ...]:
    """For everything together, then for each unknown number alone, the cheapest first; empty where all is known."""
    unknown = np.flatnonzero(reconciliation.classes == VariableClass.UNOBSERVABLE)
    if not unknown.size:
        return ()
    if reconciliation.variables > _LARGEST:
        return _missing_in_network(system)
    costs = measuring_costs(system)
    everything = _missing(system, reconciliation, costs, None)
    single = [_missing(system, reconciliation, costs, int(place)) for place in unknown[:_TARGETS]]
    ranked = sorted(
        (each for each in single if each is not None), key=lambda each: (each.cost, len(each.meters))
    )
    return (*([everything] if everything is not None else []), *ranked)


def _missing(
    system: System, reconciliation: Reconciliation, costs: Array, target: int | None
) -> MissingMeter | None:
    try:
        added = smallest_additions(reconciliation.problem, costs, target, most_tried=_TRIED)
    except (Unmeasurable, UnusableInput):
        return None
    refs = tuple(system.refs[place] for place in added.variables)
    return MissingMeter(None if target is None else system.refs[target], refs, added.cost, added.proven)


def _missing_in_network(system: System) -> tuple[MissingMeter, ...]:
    """For everything together, in plants too large for dense algebra, if they are plain networks."""
    asked = system.problem
    network = network_of(asked) if isinstance(asked, LinearProblem) else None
    if network is None:
        return ()
    costs = np.append(measuring_costs(system), np.zeros(network.measured.size - network.streams))
    chosen = cheapest_additions(
        network.nodes, network.tails, network.heads, ~np.isnan(network.measured), costs
    )
    if not np.isfinite(costs[chosen]).all():
        return ()
    refs = tuple(system.refs[place] for place in chosen.tolist())
    return (MissingMeter(None, refs, float(costs[chosen].sum()), proven=True),)


def next_meters_for(
    system: System, reconciliation: Reconciliation, losses: tuple[UnaccountedLoss, ...]
) -> tuple[NextMeter, ...]:
    """Which meters would lower the uncertainty of the largest loss the most; empty where there is none.

    A loss that is the gap of a process is given a stream of its own first, so that the other balances help to tell it.
    """
    loss = next((each for each in losses if each.layer is Layer.TOTAL and each.process is not None), None)
    if loss is None or reconciliation.variables > _LARGEST:
        return ()
    key = loss.key
    if loss.origin is LossOrigin.GAP:
        key = f"{_OWN}{loss.process}"
        system = equations_of(_with_loss(system.flowsheet, key, str(loss.process)))
        reconciliation = reconcile_system(system).reconciliation
    place = system.position(Ref(Quantity.FLOW, key))
    if place is None:
        return ()
    target = np.zeros(reconciliation.variables)
    target[place] = 1.0
    offered = list(_offered(system, reconciliation, place))
    ranked = next_meters(reconciliation.problem, target, offered)
    helpful = [each for each in ranked if each.sd_after < each.sd_before * (1.0 - 1e-6)][:_SHOWN]
    return tuple(_told(system, loss.key, offered[each.meters[0]], each) for each in helpful)


def _told(system: System, loss: str, meter: NewMeter, placed: Placement) -> NextMeter:
    return NextMeter(
        loss=loss,
        meter=system.refs[meter.variable],
        replaces=meter.replaces,
        sd=meter.sd,
        sd_before=placed.sd_before,
        sd_after=placed.sd_after,
        cost=placed.cost,
    )


def _with_loss(flowsheet: Flowsheet, key: str, process: str) -> Flowsheet:
    stream = Stream(key, key, process, None, role=Role.LOSS, composition_complete=True)
    return replace(flowsheet, streams=(*flowsheet.streams, stream))


def _offered(system: System, found: Reconciliation, target: int) -> Iterator[NewMeter]:
    """Meters on what nobody measures, but for the loss itself, and better ones on what is measured."""
    costs = measuring_costs(system)
    correlated = {place for pair in found.problem.correlations for place in pair[:2]}
    for place, kind in enumerate(found.classes.tolist()):
        if place == target or not math.isfinite(costs[place]):
            continue
        if kind in (VariableClass.OBSERVABLE, VariableClass.UNOBSERVABLE):
            value = abs(float(found.values[place]))
            sd = _NEW * value if value > 0 else math.nan
            if math.isfinite(sd) and sd > 0:
                yield NewMeter(place, sd, float(costs[place]))
        elif kind in (VariableClass.REDUNDANT, VariableClass.JUST_MEASURED) and place not in correlated:
            yield NewMeter(
                place, _BETTER * float(found.problem.sds[place]), float(costs[place]), replaces=True
            )
