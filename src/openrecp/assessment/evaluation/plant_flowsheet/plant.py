"""The assessment document as a flowsheet: what the balances, the losses and the costs of a plant are made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.places import place
from openrecp.assessment.evaluation.plant_flowsheet.area import Area, area_of
from openrecp.assessment.evaluation.plant_flowsheet.boundary import one_sided, within
from openrecp.assessment.evaluation.plant_flowsheet.components import composed
from openrecp.assessment.evaluation.plant_flowsheet.costs import plant_costs
from openrecp.assessment.evaluation.plant_flowsheet.drafts import Drawing, draw
from openrecp.balances.cost_data import CostData
from openrecp.balances.flowsheet import Flowsheet, Process, Role, Stock, Stream
from openrecp.balances.uncertainty import ASSUMED_SHARE
from openrecp.errors import Issue, Severity, Where, problem
from openrecp.texts import Language, Text, text


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
    costs : CostData
        Energy, system and waste-management cost for material flow cost accounting.
    added : Mapping[str, Text]
        Names of the stores, purchases and losses that no worksheet names, by key, for messages in any language.
    """

    flowsheet: Flowsheet
    issues: tuple[Issue, ...]
    sources: Mapping[str, tuple[Where, ...]] = field(hash=False)
    costs: CostData
    added: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}), hash=False)


def plant_flowsheet(
    assessment: Assessment,
    *,
    with_losses: bool = False,
    whole_area: bool | None = None,
    language: Language = "en",
) -> PlantFlowsheet:
    """The flowsheet of the assessed area, from worksheets 5 to 8.

    Materials enter from the environment, through a store of their own where purchases and stock are known; products
    and wastes leave to it; other flows run where they are said to. A process of which only one side is listed cannot
    be balanced and stands outside. Uncertainties that nobody entered are assumed from how a number is known, and
    said to be.

    Parameters
    ----------
    assessment : Assessment
    with_losses : bool
        Add to each process a loss that nobody measured, so that the unaccounted loss gets a value and an interval;
        then nothing checks a process that has no other unmeasured stream.
    whole_area : bool, optional
        Draw the area as one process: for an assessment whose streams do not say which process they belong to. Left
        open, this is done where no process can be balanced.
    language : str
        Of the names of what is added here: stores, purchases, losses.

    Examples
    --------
    >>> from openrecp.assessment.examples import example_assessment
    >>> plant = plant_flowsheet(example_assessment("metal-finishing", "en"))
    >>> next(each.flow.value for each in plant.flowsheet.streams if each.key == "W1")
    279500.0
    """
    area = area_of(assessment, whole=bool(whole_area))
    found = _plant(assessment, area, language, with_losses=with_losses)
    if whole_area is None and not _balances(found, area):
        everything = area_of(assessment, whole=True)
        whole = _plant(assessment, everything, language, with_losses=with_losses)
        if not area.whole and _balances(whole, everything):
            return replace(whole, issues=(_as_a_whole(), *whole.issues))
    return found


def _balances(plant: PlantFlowsheet, area: Area) -> bool:
    """Whether any process, not only a store, can be balanced."""
    return any(process.key in area.processes for process in plant.flowsheet.processes)


def _as_a_whole() -> Issue:
    return problem(
        "area-as-a-whole",
        "No process can be balanced on its own, since too few streams name one; the area is balanced as a whole.",
        where=place("processes"),
        severity=Severity.NOTE,
    )


def _plant(assessment: Assessment, area: Area, language: Language, *, with_losses: bool) -> PlantFlowsheet:
    drawing = draw(assessment, area, language)
    made = composed(assessment, drawing.drafts, drawing.stocks, drawing.reading)
    outside = one_sided(area.processes, made.streams, made.stocks)
    streams = tuple(within(made.streams, outside))
    used = {end for stream in streams for end in (stream.start, stream.end)}
    used |= {stock.process for stock in made.stocks}
    processes = tuple(each for key, each in area.processes.items() if key in used)
    losses = tuple(_loss(each, drawing) for each in processes) if with_losses else ()
    flowsheet = Flowsheet(
        assessment.cover.plant or assessment.cover.firm or "",
        (*processes, *drawing.stores),
        (*streams, *losses),
        made.components,
        made.stocks,
        correlations=made.correlations,
        currency=assessment.currency.value,
    )
    return PlantFlowsheet(
        flowsheet,
        tuple(_issues(drawing, area, used, outside)),
        _sources(flowsheet, drawing),
        plant_costs(assessment, area, frozenset(stream.key for stream in streams)),
        MappingProxyType(dict(drawing.added)),
    )


def _loss(process: Process, drawing: Drawing) -> Stream:
    key = loss_key(process.key)
    name = drawing.name_added(text("Loss of {process}", process=process.name), key)
    return Stream(key, name, process.key, None, role=Role.LOSS, source=process.source)


def loss_key(process: str) -> str:
    """Key of the loss that is added to a process."""
    return f"{process}:loss"


def _sources(flowsheet: Flowsheet, drawing: Drawing) -> Mapping[str, tuple[Where, ...]]:
    drawn: tuple[Process | Stream | Stock, ...] = (
        *flowsheet.processes,
        *flowsheet.streams,
        *flowsheet.stocks,
    )
    found: dict[str, tuple[Where, ...]] = {each.key: (each.source,) for each in drawn}
    found.update((draft.stream.key, draft.sources) for draft in drawing.drafts if draft.stream.key in found)
    return MappingProxyType(found)


def _issues(drawing: Drawing, area: Area, used: set[str | None], outside: frozenset[str]) -> Iterator[Issue]:
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
    if outside:
        yield problem(
            "balance-one-sided",
            "No balance of {processes}: only what enters or only what leaves is listed there.",
            where=place("processes"),
            severity=Severity.NOTE,
            processes=[each.name for key, each in area.processes.items() if key in outside],
        )
    idle = [each.name for key, each in area.processes.items() if key not in used | outside]
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
