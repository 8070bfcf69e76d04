"""The balances of a plant: its flowsheet drawn from the worksheets, analysed, and the verdict on every closure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.balance_flows import component_key
from openrecp.assessment.evaluation.balance_results import PlantBalance, at_processes
from openrecp.assessment.evaluation.closures import REACTION
from openrecp.assessment.evaluation.places import place_of
from openrecp.assessment.evaluation.plant_flowsheet import AREA, PlantFlowsheet, loss_key, plant_flowsheet
from openrecp.assessment.evaluation.results import BalanceClosure, Evaluation
from openrecp.balances.analysis import BalanceAnalysis, analyse_balance
from openrecp.balances.analysis.cleaning import without_readings
from openrecp.balances.closure import ClosureState
from openrecp.balances.equations import Layer
from openrecp.balances.flowsheet import Flowsheet, Ref
from openrecp.balances.gross_errors import CandidateKind
from openrecp.balances.losses import MeasuredClosure
from openrecp.errors import UnitError, UnusableInput
from openrecp.figures import Figure
from openrecp.texts import Language, Text, text
from openrecp.units import convert

_UNCERTAINTIES: Final = {
    "input_materials": ("consumption_uncertainty", "purchases_uncertainty", "stock_uncertainty"),
    "products": ("production_uncertainty",),
    "waste_streams": ("generation_uncertainty",),
    "flows": ("uncertainty",),
    "compositions": ("uncertainty",),
}
"""Fields that say how sure an amount is."""
_LANGUAGE: Final[Language] = "en"
_UNEQUAL: Final = frozenset({ClosureState.GAP, ClosureState.EXCESS})
_SAME: Final = 1e-6
"""Part of the input by which two ways of adding the same flows up may differ."""


def plant_balance(
    assessment: Assessment, closures: tuple[BalanceClosure, ...], language: Language = _LANGUAGE
) -> PlantBalance:
    """Draw the plant and analyse it: first as entered, then with a loss where one is told.

    A loss is added only to processes of which a gap is told, so that the balances of the others check the meters.

    Parameters
    ----------
    assessment : Assessment
    closures : tuple of BalanceClosure
        Judged by their shares; they tell the gaps where nobody said how sure the amounts are.
    language : str
        Of the names of what is added to the flowsheet.
    """
    plant = plant_flowsheet(assessment, with_losses=True, language=language)
    stated = uncertainty_stated(assessment)
    if not plant.flowsheet.processes:
        reason = text(
            "no process has both what enters and what leaves it; enter amounts in worksheets 5 to 8"
        )
        return PlantBalance(None, None, plant.sources, plant.added, plant.issues, stated, reason)
    bare = _with_losses(plant.flowsheet, frozenset())
    try:
        checks = analyse_balance(bare, plant.costs)
        lossy = _lossy(checks) if stated else _lossy_by_share(assessment, plant, closures)
        readings = checks.spoiled if stated else ()
        flowsheet = without_readings(_with_losses(plant.flowsheet, lossy), readings)
        analysis = analyse_balance(flowsheet, plant.costs)
    except UnusableInput as error:
        reason = text("the flows that were entered cannot be balanced; see the findings")
        issues = (*error.issues, *plant.issues)
        return PlantBalance(None, None, plant.sources, plant.added, issues, stated, reason)
    whole = any(each.key == AREA for each in plant.flowsheet.processes)
    return PlantBalance(analysis, checks, plant.sources, plant.added, plant.issues, stated, whole=whole)


def balance_in(evaluation: Evaluation, language: Language) -> PlantBalance:
    """The balance of an evaluation with what was added to the flowsheet named in a language."""
    if language == _LANGUAGE or evaluation.balance.analysis is None:
        return evaluation.balance
    return plant_balance(evaluation.assessment, evaluation.closures, language)


def uncertainty_stated(assessment: Assessment) -> bool:
    """Whether anybody said how sure an amount or a share is."""
    return any(
        getattr(record, name)
        for collection, names in _UNCERTAINTIES.items()
        for record in assessment.records(collection)
        for name in names
    )


def _with_losses(flowsheet: Flowsheet, processes: frozenset[str]) -> Flowsheet:
    """The flowsheet with the losses that were added to these processes only."""
    left_out = {loss_key(each.key) for each in flowsheet.processes if each.key not in processes}
    return replace(flowsheet, streams=tuple(each for each in flowsheet.streams if each.key not in left_out))


def _lossy(checks: BalanceAnalysis) -> frozenset[str]:
    """Processes of which the errors of the meters do not explain the gap, and no reading that is wrong does."""
    gaps = {
        each.process
        for each in checks.closures
        if each.layer is Layer.TOTAL and each.state is ClosureState.GAP and each.process is not None
    }
    return frozenset(gaps - at_processes(checks.flowsheet, checks.spoiled).keys() | set(_leaks(checks)))


def _leaks(checks: BalanceAnalysis) -> Iterator[str]:
    """Processes of which the tests say that they, and no meter, lose something."""
    suspicion = checks.suspicion
    for suspect in suspicion.findings.suspects:
        member = suspect.members[0]
        if suspect.is_set or member.kind is not CandidateKind.LEAK or suspect.estimates[0].value <= 0:
            continue
        row = checks.system.constraints[suspicion.names.rows[member.index]]
        if row.layer is Layer.TOTAL and row.process is not None and suspect.stands:
            yield row.process


def _lossy_by_share(
    assessment: Assessment, plant: PlantFlowsheet, closures: tuple[BalanceClosure, ...]
) -> frozenset[str]:
    keys = _process_keys(plant.flowsheet)
    gaps = [each for each in closures if each.component is None and each.state is ClosureState.GAP]
    found = {keys.get(_path(assessment, each)) for each in gaps}
    if any(each.process is None for each in gaps) and len(plant.flowsheet.processes) == 1:
        found.add(plant.flowsheet.processes[0].key)
    return frozenset(each for each in found if each is not None)


def _process_keys(flowsheet: Flowsheet) -> dict[str, str]:
    """Keys of processes by the place of their record."""
    return {each.source.path or "": each.key for each in flowsheet.processes}


def _path(assessment: Assessment, closure: BalanceClosure) -> str:
    if closure.process is None:
        return ""
    return place_of(assessment, "processes", closure.process).path or ""


def judged_closures(
    assessment: Assessment, closures: tuple[BalanceClosure, ...], balance: PlantBalance
) -> tuple[BalanceClosure, ...]:
    """The closures with the verdict of the meters' errors, where somebody said how large those are.

    A closure that the flowsheet counts otherwise, such as one of volumes without a density, keeps the verdict of its
    share.
    """
    if balance.checks is None or not balance.stated:
        return closures
    keys = _process_keys(balance.checks.flowsheet)
    measured: dict[tuple[str | None, str | None], MeasuredClosure] = {
        (each.process, each.component): each
        for each in balance.checks.closures
        if each.layer in (Layer.TOTAL, Layer.COMPONENT)
    }
    found = []
    for closure in closures:
        process = keys.get(_path(assessment, closure)) if closure.process is not None else None
        component = None if closure.component is None else component_key(closure.component)
        judged = _judged(closure, measured.get((process, component)))
        wrong = balance.misread.get(process or "")
        if judged.error is not None and judged.state in _UNEQUAL and component is None and wrong:
            judged = replace(judged, notes=(*judged.notes, _misread(balance, judged, wrong)))
        found.append(judged)
    return tuple(found)


def _misread(balance: PlantBalance, closure: BalanceClosure, wrong: tuple[Ref, ...]) -> Text:
    names = [] if balance.checks is None else [balance.names(balance.checks).of(ref) for ref in wrong]
    return text(
        "{process}: this gap comes from what is taken to be read wrong: {readings}.",
        process=closure.process_name,
        readings=names,
    )


def _judged(closure: BalanceClosure, measured: MeasuredClosure | None) -> BalanceClosure:
    if measured is None or not math.isfinite(measured.gap) or closure.unaccounted.value is None:
        return closure
    try:
        factor = float(convert(1, measured.unit, closure.unaccounted.unit))
    except UnitError:
        return closure
    if abs(measured.gap * factor - float(closure.unaccounted.value)) > _SAME * measured.inputs * factor:
        return closure
    unit = closure.unaccounted.unit
    shown = replace(
        measured,
        **{name: getattr(measured, name) * factor for name in ("gap", "sd", "low", "high")},
        unit=unit,
    )
    error = Figure(
        text("Error of the meters, with 95 % confidence"),
        shown.high - shown.gap,
        unit,
        formula=text("errors of the flows added up as squares, times 1.96"),
        inputs=closure.inputs.inputs + closure.outputs.inputs + closure.accumulated.inputs,
    )
    notes = [shown.note, *(each for each in closure.notes[1:] if each is not REACTION)]
    if closure.component is not None and shown.state in _UNEQUAL:
        notes.insert(1, REACTION)
    return replace(closure, state=shown.state, error=error, notes=tuple(notes))
