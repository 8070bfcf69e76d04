"""Savings of several options on the same stream: what one has saved, another cannot save again.

A saving is known to be on a stream where worksheet 14 names the stream beside it and worksheet 11 says by how much
the option reduces its streams. Nothing is guessed: where either is missing, the sum of the set carries a caution.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.choosing_results import LoadSaving, Overlap
from openrecp.assessment.evaluation.option_results import OptionResult
from openrecp.assessment.evaluation.places import keyed
from openrecp.assessment.evaluation.projects import operating_key
from openrecp.economics.cash_flow import after_tax_cash_flow
from openrecp.economics.choice import Candidate, LoadShare
from openrecp.economics.choice.portfolio import SharedLoad, portfolio_of
from openrecp.economics.operating import OperatingItem
from openrecp.economics.project import Project
from openrecp.figures import Figure, unit_words
from openrecp.texts import text

Loads = Sequence[tuple[SharedLoad, tuple[str, ...]]]
"""Streams on which several options save, each with their numbers in the order in which their savings count."""


@dataclass(frozen=True, slots=True)
class StreamSaving:
    """What an option saves on one stream, and the operating items of its project that this is."""

    share: LoadShare
    items: frozenset[str]


def stream_savings(assessment: Assessment, option: OptionResult) -> tuple[StreamSaving, ...]:
    """The savings of an option that are known to be on a stream."""
    appraisal = None if option.economics is None else option.economics.appraisal
    fraction = float(option.reduction.value or 0) / 100.0
    if appraisal is None or fraction <= 0:
        return ()
    found: list[StreamSaving] = []
    for stream in option.streams:
        items = _items_on(assessment, option.number, stream)
        saved = sum(
            line.annual_amount
            for line in appraisal.project.operating
            if isinstance(line, OperatingItem) and line.key in items
        )
        without = after_tax_cash_flow(_scaled(appraisal.project, items, 0.0), appraisal.conventions)
        value = float(appraisal.npv.value or 0) - float(without.net_present_value)
        if saved > 0 and value > 0:
            share = LoadShare(stream, min(fraction, 1.0), value, float(saved))
            found.append(StreamSaving(share, items))
    return tuple(found)


def _items_on(assessment: Assessment, option: str, stream: str) -> frozenset[str]:
    return frozenset(
        operating_key("other" if each.item is None else each.item.value, "gain", key)
        for key, each in keyed(assessment.operating_changes)
        if each.option == option and each.stream == stream and each.gain is not None
    )


def _scaled(project: Project, items: frozenset[str], factor: float) -> Project:
    return replace(
        project,
        operating=tuple(
            replace(line, annual_amount=line.annual_amount * factor)
            if isinstance(line, OperatingItem) and line.key in items
            else line
            for line in project.operating
        ),
    )


def shared_loads(candidates: Sequence[Candidate]) -> Loads:
    """Streams on which several of the candidates save."""
    if not candidates:
        return ()
    portfolio = portfolio_of(candidates)
    return tuple(
        (load, tuple(portfolio.candidates[member].key for member in load.members)) for load in portfolio.loads
    )


def overlaps(loads: Loads, assessment: Assessment) -> tuple[Overlap, ...]:
    """What the savings on the same stream have in common."""
    return tuple(_overlap(load, keys, assessment.currency.value) for load, keys in loads)


def _overlap(load: SharedLoad, keys: tuple[str, ...], currency: str) -> Overlap:
    savings: list[LoadSaving] = []
    left = 1.0
    for key, share in zip(keys, load.shares, strict=True):
        fraction = Figure(text("Part of the stream saved"), share.fraction * 100.0, "%")
        alone = Figure(text("Saved a year when done alone"), share.annual_saving, currency)
        rest = Figure(text("Part of the stream left by the options before"), left * 100.0, "%")
        together = Figure(
            text("Saved a year in the set"),
            share.annual_saving * left,
            currency,
            text("saved alone × part left by the options before"),
            (alone, rest),
        )
        savings.append(LoadSaving(key, fraction, alone, together))
        left *= 1.0 - share.fraction
    taken_off = Figure(
        text("Counted twice on stream {stream}", stream=load.name),
        sum(float(each.alone.value or 0) - float(each.together.value or 0) for each in savings),
        currency,
        text("sum of the savings alone − sum of the savings in the set"),
        tuple(figure for each in savings for figure in (each.alone, each.together)),
    )
    return Overlap(
        stream=load.name,
        savings=tuple(savings),
        fraction=Figure(
            text("Part of the stream saved together"),
            (1.0 - left) * 100.0,
            "%",
            text("1 − product of (1 − part saved by each)"),
            tuple(each.fraction for each in savings),
        ),
        taken_off=taken_off,
        sentence=text(
            "{options} all save on stream {stream}. Each saves its part of what the ones before leave, together "
            "{percent} %; {amount} {currency} a year that would be counted twice are left out.",
            options=list(keys),
            stream=load.name,
            percent=round((1.0 - left) * 100.0, 1),
            amount=round(float(taken_off.value or 0)),
            currency=unit_words(currency),
        ),
    )


def set_project(
    option: OptionResult,
    savings: Sequence[StreamSaving],
    loads: Loads,
) -> Project | None:
    """The project of an option with what others have saved before it taken off; None where nothing is."""
    appraisal = None if option.economics is None else option.economics.appraisal
    if appraisal is None:
        return None
    project, left = appraisal.project, factors_left(option.number, loads)
    for each in savings:
        factor = left.get(each.share.load, 1.0)
        if factor < 1.0:
            project = _scaled(project, each.items, factor)
    return None if project is appraisal.project else project


def factors_left(option: str, loads: Loads) -> Mapping[str, float]:
    """For each shared stream the part that the options before this one leave."""
    found: dict[str, float] = {}
    for load, keys in loads:
        left = 1.0
        for key, share in zip(keys, load.shares, strict=True):
            if key == option:
                found[load.name] = left
            left *= 1.0 - share.fraction
    return found
