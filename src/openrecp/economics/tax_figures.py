"""Tax, depreciation, credits and the sale of the equipment in a year as figures."""

from __future__ import annotations

from collections.abc import Iterator

from openrecp.economics.cash_flow import CashFlow, taxable_gain
from openrecp.economics.cash_flow_lines import Asset
from openrecp.economics.conventions import StraightLineSwitch
from openrecp.economics.depreciation import Depreciation, DepreciationMethod
from openrecp.economics.funding_figures import rate_figure, years_figure
from openrecp.economics.labels import as_text
from openrecp.economics.taxes import EarnedCredit, Losses
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text


def tax_figure(flow: CashFlow, column: int) -> Figure:
    """The income tax of a year, without that on the sale, with the taxable income below it."""
    project, money = flow.project, flow.project.currency
    parts = [
        Figure(text("Net operating savings"), float(flow.net_savings[column]), money),
        Figure(text("Interest on the loan"), float(flow.interest[column]), money),
        depreciation_figure(flow, column),
    ]
    formula = text("net operating savings − interest − depreciation")
    if flow.grants_taxed[column] or flow.replacements_deducted[column]:
        parts += [
            Figure(text("Grants that are taxed"), float(flow.grants_taxed[column]), money),
            Figure(
                text("Replaced parts, deducted at once"), float(flow.replacements_deducted[column]), money
            ),
        ]
        formula = text(
            "net operating savings − interest − depreciation + grants that are taxed − replaced parts"
        )
    if flow.contract_taxed[column]:
        parts.append(Figure(text("Payments under contract"), float(flow.contract_taxed[column]), money))
        formula = text("{formula} + payments under contract", formula=formula)
    income = Figure(text("Taxable income"), float(flow.taxable_income[column]), money, formula, tuple(parts))
    inputs = [_tax_rate(flow), income]
    how = text("tax rate × taxable income; a loss lowers other tax")
    if project.losses is Losses.CARRIED_FORWARD:
        how = text("tax rate × (taxable income − losses of earlier years), not below zero")
        inputs.append(_losses_used(flow, column))
    return Figure(text("Income tax"), -float(flow.tax[column]) or 0.0, money, how, tuple(inputs))


def _tax_rate(flow: CashFlow) -> Figure:
    project = flow.project
    return rate_figure(text("Income tax rate"), float(project.tax_rate), project.sources.get("tax_rate"))


def _losses_used(flow: CashFlow, column: int) -> Figure:
    used = float(flow.losses_used[column])
    return Figure(text("Losses of earlier years deducted"), used, flow.project.currency)


def credit_parts(flow: CashFlow, column: int) -> Iterator[Figure]:
    """The credits that may be used in a year, what is left of them, and the tax that they may lower."""
    project, money = flow.project, flow.project.currency
    for earned in flow.earned:
        if earned.first <= column <= earned.last:
            yield _credit(earned, money)
    before = flow.credit_open[column - 1] if column else 0.0
    yield Figure(text("Credits still open before"), float(before), money)
    tax = float(flow.tax[column] + flow.sale_tax[column])
    yield Figure(text("Income tax"), tax, money, text("tax of the year before credits"))
    if project.other_tax:
        yield Figure(text("Tax of other income"), float(project.other_tax), money, basis=Basis.ESTIMATED)


def _credit(earned: EarnedCredit, money: str) -> Figure:
    credit = earned.credit
    inputs = [
        rate_figure(text("Share of the cost"), float(credit.rate), credit.source),
        Figure(text("Cost that the credit counts"), float(earned.base), money),
    ]
    formula = text("share × cost")
    if credit.threshold:
        formula = text("share × cost, from the threshold on")
        inputs.append(
            Figure(text("Threshold"), credit.threshold, money, basis=Basis.ASSUMED, source=credit.source)
        )
    if credit.limit_share < 1:
        inputs.append(
            rate_figure(text("Part of a year's tax that it may take"), credit.limit_share, credit.source)
        )
    return Figure(as_text(credit.name), float(earned.amount), money, formula, tuple(inputs))


def salvage_figures(flow: CashFlow) -> Iterator[Figure]:
    """What the equipment fetches, part by part."""
    project, money = flow.project, flow.project.currency
    if project.salvage or not project.residual_value:
        source = project.sources.get("salvage")
        yield Figure(
            text("Salvage value"), float(project.salvage), money, basis=Basis.ESTIMATED, source=source
        )
    for item in project.capital:
        if item.residual:
            name = text("Residual value of {item}", item=item.name)
            yield Figure(name, float(item.residual), money, basis=Basis.ESTIMATED, source=item.source)


