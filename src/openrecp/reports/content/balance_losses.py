"""Losses nobody accounted for, meters that may be wrong, and what to measure next."""

from __future__ import annotations

import math
from typing import Final

from openrecp.assessment.evaluation.balance_results import PlantBalance, readable_unit
from openrecp.balances.closure import ClosureState
from openrecp.balances.gross_errors import suspect_text
from openrecp.balances.losses import UnaccountedLoss
from openrecp.figures import Figure, unit_words
from openrecp.reports.blocks import Block, Callout, Cell, Column, Reference, Table, Words, row
from openrecp.reports.content.phrases import bullets, running
from openrecp.texts import Language, Text, format_significant, text

_MOST_LOSSES: Final = 12
_SLIGHT: Final = 0.01
"""A gap that cannot exceed this part of the largest is not worth a row."""
_MOST_METERS: Final = 3
_MOST_NAMED: Final = 5
_WORTH_SAYING: Final = 0.95
"""A meter that leaves more than this of the error of a loss is not worth a line."""
_HALF: Final = 1.959964


def loss_blocks(balance: PlantBalance) -> list[Block]:
    """The table of losses and what else would explain them; nothing where no loss can be told."""
    told = [each for each in balance.losses if each.state is not ClosureState.OPEN]
    largest = max((abs(each.amount) for each in told), default=0.0)
    told = [each for each in told if each.significant or each.high >= _SLIGHT * largest]
    if not told:
        return []
    blocks: list[Block] = [_loss_table(balance, told[:_MOST_LOSSES])]
    instead = [said for loss in balance.certain_losses if (said := _instead(balance, loss)) is not None]
    if instead:
        blocks.append(Callout("caution", (bullets(instead),), text("A loss, or a wrong reading?")))
    return blocks


def loss_place(balance: PlantBalance, loss: UnaccountedLoss) -> Words:
    """Where a loss is, with its component if it is not the total."""
    if loss.component is not None:
        return loss.name
    return text("Whole plant") if loss.process is None else balance.process_name(loss.process)


def loss_amount(loss: UnaccountedLoss) -> Figure:
    """The amount in a unit people read."""
    factor, unit = readable_unit(loss.amount, loss.unit)
    return Figure(text("Loss"), loss.amount * factor, unit)


def interval_words(low: float, high: float) -> Text:
    """Limits of an interval, such as “19.3 to 35.7”."""
    return text("{low} to {high}", low=format_significant(low), high=format_significant(high))


def unseen_loss(balance: PlantBalance) -> Text | None:
    """The largest loss beyond the error of the meters, in one sentence for the first page."""
    certain = balance.certain_losses
    if not certain:
        return None
    loss = certain[0]
    if loss.money is None:
        return text(
            "{place} also loses {amount} that nobody has accounted for; see {where}.",
            place=loss_place(balance, loss),
            amount=loss_amount(loss),
            where=Reference("losses"),
        )
    return text(
        "{place} also loses {amount}, worth {money} a year, that nobody has accounted for; see {where}.",
        place=loss_place(balance, loss),
        amount=loss_amount(loss),
        money=_money(loss.money, loss.currency),
        where=Reference("losses"),
    )


def _money(amount: float, currency: str) -> Figure:
    return Figure(text("Worth of the loss"), float(f"{amount:.3g}"), currency)


def _loss_table(balance: PlantBalance, losses: list[UnaccountedLoss]) -> Table:
    priced = any(each.money is not None for each in losses)
    _, unit = readable_unit(max(abs(each.amount) for each in losses), losses[0].unit)
    columns = [
        Column(text("Where"), share=1.8),
        Column(text("Not accounted for"), unit, "right", 0.9),
        Column(text("95 % interval"), unit, "right", 1.1),
    ]
    if priced:
        columns += [
            Column(text("Worth a year"), losses[0].currency, "right", 0.9),
            Column(text("95 % interval"), losses[0].currency, "right", 1.3),
        ]
    columns.append(Column(text("What it says"), share=1.6))
    rows = (row(*_loss_cells(balance, each, unit, priced=priced)) for each in losses)
    notes: list[Words] = []
    if balance.whole:
        notes.append(
            text(
                "The area is balanced as one process, so nothing tells which of the materials is lost, nor what it is worth."
            )
        )
    elif priced:
        bases = dict.fromkeys(each.price.basis for each in losses if each.price is not None)
        notes.append(
            text(
                "Priced by: {bases}. The interval of the worth comes from that of the amount; the price is taken as exact.",
                bases=list(bases),
            )
        )
    return Table(_title(balance), tuple(columns), tuple(rows), key="losses", notes=tuple(notes))


def _title(balance: PlantBalance) -> Text:
    certain = balance.certain_losses
    if not certain:
        return text("No loss stands out from the error of the meters")
    return text(
        "{place} loses more than the error of the meters explains", place=loss_place(balance, certain[0])
    )


