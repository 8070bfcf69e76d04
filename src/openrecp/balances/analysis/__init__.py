"""Everything a balance tells of a flowsheet, in one call.

Start with `analyse_balance`.
"""

from openrecp.balances.analysis.amounts import Amounts
from openrecp.balances.analysis.balance import BalanceAnalysis, analyse_balance
from openrecp.balances.analysis.meters import MissingMeter, NextMeter
from openrecp.balances.analysis.suspicion import Suspicion

__all__ = ["Amounts", "BalanceAnalysis", "MissingMeter", "NextMeter", "Suspicion", "analyse_balance"]
