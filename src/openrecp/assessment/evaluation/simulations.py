"""Monte Carlo simulation of one option: inputs as worksheet 16 states them, else between worst and best case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from openrecp.assessment.evaluation.cost_data import CostData
from openrecp.assessment.evaluation.economics_results import (
    Percentile,
    RiskDriver,
    UncertaintyResult,
    UncertainValue,
)
from openrecp.assessment.evaluation.places import place
from openrecp.assessment.evaluation.terms import Terms
from openrecp.assessment.worksheets.risk import Likelihood, UncertainInput, UncertainSubject
from openrecp.economics.cases import CaseName
from openrecp.economics.evaluation import Evaluation as Appraisal
from openrecp.economics.inputs import ProjectInput, project_inputs
from openrecp.economics.uncertainty import (
    Constant,
    Correlation,
    Discrete,
    Distribution,
    MonteCarlo,
    Normal,
    Pert,
    SpreadFigures,
    Triangular,
    Uniform,
    monte_carlo,
    simulation_figures,
    triangular_from_cases,
)
from openrecp.economics.uncertainty import UncertainInput as Drawn
from openrecp.errors import Issue, Severity, UnusableInput, Where, problem
from openrecp.figures import unit_words
from openrecp.texts import Text, text

# Enough for two digits of the probability of a gain, and quick.
DRAWS: Final = 10_000
SEED: Final = 1988
_SHOWN: Final = (5.0, 25.0, 50.0, 75.0, 95.0)
_SCORE_OF_95_PERCENT: Final = 1.6448536269514722
# Years of life are whole: a distribution is put in by so many of its values, rounded.
_STEPS: Final = 200
_BY_CASE: Final = ("capital", "savings", "costs")
_PERCENTAGES: Final = frozenset({"%"})


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulation, or why there is none."""

    result: UncertaintyResult | None
    reason: Text | None = None
    issues: tuple[Issue, ...] = ()


def simulated(option: str, appraisal: Appraisal, data: CostData, terms: Terms) -> Simulated:
    """Simulate an option."""
    known = project_inputs(appraisal.project)
    issues = tuple(uncertain_issues(option, data, known))
    try:
        stated = list(_stated(data, known))
        drawn = stated or list(_from_cases(known, terms))
        correlations = list(_correlations(data, known))
        if not drawn:
            return Simulated(None, text("none of its inputs is uncertain"), issues)
        found = monte_carlo(
            appraisal.project, drawn, correlations, DRAWS, SEED, appraisal.conventions, workers=1
        )
    except UnusableInput as refused:
        return Simulated(
            None,
            text("its uncertain inputs cannot be used: {why}", why=_words(refused)),
            (*issues, *refused.issues),
        )
    return Simulated(_result(found, stated=bool(stated)), issues=issues)


def _words(refused: UnusableInput) -> list[Text]:
    return [Text(issue.message, issue.values) for issue in refused.issues]


def _from_cases(known: dict[str, ProjectInput], terms: Terms) -> Iterator[Drawn]:
    """Capital, savings and costs between the worst and the best case of worksheet 16."""
    cases = {each.name: each for each in terms.scenarios}
    best, worst = cases[CaseName.BEST], cases[CaseName.WORST]
    for key in _BY_CASE:
        if key in known:
            base = known[key].value
            ends = [base * (1.0 + getattr(case, key)) for case in (best, worst)]
            distribution = triangular_from_cases(ends[0], base, ends[1])
            if not isinstance(distribution, Constant):
                yield Drawn(key, distribution, _case_place(key))


def _case_place(key: str) -> Where:
    field = {"capital": "best_capital", "savings": "best_gains", "costs": "best_expenses"}[key]
    return place("financial_terms", None, field)


def _stated(data: CostData, known: dict[str, ProjectInput]) -> Iterator[Drawn]:
    for key, record in data.uncertain:
        own = _input_of(record, data, known)
        if own is None or record.low is None or record.high is None or record.low > record.high:
            continue
        where = place("uncertain_inputs", key)
        try:
            yield Drawn(own.key, _distribution(record, own), where)
        except UnusableInput as refused:
            raise UnusableInput(issue.at(where) for issue in refused.issues) from None


def uncertain_issues(option: str, data: CostData, known: dict[str, ProjectInput]) -> Iterator[Issue]:
    """Uncertain inputs that are not drawn: limits the wrong way round, or nothing of the project."""
    for key, record in data.uncertain:
        if record.subject is None or record.low is None or record.high is None:
            continue
        if record.low > record.high:
            yield problem(
                "uncertain-limits-reversed",
                "{option}: “{subject}” is not drawn, because its lowest value {low} is above its highest, {high}.",
                where=place("uncertain_inputs", key, "low"),
                severity=Severity.WARNING,
                option=option,
                subject=record.subject,
                low=record.low,
                high=record.high,
            )
        elif _input_of(record, data, known) is None:
            yield problem(
                "uncertain-input-unknown",
                "{option}: “{subject}” is not drawn, because the option has no such input, or several of that item.",
                where=place("uncertain_inputs", key, "subject"),
                severity=Severity.WARNING,
                option=option,
                subject=record.subject,
            )


