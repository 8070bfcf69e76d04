"""From the flowsheet to equations: variables with names, balances with labels, and a problem for the engines.

Start with `equations_of`; the `System` it gives says what each variable and each row is.
"""

from openrecp.balances.equations.polynomials import Polynomials
from openrecp.balances.equations.rows import Constraint, Layer
from openrecp.balances.equations.system import ALL_LAYERS, System, equations_of
from openrecp.balances.equations.variables import Variables

__all__ = ["ALL_LAYERS", "Constraint", "Layer", "Polynomials", "System", "Variables", "equations_of"]
