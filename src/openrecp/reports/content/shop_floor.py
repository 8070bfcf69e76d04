"""The page for the shop floor: what changes where, when, who to ask, and how the result is measured."""

from __future__ import annotations

from openrecp.assessment.evaluation.option_results import Fate, OptionResult
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.assessment.worksheets.planning import ProgrammeFunction
from openrecp.reports.blocks import Block, PageBreak, Section, Step, Steps, TableOfContents, Words
from openrecp.reports.content.choosing import owner_of, project_of, to_carry_out
from openrecp.reports.content.phrases import bare, full_stop, joined, option_name, running
from openrecp.reports.content.timing import downtime_words, tasks_time
from openrecp.texts import Language, Text, text


def shop_floor_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """One section a process or group of processes; the table of contents follows the last."""
    groups = _by_process(evaluation)
    contents: tuple[Block, ...] = (PageBreak(), TableOfContents())
    opening = running(
        language,
        text(
            "This page is for those who run the plant: what will be different, when, and who answers questions."
        ),
        _contact(evaluation),
        style="lead",
    )
    heading = text("What changes in the plant")
    if len(groups) == 1:
        (options,) = groups.values()
        steps = _steps(evaluation, options, language)
        return (
            Section(heading, (opening, steps, *contents), key="shop-floor", numbered=False, new_page=True),
        )
    sections = [Section(heading, (opening,), key="shop-floor", numbered=False, new_page=True)]
    for number, (place, options) in enumerate(groups.items(), 1):
        last = contents if number == len(groups) else ()
        sections.append(
            Section(place, (_steps(evaluation, options, language), *last), level=2, numbered=False)
        )
    return tuple(sections)


def _by_process(evaluation: Evaluation) -> dict[Text, tuple[OptionResult, ...]]:
    """Options to carry out under the processes whose streams they reduce; each option once."""
    groups: dict[tuple[str, ...], list[OptionResult]] = {}
    for option in to_carry_out(evaluation):
        if option.contained_in is None or option.project is not None:
            groups.setdefault(_places(evaluation, option), []).append(option)
    order = {process.name: index for index, process in enumerate(evaluation.assessment.processes)}
    ranked = sorted(groups, key=lambda places: (not places, [order.get(place, 0) for place in places]))
    return {
        Text("{places}", {"places": list(places)}) if places else text("Whole plant"): tuple(groups[places])
        for places in ranked
    }


def _places(evaluation: Evaluation, option: OptionResult) -> tuple[str, ...]:
    streams = (evaluation.stream(number) for number in option.streams)
    names = [each.process.name for each in streams if each and each.process and each.process.name]
    return tuple(dict.fromkeys(names))


def _contact(evaluation: Evaluation) -> Text | None:
    """Whom to ask beyond the owners: the site coordinator, if one is named."""
    roles = (role for role in evaluation.assessment.roles if role.function is ProgrammeFunction.COORDINATOR)
    role = next((role for role in roles if role.name), None)
    if role is None:
        return text("Ask the person named beside each change.")
    if role.phone:
        return text(
            "Ask the person named beside each change, or {name} ({phone}), who coordinates on site.",
            name=role.name,
            phone=role.phone,
        )
    return text(
        "Ask the person named beside each change, or {name}, who coordinates on site.", name=role.name
    )


def _steps(evaluation: Evaluation, options: tuple[OptionResult, ...], language: Language) -> Steps:
    return Steps(
        tuple(
            Step(
                option_name(option),
                owner_of(evaluation, option) or text("to be named"),
                _when(evaluation, option),
                _what_changes(evaluation, option, language),
            )
            for option in options
        )
    )


def _when(evaluation: Evaluation, option: OptionResult) -> Words:
    tasks = [task for task in evaluation.plan.tasks if task.option == option.number]
    when = tasks_time(tasks, evaluation.plan.start)
    if when is None:
        return text("at once") if option.fate is Fate.IMMEDIATE else text("not planned yet")
    return when


def _what_changes(evaluation: Evaluation, option: OptionResult, language: Language) -> Text | str:
    """What is done, what stands still, who learns what, and what is measured afterwards."""
    project, description = project_of(evaluation, option), option.description
    record = option.technical.record
    sentences: list[Words] = []
    done = (project.execution if project else None) or (description.description if description else None)
    if done:
        sentences.append(full_stop(done, language))
    if option.technical.downtime.value is not None:
        sentences.append(downtime_words(option.technical.downtime))
    training = record.training_requirements if record else None
    if training:
        sentences.append(text("Training: {training}.", training=bare(training)))
    if project is not None and project.measurement:
        sentences.append(
            text("How the result is measured: {measurement}.", measurement=bare(project.measurement))
        )
    return joined(language, sentences) if sentences else ""
