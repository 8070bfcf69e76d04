"""Flowsheets of many streams with all their shares, solved by the engine for compositions."""

from __future__ import annotations

from typing import Final

import numpy as np

from openrecp.balances.compositions import (
    CompositionReconciliation,
    IncompleteMeasurements,
    reconcile_compositions,
)
from openrecp.balances.equations import Layer, System
from openrecp.balances.problems import Array, LinearProblem, NonlinearProblem, Reconciliation
from openrecp.balances.reconciling.solution import Solution, outside_of
from openrecp.balances.threads import one_thread

_LAYERS: Final = frozenset({Layer.TOTAL, Layer.COMPONENT, Layer.COMPOSITION})


def reconcile_large(system: System) -> Solution | None:
    """Reconcile flows and shares together, at any size; None if the flowsheet holds anything else.

    Every stream of material needs all components, whose shares add up to 1; there must be no stocks, reactions, known
    equations, correlations or exactly known numbers, and each stream be measured enough to stand by itself, or not at all.
    """
    asked, where = system.problem, system.where
    inside = where.contents
    plain = (
        isinstance(asked, NonlinearProblem)
        and {block.layer for block in system.blocks if block.keys} <= _LAYERS
        and not (asked.correlations or system.flowsheet.stocks or where.reactions)
        and bool(inside.whole.all() and inside.present.all() and (where.share >= 0).all())
        and not inside.by_flow.any()
        and not system.variables.fixed.any()
        and where.carrier_flow.size + where.share.size == len(system.variables)
    )
    if not plain or not isinstance(asked, NonlinearProblem):
        return None
    places = np.column_stack([where.carrier_flow, where.share])
    tails, heads = _ends(system)
    try:
        with one_thread():
            found = reconcile_compositions(
                len(system.flowsheet.processes), tails, heads, asked.measured[places], asked.sds[places]
            )
    except IncompleteMeasurements:
        return None
    limits = system.variables.lower, system.variables.upper
    told = _as_reconciliation(system, found, places)
    return Solution(told, None, outside_of(told.values, *limits), found.component_sds)


def _ends(system: System) -> tuple[Array, Array]:
    ends, processes = system.where.mass_ends, len(system.flowsheet.processes)
    tails, heads = np.full(system.where.streams, -1), np.full(system.where.streams, -1)
    inner = ends.process < processes
    into, out_of = inner & (ends.sign > 0), inner & (ends.sign < 0)
    heads[ends.item[into]], tails[ends.item[out_of]] = ends.process[into], ends.process[out_of]
    return tails, heads


def _as_reconciliation(system: System, found: CompositionReconciliation, places: Array) -> Reconciliation:
    asked = system.problem
    count = len(system.variables)

    def in_order(array: Array) -> Array:
        ordered = np.empty(count, dtype=array.dtype)
        ordered[places] = array
        return ordered

    values = in_order(found.values)
    at = np.nan_to_num(values)
    slopes = system.polynomials.jacobian(at)
    return Reconciliation(
        values=values,
        sds=in_order(found.sds),
        classes=in_order(found.classes),
        adjustments=in_order(found.adjustments),
        adjustment_sds=in_order(found.adjustment_sds),
        z=in_order(found.z),
        chi2=found.chi2,
        redundancy=found.redundancy,
        problem=LinearProblem(slopes, slopes @ at - system.polynomials.values(at), asked.measured, asked.sds),
        convergence=found.convergence,
    )
