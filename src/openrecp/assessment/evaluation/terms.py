"""The owner's terms, with a stated default for each that was not entered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.places import place, place_of
from openrecp.assessment.evaluation.quantities import money_figure
from openrecp.assessment.evaluation.results import Parameter
from openrecp.assessment.evaluation.shares import shares_in
from openrecp.assessment.spec import Money
from openrecp.assessment.worksheets.terms import DepreciationMethod as Method
from openrecp.assessment.worksheets.terms import OptionTerms
from openrecp.balances.closure import STARTING_THRESHOLD
from openrecp.economics.cases import STARTING_SCENARIOS, CaseName, Scenario
from openrecp.economics.criteria import AcceptanceCriteria, RiskAdjustment
from openrecp.economics.depreciation import Depreciation, DepreciationMethod
from openrecp.economics.loans import Grace, Loan, Repayment
from openrecp.economics.prices import PriceBasis, Prices
from openrecp.economics.sensitivity import STARTING_CHANGE
from openrecp.errors import Where
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text


def _appendix(value: str) -> Text:
    return text("the manual's worked example (工業減廢評估, appendix 8) takes {value}", value=value)


_CASE_SOURCE: Final = text(
    "a preliminary estimate is good to about 20 % (Peters and Timmerhaus, Plant Design and Economics for "
    "Chemical Engineers); the owner's own range replaces this"
)
_EASED: Final = text("4 to 5 years, 15 to 12 % (工業減廢評估, section 4.2.4)")
_METHODS: Final = {method: DepreciationMethod(method.value) for method in Method}


@dataclass(frozen=True, slots=True)
class _Term:
    """A field of worksheet 16 and what stands in for it; without a default, the discount rate does.

    One without a source is shown only where it was entered, and nothing stands in for it.
    """

    key: str
    name: Text
    default: Decimal | None
    unit: str
    source: Text | None = None
    whole: bool = False

    @property
    def field(self) -> str:
        return self.key.replace("-", "_")


def _percent(change: float) -> Decimal:
    return Decimal(str(change)) * 100


_BEST, _WORST = STARTING_SCENARIOS[0], STARTING_SCENARIOS[-1]
_TERMS: Final = (
    _Term("discount-rate", text("Discount rate"), Decimal(15), "%", _appendix("15 %")),
    _Term(
        "maximum-payback",
        text("Longest payback accepted"),
        Decimal(4),
        "yr",
        text("3 to 4 years are usually accepted for low risk (工業減廢評估, section 4.2.3)"),
    ),
    _Term(
        "minimum-irr",
        text("Lowest IRR accepted"),
        None,
        "%",
        text("the discount rate; 12 to 15 % after tax is usual for low risk (工業減廢評估, section 4.2.3)"),
    ),
    _Term("capital-budget", text("Capital budget"), None, ""),
    _Term("longer-payback", text("Longer payback for less risk"), Decimal(1), "yr", _EASED),
    _Term("lower-irr", text("Lower IRR for less risk"), Decimal(3), "point", _EASED),
    _Term(
        "tax-rate",
        text("Income tax rate"),
        Decimal(0),
        "%",
        text("none was entered, so all results are before tax"),
    ),
    _Term("other-tax", text("Tax of other income a year"), None, ""),
    _Term("escalation", text("General price rise a year"), Decimal(0), "%", text("prices stay as they are")),
    _Term("inflation", text("Inflation a year"), None, "%"),
    _Term("life", text("Project life"), Decimal(8), "yr", _appendix("8"), whole=True),
    _Term("depreciation-life", text("Depreciation life"), Decimal(7), "yr", _appendix("7"), whole=True),
    _Term("best-capital", text("Best case: capital"), _percent(_BEST.capital), "%", _CASE_SOURCE),
    _Term("best-gains", text("Best case: savings and revenue"), _percent(_BEST.savings), "%", _CASE_SOURCE),
    _Term("best-expenses", text("Best case: added costs"), _percent(_BEST.costs), "%", _CASE_SOURCE),
    _Term("worst-capital", text("Worst case: capital"), _percent(_WORST.capital), "%", _CASE_SOURCE),
    _Term(
        "worst-gains", text("Worst case: savings and revenue"), _percent(_WORST.savings), "%", _CASE_SOURCE
    ),
    _Term("worst-expenses", text("Worst case: added costs"), _percent(_WORST.costs), "%", _CASE_SOURCE),
    _Term(
        "variation",
        text("Variation in the sensitivity analysis"),
        _percent(STARTING_CHANGE),
        "%",
        text("a common starting point; it says which input matters most, not how likely a change is"),
    ),
)


@dataclass(frozen=True)
class Terms:
    """The terms of worksheet 16 as the calculations take them: fractions, whole years.

    Every attribute comes from a `Parameter`, so that the report can show what was entered and what assumed.
    """

    assessment: Assessment

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """All terms and thresholds, in the order of worksheet 16."""
        return tuple(self._parameters())

    def value(self, key: str) -> float:
        """The number of a parameter, a fraction where it is a percentage."""
        figure = next(each.figure for each in self.parameters if each.key == key)
        number = float(figure.value or 0)
        return number / 100.0 if figure.unit in {"%", "point"} else number

    def where(self, key: str) -> Where | Text:
        """Where a parameter comes from: the field, or the rule that stands in for it."""
        parameter = next(each for each in self.parameters if each.key == key)
        source = parameter.figure.source
        return source if isinstance(source, (Where, Text)) else parameter.where

    def _parameters(self) -> Iterator[Parameter]:
        for term in _TERMS:
            if self._is_shown(term):
                yield self._parameter(term)
        yield Parameter(
            "closure-threshold",
            Figure(
                text("Gap of a balance not told from measuring error"),
                _percent(STARTING_THRESHOLD),
                "%",
                basis=Basis.ASSUMED,
                source=text("usual error of flow measurements; see 工業減廢評估, section 3.1.4"),
            ),
            place("flows"),
        )

    def _is_shown(self, term: _Term) -> bool:
        """Whether the term means something here: it is used, and entered where nothing stands in for it."""
        if term.source is None:
            return getattr(self.assessment.financial_terms, term.field) is not None
        if term.source is _EASED:
            return any(each.lowers_risk for each in self.assessment.option_terms)
        return term.key != "depreciation-life" or not self.pre_tax

    def _parameter(self, term: _Term) -> Parameter:
        entered: Decimal | Money | None = getattr(self.assessment.financial_terms, term.field)
        where = place("financial_terms", None, term.field)
        if isinstance(entered, Money):
            return Parameter(term.key, money_figure(term.name, entered, where), where)
        if entered is not None:
            value = Decimal(max(1, int(entered))) if term.whole else entered
            return Parameter(
                term.key, Figure(term.name, value, term.unit, basis=Basis.RECORDED, source=where), where
            )
        default = term.default
        if default is None:
            rate = self.assessment.financial_terms.discount_rate
            default = _TERMS[0].default if rate is None else rate
        return Parameter(
            term.key, Figure(term.name, default, term.unit, basis=Basis.ASSUMED, source=term.source), where
        )

    @property
    def pre_tax(self) -> bool:
        """Whether there is no income tax, so that results are before tax."""
        return not self.assessment.financial_terms.tax_rate

    @property
    def variation(self) -> float:
        """Change of each input in the tornado, as a fraction."""
        return self.value("variation")

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Best, base and worst case."""
        return tuple(
            Scenario(
                name,
                capital=self.value(f"{name.value}-capital"),
                savings=self.value(f"{name.value}-gains"),
                costs=self.value(f"{name.value}-expenses"),
            )
            if name is not CaseName.BASE
            else Scenario(name)
            for name in CaseName
        )

    def life(self, own: OptionTerms | None) -> int:
        """Operating years of an option."""
        return max(1, int(own.life)) if own is not None and own.life is not None else int(self.value("life"))

    def loan(self, own: OptionTerms | None) -> Loan | None:
        """The loan of the general terms; an incomplete one counts as equity, which a check says."""
        terms = self.assessment.financial_terms
        share = own.loan_share if own is not None and own.loan_share is not None else terms.loan_share
        if not share or terms.loan_interest is None or terms.loan_years is None:
            return None
        market, years = terms.loan_market_rate, max(1, int(terms.loan_years))
        grace = int(terms.loan_grace_years or 0)
        return Loan(
            share=float(share) / 100.0,
            interest_rate=float(terms.loan_interest) / 100.0,
            years=years,
            repayment=terms.loan_repayment or Repayment.EQUAL_PRINCIPAL,
            # A check says so where grace leaves no year to repay in.
            grace_years=grace if grace < years else 0,
            grace=terms.loan_grace or Grace.INTEREST,
            market_rate=None if market is None else float(market) / 100.0,
        )

    def construction_years(self, own: OptionTerms | None) -> int:
        """Years before start-up."""
        years = own.construction_years if own is not None else None
        return int(self.assessment.financial_terms.construction_years or 0) if years is None else int(years)

    def spending(self, own: OptionTerms | None) -> tuple[float, ...]:
        """Shares of the capital in the years of construction; none where those entered are for other years."""
        shares = shares_in(self.assessment.financial_terms.construction_shares)
        return shares if len(shares) == self.construction_years(own) else ()

    def depreciation(self, own: OptionTerms | None) -> Depreciation | None:
        """How capital is written off; None where there is no tax. A table without shares is a straight line."""
        terms = self.assessment.financial_terms
        if not terms.tax_rate:
            return None
        entered = own.depreciation if own is not None and own.depreciation is not None else terms.depreciation
        shares = shares_in(terms.depreciation_shares)
        method = _METHODS[entered or Method.STRAIGHT_LINE]
        if method is DepreciationMethod.TABLE and not shares:
            method = DepreciationMethod.STRAIGHT_LINE
        life = own.depreciation_life if own is not None else None
        return Depreciation(
            method,
            int(self.value("depreciation-life")) if life is None else max(1, int(life)),
            2.0 if terms.declining_factor is None else float(terms.declining_factor),
            shares if method is DepreciationMethod.TABLE else (),
        )

    @property
    def prices(self) -> Prices:
        """Whether rates hold inflation, and the year of the prices."""
        terms = self.assessment.financial_terms
        return Prices(
            basis=terms.price_basis or PriceBasis.NOMINAL,
            inflation=0.0 if terms.inflation is None else float(terms.inflation) / 100.0,
            year=None if terms.cost_base is None else terms.cost_base.year,
        )

    @property
    def budget(self) -> float | None:
        """The most that the options together may cost, if there is a limit [money]."""
        entered = self.assessment.financial_terms.capital_budget
        # A check of the limits says so where it is below zero.
        return None if entered is None or entered.minor < 0 else float(entered.amount)

    def risk(self, own: OptionTerms | None) -> RiskAdjustment | None:
        """How far limits are eased for an option that lowers risk or liability."""
        if own is None or not own.lowers_risk:
            return None
        years, points = self.value("longer-payback"), self.value("lower-irr")
        if years < 0 or not 0 <= points <= 1:
            return None  # a check of the limits says so
        return RiskAdjustment(
            own.risk_reason or text("which one is not said"),
            years,
            points,
            place_of(self.assessment, "option_terms", own, "lowers_risk"),
        )

    def criteria(self, own: OptionTerms | None) -> AcceptanceCriteria:
        """What the owner asks of an option."""
        law: str | None = None
        if own is not None and own.required_by_law:
            law = own.law or "–"
        return AcceptanceCriteria(
            maximum_payback=self.value("maximum-payback"),
            minimum_irr=self.value("minimum-irr"),
            required_by_law=law,
            risk=self.risk(own),
        )