def _input_of(record: UncertainInput, data: CostData, known: dict[str, ProjectInput]) -> ProjectInput | None:
    """The input of the project that a record is about; None where the project has no such input, or several."""
    subject = record.subject
    if subject is None:
        return None
    if record.item is None or subject not in {UncertainSubject.SAVINGS, UncertainSubject.COSTS}:
        return known.get(subject.value.replace("-", "_"))
    field = "gain" if subject is UncertainSubject.SAVINGS else "expense"
    item = record.item.value
    keys = [f"{item}-{field}-{key}" for key, each in data.operating if each.item is record.item]
    found = [known[key] for key in keys if key in known]
    return found[0] if len(found) == 1 else None


def _distribution(record: UncertainInput, own: ProjectInput) -> Distribution:
    """As stated; costs are entered as positive amounts, which the project has as negative ones."""
    factor = 0.01 if own.unit in _PERCENTAGES else 1.0
    if own.value < 0:
        factor = -factor
    ends = sorted(float(number or 0) * factor for number in (record.low, record.high))
    likely = own.value if record.likely is None else float(record.likely) * factor
    found = _shaped(record.likelihood, ends[0], likely, ends[1])
    return _whole(found) if own.is_whole else found


def _shaped(likelihood: Likelihood | None, low: float, likely: float, high: float) -> Distribution:
    if low == high:
        return Constant(low)
    match likelihood:
        case Likelihood.PERT:
            return Pert(low, likely, high)
        case Likelihood.UNIFORM:
            return Uniform(low, high)
        case Likelihood.NORMAL:
            return Normal(0.5 * (low + high), 0.5 * (high - low) / _SCORE_OF_95_PERCENT)
        case _:
            return Triangular(low, likely, high)


def _whole(distribution: Distribution) -> Distribution:
    """The same in whole years."""
    shares = (np.arange(_STEPS) + 0.5) / _STEPS
    years = [round(float(value)) for value in distribution.quantile(shares)]
    values = sorted(set(years))
    if len(values) == 1:
        return Constant(float(values[0]))
    return Discrete(
        tuple(float(value) for value in values), tuple(years.count(value) / _STEPS for value in values)
    )


def _correlations(data: CostData, known: dict[str, ProjectInput]) -> Iterator[Correlation]:
    for key, record in data.uncertain:
        own, other = _input_of(record, data, known), record.moves_with
        if own is None or other is None or record.correlation is None:
            continue
        with_key = _key_of(other, data, known)
        if with_key is not None and with_key != own.key:
            yield Correlation(
                own.key, with_key, float(record.correlation), source=place("uncertain_inputs", key)
            )


def _key_of(subject: UncertainSubject, data: CostData, known: dict[str, ProjectInput]) -> str | None:
    """The input that another record of the option states for a subject."""
    for _, record in data.uncertain:
        if record.subject is subject:
            own = _input_of(record, data, known)
            return None if own is None else own.key
    return None


def _result(found: MonteCarlo, *, stated: bool) -> UncertaintyResult:
    figures = simulation_figures(found)
    inputs = tuple(
        UncertainValue(
            found.inputs[each.key].name,
            _described(each.distribution, found.inputs[each.key]),
            stated,
        )
        for each in found.uncertain
        if each.key in found.inputs
    )
    return UncertaintyResult(
        draws=found.draws,
        seed=found.seed,
        inputs=inputs,
        origin=_origin(stated=stated),
        profitable=figures.probability,
        npv=_percentiles(figures.npv),
        irr=_percentiles(figures.irr),
        payback=_percentiles(figures.payback),
        npv_mean=figures.npv.mean,
        npv_sd=figures.npv.sd,
        histogram=found.npv.histogram(),
        drivers=tuple(
            RiskDriver(each.name, each.share, float(each.rank_correlation.value or 0.0))
            for each in figures.drivers
        ),
        conclusion=_conclusion(found),
        notes=(figures.drivers_note, figures.origin),
    )


def _percentiles(figures: SpreadFigures) -> tuple[Percentile, ...]:
    return tuple(Percentile(percent, figure) for percent, figure in figures.percentiles if percent in _SHOWN)


def _described(distribution: Distribution, known: ProjectInput) -> Text:
    factor = 100.0 if known.unit == "%" else 1.0
    return text(
        "{kind}: {values} {unit}",
        kind=distribution.kind,
        values=[
            text("{name} {value}", name=name, value=round(value * factor, 4))
            for name, value in distribution.parameters
        ],
        unit=unit_words(known.unit),
    )


def _origin(*, stated: bool) -> Text:
    if stated:
        return text("The uncertain inputs are those of worksheet 16; the others stay as entered.")
    return text(
        "No uncertain input is entered. Capital, savings and costs are drawn from triangular distributions between "
        "the worst and the best case of worksheet 16, with the base case as the most likely value, each apart from "
        "the others."
    )


def _conclusion(found: MonteCarlo) -> Text:
    share = found.probability_of_gain
    driver = found.drivers.drivers[0] if found.drivers.drivers else None
    if driver is None or driver.share is None:
        return text(
            "In {percent} % of {draws} draws its net present value is above zero.",
            percent=round(share.value * 100.0, 1),
            draws=found.draws,
        )
    return text(
        "In {percent} % of {draws} draws its net present value is above zero; {driver} matters most.",
        percent=round(share.value * 100.0, 1),
        draws=found.draws,
        driver=found.inputs[driver.key].name,
    )
