"""How the plan is carried out: by whom, when, at what downtime, and how the result is measured."""

from __future__ import annotations

from openrecp.assessment.evaluation.option_results import OptionResult
from openrecp.assessment.evaluation.option_results import PlannedTask as ResultTask
from openrecp.assessment.evaluation.results import Evaluation, StreamResult
from openrecp.figures import unit_words
from openrecp.reports.blocks import (
    MISSING,
    Block,
    Cell,
    Column,
    Picture,
    Row,
    Section,
    Table,
    group,
    paragraph,
)
from openrecp.reports.charts.specs import MonthPlan, PlannedTask
from openrecp.reports.content.answers import money_words
from openrecp.reports.content.choosing import owner_of, to_carry_out
from openrecp.reports.content.phrases import (
    filled_columns,
    known,
    listed,
    measure_words,
    named,
    option_name,
    running,
)
from openrecp.reports.content.timing import month_words, task_time
from openrecp.texts import Language, Text, format_significant, text


def implementation_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """Month plan, projects, measurement; none if nothing is to be carried out and nothing planned."""
    chosen = to_carry_out(evaluation)
    if not chosen and not evaluation.plan.tasks:
        return ()
    blocks: list[Block] = [_opening(evaluation, chosen, language)]
    if evaluation.plan.tasks:
        blocks += [_picture(evaluation), _tasks(evaluation)]
    sections = [
        Section(
            text("How it is carried out, by whom and when"),
            tuple(blocks),
            key="implementation",
        )
    ]
    projects = [option for option in evaluation.options if option.project is not None]
    if projects:
        sections.append(
            Section(text("The projects"), (_projects(projects),), level=2, key="projects-section")
        )
    measured = _measurement(evaluation, chosen, language)
    if measured is not None:
        sections.append(measured)
    return tuple(sections)


def _opening(evaluation: Evaluation, chosen: tuple[OptionResult, ...], language: Language) -> Block:
    plan = evaluation.plan
    stopping = [
        text("{option} ({time})", option=option_name(option), time=_stop(option))
        for option in chosen
        if option.technical.downtime.value
    ]
    unplanned = [
        option_name(option)
        for option in chosen
        if option.contained_in is None and not any(task.option == option.number for task in plan.tasks)
    ]
    time = None
    if plan.tasks:
        last = max(task.last_month for task in plan.tasks)
        time = text(
            "The plan runs for {months} months, until {end}.", months=last, end=month_words(plan.start, last)
        )
        if plan.start is None:
            time = text("The plan runs for {months} months from the day it is approved.", months=last)
    return running(
        language,
        time,
        text("Production stops for: {options}.", options=stopping) if stopping else None,
        text("Not planned by month yet: {options}.", options=unplanned) if unplanned else None,
        style="lead",
    )


def _stop(option: OptionResult) -> Text:
    downtime = option.technical.downtime
    return measure_words(downtime.value or 0, downtime.unit)


def _picture(evaluation: Evaluation) -> Picture:
    plan = evaluation.plan
    several = len({task.option for task in plan.tasks}) > 1
    tasks = tuple(
        PlannedTask(
            text("{option}: {task}", option=_short_number(task), task=task.task)
            if several
            else Text("{task}", {"task": task.task}),
            task.first_month,
            task.last_month - task.first_month + 1,
            task.responsible or "",
        )
        for task in _ordered(evaluation)
    )
    first = (plan.start.year, plan.start.month) if plan.start else None
    last = max(task.last_month for task in plan.tasks)
    title = text("From the first task to the last result: {months} months", months=last)
    if last == 1:
        title = text("Everything is done within one month")
    return Picture(title, MonthPlan(tasks, plan.months, first), title, key="month-plan")


def _short_number(task: ResultTask) -> str:
    return task.option_name if task.option.startswith("#") else task.option


