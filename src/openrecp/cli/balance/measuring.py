"""What to measure next."""

from __future__ import annotations

import math
from typing import Final

from openrecp.balances.analysis import BalanceAnalysis
from openrecp.balances.analysis.meters import MissingMeter, NextMeter
from openrecp.balances.equations import Layer
from openrecp.balances.losses import Names
from openrecp.cli.balance.words import HALF_95
from openrecp.cli.console import Console
from openrecp.figures import unit_words
from openrecp.texts import Text, format_significant, text

_SHOWN: Final = 3
_A_HAIR: Final = 0.05


def show_measuring(analysis: BalanceAnalysis, console: Console, *, full: bool) -> None:
    """Meters that make the unknown known, and meters that make the largest computed loss surer."""
    names = Names.of_flowsheet(analysis.flowsheet)
    missing, following = analysis.missing_meters, analysis.next_meters
    if not full:
        following = tuple(each for each in following if _helps(each))
    unknown = analysis.amounts.unobservable
    if not unknown and not following:
        return
    console.heading(text("What to measure next"))
    if unknown:
        console.paragraph(
            text("Neither a meter nor a balance gives {count} values: {names}.", count=len(unknown), names=[names.of(ref) for ref in unknown[:6]])
            if len(unknown) <= 6
            else text("Neither a meter nor a balance gives {count} values, such as {names}.", count=len(unknown), names=[names.of(ref) for ref in unknown[:3]])
        )  # fmt: skip
    for each in missing if full else missing[:_SHOWN]:
        console.paragraph(_missing(each, names), mark="· ")
    for meter in following if full else following[:_SHOWN]:
        console.paragraph(_next(meter, names, analysis), mark="· ")
    if not full and (len(missing) > _SHOWN or len(analysis.next_meters) > min(len(following), _SHOWN)):
        console.line(text("  --full lists further meters."))


def _helps(found: NextMeter) -> bool:
    """Whether the interval becomes narrower by more than a hair."""
    return not found.sd_after > (1.0 - _A_HAIR) * found.sd_before


def _missing(found: MissingMeter, names: Names) -> Text:
    meters = [names.of(ref) for ref in found.meters]
    if found.target is None:
        return text("To know everything, measure {meters}.", meters=meters)
    return text("To know {target}, measure {meters}.", target=names.of(found.target), meters=meters)


def _gap_of(process: str, analysis: BalanceAnalysis) -> Text:
    """A loss that is the gap of a process."""
    name = next((each.name for each in analysis.flowsheet.processes if each.key == process), process)
    return text("the loss at {process}", process=name)


def _next(found: NextMeter, names: Names, analysis: BalanceAnalysis) -> Text:
    values = {
        "meter": names.of(found.meter),
        "loss": names.items.get(found.loss) or _gap_of(found.loss, analysis),
        "after": format_significant(HALF_95 * found.sd_after, 2),
        "unit": unit_words(_unit(found, analysis)),
    }
    if not math.isfinite(found.sd_before):
        return text("Measure {meter}: {loss} is then known to ± {after} {unit}.", **values)
    values["before"] = format_significant(HALF_95 * found.sd_before, 2)
    if found.replaces:
        return text(
            "A meter twice as good for {meter}: {loss} is then known to ± {after} instead of ± {before} {unit}.",
            **values,
        )
    return text("Measure {meter}: {loss} is then known to ± {after} instead of ± {before} {unit}.", **values)


def _unit(found: NextMeter, analysis: BalanceAnalysis) -> str:
    return next(loss.unit for loss in analysis.losses if loss.key == found.loss and loss.layer is Layer.TOTAL)