def _loss_cells(balance: PlantBalance, loss: UnaccountedLoss, unit: str, *, priced: bool) -> tuple[Cell, ...]:
    factor = 0.001 if unit != loss.unit else 1.0
    worth: tuple[Cell, ...] = ()
    if priced:
        between = loss.money_interval
        worth = (
            None if loss.money is None else _money(loss.money, loss.currency),
            None if between is None else interval_words(*(float(f"{each:.3g}") for each in between)),
        )
    return (
        loss_place(balance, loss),
        Figure(text("Loss"), loss.amount * factor, unit),
        interval_words(loss.low * factor, loss.high * factor),
        *worth,
        _VERDICTS[loss.state],
    )


_VERDICTS: Final = {
    ClosureState.GAP: text("a loss: more than the meters explain"),
    ClosureState.WITHIN: text("not told from the error of the meters"),
    ClosureState.EXCESS: text("more leaves than enters: an input is missing or a meter is wrong"),
    ClosureState.OPEN: text("not known"),
}


def _instead(balance: PlantBalance, loss: UnaccountedLoss) -> Text | None:
    """The readings of which one, if it is wrong, would make the same gap."""
    readings = balance.rivals(loss.process)
    if not readings:
        return None
    if len(readings) > _MOST_NAMED:
        return text(
            "{place}: any of {count} readings, if it is wrong, would make the same gap; have the largest flows measured "
            "again before looking for a leak.",
            place=loss_place(balance, loss),
            count=len(readings),
        )
    return text(
        "{place}: one wrong reading would make the same gap, and no test can tell which. Have these checked before "
        "looking for a leak: {readings}.",
        place=loss_place(balance, loss),
        readings=[balance.candidate_name(each) for each in readings],
    )


def meter_blocks(balance: PlantBalance, language: Language) -> list[Block]:
    """Meters that may be wrong with the evidence, whether the others agree, and what to measure next."""
    blocks: list[Block] = []
    suspicion = balance.suspicion
    if suspicion is not None and balance.suspects:
        sentences = [
            suspect_text(each, balance.candidate_name, suspicion.names.unit(each.members[0]))
            for each in balance.suspects
        ]
        blocks.append(Callout("caution", (bullets(sentences),), text("Meters that may be wrong")))
    elif (agreed := _agreement(balance)) is not None:
        blocks.append(running(language, agreed))
    further = _further(balance)
    if further:
        blocks.append(Callout("finding", (bullets(further),), text("What to measure next")))
    return blocks


def _agreement(balance: PlantBalance) -> Text | None:
    analysis = balance.analysis
    if analysis is None or not balance.stated or not analysis.reconciliation.redundancy:
        return None
    overall = analysis.suspicion.overall
    if not overall.passed:
        return None
    values = {
        "chi2": format_significant(overall.chi2),
        "count": analysis.reconciliation.redundancy,
        "limit": format_significant(overall.critical),
    }
    if balance.certain_losses:
        return text(
            "Apart from that, the meters agree with one another within their errors: chi-square {chi2} with {count} degrees "
            "of freedom, where chance alone stays below {limit} in 95 of 100 cases.",
            **values,
        )
    return text(
        "The meters agree with one another within their errors: chi-square {chi2} with {count} degrees of freedom, where "
        "chance alone stays below {limit} in 95 of 100 cases.",
        **values,
    )


def _further(balance: PlantBalance) -> list[Text]:
    """The cheapest measurements that make the unknown known, then meters that make the largest loss surer."""
    found: list[Text] = []
    if balance.checks is not None:
        names = balance.names(balance.checks)
        found += [
            text(
                "Not known yet: {unknown}. The least that has to be measured for it: {meters}.",
                unknown=[names.of(ref) for ref in balance.checks.amounts.unobservable[:_MOST_NAMED]],
                meters=[names.of(ref) for ref in each.meters],
            )
            for each in balance.missing_meters
            if each.target is None
        ]
    if balance.analysis is None or not balance.certain_losses:
        return found
    names, loss = balance.names(balance.analysis), balance.certain_losses[0]
    for meter in balance.next_meters[:_MOST_METERS]:
        if not math.isfinite(meter.sd_before) or meter.sd_after > _WORTH_SAYING * meter.sd_before:
            continue
        factor, unit = readable_unit(loss.amount, loss.unit)
        values = {
            "meter": names.of(meter.meter),
            "place": loss_place(balance, loss),
            "before": format_significant(_HALF * meter.sd_before * factor),
            "after": format_significant(_HALF * meter.sd_after * factor),
            "unit": unit_words(unit),
        }
        if meter.replaces:
            found.append(
                text(
                    "Halve the error of this reading: {meter}. The loss of {place} is then known to ± {after} {unit} instead of "
                    "± {before} {unit}.",
                    **values,
                )
            )
        else:
            found.append(
                text(
                    "Measure what nobody measures: {meter}. The loss of {place} is then known to ± {after} {unit} instead of "
                    "± {before} {unit}.",
                    **values,
                )
            )
    return found
