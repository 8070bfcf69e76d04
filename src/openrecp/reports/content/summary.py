"""The one page that management reads: what is lost, what to do first, what to decide, what happens on Monday."""

from __future__ import annotations

from typing import Final

from openrecp.assessment.evaluation.option_results import Fate, OptionResult, SetEconomics
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.reports.blocks import (
    Block,
    Callout,
    Card,
    KeyFigures,
    Paragraph,
    Reference,
    Row,
    Section,
    Step,
    Steps,
    Table,
    paragraph,
    strong,
    total,
)
from openrecp.reports.content.balance_losses import unseen_loss
from openrecp.reports.content.choosing import (
    first_three,
    owner_of,
    profit_cells,
    profit_columns,
    project_of,
    to_carry_out,
)
from openrecp.reports.content.phrases import (
    amount_of,
    bullets,
    currency_of,
    known,
    option_name,
    running,
    stream_name,
)
from openrecp.reports.content.timing import task_time
from openrecp.texts import Language, Text, text

_SHORT_NOTE: Final = 240
_MOST_STEPS: Final = 4
_MOST_DECISIONS: Final = 3


def summary_section(evaluation: Evaluation, language: Language) -> Section:
    """The summary for management; unnumbered, and short enough for one page."""
    chosen = to_carry_out(evaluation)
    blocks: list[Block] = [_opening(evaluation, chosen, language)]
    note = evaluation.assessment.cover.note
    if note and is_short(note):
        blocks.append(paragraph(note))
    cards = _cards(evaluation)
    if cards:
        blocks.append(KeyFigures(cards))
    if chosen:
        blocks.append(_first_three(evaluation, chosen))
    decisions = _decisions(evaluation, chosen)
    if evaluation.selected is not None and evaluation.selected.cautions:
        blocks.append(
            Callout("caution", (_caution(evaluation.selected, language),), text("Before you decide"))
        )
    if decisions:
        blocks.append(Callout("decision", (bullets(decisions),), text("What has to be decided, and by whom")))
    # Many decisions leave less room on the one page.
    steps = _monday(evaluation, chosen)[
        : _MOST_STEPS if len(decisions) <= _MOST_DECISIONS else _MOST_STEPS - 1
    ]
    if steps:
        blocks += [paragraph(strong(text("What happens on Monday")), style="lead"), Steps(steps)]
    heading = text("What the plant loses, and what to do first")
    if not chosen:
        heading = text("What was found, and what is still missing")
        blocks += _missing(evaluation)
    return Section(heading, tuple(blocks), key="summary", numbered=False)


def is_short(note: str) -> bool:
    """Whether a note still fits the one page; a Chinese character takes the room of two or three letters."""
    return len(note.encode()) <= _SHORT_NOTE


def _opening(evaluation: Evaluation, chosen: tuple[OptionResult, ...], language: Language) -> Block:
    cost, together = evaluation.stream_totals.total_cost, evaluation.selected
    dearest = max(evaluation.streams, key=lambda each: amount_of(each.total_cost), default=None)
    sentences: list[Text | None] = []
    if known(cost):
        sentences.append(text("Waste costs the plant {cost} a year.", cost=cost))
        if dearest is not None and len(evaluation.streams) > 1 and known(dearest.share):
            sentences.append(
                text(
                    "{stream} alone makes up {share} of it.", stream=stream_name(dearest), share=dearest.share
                )
            )
    elif evaluation.streams:
        sentences.append(
            text("What the waste costs is not known yet: no cost was entered for any waste stream.")
        )
    else:
        sentences.append(text("No waste stream has been described yet."))
    sentences.append(unseen_loss(evaluation.balance))
    if together is not None and known(together.net_saving):
        sentences.append(
            text(
                "What this report recommends needs {capital} and saves {saving} a year.",
                capital=together.capital,
                saving=together.net_saving,
            )
        )
    elif chosen:
        sentences.append(text("Options recommended here: {count}.", count=len(chosen)))
    elif evaluation.options:
        sentences.append(
            text("None of the {count} options can be recommended yet.", count=len(evaluation.options))
        )
    return running(language, *sentences, style="lead")


def _cards(evaluation: Evaluation) -> tuple[Card, ...]:
    totals, together = evaluation.stream_totals, evaluation.selected
    cards = []
    if known(totals.total_cost):
        cards.append(Card(text("What waste costs a year"), totals.total_cost, _parts_of_cost(evaluation)))
    if together is None:
        return tuple(cards)
    if known(together.payback):
        rate = text("return {irr} a year", irr=together.irr) if known(together.irr) else ""
        cards.append(Card(text("Payback"), together.payback, rate))
    if known(together.net_saving):
        cards.append(Card(text("Saving a year"), together.net_saving, _saved_share(evaluation)))
    if known(together.capital):
        value = text("net present value {npv}", npv=together.npv) if known(together.npv) else ""
        cards.append(Card(text("Capital needed"), together.capital, value))
    return tuple(cards)


def _parts_of_cost(evaluation: Evaluation) -> Text | str:
    totals = evaluation.stream_totals
    managed, lost = totals.management_cost, totals.lost_material_cost
    if known(managed) and known(lost):
        return text("management {managed}, lost material {lost}", managed=managed, lost=lost)
    if known(managed):
        return text("management only; the value of lost material was not given")
    return text("lost material only; the cost of management was not given")


def _saved_share(evaluation: Evaluation) -> Text | str:
    together, cost = evaluation.selected, amount_of(evaluation.stream_totals.total_cost)
    if together is None or cost <= 0:
        return ""
    share = amount_of(together.net_saving) / cost * 100
    if not 0 < share < 100:
        return ""
    return text("as much as {share} % of what waste costs", share=round(share))


