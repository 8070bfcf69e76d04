"""Technical feasibility of an option and what worksheet 13 still leaves open (section 4.1 of the manual)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.check_fields import first_for_option
from openrecp.assessment.evaluation.option_results import TechnicalResult
from openrecp.assessment.evaluation.places import place, place_of
from openrecp.assessment.evaluation.quantities import amount, no_value
from openrecp.assessment.spec import Quantity, record_fields
from openrecp.assessment.worksheets.implementation import ProjectSummary
from openrecp.assessment.worksheets.technical import OptionNature, TechnicalFeasibility
from openrecp.errors import Issue, Severity, problem
from openrecp.figures import Figure
from openrecp.texts import Text, text

# The questions of section 4.1 that apply whatever the option is, and those of each part of worksheet 13.
_ALWAYS: Final = ("quality_maintained", "safe", "new_problems")
_QUESTIONS: Final = {
    OptionNature.EQUIPMENT: (
        "equipment_available",
        "technology_proven",
        "similar_use",
        "successful",
        "space_sufficient",
        "utilities_available",
        "delivery_time",
        "installation_time",
        "production_effect",
        "extra_labour",
        "training_needed",
        "service",
        "warranty",
    ),
    OptionNature.PROCEDURE: ("departments_affected", "training_requirements", "instruction_changes"),
    OptionNature.MATERIALS: (
        "material_available",
        "material_similar_use",
        "material_successful",
        "material_production_effect",
        "material_quality_effect",
        "material_storage",
        "material_training",
        "material_trials",
    ),
}
# Answered with no, each of these stands in the way until somebody says how it is met.
_OBSTACLES: Final = (
    "equipment_available",
    "technology_proven",
    "space_sufficient",
    "utilities_available",
    "quality_maintained",
    "safe",
    "material_available",
)


def technical_result(assessment: Assessment, option: str, *, wanted: bool) -> TechnicalResult:
    """Worksheet 13 of an option.

    Parameters
    ----------
    assessment : Assessment
    option : str
        Its number.
    wanted : bool
        Whether the option is still in play; gaps of a dropped option interest nobody.
    """
    record = first_for_option(assessment.technical_feasibility, option)
    project = first_for_option(assessment.projects, option)
    return TechnicalResult(
        record=record,
        feasible=None if record is None else record.feasible,
        natures=() if record is None else record.nature,
        gaps=tuple(_gaps(assessment, option, record, project)) if wanted else (),
        downtime=_downtime(assessment, record, project),
        sign_offs=tuple(each for each in assessment.sign_offs if each.option == option),
        vendors=tuple(each for each in assessment.vendors if each.option == option),
        consumables=tuple(each for each in assessment.consumables if each.option == option),
        trials=tuple(each for each in assessment.trials if each.option == option),
    )


def _downtime(
    assessment: Assessment, record: TechnicalFeasibility | None, project: ProjectSummary | None
) -> Figure:
    name = text("Production downtime")
    given: tuple[tuple[str, TechnicalFeasibility | ProjectSummary | None], ...] = (
        ("technical_feasibility", record),
        ("projects", project),
    )
    for collection, each in given:
        quantity: Quantity | None = None if each is None else each.downtime
        if each is not None and quantity is not None:
            return amount(name, quantity, None, place_of(assessment, collection, each, "downtime"))
    return no_value(name, text("not given"))


def _gaps(
    assessment: Assessment, option: str, record: TechnicalFeasibility | None, project: ProjectSummary | None
) -> Iterator[Issue]:
    if record is None:
        if not assessment.simplified:
            yield problem(
                "technical-missing",
                "{option}: its technical feasibility has not been evaluated; fill in worksheet 13 for it.",
                where=place("technical_feasibility"),
                severity=Severity.WARNING,
                option=option,
            )
        return
    if record.feasible is False:
        return
    yield from _unanswered(assessment, option, record)
    yield from _obstacles(assessment, option, record)
    yield from _proof(assessment, option, record)
    yield from _sign_offs(assessment, option)
    if record.downtime is None and (project is None or project.downtime is None):
        yield problem(
            "downtime-missing",
            "{option}: how long production stops is not given; enter 0 if it does not.",
            where=place_of(assessment, "technical_feasibility", record, "downtime"),
            severity=Severity.WARNING,
            option=option,
        )


def _labels() -> dict[str, Text]:
    return {field.name: field.spec.label for field in record_fields(TechnicalFeasibility)}


def _unanswered(assessment: Assessment, option: str, record: TechnicalFeasibility) -> Iterator[Issue]:
    natures = record.nature or tuple(OptionNature)[:0]
    asked = [*_ALWAYS, *(name for nature in natures for name in _QUESTIONS[nature])]
    open_questions = [name for name in asked if getattr(record, name) is None]
    if "space_sufficient" in open_questions and (record.floor_space or record.place):
        open_questions.remove("space_sufficient")
    if open_questions:
        labels = _labels()
        yield problem(
            "technical-unanswered",
            "{option}: worksheet 13 has no answer to: {questions}.",
            where=place_of(assessment, "technical_feasibility", record, open_questions[0]),
            severity=Severity.NOTE,
            option=option,
            questions=[labels[name] for name in open_questions],
        )


def _obstacles(assessment: Assessment, option: str, record: TechnicalFeasibility) -> Iterator[Issue]:
    labels = _labels()
    for name in _OBSTACLES:
        if getattr(record, name) is False:
            yield problem(
                "technical-obstacle",
                "{option}: “{question}” is answered with no; say how that is met before the option is carried "
                "out.",
                where=place_of(assessment, "technical_feasibility", record, name),
                severity=Severity.WARNING,
                option=option,
                question=labels[name],
            )
    if record.new_problems and not record.new_problems_note:
        yield problem(
            "new-problem-open",
            "{option}: it creates new environmental problems, but not which and how they are met.",
            where=place_of(assessment, "technical_feasibility", record, "new_problems_note"),
            severity=Severity.WARNING,
            option=option,
        )


def _proof(assessment: Assessment, option: str, record: TechnicalFeasibility) -> Iterator[Issue]:
    """Whether somebody has shown that it works: a reference user for equipment, a trial for a material."""
    referred = any(each.option == option and each.reference for each in assessment.vendors)
    if (
        OptionNature.EQUIPMENT in record.nature
        and not referred
        and not record.applications
        and not record.successful
    ):
        yield problem(
            "reference-missing",
            "{option}: no reference user is named; ask the vendor for a plant where it runs.",
            where=place("vendors"),
            severity=Severity.WARNING,
            option=option,
        )
    trials = [each for each in assessment.trials if each.option == option]
    if OptionNature.MATERIALS in record.nature and not trials and not record.material_successful:
        yield problem(
            "trial-missing",
            "{option}: the new material has neither been used successfully nor tried; plan a trial.",
            where=place("trials"),
            severity=Severity.WARNING,
            option=option,
        )
    open_trials = [each.trial or "" for each in trials if not each.result]
    if open_trials:
        yield problem(
            "trial-open",
            "{option}: the result of a trial is still open: {trials}.",
            where=place("trials"),
            severity=Severity.NOTE,
            option=option,
            trials=open_trials,
        )


def _sign_offs(assessment: Assessment, option: str) -> Iterator[Issue]:
    own = [each for each in assessment.sign_offs if each.option == option]
    if not own:
        yield problem(
            "sign-off-missing",
            "{option}: no department has reviewed it; have every department it affects sign.",
            where=place("sign_offs"),
            severity=Severity.WARNING,
            option=option,
        )
    for each in own:
        department = each.department.label if each.department is not None else text("A department")
        where = place_of(assessment, "sign_offs", each, "agrees")
        if each.agrees is False:
            yield problem(
                "sign-off-refused",
                "{option}: {department} does not agree: {remarks}. Settle this before the option is carried out.",
                where=where,
                severity=Severity.WARNING,
                option=option,
                department=department,
                remarks=each.remarks or text("no reason given"),
            )
        elif each.agrees is None:
            yield problem(
                "sign-off-open",
                "{option}: {department} has not answered yet.",
                where=where,
                severity=Severity.NOTE,
                option=option,
                department=department,
            )
