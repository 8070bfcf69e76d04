"""Which of the options that deserve it are carried out: alternatives, parts of others, what needs others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.check_sense import contained_options
from openrecp.assessment.evaluation.option_results import Fate, OptionResult
from openrecp.assessment.evaluation.places import place
from openrecp.errors import Issue, Severity, problem
from openrecp.texts import Text, text


def with_alternatives_settled(options: tuple[OptionResult, ...]) -> tuple[OptionResult, ...]:
    """Of chosen options that exclude each other the best stays: what the law requires, then the highest value."""
    chosen = {option.number: option for option in options if option.selected}
    rivals = {
        frozenset({option.number, other})
        for option in chosen.values()
        for other in (option.description.alternative_to if option.description else ())
        if other in chosen and other != option.number
    }
    lost: dict[str, str] = {}
    for option in sorted(chosen.values(), key=_worth, reverse=True):
        for other in chosen:
            if (
                option.number not in lost
                and other not in lost
                and frozenset({option.number, other}) in rivals
            ):
                lost[other] = option.number
    return tuple(
        option
        if option.number not in lost
        else replace(
            option,
            fate=Fate.NOT_RECOMMENDED,
            reasons=(_why_the_other(option, chosen[lost[option.number]]), *option.reasons),
        )
        for option in options
    )


def _why_the_other(option: OptionResult, better: OptionResult) -> Text:
    if better.fate is Fate.REQUIRED and option.fate is not Fate.REQUIRED:
        return text(
            "Only one of {option} and {better} can be carried out, and {better} is required by law.",
            option=option.number,
            better=better.number,
        )
    return text(
        "Only one of {option} and {better} can be carried out, and {better} is worth more.",
        option=option.number,
        better=better.number,
    )


def _worth(option: OptionResult) -> tuple[bool, float, float]:
    """What alternatives are compared by: the law, then net present value, then yearly saving."""
    economics = option.economics
    npv = economics.npv.value if economics is not None else None
    saving = economics.net_saving.value if economics is not None else None
    return option.fate is Fate.REQUIRED, float(npv or 0), float(saving or 0)


def with_containers_named(
    assessment: Assessment, options: tuple[OptionResult, ...]
) -> tuple[OptionResult, ...]:
    """Chosen options, each saying which other chosen option contains it."""
    parts = {each.option: each.contains for each in assessment.option_descriptions if each.option}
    chosen = [option.number for option in options if option.selected]
    inside: dict[str, str] = {}
    for number in chosen:
        for part in contained_options(parts, number) & set(chosen):
            # Where entries go round, neither contains the other.
            if number not in contained_options(parts, part):
                inside.setdefault(part, number)
    return tuple(
        replace(
            option,
            contained_in=inside[option.number],
            reasons=(
                *option.reasons,
                text(
                    "{container} contains it, so its cost and saving are counted there.",
                    container=inside[option.number],
                ),
            ),
        )
        if option.number in inside
        else option
        for option in options
    )


def part_issues(options: tuple[OptionResult, ...]) -> Iterator[Issue]:
    """Options worth less than an option they contain: what they add costs more than it brings."""
    values = {option.number: _value(option) for option in options}
    for option in options:
        for part in option.description.contains if option.description is not None else ():
            whole, alone = values[option.number], values.get(part)
            if option.selected and whole is not None and alone is not None and whole < alone:
                yield problem(
                    "part-worth-more",
                    "{option} contains {part} and has a net present value of {whole}, less than the {alone} of "
                    "{part} alone: what it adds costs more than it saves. Check its costs and savings, or say what "
                    "else speaks for it.",
                    where=place("option_descriptions"),
                    severity=Severity.WARNING,
                    option=option.number,
                    part=part,
                    whole=round(whole),
                    alone=round(alone),
                )


def with_parts_weighed(options: tuple[OptionResult, ...]) -> tuple[OptionResult, ...]:
    """Options with the finding that a part of them is worth more alone among their reasons."""
    found: dict[str, list[Text]] = {}
    for issue in part_issues(options):
        found.setdefault(issue.values["option"], []).append(Text(issue.message, issue.values))
    return tuple(
        replace(option, reasons=(*option.reasons, *found[option.number]))
        if option.number in found
        else option
        for option in options
    )


def _value(option: OptionResult) -> float | None:
    value = None if option.economics is None else option.economics.npv.value
    return None if value is None else float(value)


def with_needs_met(assessment: Assessment, options: tuple[OptionResult, ...]) -> tuple[OptionResult, ...]:
    """Chosen options that need one that is not carried out are not carried out either, unless the law asks for it."""
    parts = {each.option: each.contains for each in assessment.option_descriptions if each.option}
    while True:
        chosen = {option.number for option in options if option.selected}
        carried_out = chosen.union(*(contained_options(parts, number) for number in chosen))
        lacking = {
            option.number: missing
            for option in options
            if option.selected and (missing := _missing_needs(option, carried_out))
        }
        kept = tuple(_without_needs(option, lacking.get(option.number, ())) for option in options)
        if kept == options:
            return options
        options = kept


def _missing_needs(option: OptionResult, carried_out: set[str]) -> tuple[str, ...]:
    needed = option.description.requires if option.description is not None else ()
    return tuple(number for number in needed if number not in carried_out and number != option.number)


def _without_needs(option: OptionResult, missing: tuple[str, ...]) -> OptionResult:
    if not missing:
        return option
    why = text("It needs {others}, which is not to be carried out.", others=list(missing))
    if why in option.reasons:
        return option
    if option.fate is Fate.REQUIRED:
        return replace(option, reasons=(*option.reasons, why))
    return replace(option, fate=Fate.NOT_RECOMMENDED, reasons=(why, *option.reasons))
