"""What an option achieved, per unit of production (section 5.4 and worksheet 18 of the manual)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.places import keyed, place
from openrecp.assessment.evaluation.quantities import amount, no_value, unit_of
from openrecp.assessment.evaluation.results import PerformanceAmount, PerformanceResult
from openrecp.assessment.spec import Quantity
from openrecp.assessment.worksheets.implementation import OptionPerformance, PerformanceKind, PerformanceLine
from openrecp.assessment.worksheets.streams import WasteOrigin
from openrecp.errors import Issue, Severity, problem
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text
from openrecp.units import convert

_PERIODS: Final = ("baseline", "planned", "actual")
_NAMES: Final = {
    "baseline": (
        text("Baseline amount"),
        text("Baseline production"),
        text("Baseline per unit of production"),
    ),
    "planned": (text("Planned amount"), text("Planned production"), text("Planned per unit of production")),
    "actual": (text("Actual amount"), text("Actual production"), text("Actual per unit of production")),
}
# Wastes of these origins come with time and events more than with each unit made.
_NOT_WITH_PRODUCTION: Final = frozenset(
    {WasteOrigin.CLEANING, WasteOrigin.OFF_SPECIFICATION, WasteOrigin.SPILL, WasteOrigin.EVAPORATION}
)


def performance_results(assessment: Assessment) -> tuple[PerformanceResult, ...]:
    """Every performance record with its lines, the first where an option has several."""
    names = {option.number: option.name for option in assessment.options if option.number}
    found: dict[str, PerformanceResult] = {}
    for key, record in keyed(assessment.performance):
        option = record.option
        if option is None or option in found:
            continue
        production = {period: _production(key, record, period) for period in _PERIODS}
        lines = tuple(
            _line(assessment, line_key, line, record, production)
            for line_key, line in keyed(assessment.performance_lines)
            if line.option == option
        )
        found[option] = PerformanceResult(
            option=option,
            option_name=names.get(option) or option,
            record=record,
            production=(production["baseline"], production["planned"], production["actual"]),
            lines=lines,
            cautions=tuple(_cautions(assessment, record, lines, production)),
        )
    return tuple(found.values())


def _production(key: str, record: OptionPerformance, period: str) -> Figure:
    quantity: Quantity | None = getattr(record, f"{period}_production")
    basis = record.basis if period == "actual" else None
    return amount(_NAMES[period][1], quantity, basis, place("performance", key, f"{period}_production"))


def _line(
    assessment: Assessment,
    key: str,
    line: PerformanceLine,
    record: OptionPerformance,
    production: dict[str, Figure],
) -> PerformanceAmount:
    amounts = {
        period: amount(
            _NAMES[period][0],
            getattr(line, period),
            record.basis if period == "actual" else None,
            place("performance_lines", key, period),
        )
        for period in _PERIODS
    }
    rates = {
        period: _rate(_NAMES[period][2], amounts[period], production[period], amounts, production)
        for period in _PERIODS
    }
    return PerformanceAmount(
        record=line,
        name=_subject(assessment, line, key),
        baseline=amounts["baseline"],
        planned=amounts["planned"],
        actual=amounts["actual"],
        baseline_rate=rates["baseline"],
        planned_rate=rates["planned"],
        actual_rate=rates["actual"],
        planned_reduction=_reduction(
            text("Planned reduction per unit of production"), rates["baseline"], rates["planned"]
        ),
        actual_reduction=_reduction(
            text("Actual reduction per unit of production"), rates["baseline"], rates["actual"]
        ),
        plain_reduction=_reduction(
            text("Reduction without regard to production"), amounts["baseline"], amounts["actual"]
        ),
    )


def _subject(assessment: Assessment, line: PerformanceLine, key: str) -> str:
    """The name of the material or stream where its number was entered."""
    known = {each.number: each.name for each in assessment.input_materials}
    known |= {each.number: each.name for each in assessment.waste_streams}
    name = known.get(line.stream) or line.stream or key
    return f"{name} ({line.substance})" if line.substance else name


def _rate(
    name: Text,
    used: Figure,
    made: Figure,
    amounts: dict[str, Figure],
    production: dict[str, Figure],
) -> Figure:
    """Amount per unit of production, in the units of the baseline so that periods can be compared."""
    top = next((each.unit for each in amounts.values() if each.value is not None), "")
    bottom = next((each.unit for each in production.values() if each.value is not None), "")
    if used.value is None or made.value is None:
        reason = (
            text("the amount is not given") if used.value is None else text("the production is not given")
        )
        return no_value(name, reason)
    over, under = _in_unit(used, top), _in_unit(made, bottom)
    if over is None or under is None:
        return no_value(name, text("the units of the periods do not fit each other"))
    if under <= 0:
        return no_value(name, text("nothing was produced"))
    return Figure(
        name, over / under, f"{top}/{bottom}", text("amount ÷ production"), (used, made), used.basis
    )


def _in_unit(figure: Figure, unit: str) -> Decimal | None:
    found, wanted = unit_of(figure.unit), unit_of(unit)
    if found is None or wanted is None or found.dimension != wanted.dimension:
        return None
    return convert(Decimal(figure.value or 0), found, wanted)


def _reduction(name: Text, before: Figure, after: Figure) -> Figure:
    if before.value is None or after.value is None:
        missing = before if before.value is None else after
        return no_value(name, missing.reason or text("not given"), "%")
    later = _in_unit(after, before.unit)
    start = Decimal(before.value)
    if later is None:
        return no_value(name, text("the units of the periods do not fit each other"), "%")
    if start <= 0:
        return no_value(name, text("the baseline is zero"), "%")
    return Figure(
        name,
        float((start - later) / start * 100),
        "%",
        text("(before − after) ÷ before"),
        (before, after),
    )


def _cautions(
    assessment: Assessment,
    record: OptionPerformance,
    lines: tuple[PerformanceAmount, ...],
    production: dict[str, Figure],
) -> Iterator[Text]:
    streams = {stream.number: stream for stream in assessment.waste_streams if stream.number}
    for line in lines:
        stream = streams.get(line.record.stream or "")
        if stream is not None and _NOT_WITH_PRODUCTION & set(stream.origins):
            yield text(
                "{stream} does not arise with each unit made; measure it against what drives it, such as the area "
                "cleaned, and keep it apart from waste of production.",
                stream=line.name,
            )
        per_unit, plain = line.actual_reduction.value, line.plain_reduction.value
        if per_unit is not None and plain is not None and float(per_unit) * float(plain) < 0:
            yield text(
                "{stream}: per unit of production and in total the result points in opposite directions, because "
                "production changed; show both.",
                stream=line.name,
            )
    if any(line.record.kind is PerformanceKind.WASTE for line in lines) and not any(
        line.record.kind is PerformanceKind.SUBSTANCE for line in lines
    ):
        yield text(
            "Only amounts of waste are followed, not the substances in it; a waste that was merely concentrated "
            "looks reduced."
        )
    if record.basis in {Basis.ESTIMATED, Basis.ASSUMED}:
        yield text("The actual figures are not measured.")
    if all(figure.value is None for figure in production.values()):
        yield text("No production is given, so amounts cannot be compared per unit made.")


def performance_issues(results: tuple[PerformanceResult, ...]) -> Iterator[Issue]:
    """Lines that cannot be compared, and results that fall short of the plan."""
    for result in results:
        for line in result.lines:
            planned, actual = line.planned_reduction.value, line.actual_reduction.value
            if planned is not None and actual is not None and float(actual) < float(planned):
                yield problem(
                    "behind-plan",
                    "{option}, {line}: reduced by {actual} % per unit of production, {planned} % was planned; look "
                    "for the cause.",
                    where=place("performance"),
                    severity=Severity.NOTE,
                    option=result.option,
                    line=line.name,
                    actual=round(float(actual), 1),
                    planned=round(float(planned), 1),
                )
        if not result.lines:
            yield problem(
                "performance-without-lines",
                "{option}: periods are given but no amounts; enter what was consumed and wasted in them.",
                where=place("performance_lines"),
                severity=Severity.WARNING,
                option=result.option,
            )
