"""What a worksheet field is: the annotation that forms, workbooks, checks and reports derive from.

A record is a frozen model; each of its fields carries a :class:`Spec`. A worksheet is one or more
blocks, each showing one collection of the assessment document as a form, as a table with a record a
row, as a table with a record a column, or as a criteria matrix.
"""

from __future__ import annotations

import re
import types
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from openrecp.texts import Choice, Text, text


class Currency(Choice):
    """Currencies an assessment can be kept in; one assessment keeps one currency."""

    TWD = "TWD", text("New Taiwan dollar (TWD)")
    HKD = "HKD", text("Hong Kong dollar (HKD)")
    USD = "USD", text("US dollar (USD)")
    EUR = "EUR", text("Euro (EUR)")
    JPY = "JPY", text("Japanese yen (JPY)")
    SGD = "SGD", text("Singapore dollar (SGD)")
    CNY = "CNY", text("Chinese yuan (CNY)")

    @property
    def decimals(self) -> int:
        """Digits of the minor unit (ISO 4217)."""
        return 0 if self is Currency.JPY else 2


def _plain_decimal(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("not a finite number")
    if abs(value) >= Decimal("1e15"):
        raise ValueError("too large")
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -15:
        raise ValueError("more than 15 decimals")
    return plain.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else plain


Number = Annotated[Decimal, AfterValidator(_plain_decimal)]


def _clean_text(value: object) -> object:
    if not isinstance(value, str):
        return value
    cleaned = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in cleaned) or any(
        c in cleaned for c in "\ufffe\uffff"
    ):
        raise ValueError("contains control characters")
    return cleaned or None


Words = Annotated[Annotated[str, Field(max_length=8000)] | None, BeforeValidator(_clean_text)]
"""Words as entered, trimmed; empty means not given."""

_CODE = re.compile(r"[^\s,;:、，；|/]{1,24}")


def _code(value: str) -> str:
    if not _CODE.fullmatch(value):
        raise ValueError("a number or code has 1 to 24 characters, without spaces or separators")
    return value


_CODE_MARK: Final = "code"
Code = Annotated[
    str, BeforeValidator(lambda v: v.strip() if isinstance(v, str) else v), AfterValidator(_code), _CODE_MARK
]
"""The number by which people refer to a record, such as ``W1``."""


def _unit(value: str) -> str:
    cleaned = value.strip()
    if not cleaned or len(cleaned) > 40 or any(unicodedata.category(c) in {"Cc", "Cs"} for c in cleaned):
        raise ValueError("a unit has 1 to 40 printable characters")
    return cleaned


UnitWords = Annotated[str, AfterValidator(_unit)]

_QUANTITY = re.compile(r"\s*([-+]?\d[\d.]*(?:[eE][-+]?\d+)?)\s+(\S.*)")
_PRICE = re.compile(r"\s*([-+]?\d[\d.]*)\s+([A-Z]{3})\s*/\s*(\S.*)")
_MONEY = re.compile(r"\s*([-+]?\d[\d.]*)\s+([A-Z]{3})\s*")


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quantity(_Value):
    """A value and its unit, both as entered. ``"18 t/yr"`` is accepted as a short form."""

    value: Number
    unit: UnitWords

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        if isinstance(data, str) and (match := _QUANTITY.fullmatch(data)):
            return {"value": match[1], "unit": match[2]}
        return data

    def __str__(self) -> str:
        return f"{self.value:f} {self.unit}"


class UnitPrice(_Value):
    """An amount of money per unit, such as ``"450 TWD/kg"``."""

    amount: Number
    currency: Currency
    per: UnitWords

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        if isinstance(data, str) and (match := _PRICE.fullmatch(data)):
            return {"amount": match[1], "currency": match[2], "per": match[3]}
        return data

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency.value}/{self.per}"


class Money(_Value):
    """An amount in whole minor units (cents) with its currency; ``"5000 USD"`` is accepted as a short form."""

    minor: int = Field(ge=-(10**15), le=10**15)
    currency: Currency

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        if isinstance(data, str) and (match := _MONEY.fullmatch(data)):
            currency = Currency(match[2])
            minor = Decimal(match[1]).scaleb(currency.decimals)
            if minor != minor.to_integral_value():
                raise ValueError("has more decimals than the currency")
            return {"minor": int(minor), "currency": currency}
        return data

    @property
    def amount(self) -> Decimal:
        """The amount in whole currency units."""
        return Decimal(self.minor).scaleb(-self.currency.decimals)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency.value}"


def money(amount: Decimal | int, currency: Currency) -> Money:
    """An amount in whole currency units as :class:`Money`.

    Raises
    ------
    ValueError
        If the amount has more decimals than the currency.
    """
    minor = Decimal(amount).scaleb(currency.decimals)
    if minor != minor.to_integral_value():
        raise ValueError("has more decimals than the currency")
    return Money(minor=int(minor), currency=currency)


def new_id() -> str:
    """A permanent id for a record."""
    return uuid.uuid4().hex


