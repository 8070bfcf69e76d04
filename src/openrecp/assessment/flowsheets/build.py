"""From a document to a flowsheet: every value read, all on one footing, and everything that is wrong told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from openrecp.assessment.flowsheets.amounts import PERIODS, Footing
from openrecp.assessment.flowsheets.cost_fields import cost_data
from openrecp.assessment.flowsheets.document import FlowsheetDocument
from openrecp.assessment.flowsheets.drawing import drawing
from openrecp.assessment.flowsheets.fields import Reader
from openrecp.assessment.flowsheets.measured import Measured
from openrecp.balances.cost_data import CostData
from openrecp.balances.faults import flowsheet_faults
from openrecp.balances.flowsheet import Flowsheet, Measurement, Process, Quantity, Ref, Stock, Stream
from openrecp.balances.periods import over_periods
from openrecp.balances.uncertainty import ASSUMED_KELVIN, ASSUMED_SHARE
from openrecp.errors import Issue, Severity, UnitError, problem
from openrecp.figures import Basis
from openrecp.units import CURRENCIES, parse_unit, same_dimension


@dataclass(frozen=True, slots=True)
class BuiltFlowsheet:
    """What a document comes to.

    Attributes
    ----------
    flowsheet : Flowsheet
        Over all periods; what could not be read is missing in it.
    costs : CostData
    issues : tuple of Issue
        Everything that is wrong with the entries and the drawing, errors first.
    """

    flowsheet: Flowsheet
    costs: CostData
    issues: tuple[Issue, ...]

    @property
    def usable(self) -> bool:
        """Whether nothing is wrong that keeps it from being balanced."""
        return all(issue.severity is not Severity.ERROR for issue in self.issues)


def built_flowsheet(document: FlowsheetDocument) -> BuiltFlowsheet:
    """The flowsheet of a document.

    Parameters
    ----------
    document : FlowsheetDocument

    Returns
    -------
    BuiltFlowsheet
        Never refused: what cannot be read is told in its findings.
    """
    reader = Reader(document, Footing())
    reader.footing = _footing(reader)
    periods = _periods(reader)
    measured = Measured(reader, periods)
    measured.collect()
    plan = drawing(reader)
    costs = cost_data(reader, periods)
    sheets = [_filled(plan, measured.of(period)) for period in periods or ("",)]
    flowsheet = over_periods(sheets, periods) if periods else sheets[0]
    issues = [*reader.issues, *_homeless(measured, plan)]
    faults = flowsheet_faults(flowsheet)
    if any(issue.severity is Severity.ERROR for issue in issues):
        # What was not read is missing in the drawing, and warnings about that would mislead.
        faults = tuple(issue for issue in faults if issue.severity is Severity.ERROR)
    issues += [*faults, *_readings_of_uncertainty(reader)]
    order = list(Severity)
    ranked = sorted(issues, key=lambda issue: order.index(issue.severity))
    return BuiltFlowsheet(flowsheet, costs, tuple(ranked))


def _footing(reader: Reader) -> Footing:
    """Unit, period and currency, and how long the plant runs."""
    settings = reader.document.settings
    if not settings.get("name"):
        reader.issues.append(
            problem(
                "flowsheet-without-name",
                "The flowsheet has no name; enter one.",
                where=reader.document.where("settings", 0, "name"),
            )
        )
    found = {
        column: reader.number("settings", 0, column, settings)
        for column in ("batches", "operating_hours", "operating_days")
    }
    for column, value in found.items():
        if value is not None and value <= 0:
            reader.issues.append(
                problem(
                    "number-not-positive",
                    "{value} is not possible here; enter a number greater than 0.",
                    where=reader.document.where("settings", 0, column),
                    value=value,
                )
            )
            found[column] = None
    return Footing(
        unit=_unit(reader),
        period=_period(reader),
        currency=_currency(reader),
        batches=found["batches"],
        hours=found["operating_hours"],
        days=found["operating_days"],
    )


def _unit(reader: Reader) -> str:
    words = reader.document.settings.get("unit", "kg")
    try:
        if same_dimension(words, "kg"):
            return parse_unit(words).symbol
    except UnitError as error:
        reader.refuse(error, reader.document.where("settings", 0, "unit"))
        return "kg"
    reader.issues.append(
        problem(
            "unit-not-mass",
            "“{found}” is no unit of mass; only mass adds up to a balance. Write kg or t, and give the density of streams "
            "whose flow is a volume.",
            where=reader.document.where("settings", 0, "unit"),
            found=words,
        )
    )
    return "kg"


def _period(reader: Reader) -> str:
    words = reader.document.settings.get("period", "yr")
    try:
        symbol = parse_unit(words).symbol
    except UnitError:
        symbol = words
    if symbol in PERIODS:
        return symbol
    reader.issues.append(
        problem(
            "period-of-time-unknown",
            "“{found}” is no period known here; use one of {known}.",
            where=reader.document.where("settings", 0, "period"),
            found=words,
            known=list(PERIODS),
        )
    )
    return "yr"


def _currency(reader: Reader) -> str:
    words = reader.document.settings.get("currency", "").upper()
    if words and words not in CURRENCIES:
        reader.issues.append(
            problem(
                "currency-unknown",
                "“{found}” is not a known currency; use one of {known}.",
                where=reader.document.where("settings", 0, "currency"),
                found=words,
                known=list(CURRENCIES),
            )
        )
        return ""
    return words


def _periods(reader: Reader) -> tuple[str, ...]:
    words = reader.document.settings.get("periods", "").replace("；", ";")
    periods = tuple(part.strip() for part in words.split(";") if part.strip())
    if len(set(periods)) != len(periods):
        reader.issues.append(
            problem(
                "periods-repeated",
                "A period stands twice; name each once, in order.",
                where=reader.document.where("settings", 0, "periods"),
            )
        )
    return tuple(dict.fromkeys(periods))


def _filled(plan: Flowsheet, numbers: Mapping[Ref, Measurement]) -> Flowsheet:
    """The drawing with the numbers of a period."""
    shares: dict[str, dict[str, Measurement]] = {}
    flows: dict[str, dict[str, Measurement]] = {}
    for ref, found in numbers.items():
        if ref.component is not None:
            table = shares if ref.quantity is Quantity.FRACTION else flows
            table.setdefault(ref.key, {})[ref.component] = found

    def of(quantity: Quantity, key: str) -> Measurement | None:
        return numbers.get(Ref(quantity, key))

    def stream(each: Stream) -> Stream:
        return replace(
            each,
            flow=of(Quantity.FLOW, each.key),
            energy=of(Quantity.ENERGY, each.key),
            temperature=of(Quantity.TEMPERATURE, each.key),
            fractions=shares.get(each.key, {}),
            component_flows=flows.get(each.key, {}),
        )

    def stock(each: Stock) -> Stock:
        return replace(
            each,
            opening=of(Quantity.OPENING, each.key),
            closing=of(Quantity.CLOSING, each.key),
            fractions=shares.get(each.key, {}),
        )

    def process(each: Process) -> Process:
        reactions = tuple(
            replace(reaction, extent=of(Quantity.EXTENT, reaction.key)) for reaction in each.reactions
        )
        return replace(each, reactions=reactions)

    return replace(
        plan,
        processes=tuple(process(each) for each in plan.processes),
        streams=tuple(stream(each) for each in plan.streams),
        stocks=tuple(stock(each) for each in plan.stocks),
        transfers=tuple(replace(each, share=of(Quantity.TRANSFER, each.key)) for each in plan.transfers),
    )


def _homeless(measured: Measured, plan: Flowsheet) -> Iterator[Issue]:
    """Numbers of streams, stocks and the like that are not drawn."""
    streams = {each.key for each in plan.streams}
    stocks = {each.key for each in plan.stocks}
    reactions = {reaction.key for each in plan.processes for reaction in each.reactions}
    transfers = {each.key for each in plan.transfers}
    homes = {
        Quantity.OPENING: stocks,
        Quantity.CLOSING: stocks,
        Quantity.FRACTION: streams | stocks,
        Quantity.EXTENT: reactions,
        Quantity.TRANSFER: transfers,
    }
    for numbers in measured.numbers.values():
        for ref, found in numbers.items():
            if ref.key not in homes.get(ref.quantity, streams):
                yield problem(
                    "number-of-nothing",
                    "“{key}” is not drawn, so this number belongs to nothing; draw it or correct the key.",
                    where=found.source,
                    key=ref.key,
                )


def _readings_of_uncertainty(reader: Reader) -> Iterator[Issue]:
    """How uncertainties were read where people may have meant something else."""
    if reader.intervals:
        yield problem(
            "uncertainty-read-as-interval",
            "{count} uncertainties written with ± are read as the half-width of a 95 % interval, 1.96 standard deviations. "
            "Where the standard deviation is meant, write “sd 3 kg”; where a limit is meant, “limit 3 kg”.",
            where=reader.intervals[0].measurement.source,
            severity=Severity.NOTE,
            count=len(reader.intervals),
        )
    for basis in Basis:
        found = [each for each in reader.assumed if each.measurement.basis is basis]
        if found:
            yield problem(
                "uncertainty-assumed",
                "{count} numbers ({basis}) have no stated uncertainty; a standard deviation of {percent} % of the value is "
                "assumed (for temperatures {kelvin} K). State it where you know better.",
                where=found[0].measurement.source,
                severity=Severity.NOTE,
                count=len(found),
                basis=basis,
                percent=ASSUMED_SHARE[basis] * 100,
                kelvin=ASSUMED_KELVIN[basis],
            )
