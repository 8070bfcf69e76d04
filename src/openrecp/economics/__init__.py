"""Economics of a waste reduction project: cash flow, payback, net present value, internal rate.

Money is in plain units of one currency, rates are fractions a year, positive is money gained. Start
with `Project` and `evaluate_project`; everything shown comes as `openrecp.figures.Figure`.
"""

from openrecp.economics.cases import (
    STARTING_SCENARIOS,
    CaseName,
    Scenario,
    ScenarioResult,
    changed_project,
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
    Verdict,
    judge_profit,
    judge_project,
)
from openrecp.economics.depreciation import (
    Depreciation,
    DepreciationMethod,
    declining_balance,
    straight_line,
)
from openrecp.economics.estimate import OperatingEstimate, estimated_operating
from openrecp.economics.evaluation import Evaluation, evaluate_project, payback_figure
from openrecp.economics.financing import (
    ALL_EQUITY,
    Financing,
    Funding,
    LoanSchedule,
    equal_principal_loan,
    funding,
)
from openrecp.economics.investment import CapitalItem, Project
from openrecp.economics.modes import ModeComparison, ModeStep, mode_differences
from openrecp.economics.operating import (
    DerivedItem,
    OperatingClass,
    OperatingItem,
    OperatingLine,
    annual_amounts,
    yearly_amounts,
)
from openrecp.economics.profitability import (
    InternalRate,
    Payback,
    RootCount,
    internal_rate_of_return,
    net_present_value,
    simple_payback,
)
from openrecp.economics.sensitivity import STARTING_CHANGE, Outcome, Range, Swing, tornado

__all__ = [
    "ALL_EQUITY",
    "EPA_1988",
    "STARTING_CHANGE",
    "STARTING_SCENARIOS",
    "TEXTBOOK",
    "AcceptanceCriteria",
    "CapitalItem",
    "CaseName",
    "CashFlow",
    "CashFlowLine",
    "Check",
    "Conventions",
    "Depreciation",
    "DepreciationMethod",
    "DerivedItem",
    "Evaluation",
    "Financing",
    "Funding",
    "InternalRate",
    "Judgement",
    "LoanSchedule",
    "Mode",
    "ModeComparison",
    "ModeStep",
    "OperatingClass",
    "OperatingEstimate",
    "OperatingItem",
    "OperatingLine",
    "Outcome",
    "Payback",
    "Project",
    "Range",
    "RootCount",
    "Scenario",
    "ScenarioResult",
    "StraightLineSwitch",
    "Swing",
    "Verdict",
    "after_tax_cash_flow",
    "annual_amounts",
    "changed_project",
    "conventions_of",
    "declining_balance",
    "equal_principal_loan",
    "estimated_operating",
    "evaluate_project",
    "evaluate_scenarios",
    "funding",
    "internal_rate_of_return",
    "judge_profit",
    "judge_project",
    "mode_differences",
    "net_present_value",
    "payback_figure",
    "simple_payback",
    "straight_line",
    "tornado",
    "year_name",
    "yearly_amounts",
]