def _ordered(evaluation: Evaluation) -> list[ResultTask]:
    """Tasks by option, options by their first month; within an option by time."""
    begins: dict[str, int] = {}
    for task in evaluation.plan.tasks:
        begins[task.option] = min(task.first_month, begins.get(task.option, task.first_month))
    return sorted(
        evaluation.plan.tasks,
        key=lambda task: (begins[task.option], task.option, task.first_month, task.last_month),
    )


def _tasks(evaluation: Evaluation) -> Table:
    rows: list[Row] = []
    option = None
    for task in _ordered(evaluation):
        if task.option != option:
            rows.append(group(named(task.option, task.option_name)))
            option = task.option
        rows.append(Row((task.task, task.responsible or MISSING, task_time(task, evaluation.plan.start))))
    columns = (
        Column(text("Task"), share=2.4),
        Column(text("Responsible"), share=1.2),
        Column(text("When"), share=1.4),
    )
    return Table(text("Who does what, and when"), columns, tuple(rows), key="tasks")


def _projects(options: list[OptionResult]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for option in options:
        project = option.project
        if project is None:
            continue
        rows.append(
            (
                option_name(option),
                project.goal or MISSING,
                project.owner or MISSING,
                project.assisted_by,
                money_words(project.budget) if project.budget is not None else None,
                _approval(option),
                _stop(option)
                if known(option.technical.downtime) and option.technical.downtime.value
                else None,
            )
        )
    columns = (
        Column(text("Project"), share=1.7),
        Column(text("Goal"), share=2.2),
        Column(text("Responsible"), share=1.1),
        Column(text("Assisted by"), share=1.1),
        Column(text("Budget"), align="right", share=1),
        Column(text("Approval"), share=1.3),
        Column(text("Downtime"), align="left", share=1),
    )
    return filled_columns(
        text("Goal, owner, budget and approval of each project"), columns, rows, key="projects", keep=3
    )


def _approval(option: OptionResult) -> Cell:
    project = option.project
    if project is None:
        return None
    if project.approved is None:
        return (
            text("to be given by {name}", name=project.approved_by)
            if project.approved_by
            else text("not decided yet")
        )
    if project.approved:
        return (
            text("approved by {name}", name=project.approved_by) if project.approved_by else text("approved")
        )
    if project.refusal_reason:
        return text("refused: {reason}", reason=project.refusal_reason)
    return text("refused")


def _today(stream: StreamResult) -> Text:
    """Number and yearly amount of a stream before anything is changed."""
    figure = stream.generation
    shown = Text("{amount}", {"amount": format_significant(figure.value or 0)})
    return text("{stream}: {amount} {unit}", stream=stream.number, amount=shown, unit=unit_words(figure.unit))


def _measurement(
    evaluation: Evaluation, chosen: tuple[OptionResult, ...], language: Language
) -> Section | None:
    """What is measured, from which start; the reduction expected."""
    rows: list[tuple[Cell, ...]] = []
    for option in chosen:
        project = option.project
        if project is None or not project.measurement:
            continue
        streams = [stream for number in option.streams if (stream := evaluation.stream(number)) is not None]
        rows.append(
            (
                option_name(option),
                project.measurement,
                listed(language, [_today(stream) for stream in streams if known(stream.generation)]),
                option.reduction if known(option.reduction) else None,
                owner_of(evaluation, option),
            )
        )
    if not rows:
        return None
    columns = (
        Column(text("Option"), share=1.6),
        Column(text("How the result is measured"), share=2.8),
        Column(text("Waste today, a year"), share=1.3),
        Column(text("Reduction expected"), "%", "right", 0.9, digits=1),
        Column(text("Responsible"), share=1.1),
    )
    opening = paragraph(
        text(
            "Measure before anything is changed, and refer the amount to production: less waste because less is "
            "produced is no reduction."
        )
    )
    table = filled_columns(
        text("What is measured, and what is expected"), columns, rows, key="measurement", keep=2
    )
    return Section(
        text("How the result will be measured"), (opening, table), level=2, key="measurement-section"
    )
