"""Options as candidates of a choice: capital, value, relations, savings on the same stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.check_sense import contained_options
from openrecp.assessment.evaluation.loads import StreamSaving
from openrecp.assessment.evaluation.option_results import Fate, OptionResult
from openrecp.assessment.evaluation.places import place
from openrecp.economics.choice import Candidate
from openrecp.economics.evaluation import Evaluation as Appraisal

Savings = Mapping[str, Sequence[StreamSaving]]
"""Savings on streams, by option."""


def appraisal_of(option: OptionResult) -> Appraisal | None:
    """The appraisal of an option that has one."""
    return None if option.economics is None else option.economics.appraisal


def candidates_of(
    assessment: Assessment,
    options: Sequence[OptionResult],
    savings: Savings,
    quantities: Mapping[str, Mapping[str, float]] | None = None,
) -> list[Candidate]:
    """Options with an appraisal as candidates, in their order; relations to options that are not there are left out.

    Parameters
    ----------
    assessment : Assessment
    options : sequence of OptionResult
    savings : mapping of str to sequence of StreamSaving
    quantities : mapping of str to mapping of str to float, optional
        What each option avoids a year.
    """
    there = {option.number for option in options if appraisal_of(option) is not None}
    parts = {each.option: each.contains for each in assessment.option_descriptions if each.option}
    found = []
    for option in options:
        appraisal = appraisal_of(option)
        if appraisal is None:
            continue
        description = option.description
        rivals = set(description.alternative_to) if description is not None else set()
        rivals |= contained_options(parts, option.number)
        needs = _needs(option, parts, there)
        found.append(
            Candidate(
                key=option.number,
                name=f"{option.number} {option.name}",
                currency=appraisal.project.currency,
                capital=max(float(appraisal.total_capital.value or 0), 0.0),
                npv=float(appraisal.npv.value or 0),
                annual_saving=float(appraisal.annual_net_saving.value or 0),
                life=appraisal.project.life,
                quantities=(quantities or {}).get(option.number, {}),
                excludes=tuple(sorted((rivals & there) - {option.number} - set(needs))),
                requires=needs,
                required_by_law=option.fate is Fate.REQUIRED,
                loads=tuple(each.share for each in savings.get(option.number, ())),
                source=place("options", option.number),
            )
        )
    return found


def _needs(option: OptionResult, parts: dict[str, tuple[str, ...]], there: set[str]) -> tuple[str, ...]:
    """What it needs: the option itself, or one that contains it and is there in its stead."""
    needed: dict[str, None] = {}
    for number in option.description.requires if option.description is not None else ():
        holders = [number] if number in there else []
        holders += [each for each in sorted(there) if number in contained_options(parts, each)]
        if holders and holders[0] != option.number:
            needed[holders[0]] = None
    return tuple(needed)
