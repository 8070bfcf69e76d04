"""When things happen: months of the plan by name where the start is known, else by number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openrecp.assessment.evaluation.option_results import PlannedTask
from openrecp.figures import Figure
from openrecp.reports.content.phrases import measure_words
from openrecp.texts import Text, text

_MONTHS = (
    text("January {year}"),
    text("February {year}"),
    text("March {year}"),
    text("April {year}"),
    text("May {year}"),
    text("June {year}"),
    text("July {year}"),
    text("August {year}"),
    text("September {year}"),
    text("October {year}"),
    text("November {year}"),
    text("December {year}"),
)


def month_words(start: date | None, number: int) -> Text:
    """The month of a plan: “March 2027” if its start is known, else “month 3”."""
    if start is None:
        return text("month {number}", number=number)
    months = start.year * 12 + start.month - 1 + number - 1
    return Text(_MONTHS[months % 12].message, {"year": str(months // 12)})


def span_words(start: date | None, first: int, last: int) -> Text:
    """From a month to a month."""
    if first == last:
        return month_words(start, first)
    if start is None:
        return text("months {first} to {last}", first=first, last=last)
    return text("{first} to {last}", first=month_words(start, first), last=month_words(start, last))


def task_time(task: PlannedTask, start: date | None) -> Text:
    """When a task runs."""
    return span_words(start, task.first_month, task.last_month)


def tasks_time(tasks: Sequence[PlannedTask], start: date | None) -> Text | None:
    """When several tasks run, together."""
    if not tasks:
        return None
    first, last = min(task.first_month for task in tasks), max(task.last_month for task in tasks)
    return span_words(start, first, last)


def downtime_words(downtime: Figure) -> Text:
    """How long production stops, as a sentence; the figure must have a value."""
    if not downtime.value:
        return text("Production does not stop.")
    return text("Production stops for {time}.", time=measure_words(downtime.value, downtime.unit))
