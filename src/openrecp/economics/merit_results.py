"""What the measures of merit of a project are kept in, beside payback, net present value and internal rate."""

from __future__ import annotations

from dataclasses import dataclass

from openrecp.economics.investment import Avoided
from openrecp.figures import Figure


@dataclass(frozen=True, slots=True)
class LevelisedCost:
    """What a unit of something avoided costs.

    Attributes
    ----------
    avoided : Avoided
    gross : Figure
        Costs without the savings [money/unit].
    net : Figure
        Costs less savings, the abatement cost [money/unit]; negative where avoiding it earns money.
    """

    avoided: Avoided
    gross: Figure
    net: Figure


@dataclass(frozen=True, slots=True)
class MeritFigures:
    """Measures of merit, in the order in which they are shown.

    Attributes
    ----------
    discounted_payback : Figure
        [yr]
    modified_irr : Figure
        [%]
    annual_worth : Figure
        [money/yr]
    benefit_cost_ratio, savings_to_investment : Figure
    adjusted_irr : Figure
        [%]
    real_irr : Figure or None
        Where there is an inflation [%].
    loan_subsidies : tuple of Figure
        Value of each loan whose market rate is given [money].
    grants_value, credits_value : Figure or None
        Where there are any [money].
    levelised : tuple of LevelisedCost
        For each quantity avoided.
    cost_of_delay : Figure
        [money]
    month_of_waiting : Figure
        [money/month]
    """

    discounted_payback: Figure
    modified_irr: Figure
    annual_worth: Figure
    benefit_cost_ratio: Figure
    savings_to_investment: Figure
    adjusted_irr: Figure
    real_irr: Figure | None
    loan_subsidies: tuple[Figure, ...]
    grants_value: Figure | None
    credits_value: Figure | None
    levelised: tuple[LevelisedCost, ...]
    cost_of_delay: Figure
    month_of_waiting: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All of them; those that the project has no use for are left out."""
        support = (self.real_irr, *self.loan_subsidies, self.grants_value, self.credits_value)
        units = (figure for each in self.levelised for figure in (each.gross, each.net))
        return (
            self.discounted_payback,
            self.modified_irr,
            self.annual_worth,
            self.benefit_cost_ratio,
            self.savings_to_investment,
            self.adjusted_irr,
            *(figure for figure in support if figure is not None),
            *units,
            self.cost_of_delay,
            self.month_of_waiting,
        )