class Kind(StrEnum):
    """What a field holds; decides its cell, its drop-down, its reading and its look."""

    WORDS = "words"
    NUMBER = "number"
    INTEGER = "integer"
    YES_NO = "yes-no"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    CODE = "code"
    CODES = "codes"
    QUANTITY = "quantity"
    PRICE = "price"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Spec:
    """What people and programs need to know of a field.

    Attributes
    ----------
    label, help : Text
        Name on forms, and one sentence on what to put there.
    units : tuple of str
        Units offered, the usual one first; a quantity may still be entered in another of the same dimension.
        For a plain number the single unit it is in.
    required : bool
        Whether an assessment is incomplete without it.
    simplified : bool
        Whether the simplified worksheets show it.
    refers_to : str
        Collection whose numbers this field names.
    section : Text
        Heading under which the field and those after it stand on the form.
    minimum, maximum : Decimal
        Limits a number must keep.
    long : bool
        Several lines of writing are expected.
    """

    label: Text
    help: Text | None = None
    units: tuple[str, ...] = ()
    required: bool = False
    simplified: bool = False
    refers_to: str | None = None
    section: Text | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    long: bool = False


class Record(BaseModel):
    """One record of a worksheet: frozen, with a permanent id, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(default_factory=new_id, pattern=r"^[0-9A-Za-z-]{4,64}$")


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field of a record, as the forms see it."""

    name: str
    kind: Kind
    spec: Spec
    choices: type[Choice] | None = None


_SCALARS: Final[dict[Any, Kind]] = {
    str: Kind.WORDS,
    Decimal: Kind.NUMBER,
    int: Kind.INTEGER,
    bool: Kind.YES_NO,
    date: Kind.DATE,
    Quantity: Kind.QUANTITY,
    UnitPrice: Kind.PRICE,
    Money: Kind.MONEY,
}


def _bare(annotation: Any) -> Any:
    """The type inside Annotated and Optional."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            annotation = next(part for part in get_args(annotation) if part is not type(None))
        else:
            return annotation


def _is_code(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return _CODE_MARK in get_args(annotation)[1:] or _is_code(get_args(annotation)[0])
    return any(_is_code(part) for part in get_args(annotation))


def _kind(annotation: Any) -> tuple[Kind, type[Choice] | None]:
    bare = _bare(annotation)
    if get_origin(bare) is tuple:
        item = _bare(get_args(bare)[0])
        if isinstance(item, type) and issubclass(item, Choice):
            return Kind.CHOICES, item
        return Kind.CODES, None
    if isinstance(bare, type) and issubclass(bare, Choice):
        return Kind.CHOICE, bare
    if bare is str and _is_code(annotation):
        return Kind.CODE, None
    return _SCALARS[bare], None


@cache
def record_fields(record: type[Record]) -> tuple[RecordField, ...]:
    """The fields of a record that people fill, in order (the id is not among them)."""
    fields = []
    for name, info in record.model_fields.items():
        spec = next((part for part in info.metadata if isinstance(part, Spec)), None)
        if spec is not None:
            kind, choices = _kind(info.annotation)
            fields.append(RecordField(name, kind, spec, choices))
    return tuple(fields)


class Layout(StrEnum):
    """How a block shows its records."""

    FORM = "form"
    ROWS = "rows"
    COLUMNS = "columns"
    MATRIX = "matrix"


class Phase(Choice):
    """Phases of the assessment procedure (EPA/625/7-88/003, figure 1.3)."""

    PLANNING = "planning", text("Planning and organisation")
    ASSESSMENT = "assessment", text("Assessment")
    FEASIBILITY = "feasibility", text("Feasibility analysis")
    IMPLEMENTATION = "implementation", text("Implementation")


@dataclass(frozen=True, slots=True)
class Block:
    """One collection shown on a worksheet.

    Attributes
    ----------
    collection : str
        Attribute of the assessment document.
    record : type
        Model of its records; for a matrix, of its criteria.
    layout : Layout
        Form, rows, columns or matrix.
    title : Text
        Heading above the block.
    note : Text or None
        One or two sentences of instruction.
    blank : int
        Empty records a new workbook offers.
    ratings, subjects : str or None
        For a matrix: the collection of its ratings, and of what is rated.
    """

    collection: str
    record: type[Record]
    layout: Layout
    title: Text
    note: Text | None = None
    blank: int = 1
    ratings: str | None = None
    subjects: str | None = None


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A worksheet of the manual.

    Attributes
    ----------
    number : str
        Its number in the full set (``"8"``) or the simplified set (``"S5"``).
    title, purpose : Text
        Name and purpose as in tables 1.1 and 2.1 of the manual's appendices 1 and 2.
    phase : Phase
        Phase of the assessment it belongs to.
    blocks : tuple of Block
        What stands on it, from top to bottom.
    full : tuple of str
        For a simplified worksheet, the full worksheets it stands for.
    derived : str or None
        Name of the live calculation the workbook shows here (``"payback"``), if any.
    """

    number: str
    title: Text
    purpose: Text
    phase: Phase
    blocks: tuple[Block, ...]
    full: tuple[str, ...] = ()
    derived: str | None = None

    @property
    def simplified(self) -> bool:
        """Whether it belongs to the simplified set."""
        return self.number.startswith("S")