def sale_formula(flow: CashFlow) -> Text:
    """How the tax on the sale is counted."""
    if flow.project.losses is Losses.CARRIED_FORWARD:
        return text(
            "tax rate × (taxable income + gain − losses of earlier years), not below zero, less the income tax of the year"
        )
    return text("tax rate × gain over the book value; a loss lowers other tax")


def sale_parts(flow: CashFlow, column: int) -> Iterator[Figure]:
    """The gain of the sale, and what the tax on it is counted from."""
    project, money, book = flow.project, flow.project.currency, float(flow.book_value[column])
    kept = project.fixed_capital - project.depreciable_capital
    parts = [
        *salvage_figures(flow),
        Figure(text("Book value"), book, money, text("cost − depreciation so far")),
    ]
    formula = text("salvage value − book value")
    if kept > 0:
        parts.append(Figure(text("Capital that is not depreciated"), float(kept), money))
        formula = text(
            "salvage value − book value; a gain is lessened by the capital that is not depreciated"
        )
    yield _tax_rate(flow)
    gain = float(taxable_gain(project, book))
    yield Figure(text("Gain on the sale"), gain, money, formula, tuple(parts))
    if project.losses is Losses.CARRIED_FORWARD:
        yield Figure(text("Taxable income"), float(flow.taxable_income[column]), money)
        yield _losses_used(flow, column)
        yield Figure(text("Income tax"), float(flow.tax[column]), money)


def depreciation_figure(flow: CashFlow, column: int) -> Figure:
    """The depreciation of a year, with that of each asset where there are several."""
    name, amount, money = text("Depreciation"), float(flow.depreciation[column]), flow.project.currency
    parts = [part for asset in flow.assets for part in _asset_parts(flow, asset, flow.years[column])]
    if not amount or not parts:
        return Figure(name, amount, money)
    if len(parts) == 1:
        return Figure(name, amount, money, parts[0].formula, parts[0].inputs)
    return Figure(name, amount, money, text("sum of the parts, each by its own method"), tuple(parts))


def _asset_parts(flow: CashFlow, asset: Asset, year: int) -> Iterator[Figure]:
    """What an asset is written off by in a year, if it is."""
    how, shares = asset.depreciation, dict(asset.yearly_shares(flow.conventions.switch))
    if how is None or not asset.cost or not shares.get(year):
        return
    money, cost = flow.project.currency, float(asset.cost)
    before = sum(share for other, share in shares.items() if other < year)
    formula, inputs = _method(flow, how, shares[year], cost * (1.0 - before))
    name = how.method.label
    if asset.year:
        name = text("{method}, parts bought in year {year}", method=name, year=asset.year)
    spent = Figure(text("Cost that is depreciated"), cost, money)
    yield Figure(name, cost * shares[year], money, formula, (spent, *inputs))


def _method(flow: CashFlow, how: Depreciation, share: float, book: float) -> tuple[Text, tuple[Figure, ...]]:
    source = flow.project.sources.get("depreciation.life") if how is flow.project.depreciation else None
    life = years_figure(text("Depreciation life"), how.years, source)
    match how.method:
        case DepreciationMethod.SUM_OF_YEARS:
            return text("cost × years left ÷ sum of the years' digits"), (life,)
        case DepreciationMethod.TABLE:
            return text("cost × share of the year in the table"), (
                rate_figure(text("Share of the year"), share),
            )
        case DepreciationMethod.DECLINING_BALANCE:
            straight = (
                text("book value ÷ years left")
                if flow.conventions.switch is StraightLineSwitch.REMAINING_BOOK
                else text("cost ÷ depreciation life")
            )
            factor = Figure(text("Declining balance factor"), how.factor, basis=Basis.ASSUMED)
            left = Figure(
                text("Book value"),
                flow.conventions.money(book),
                flow.project.currency,
                text("cost − depreciation so far"),
            )
            return (
                text("the larger of book value × factor ÷ depreciation life and {line}", line=straight),
                (life, factor, left),
            )
        case _:
            return text("cost ÷ depreciation life"), (life,)
