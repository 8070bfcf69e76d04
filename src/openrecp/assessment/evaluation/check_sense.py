"""Checks of what belongs together: amounts given twice, periods, streams and options, the plan."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.check_balances import balance_input_issues
from openrecp.assessment.evaluation.check_fields import subject
from openrecp.assessment.evaluation.check_terms import terms_issues
from openrecp.assessment.evaluation.places import keyed, place
from openrecp.assessment.evaluation.purchases import consumption
from openrecp.assessment.evaluation.quantities import differs, money_figure, priced, unit_of
from openrecp.assessment.spec import Quantity, record_fields
from openrecp.assessment.worksheets.options import Hierarchy
from openrecp.assessment.worksheets.site import Direction, MaterialFlow
from openrecp.assessment.worksheets.streams import WasteStream
from openrecp.errors import Issue, Severity, problem
from openrecp.figures import unit_words
from openrecp.texts import text
from openrecp.units import convert

TOLERANCE: Final = Decimal("0.02")
"""Amounts given twice may differ by this share, as rounding does."""

SOURCE_REDUCTION: Final = frozenset(
    {Hierarchy.PRACTICE, Hierarchy.TECHNOLOGY, Hierarchy.INPUT, Hierarchy.PRODUCT}
)
_AMOUNTS: Final = (
    ("input_materials", "consumption"),
    ("products", "production"),
    ("waste_streams", "generation"),
    ("waste_streams", "density"),
    ("input_materials", "density"),
    ("products", "density"),
    ("waste_costs", "amount"),
    ("flows", "amount"),
    ("performance_lines", "baseline"),
    ("performance_lines", "planned"),
    ("performance_lines", "actual"),
)


def sense_issues(assessment: Assessment) -> Iterator[Issue]:
    """Every finding about fields that have to fit each other."""
    yield from _periods(assessment)
    yield from _negative_amounts(assessment)
    yield from _material_costs(assessment)
    yield from _generation(assessment)
    yield from _streams_and_options(assessment)
    yield from _hierarchy(assessment)
    yield from _contained(assessment)
    yield from _plan(assessment)
    yield from balance_input_issues(assessment)
    yield from terms_issues(assessment)


def _periods(assessment: Assessment) -> Iterator[Issue]:
    cover = assessment.cover
    pairs = [
        (place("cover", None, "period_end"), text("Baseline period"), cover.period_start, cover.period_end)
    ]
    for key, record in keyed(assessment.performance):
        for name, title in (
            ("baseline", text("Baseline period")),
            ("planned", text("Planned period")),
            ("actual", text("Actual period")),
        ):
            start, end = getattr(record, f"{name}_from"), getattr(record, f"{name}_to")
            pairs.append((place("performance", key, f"{name}_to"), title, start, end))
    for where, title, start, end in pairs:
        if start is not None and end is not None and end < start:
            yield problem(
                "period-reversed",
                "{title}: it ends on {end}, before it begins on {start}; correct one of the dates.",
                where=where,
                title=title,
                start=start,
                end=end,
            )


def _negative_amounts(assessment: Assessment) -> Iterator[Issue]:
    for collection, field in _AMOUNTS:
        for key, record in keyed(assessment.records(collection)):
            value = getattr(record, field)
            if not isinstance(value, Quantity) or value.value > 0:
                continue
            if isinstance(record, MaterialFlow) and record.direction is Direction.ACCUMULATED:
                continue
            if value.value < 0 or field == "density":
                label = next(each.spec.label for each in record_fields(type(record)) if each.name == field)
                yield problem(
                    "amount-negative",
                    "{about}: “{field}” is {found}; enter an amount above zero, "
                    "or a flow in the other direction.",
                    where=place(collection, key, field),
                    about=subject(assessment, collection, key),
                    field=label,
                    found=str(value),
                )


def _material_costs(assessment: Assessment) -> Iterator[Issue]:
    for key, record in keyed(assessment.input_materials):
        if record.price is None or record.annual_cost is None:
            continue
        amount = consumption(assessment, key, record)
        where = place("input_materials", key, "annual_cost")
        product = priced(text("Cost a year"), record.price, where, amount)
        entered = money_figure(text("Cost a year"), record.annual_cost, where)
        if differs(product, entered, TOLERANCE):
            yield problem(
                "cost-differs",
                "{about}: price times amount gives {product} {currency} a year, but {entered} {currency} is "
                "entered as the cost; correct the one that is wrong.",
                where=where,
                severity=Severity.WARNING,
                about=key,
                product=product.value,
                entered=entered.value,
                currency=unit_words(entered.unit),
            )


def _generation(assessment: Assessment) -> Iterator[Issue]:
    for key, record in keyed(assessment.waste_streams):
        for low, high in (
            ("generation_minimum", "generation"),
            ("generation", "generation_maximum"),
            ("generation_minimum", "generation_maximum"),
        ):
            if low == "generation_minimum" and high == "generation_maximum" and record.generation is not None:
                continue
            smaller, larger = getattr(record, low), getattr(record, high)
            if _exceeds(smaller, larger):
                labels = {field.name: field.spec.label for field in record_fields(WasteStream)}
                yield problem(
                    "generation-order",
                    "{about}: “{low}” ({smaller}) is more than “{high}” ({larger}); correct one of them.",
                    where=place("waste_streams", key, low),
                    about=key,
                    low=labels[low],
                    high=labels[high],
                    smaller=str(smaller),
                    larger=str(larger),
                )
        if record.mixed:
            yield problem(
                "stream-mixed",
                "{about}: several wastes are mixed in this stream; describe each as a stream of its own, since "
                "what is kept apart can often be recovered.",
                where=place("waste_streams", key, "mixed"),
                severity=Severity.WARNING,
                about=key,
            )


def _exceeds(one: Quantity | None, other: Quantity | None) -> bool:
    if one is None or other is None:
        return False
    a, b = unit_of(one.unit), unit_of(other.unit)
    return (
        a is not None
        and b is not None
        and a.dimension == b.dimension
        and convert(one.value, a, b) > other.value
    )


def _streams_and_options(assessment: Assessment) -> Iterator[Issue]:
    named: set[str] = set()
    for key, record in keyed(assessment.options):
        number = record.number
        described = next((each for each in assessment.option_descriptions if each.option == number), None)
        streams = {*record.streams, *(described.streams if described else ())}
        named |= streams
        if not streams:
            yield problem(
                "option-without-stream",
                "{about}: it is not said which waste streams this option reduces; enter their numbers.",
                where=place("options", key, "streams"),
                severity=Severity.WARNING,
                about=subject(assessment, "options", key),
            )
    if not assessment.options:
        return
    for key, stream in keyed(assessment.waste_streams):
        number = stream.number
        if number and number not in named:
            yield problem(
                "stream-without-option",
                "{about}: no option reduces this stream yet.",
                where=place("waste_streams", key),
                severity=Severity.NOTE,
                about=key,
            )


def _hierarchy(assessment: Assessment) -> Iterator[Issue]:
    descriptions = assessment.option_descriptions
    reduces = any(each.hierarchy in SOURCE_REDUCTION for each in descriptions)
    for key, record in keyed(assessment.option_descriptions):
        number, level = record.option, record.hierarchy
        if level is Hierarchy.TREATMENT and reduces:
            yield problem(
                "treatment-before-reduction",
                "{option}: treatment comes last in the hierarchy, and options that reduce the waste at its "
                "source are at hand; study those first.",
                where=place("option_descriptions", key, "hierarchy"),
                severity=Severity.WARNING,
                option=number,
            )
        if record.moves_medium:
            yield problem(
                "moves-medium",
                "{option}: it moves the pollutant to another medium; that alone is not waste minimization.",
                where=place("option_descriptions", key, "moves_medium"),
                severity=Severity.WARNING,
                option=number,
            )


def _contained(assessment: Assessment) -> Iterator[Issue]:
    parts = {each.option: each.contains for each in assessment.option_descriptions if each.option}
    for key, record in keyed(assessment.option_descriptions):
        number = record.option
        if number and number in contained_options(parts, number):
            yield problem(
                "contains-itself",
                "{option}: the options it contains lead back to itself; remove one of the entries.",
                where=place("option_descriptions", key, "contains"),
                option=number,
            )
        if number and number in record.requires:
            yield problem(
                "needs-itself",
                "{option}: it cannot need itself; remove its own number.",
                where=place("option_descriptions", key, "requires"),
                option=number,
            )


def contained_options(parts: dict[str, tuple[str, ...]], number: str) -> frozenset[str]:
    """All options an option contains, those of its parts too; itself only where entries go round."""
    found: set[str] = set()
    pending = list(parts.get(number, ()))
    while pending:
        part = pending.pop()
        if part not in found:
            found.add(part)
            pending.extend(parts.get(part, ()))
    return frozenset(found)


def _plan(assessment: Assessment) -> Iterator[Issue]:
    starts = {project.option: project.start for project in assessment.projects if project.option}
    planned: set[str] = set()
    for key, record in keyed(assessment.plan_tasks):
        first, last = record.first_month, record.last_month
        if first is not None and last is not None and last < first:
            yield problem(
                "task-reversed",
                "{about}: the task ends in month {last}, before it begins in month {first}; correct one of them.",
                where=place("plan_tasks", key, "last_month"),
                about=record.task or subject(assessment, "plan_tasks", key),
                first=first,
                last=last,
            )
        if record.option:
            planned.add(record.option)
    for key, project in keyed(assessment.projects):
        number = project.option
        if project.approved is None:
            yield problem(
                "approval-missing",
                "{option}: whether the project is approved is not said; enter the decision and who took it.",
                where=place("projects", key, "approved"),
                severity=Severity.WARNING,
                option=number or subject(assessment, "projects", key),
            )
        if number in planned and starts.get(number) is None:
            yield problem(
                "plan-without-start",
                "{option}: the plan has tasks but no first month; enter it, so that the plan has dates.",
                where=place("projects", key, "start"),
                severity=Severity.NOTE,
                option=number,
            )