def _first_three(evaluation: Evaluation, chosen: tuple[OptionResult, ...]) -> Table:
    first, together = first_three(evaluation), evaluation.selected
    rows: list[Row] = [Row((option_name(option), *profit_cells(option))) for option in first]
    if together is not None and len(chosen) > 1:
        rows.append(
            total(
                text("All recommended options together"),
                together.payback if known(together.payback) else text("never"),
                together.capital,
                together.net_saving,
                together.npv if known(together.npv) else "–",
                together.irr if known(together.irr) else "–",
            )
        )
    title = text("The three things to do first") if len(first) == 3 else text("What to do first")
    notes = tuple(
        text("{part} is part of {whole} and counts there.", part=option.number, whole=option.contained_in)
        for option in first
        if option.contained_in is not None and together is not None
    )
    columns = profit_columns(currency_of(evaluation), text("Option"))
    return Table(title, columns, tuple(rows), key="first", notes=notes)


def _caution(together: SetEconomics, language: Language) -> Paragraph:
    """The first of the cautions about the sums; the others stand with the sums."""
    more = text("More about this in {where}.", where=Reference("set")) if len(together.cautions) > 1 else None
    return running(language, together.cautions[0], more)


def _decisions(evaluation: Evaluation, chosen: tuple[OptionResult, ...]) -> list[Text]:
    decisions = []
    for option in chosen:
        project = project_of(evaluation, option)
        approved = project is not None and project.approved is True
        if approved or option.fate is Fate.IMMEDIATE or option.contained_in is not None:
            continue
        decisions.append(_approval(option, project.approved_by if project else None))
    more = len(decisions) - _MOST_DECISIONS
    if more > 1:
        rest = text(
            "{count} more projects wait for approval; see {where}.",
            count=more,
            where=Reference("implementation"),
        )
        decisions = [*decisions[:_MOST_DECISIONS], rest]
    studied = evaluation.with_fate(Fate.FURTHER_STUDY)
    if studied:
        decisions.append(
            text(
                "Whether the open questions about {options} are to be followed up: assessment team.",
                options=[option.number for option in studied],
            )
        )
    if any(each.key in _OWNERS_TERMS for each in evaluation.assumptions) and chosen:
        decisions.append(
            text(
                "Which discount rate, payback and return the owner accepts; this report uses common values: owner."
            )
        )
    return decisions


_OWNERS_TERMS = frozenset({"discount-rate", "maximum-payback", "minimum-irr"})


def _approval(option: OptionResult, by: str | None) -> Text:
    economics = option.economics
    if economics is None or not known(economics.capital):
        if by:
            return text("Approval of {option}: {by}.", option=option_name(option), by=by)
        return text("Approval of {option}: management.", option=option_name(option))
    if by:
        return text(
            "Approval of {option}, {capital}: {by}.",
            option=option_name(option),
            capital=economics.capital,
            by=by,
        )
    return text(
        "Approval of {option}, {capital}: management.", option=option_name(option), capital=economics.capital
    )


def _monday(evaluation: Evaluation, chosen: tuple[OptionResult, ...]) -> tuple[Step, ...]:
    """Options that need no capital, then the first tasks of the plan."""
    steps = []
    for option in chosen:
        if option.fate is Fate.IMMEDIATE:
            tasks = [task for task in evaluation.plan.tasks if task.option == option.number]
            when = task_time(tasks[0], evaluation.plan.start) if tasks else text("at once")
            steps.append(Step(option_name(option), owner_of(evaluation, option) or text("to be named"), when))
    waiting = {option.number for option in chosen if option.fate is not Fate.IMMEDIATE}
    tasks = sorted(
        (task for task in evaluation.plan.tasks if task.option in waiting and task.task),
        key=lambda task: task.first_month,
    )
    for task in tasks:
        who = task.responsible or text("to be named")
        when = task_time(task, evaluation.plan.start)
        steps.append(Step(task.task, who, when, named_option(evaluation, task.option)))
    if not evaluation.plan.tasks:
        steps += [
            Step(
                text("Draw up the month plan for {option}", option=option_name(option)),
                owner_of(evaluation, option) or text("to be named"),
            )
            for option in chosen
            if option.fate is not Fate.IMMEDIATE and option.contained_in is None
        ]
    return tuple(steps)


def named_option(evaluation: Evaluation, number: str) -> Text | str:
    """Name of an option by its number."""
    option = evaluation.option(number)
    return option_name(option) if option else number


def _missing(evaluation: Evaluation) -> list[Block]:
    """What an unfinished assessment needs next, in the order of the procedure."""
    document = evaluation.assessment
    needed = []
    if not evaluation.streams:
        needed.append(text("Describe each waste stream: where it arises, how much of it, what it costs."))
    elif not known(evaluation.stream_totals.total_cost):
        needed.append(text("Enter what each waste stream costs, with the value of the material lost in it."))
    if evaluation.streams and not evaluation.stream_ranking.criteria:
        needed.append(text("Weight the criteria and rate the waste streams, so that the worst come first."))
    if not evaluation.options:
        needed.append(
            text("Collect options for reducing the waste streams, best with the people who run them.")
        )
    elif not document.capital_costs and not document.operating_changes:
        needed.append(text("Enter what the options cost and what they save."))
    if not needed:
        return []
    return [Callout("finding", (bullets(needed),), text("What is still missing"))]
