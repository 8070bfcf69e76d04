"""Economics of a waste reduction project: cash flow, payback, net present value, internal rate.

Money is in plain units of one currency, rates are fractions a year, positive is money gained. Start
with `Project` and `evaluate_project`; everything shown comes as `openrecp.figures.Figure`.
"""

from openrecp.economics.break_even_values import (
    ZERO_NPV,
    BreakEven,
    BreakEvenPoint,
    break_even,
    break_evens,
)
from openrecp.economics.cases import (
    STARTING_SCENARIOS,
    CaseName,
    NamedResult,
    Scenario,
    ScenarioResult,
    evaluate_scenarios,
)
from openrecp.economics.cash_flow import CashFlow, CashFlowLine, after_tax_cash_flow, year_name
from openrecp.economics.conventions import (
    EPA_1988,
    TEXTBOOK,
    Conventions,
    Mode,
    StraightLineSwitch,
    conventions_of,
)
from openrecp.economics.criteria import (
    AcceptanceCriteria,
    Check,
    Judgement,
    RiskAdjustment,
    Verdict,
    judge_profit,
    judge_project,
    npv_for_risk,
)
from openrecp.economics.depreciation import (
    Depreciation,
    DepreciationMethod,
    declining_balance,
    given_shares,
    straight_line,
    sum_of_years,
)
from openrecp.economics.estimate import OperatingEstimate, estimated_operating
from openrecp.economics.evaluation import Evaluation, evaluate_project, payback_figure
from openrecp.economics.financing import (
    ALL_EQUITY,
    Financing,
    Funding,
    funding,
)
from openrecp.economics.grants import Grant, Milestone
from openrecp.economics.inputs import ProjectInput, changed_totals, project_inputs
from openrecp.economics.investment import Avoided, CapitalItem
from openrecp.economics.loans import Grace, Loan, LoanSchedule, Repayment, annuity, loan_schedule
from openrecp.economics.measures import Measure, Target
from openrecp.economics.merit_results import LevelisedCost, MeritFigures
from openrecp.economics.merits import MERITS, Merits, merits_of_many
from openrecp.economics.modes import ModeComparison, ModeStep, mode_differences
from openrecp.economics.operating import (
    DerivedItem,
    OperatingClass,
    OperatingItem,
    OperatingLine,
    annual_amounts,
    yearly_amounts,
)
from openrecp.economics.payments import ContractPayment
from openrecp.economics.prices import PriceBasis, Prices
from openrecp.economics.profitability import (
    InternalRate,
    InternalRates,
    Merit,
    Payback,
    RootCount,
    adjusted_internal_rate,
    annual_worth,
    benefit_cost_ratio,
    capital_recovery_factor,
    cost_of_delay,
    discounted_payback,
    internal_rate_of_return,
    internal_rates_of_return,
    levelised_cost,
    modified_internal_rate,
    net_present_value,
    nominal_rate,
    present_values,
    real_rate,
    savings_to_investment_ratio,
    simple_payback,
)
from openrecp.economics.project import Project
from openrecp.economics.replacement import Replacement
from openrecp.economics.scenarios import Change, Event, EventKind, NamedScenario, scenario_project
from openrecp.economics.sensitivity import STARTING_CHANGE, Outcome, Range, Swing, tornado
from openrecp.economics.taxes import IncomeTax, Losses, TaxCredit, income_tax
from openrecp.economics.two_way import STARTING_CHANGES, TableAxis, TwoWayTable, two_way_table

__all__ = [
    "ALL_EQUITY",
    "EPA_1988",
    "MERITS",
    "STARTING_CHANGE",
    "STARTING_CHANGES",
    "STARTING_SCENARIOS",
    "TEXTBOOK",
    "ZERO_NPV",
    "AcceptanceCriteria",
    "Avoided",
    "BreakEven",
    "BreakEvenPoint",
    "CapitalItem",
    "CaseName",
    "CashFlow",
    "CashFlowLine",
    "Change",
    "Check",
    "ContractPayment",
    "Conventions",
    "Depreciation",
    "DepreciationMethod",
    "DerivedItem",
    "Evaluation",
    "Event",
    "EventKind",
    "Financing",
    "Funding",
    "Grace",
    "Grant",
    "IncomeTax",
    "InternalRate",
    "InternalRates",
    "Judgement",
    "LevelisedCost",
    "Loan",
    "LoanSchedule",
    "Losses",
    "Measure",
    "Merit",
    "MeritFigures",
    "Merits",
    "Milestone",
    "Mode",
    "ModeComparison",
    "ModeStep",
    "NamedResult",
    "NamedScenario",
    "OperatingClass",
    "OperatingEstimate",
    "OperatingItem",
    "OperatingLine",
    "Outcome",
    "Payback",
    "PriceBasis",
    "Prices",
    "Project",
    "ProjectInput",
    "Range",
    "Repayment",
    "Replacement",
    "RiskAdjustment",
    "RootCount",
    "Scenario",
    "ScenarioResult",
    "StraightLineSwitch",
    "Swing",
    "TableAxis",
    "Target",
    "TaxCredit",
    "TwoWayTable",
    "Verdict",
    "adjusted_internal_rate",
    "after_tax_cash_flow",
    "annual_amounts",
    "annual_worth",
    "annuity",
    "benefit_cost_ratio",
    "break_even",
    "break_evens",
    "capital_recovery_factor",
    "changed_totals",
    "conventions_of",
    "cost_of_delay",
    "declining_balance",
    "discounted_payback",
    "estimated_operating",
    "evaluate_project",
    "evaluate_scenarios",
    "funding",
    "given_shares",
    "income_tax",
    "internal_rate_of_return",
    "internal_rates_of_return",
    "judge_profit",
    "judge_project",
    "levelised_cost",
    "loan_schedule",
    "merits_of_many",
    "mode_differences",
    "modified_internal_rate",
    "net_present_value",
    "nominal_rate",
    "npv_for_risk",
    "payback_figure",
    "present_values",
    "project_inputs",
    "real_rate",
    "savings_to_investment_ratio",
    "scenario_project",
    "simple_payback",
    "straight_line",
    "sum_of_years",
    "tornado",
    "two_way_table",
    "year_name",
    "yearly_amounts",
]
