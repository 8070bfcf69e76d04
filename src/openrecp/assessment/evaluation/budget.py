"""The capital budget: which of the options that deserve it are carried out when not all can be.

The best set is found exactly (`openrecp.assessment.evaluation.set_search`). An option that is accepted only for the
risk it lowers cannot be weighed by value; it gets what is left of the budget.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.candidates import Savings, appraisal_of
from openrecp.assessment.evaluation.choosing_results import BudgetChoice, BudgetStep, NotChosen
from openrecp.assessment.evaluation.option_results import Fate, OptionResult
from openrecp.assessment.evaluation.places import place
from openrecp.assessment.evaluation.set_search import TIME_LIMIT, SetSearch, kept_option
from openrecp.economics.choice import BestSet, Candidate, Proof, Reason, best_set
from openrecp.economics.criteria import Verdict
from openrecp.errors import Issue
from openrecp.figures import Basis, Figure, unit_words
from openrecp.texts import Text, text

# How much more money counts as a little more.
_A_LITTLE_MORE: Final = (1.1, 1.25, 1.5)
_MOST_STEPS: Final = 8


@dataclass(frozen=True, slots=True)
class Budgeted:
    """Options as the budget leaves them, the choice behind it, and findings."""

    options: tuple[OptionResult, ...]
    choice: BudgetChoice | None
    issues: tuple[Issue, ...] = ()


def within_budget(
    assessment: Assessment, options: tuple[OptionResult, ...], budget: float, savings: Savings
) -> Budgeted:
    """Choose the best set within the budget; what it leaves out is not recommended now."""
    chosen = [option for option in options if option.selected and appraisal_of(option) is not None]
    weighed = [option for option in chosen if not _only_for_risk(option)]
    if not weighed:
        return Budgeted(options, None)
    search = SetSearch(assessment, tuple(weighed), savings)
    best, offered, given_up = search.best(budget)
    if best.value is None:
        return Budgeted(options, _impossible(search, budget, best, offered), tuple(_placed(best.issues)))
    left = budget - float(best.value.capital.value or 0)
    out = {each.key: each.explanation for each in best.left_out} | given_up
    too_dear = {each.key for each in best.left_out if each.reason is Reason.BUDGET} | set(given_up)
    for option in chosen:
        if _only_for_risk(option) and option.fate is not Fate.REQUIRED:
            appraisal = appraisal_of(option)
            capital = 0.0 if appraisal is None else float(appraisal.total_capital.value or 0)
            if capital <= left:
                left -= capital
            else:
                out[option.number] = _not_affordable(left, assessment)
    for_risk = [option.number for option in chosen if _only_for_risk(option)]
    choice = _choice(search, budget, best, offered, out, for_risk)
    kept = tuple(
        kept_option(option, out, _for_want_of_money(choice) if option.number in too_dear else None)
        for option in options
    )
    return Budgeted(kept, choice, tuple(_placed(best.issues)))


def _only_for_risk(option: OptionResult) -> bool:
    judgement = None if option.economics is None else option.economics.judgement
    npv = None if option.economics is None else option.economics.npv.value
    return judgement is not None and judgement.verdict is Verdict.ACCEPTED_FOR_RISK and float(npv or 0) < 0


def _for_want_of_money(choice: BudgetChoice) -> Text:
    return text(
        "The capital budget of {budget} {currency} is worth more in other options.",
        budget=round(float(choice.budget.value or 0)),
        currency=unit_words(choice.budget.unit),
    )


def _not_affordable(left: float, assessment: Assessment) -> Text:
    return text(
        "It is accepted for the risk it lowers, which the choice by value cannot weigh, and the capital budget leaves "
        "only {left} {currency} for it.",
        left=round(left),
        currency=unit_words(assessment.currency.value),
    )


def _placed(issues: Sequence[Issue]) -> Iterator[Issue]:
    for issue in issues:
        known = (issue.where.path or "").startswith("options[")
        yield issue if known else issue.at(place("financial_terms", None, "capital_budget"))


def _choice(
    search: SetSearch,
    budget: float,
    best: BestSet,
    offered: list[Candidate],
    out: dict[str, Text],
    for_risk: list[str],
) -> BudgetChoice:
    value = best.value
    if value is None:
        raise ValueError("there is no set")
    order = [option.number for option in search.assessment.options if option.number]
    # What needs no capital is done at once, even where no saving is counted for it.
    free = {each.key for each in offered if not each.capital and each.npv >= 0}
    chosen = {*best.chosen, *free}
    return BudgetChoice(
        budget=_budget(search, budget),
        candidates=tuple(number for number in order if number in {each.key for each in offered} | set(out)),
        chosen=tuple(number for number in order if number in chosen),
        not_chosen=tuple(
            NotChosen(number, out[number]) for number in order if number in out and number not in chosen
        ),
        capital=value.capital,
        npv=value.npv,
        annual_saving=value.annual_saving,
        unspent=best.unspent,
        gap=best.relative_gap,
        proven=best.proof is Proof.OPTIMAL,
        with_more=_with_more(search, budget, best, offered) if best.left_out else None,
        sentence=_sentence(search, budget, best, out),
        notes=tuple(_notes(offered, for_risk)),
    )


def _budget(search: SetSearch, budget: float) -> Figure:
    return Figure(
        text("Capital budget"),
        budget,
        search.money,
        basis=Basis.RECORDED,
        source=place("financial_terms", None, "capital_budget"),
    )


def _sentence(search: SetSearch, budget: float, best: BestSet, out: dict[str, Text]) -> Text:
    npv = 0 if best.value is None else round(float(best.value.npv.value or 0))
    if not out:
        return text(
            "The capital budget of {budget} {currency} carries every option that deserves it.",
            budget=round(budget),
            currency=unit_words(search.money),
        )
    if best.proof is Proof.OPTIMAL:
        return text(
            "No other set within the budget of {budget} {currency} has a higher net present value than this one, "
            "{npv}; that is proven.",
            budget=round(budget),
            currency=unit_words(search.money),
            npv=npv,
        )
    return text(
        "The best set found within the budget of {budget} {currency} has a net present value of {npv}; a better one is "
        "not ruled out.",
        budget=budget,
        currency=unit_words(search.money),
        npv=npv,
    )


def _notes(offered: list[Candidate], for_risk: list[str]) -> Iterator[Text]:
    yield text(
        "What counts against the budget is the whole capital of an option, before loans and grants; what the law "
        "requires comes first."
    )
    if for_risk:
        yield text("{options} lower risk, which a choice by value cannot weigh.", options=for_risk)
    if any(each.loads for each in offered):
        yield text("Savings on the same stream are counted once.")


def _with_more(
    search: SetSearch, budget: float, best: BestSet, offered: list[Candidate]
) -> BudgetStep | None:
    """The smallest budget, up to half as much again, with which a better set can be had."""
    if best.value is None:
        return None
    npv = float(best.value.npv.value or 0)
    found: BestSet | None = None
    for factor in _A_LITTLE_MORE:
        tried = best_set(offered, budget * factor, time_limit=TIME_LIMIT)
        if _gain(tried, npv) > 0:
            found = tried
            break
    for _ in range(_MOST_STEPS):
        if found is None or found.value is None:
            return None
        # A set costs what it costs: with a little less than that, is there still a better one?
        capital = float(found.value.capital.value or 0)
        tried = best_set(offered, capital * (1.0 - 1e-6), time_limit=TIME_LIMIT)
        if capital <= budget or _gain(tried, npv) <= 0:
            break
        found = tried
    return None if found is None or found.value is None else _step(search, best, found)


def _gain(found: BestSet, npv: float) -> float:
    value = None if found.value is None else found.value.npv.value
    return -1.0 if value is None else round(float(value) - npv, 6)


def _step(search: SetSearch, best: BestSet, found: BestSet) -> BudgetStep | None:
    if best.value is None or found.value is None:
        return None
    now, then = set(best.chosen), set(found.chosen)
    order = [option.number for option in search.assessment.options if option.number]
    return BudgetStep(
        budget=Figure(
            text("Budget for the next better set"),
            found.value.capital.value,
            search.money,
            text("capital of the set"),
            (found.value.capital,),
        ),
        chosen=tuple(number for number in order if number in then),
        npv=found.value.npv,
        gain=Figure(
            text("Gain of net present value"),
            float(found.value.npv.value or 0) - float(best.value.npv.value or 0),
            search.money,
            text("net present value of that set − that of the best set within the budget"),
            (found.value.npv, best.value.npv),
        ),
        added=tuple(number for number in order if number in then - now),
        dropped=tuple(number for number in order if number in now - then),
    )


def _impossible(search: SetSearch, budget: float, best: BestSet, offered: list[Candidate]) -> BudgetChoice:
    why = text("no set meets the conditions")
    nothing = {
        name: Figure(label, None, search.money, reason=why)
        for name, label in (
            ("capital", text("Capital")),
            ("npv", text("Net present value")),
            ("annual_saving", text("Annual net saving")),
        )
    }
    return BudgetChoice(
        budget=_budget(search, budget),
        candidates=tuple(each.key for each in offered),
        chosen=(),
        not_chosen=(),
        capital=nothing["capital"],
        npv=nothing["npv"],
        annual_saving=nothing["annual_saving"],
        unspent=best.unspent,
        gap=best.relative_gap,
        proven=best.proof is Proof.INFEASIBLE,
        with_more=None,
        sentence=text(
            "No set of options keeps to the capital budget of {budget} {currency}, so it chooses nothing.",
            budget=round(budget),
            currency=unit_words(search.money),
        ),
        notes=tuple(Text(issue.message, issue.values) for issue in best.issues),
    )
