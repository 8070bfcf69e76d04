"""The month plan: the tasks of all projects on one time line."""

from __future__ import annotations

from datetime import date

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.option_results import Plan, PlannedTask
from openrecp.assessment.evaluation.places import keyed
from openrecp.assessment.worksheets.implementation import MOST_MONTHS


def month_plan(assessment: Assessment) -> Plan:
    """Tasks in the order of the document, months counted from the earliest first month of any project.

    A project without a first month counts from the first month of the plan. A task that ends before it begins
    is put in the month it begins; a task without months, or beyond the longest plan, is left out. Checks name all.
    """
    starts = {project.option: project.start for project in assessment.projects if project.option}
    known = [start for start in starts.values() if start is not None]
    first = min(known).replace(day=1) if known else None
    names = {option.number: option.name for option in assessment.options if option.number}
    tasks = []
    for key, task in keyed(assessment.plan_tasks):
        begin, end = task.first_month or task.last_month, task.last_month or task.first_month
        if begin is None or end is None or task.option is None:
            continue
        if not (1 <= begin <= MOST_MONTHS and end <= MOST_MONTHS):
            continue
        start = starts.get(task.option)
        shift = 0 if start is None or first is None else _months(first, start)
        tasks.append(
            PlannedTask(
                option=task.option,
                option_name=names.get(task.option) or task.option,
                record=task,
                task=task.task or key,
                responsible=task.responsible,
                first_month=begin + shift,
                last_month=max(begin, end) + shift,
                starts_on=None if start is None else _later(start.replace(day=1), begin - 1),
            )
        )
    return Plan(first, max((task.last_month for task in tasks), default=0), tuple(tasks))


def _months(first: date, start: date) -> int:
    return (start.year - first.year) * 12 + start.month - first.month


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
