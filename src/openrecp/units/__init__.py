"""The only place where units are parsed and converted.

Units are read as people write them, in English or Traditional Chinese, and converted with exact
fractions. The base units are kg, m, s and K; counted things, batches, persons, occurrences, gas volumes
at normal conditions and each currency are dimensions of their own.

A year is 365 days (8,760 h), a quarter is exactly a fourth and a month exactly a twelfth of it.
"""

from openrecp.units.conversion import convert, dimension_name, from_base, same_dimension, to_base
from openrecp.units.grammar import parse_unit
from openrecp.units.table import CURRENCIES, DIMENSIONLESS, Dimension, Unit

__all__ = [
    "CURRENCIES",
    "DIMENSIONLESS",
    "Dimension",
    "Unit",
    "convert",
    "dimension_name",
    "from_base",
    "parse_unit",
    "same_dimension",
    "to_base",
]
