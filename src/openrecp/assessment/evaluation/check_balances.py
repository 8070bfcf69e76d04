"""Checks of what the balances are made from: uncertainties, purchases and stock, ends of flows, compositions."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.check_fields import numbers, subject
from openrecp.assessment.evaluation.places import keyed, place
from openrecp.assessment.evaluation.purchases import consumption, has_store, period_years
from openrecp.assessment.evaluation.readings import (
    ENERGY,
    MASS,
    STOCK,
    Entered,
    Reading,
    factor_to,
    is_energy,
    read_uncertainty,
    sd_of,
    share_sd_of,
)
from openrecp.assessment.spec import Quantity
from openrecp.assessment.worksheets.materials import InputMaterial
from openrecp.assessment.worksheets.site import Direction
from openrecp.balances.flowsheet import Measurement
from openrecp.balances.uncertainty import HALF_WIDTH_95, Uncertainty
from openrecp.entries import EntryError
from openrecp.errors import Issue, Severity, UnitError, problem
from openrecp.figures import Basis

_UNCERTAINTIES: Final = (
    ("input_materials", "consumption_uncertainty", ("consumption",)),
    ("input_materials", "purchases_uncertainty", ("purchases",)),
    ("input_materials", "stock_uncertainty", ("opening_stock", "closing_stock")),
    ("products", "production_uncertainty", ("production",)),
    ("waste_streams", "generation_uncertainty", ("generation",)),
    ("flows", "uncertainty", ("amount",)),
)
"""Fields that say how sure an amount is, and the amounts."""
NUMBERED: Final = ("input_materials", "products", "waste_streams", "flows")
"""Collections whose records a composition may name."""


def balance_input_issues(assessment: Assessment) -> Iterator[Issue]:
    """Every finding about what the balances are made from."""
    yield from _uncertainties(assessment)
    yield from _stores(assessment)
    yield from _ends(assessment)
    yield from _compositions(assessment)


def _uncertainties(assessment: Assessment) -> Iterator[Issue]:
    """Uncertainties that cannot be read or do not fit their amount."""
    for collection, field, amounts in _UNCERTAINTIES:
        for key, record in keyed(assessment.records(collection)):
            words, where = getattr(record, field), place(collection, key, field)
            if words is None:
                continue
            try:
                stated = read_uncertainty(words)
                for amount in amounts:
                    entered = Entered(
                        subject(assessment, collection, key),
                        getattr(record, amount),
                        None,
                        words,
                        place(collection, key, amount),
                        where,
                        getattr(record, "density", None),
                    )
                    if getattr(record, "direction", None) is not Direction.ACCUMULATED:
                        yield from _fit(stated, entered, amount)
            except (EntryError, UnitError) as error:
                yield from (issue.at(where) for issue in error.issues)
    for key, each in keyed(assessment.compositions):
        if each.uncertainty is not None:
            try:
                where = place("compositions", key, "uncertainty")
                stated = read_uncertainty(each.uncertainty, share=True)
                about = subject(assessment, "compositions", key)
                share_sd_of(
                    stated,
                    float(each.share or 0) / 100,
                    Entered(about, None, each.basis, each.uncertainty, where, where),
                )
            except (EntryError, UnitError) as error:
                yield from (issue.at(where) for issue in error.issues)


def _fit(stated: Uncertainty, entered: Entered, field: str) -> Iterator[Issue]:
    """Whether an uncertainty has the size of its amount; raises what is wrong where its unit does not fit."""
    quantity = entered.quantity
    if quantity is None:
        return
    target = _target(quantity, field)
    factor = factor_to(quantity.unit, target, entered.density)
    if not isinstance(factor, Decimal):
        return  # without a mass there is nothing it could fit
    value = float(quantity.value * factor)
    if sd_of(stated, value, entered, target) > abs(value) > 0:
        yield problem(
            "uncertainty-exceeds-amount",
            "{about}: the uncertainty “{words}” is more than the amount itself, {amount}; check its unit, which is that of "
            "the amount where none is written.",
            where=entered.uncertainty_field,
            severity=Severity.WARNING,
            about=entered.about,
            words=entered.words,
            amount=str(quantity),
        )


def _target(quantity: Quantity, field: str) -> str:
    if field.endswith("_stock"):
        return STOCK
    return ENERGY if is_energy(quantity) else MASS


def _stores(assessment: Assessment) -> Iterator[Issue]:
    """Purchases without stock, and purchases and stock that contradict the consumption."""
    for key, record in keyed(assessment.input_materials):
        given = [record.purchases, record.opening_stock, record.closing_stock]
        if any(each is not None for each in given) and not has_store(record):
            yield problem(
                "stock-incomplete",
                "{about}: what was bought is not what was used. Enter the purchased amount, the opening and the closing "
                "stock together, or none of them.",
                where=place("input_materials", key, "purchases"),
                severity=Severity.WARNING,
                about=key,
            )
        elif has_store(record) and record.consumption is None:
            used = consumption(assessment, key, record)
            if used.value is not None and used.value < 0:
                yield problem(
                    "stock-negative",
                    "{about}: the closing stock is more than opening stock and purchases together; correct one of them.",
                    where=place("input_materials", key, "closing_stock"),
                    about=key,
                )
        elif has_store(record):
            yield from _contradiction(assessment, key, record)


def _contradiction(assessment: Assessment, key: str, record: InputMaterial) -> Iterator[Issue]:
    measured = store_measurements(assessment, key, record, Reading())
    if any(each is None for each in measured):
        return
    bought, opening, closing, used = (each for each in measured if each is not None)
    gap = opening.value + bought.value - closing.value - used.value
    error = HALF_WIDTH_95 * math.hypot(opening.sd, bought.sd, closing.sd, used.sd)
    if abs(gap) > error:
        yield problem(
            "stock-contradiction",
            "{about}: opening stock + purchases - closing stock is {found} kg a year, but {used} kg are entered as the "
            "consumption; the difference is more than its error of ±{error} kg. Look for a reading that is wrong, or for "
            "what disappears from the store.",
            where=place("input_materials", key, "consumption"),
            severity=Severity.WARNING,
            about=key,
            found=round(used.value + gap, 3),
            used=round(used.value, 3),
            error=round(error, 3),
        )


def store_measurements(
    assessment: Assessment, key: str, record: InputMaterial, reading: Reading
) -> tuple[Measurement | None, Measurement | None, Measurement | None, Measurement | None]:
    """Purchases, opening stock, closing stock and consumption in kg a year; a stock spread over the period."""
    years = float(period_years(assessment))

    def entered(field: str, basis: Basis | None, words: str) -> Entered:
        return Entered(
            key,
            getattr(record, field),
            basis,
            getattr(record, words),
            place("input_materials", key, field),
            place("input_materials", key, words),
            record.density,
        )

    def stock(field: str) -> Measurement | None:
        found = reading.amount(entered(field, Basis.RECORDED, "stock_uncertainty"), STOCK)
        return found and Measurement(found.value / years, found.sd / years, found.basis, source=found.source)

    used = None
    if record.consumption is not None:
        used = reading.amount(
            entered("consumption", record.consumption_basis, "consumption_uncertainty"), MASS
        )
    bought = reading.amount(entered("purchases", Basis.RECORDED, "purchases_uncertainty"), MASS)
    return bought, stock("opening_stock"), stock("closing_stock"), used


def _ends(assessment: Assessment) -> Iterator[Issue]:
    """Flows that cannot end where they are said to."""
    for key, each in keyed(assessment.flows):
        if each.to_process is None:
            continue
        about, where = subject(assessment, "flows", key), place("flows", key, "to_process")
        if each.direction not in {None, Direction.OUT}:
            yield problem(
                "flow-end-and-direction",
                "{about}: what goes to another process leaves its own; choose “Out of the process”, or leave “To process "
                "No.” empty. It is left out of account now.",
                where=where,
                about=about,
            )
        elif each.to_process == each.process:
            yield problem(
                "flow-to-itself",
                "{about}: the flow begins and ends in process {process}; name the process it goes to.",
                where=where,
                about=about,
                process=each.process,
            )


def _compositions(assessment: Assessment) -> Iterator[Issue]:
    """Compositions of unknown streams, shares entered twice, shares of more than 100 % together."""
    known = {number for collection in NUMBERED for number in numbers(assessment, collection)}
    shares: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for key, each in keyed(assessment.compositions):
        if each.stream is None or each.component is None:
            continue
        about = subject(assessment, "compositions", key)
        if each.stream not in known:
            yield problem(
                "composition-of-unknown",
                "{about}: there is no material, product, waste stream or flow {number}; correct the number.",
                where=place("compositions", key, "stream"),
                about=about,
                number=each.stream,
            )
        name = "".join(each.component.split()).casefold()
        if name in shares[each.stream]:
            yield problem(
                "composition-twice",
                "{about}: the share of {component} in {number} stands twice; the first counts, remove the other.",
                where=place("compositions", key, "share"),
                severity=Severity.WARNING,
                about=about,
                component=each.component,
                number=each.stream,
            )
            continue
        shares[each.stream][name] = each.share or Decimal(0)
    for number, parts in shares.items():
        if sum(parts.values()) > 100:
            yield problem(
                "composition-over-100",
                "{number}: its components come to {total} % together; correct a share, or name only components that do "
                "not contain each other.",
                where=place("compositions"),
                severity=Severity.WARNING,
                number=number,
                total=sum(parts.values()),
            )
