"""The assessment document as a flowsheet: what the balances, the losses and the costs of a plant are made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.places import place
from openrecp.assessment.evaluation.plant_flowsheet.area import Area, area_of
from openrecp.assessment.evaluation.plant_flowsheet.components import composed
from openrecp.assessment.evaluation.plant_flowsheet.costs import PlantCosts, plant_costs
from openrecp.assessment.evaluation.plant_flowsheet.drafts import Drawing, draw
from openrecp.balances.flowsheet import Flowsheet, Process, Role, Stock, Stream
from openrecp.balances.uncertainty import ASSUMED_SHARE
from openrecp.errors import Issue, Severity, Where, problem


@dataclass(frozen=True, slots=True)
class PlantFlowsheet:
    """A plant's flowsheet, and what its user should know of how it came about.

    Attributes
    ----------
    flowsheet : Flowsheet
        In kg and kWh a year, in the currency of the assessment.
    issues : tuple of Issue
        What could not be drawn, what has no mass or was not measured, what was assumed.
    sources : Mapping[str, tuple of Where]
        Records that a process, a stream or a stock was made from, by its key.
    costs : PlantCosts
        Energy, system and waste-management cost for material flow cost accounting.
    """

    flowsheet: Flowsheet
    issues: tuple[Issue, ...]
    sources: Mapping[str, tuple[Where, ...]] = field(hash=False)
    costs: PlantCosts


def plant_flowsheet(
    assessment: Assessment, *, with_losses: bool = False, whole_area: bool = False
) -> PlantFlowsheet:
    """The flowsheet of the assessed area, from worksheets 5 to 8.

    Materials enter from the environment, through a store of their own where purchases and stock are known; products
    and wastes leave to it; other flows run where they are said to. Uncertainties that nobody entered are assumed
    from how a number is known, and said to be.

    Parameters
    ----------
    assessment : Assessment
    with_losses : bool
        Add to each process a loss that nobody measured, so that the unaccounted loss gets a value and an interval;
        then nothing checks a process that has no other unmeasured stream.
    whole_area : bool
        Draw the area as one process: for an assessment whose streams do not say which process they belong to.

    Examples
    --------
    >>> from openrecp.assessment.examples import example_assessment
    >>> plant = plant_flowsheet(example_assessment("metal-finishing", "en"))
    >>> next(each.flow.value for each in plant.flowsheet.streams if each.key == "W1")
    279500.0
    """
    area = area_of(assessment, whole=whole_area)
    drawing = draw(assessment, area)
    made = composed(assessment, drawing.drafts, drawing.stocks, drawing.reading)
    used = {end for stream in made.streams for end in (stream.start, stream.end)}
    used |= {stock.process for stock in made.stocks}
    processes = tuple(each for key, each in area.processes.items() if key in used)
    losses = tuple(_loss(each) for each in processes) if with_losses else ()
    cover = assessment.cover
    flowsheet = Flowsheet(
        cover.plant or cover.firm or "",
        (*processes, *drawing.stores),
        (*made.streams, *losses),
        made.components,
        made.stocks,
        correlations=made.correlations,
        currency=assessment.currency.value,
    )
    return PlantFlowsheet(
        flowsheet,
        tuple(_issues(drawing, area, used)),
        _sources(flowsheet, drawing),
        plant_costs(assessment, area, frozenset(stream.key for stream in made.streams)),
    )


def _loss(process: Process) -> Stream:
    return Stream(
        f"{process.key}:loss", process.name, process.key, None, role=Role.LOSS, source=process.source
    )


def _sources(flowsheet: Flowsheet, drawing: Drawing) -> Mapping[str, tuple[Where, ...]]:
    drawn: tuple[Process | Stream | Stock, ...] = (
        *flowsheet.processes,
        *flowsheet.streams,
        *flowsheet.stocks,
    )
    found: dict[str, tuple[Where, ...]] = {each.key: (each.source,) for each in drawn}
    found.update((draft.stream.key, draft.sources) for draft in drawing.drafts)
    return MappingProxyType(found)


def _issues(drawing: Drawing, area: Area, used: set[str | None]) -> Iterator[Issue]:
    """What a user should know of how the flowsheet came about."""
    yield from drawing.reading.issues
    if drawing.homeless:
        yield problem(
            "streams-without-process",
            "{streams}: no process is named, or none that there is, so they are in no balance. Enter the process, or "
            "balance the area as a whole.",
            where=place("processes"),
            severity=Severity.WARNING,
            streams=drawing.homeless,
        )
    if area.whole and area.several and drawing.one_ended:
        yield problem(
            "flows-within-area",
            "{flows}: their other end is not known. They count as entering or leaving the area; those that run within it "
            "are then counted twice, so name the process they go to.",
            where=place("flows"),
            severity=Severity.WARNING,
            flows=drawing.one_ended,
        )
    idle = [each.name for key, each in area.processes.items() if key not in used]
    if idle:
        yield problem(
            "processes-without-streams",
            "No stream names {processes}, so the flowsheet leaves them out.",
            where=place("processes"),
            severity=Severity.NOTE,
            processes=idle,
        )
    if drawing.reading.unmeasured:
        yield problem(
            "streams-not-measured",
            "No amount is entered for {streams}; the balances give it where they can.",
            where=place("flows"),
            severity=Severity.NOTE,
            streams=drawing.reading.unmeasured,
        )
    for basis, names in drawing.reading.assumed.items():
        yield problem(
            "uncertainty-assumed",
            "How sure these amounts are is not entered; because of how they are known ({basis}), a standard deviation "
            "of {percent} % is assumed: {streams}.",
            where=place("processes"),
            severity=Severity.NOTE,
            basis=basis.label,
            percent=round(ASSUMED_SHARE[basis] * 100, 1),
            streams=names,
        )
