"""What if: an option carried through the whole flowsheet, in mass, components and money."""

from openrecp.balances.what_if.asking import what_if
from openrecp.balances.what_if.changes import Change, ChangeKind
from openrecp.balances.what_if.comparison import Difference, WhatIf

__all__ = ["Change", "ChangeKind", "Difference", "WhatIf", "what_if"]
