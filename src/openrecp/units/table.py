"""Every unit the library knows, with its exact factor to the base units and the ways people write it.

Definitions are exact: the avoirdupois pound is 0.45359237 kg and the inch 25.4 mm (international
agreement of 1959), the US gallon 231 cubic inches, the calorie and the Btu those of the International
Table (4.1868 J and 1,055.05585262 J), the refrigeration ton 12,000 Btu/h, the horsepower 550 ft·lbf/s,
the 台斤 0.6 kg and the 坪 400/121 m².
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

Dimension = tuple[tuple[str, int], ...]
"""Base quantities with their exponents, sorted by name: ``(("mass", 1), ("time", -1))``."""

DIMENSIONLESS: Final[Dimension] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    Attributes
    ----------
    symbol : str
        Canonical spelling, such as ``t/yr`` or ``kg/(m²·h)``; it parses to this unit again.
    dimension : Dimension
        What the unit measures.
    factor : Fraction
        Base units in one of this unit.
    offset : Fraction
        Added after the factor; other than 0 only for temperatures in °C and °F [K].
    """

    symbol: str
    dimension: Dimension
    factor: Fraction
    offset: Fraction = Fraction(0)

    def __str__(self) -> str:
        return self.symbol


def dimension(**exponents: int) -> Dimension:
    """The dimension with these exponents; zero exponents vanish."""
    return tuple(sorted((name, power) for name, power in exponents.items() if power))


NUMBER: Final = DIMENSIONLESS
MASS: Final = dimension(mass=1)
LENGTH: Final = dimension(length=1)
AREA: Final = dimension(length=2)
VOLUME: Final = dimension(length=3)
TIME: Final = dimension(time=1)
TEMPERATURE: Final = dimension(temperature=1)
FORCE: Final = dimension(mass=1, length=1, time=-2)
ENERGY: Final = dimension(mass=1, length=2, time=-2)
POWER: Final = dimension(mass=1, length=2, time=-3)
PRESSURE: Final = dimension(mass=1, length=-1, time=-2)
VISCOSITY: Final = dimension(mass=1, length=-1, time=-1)
KINEMATIC_VISCOSITY: Final = dimension(length=2, time=-1)
NORMAL_VOLUME: Final = dimension(normal_volume=1)
ITEM: Final = dimension(item=1)
BATCH: Final = dimension(batch=1)
PERSON: Final = dimension(person=1)
OCCURRENCE: Final = dimension(occurrence=1)

_POUND = Fraction("0.45359237")
_INCH = Fraction("0.0254")
_FOOT = 12 * _INCH
_GRAVITY = Fraction("9.80665")
_US_GALLON = 231 * _INCH**3
_CALORIE = Fraction("4.1868")
_BTU = Fraction("1055.05585262")
_HOUR = Fraction(3600)
_DAY = 24 * _HOUR
_YEAR = 365 * _DAY
_MILLI, _MICRO = Fraction(1, 1000), Fraction(1, 10**6)

# (symbol, base units in one, other spellings); a space inside a spelling is written "_".
_Row = tuple[str, Fraction | int, str]

_ROWS: Final[Mapping[Dimension, tuple[_Row, ...]]] = {
    MASS: (
        ("kg", 1, "kgs kilo kilos kilogram kilograms kilogramme kilogrammes 公斤 千克 仟克"),
        ("g", _MILLI, "gm gram grams gramme grammes 公克 克"),
        ("mg", _MICRO, "milligram milligrams 毫克"),
        ("μg", _MICRO * _MILLI, "ug mcg microgram micrograms 微克"),
        ("t", 1000, "mt tonne tonnes metric_ton metric_tons metric_tonne metric_tonnes 公噸 噸 公吨 吨"),
        ("Mg", 1000, "megagram megagrams"),
        ("kt", 10**6, "kilotonne kilotonnes"),
        ("lb", _POUND, "lbs lbm pound pounds 磅 英磅"),
        ("oz", _POUND / 16, "ounce ounces 盎司"),
        ("short ton", 2000 * _POUND, "short_tons us_ton us_tons 短噸 美噸"),
        ("long ton", 2240 * _POUND, "long_tons imperial_ton uk_ton 長噸 英噸"),
        ("台斤", Fraction("0.6"), "臺斤"),
        ("台兩", Fraction("0.0375"), "臺兩"),
    ),
    LENGTH: (
        ("m", 1, "metre metres meter meters 公尺 米"),
        ("cm", Fraction(1, 100), "centimetre centimetres centimeter centimeters 公分 厘米"),
        ("mm", _MILLI, "millimetre millimetres millimeter millimeters 毫米 公厘"),
        ("dm", Fraction(1, 10), "公寸"),
        ("μm", _MICRO, "um micron microns 微米"),
        ("km", 1000, "kilometre kilometres kilometer kilometers 公里"),
        ("in", _INCH, "inch inches 英吋 英寸 吋"),
        ("ft", _FOOT, "foot feet 英尺 英呎 呎"),
        ("yd", 3 * _FOOT, "yard yards 碼"),
        ("台尺", Fraction(10, 33), "臺尺"),
    ),
    AREA: (
        ("坪", Fraction(400, 121), "ping"),
        ("ha", 10**4, "hectare hectares 公頃"),
    ),
    VOLUME: (
        ("L", _MILLI, "l ltr litre litres liter liters 公升 升"),
        ("mL", _MICRO, "ml cc millilitre millilitres milliliter milliliters 毫升"),
        ("kL", 1, "kilolitre kilolitres kiloliter kiloliters 公秉 千公升"),
        ("ML", 1000, "megalitre megalitres megaliter megaliters"),
        ("gal", _US_GALLON, "gallon gallons us_gal us_gallon us_gallons 加侖 美加侖"),
        ("imp gal", Fraction("0.00454609"), "imperial_gallon imperial_gallons uk_gal uk_gallon 英加侖"),
        ("bbl", 42 * _US_GALLON, ""),
    ),
    NORMAL_VOLUME: (("Nm³", 1, "Nm3 標準立方公尺 標準立方米"),),
    TIME: (
        ("s", 1, "sec secs second seconds 秒"),
        ("min", 60, "mins minute minutes 分 分鐘"),
        ("h", _HOUR, "hr hrs hour hours 小時 時 鐘頭"),
        ("d", _DAY, "day days 日 天"),
        ("week", 7 * _DAY, "weeks wk wks 週 周 星期"),
        ("month", _YEAR / 12, "months mo mon mth mths 月 個月"),
        ("quarter", _YEAR / 4, "quarters qtr qtrs 季"),
        ("yr", _YEAR, "yrs y a year years annum 年"),
    ),
    TEMPERATURE: (("K", 1, "kelvin kelvins"),),
    FORCE: (
        ("N", 1, "newton newtons 牛頓"),
        ("kN", 1000, ""),
        ("kgf", _GRAVITY, "公斤力"),
        ("lbf", _POUND * _GRAVITY, ""),
    ),
    ENERGY: (
        ("J", 1, "joule joules 焦耳"),
        ("kJ", 1000, "kilojoule kilojoules 千焦耳 千焦"),
        ("MJ", 10**6, "megajoule megajoules 百萬焦耳"),
        ("GJ", 10**9, "gigajoule gigajoules 十億焦耳"),
        ("TJ", 10**12, "terajoule terajoules"),
        ("Wh", _HOUR, "瓦時 瓦小時"),
        ("kWh", 1000 * _HOUR, "千瓦時 千瓦小時 瓩時 瓩小時"),
        ("MWh", 10**6 * _HOUR, "百萬瓦時 百萬瓦小時"),
        ("GWh", 10**9 * _HOUR, ""),
        ("cal", _CALORIE, "calorie calories 卡"),
        ("kcal", 1000 * _CALORIE, "kilocalorie kilocalories 大卡 千卡 仟卡"),
        ("Mcal", 10**6 * _CALORIE, "megacalorie megacalories 百萬卡"),
        ("Gcal", 10**9 * _CALORIE, "gigacalorie gigacalories"),
        ("Btu", _BTU, "btus"),
        ("MMBtu", 10**6 * _BTU, ""),
    ),
    POWER: (
        ("W", 1, "watt watts 瓦 瓦特"),
        ("mW", _MILLI, "milliwatt milliwatts 毫瓦"),
        ("kW", 1000, "kilowatt kilowatts 千瓦 仟瓦 瓩"),
        ("MW", 10**6, "megawatt megawatts 百萬瓦"),
        ("GW", 10**9, "gigawatt gigawatts"),
        ("hp", 550 * _FOOT * _POUND * _GRAVITY, "horsepower 馬力 英制馬力"),
        ("PS", 75 * _GRAVITY, "公制馬力"),
        ("RT", 12000 * _BTU / _HOUR, "usrt refrigeration_ton refrigeration_tons 冷凍噸 美制冷凍噸"),
    ),
    PRESSURE: (
        ("Pa", 1, "pascal pascals 帕"),
        ("mPa", _MILLI, ""),
        ("hPa", 100, "百帕"),
        ("kPa", 1000, "千帕"),
        ("MPa", 10**6, "百萬帕"),
        ("bar", 10**5, "bars 巴"),
        ("mbar", 100, "毫巴"),
        ("atm", 101325, "大氣壓"),
        ("psi", _POUND * _GRAVITY / _INCH**2, "psia"),
        ("mmHg", Fraction("133.322387415"), "毫米汞柱"),
        ("mmH₂O", _GRAVITY, "mmH2O mmAq 毫米水柱"),
    ),
    VISCOSITY: (
        ("cP", _MILLI, "cps centipoise 厘泊"),
        ("poise", Fraction(1, 10), "泊"),
    ),
    KINEMATIC_VISCOSITY: (
        ("St", Fraction(1, 10**4), "stokes 斯托克"),
        ("cSt", _MICRO, "centistokes 厘斯"),
    ),
    NUMBER: (
        ("%", Fraction(1, 100), "percent pct 百分比"),
        ("‰", _MILLI, "千分比"),
        ("ppm", _MICRO, ""),
        ("ppb", _MICRO * _MILLI, ""),
    ),
    ITEM: (
        (
            "piece",
            1,
            "pieces pc pcs item items ea each unit units set sets 件 個 片 隻 支 套 台 臺 部 條 張 顆 粒 枚",
        ),
        ("dozen", 12, "打"),
    ),
    BATCH: (("batch", 1, "batches 批 批次"),),
    PERSON: (("person", 1, "persons people 人 名 位"),),
    OCCURRENCE: (("times", 1, "次"),),
}

_CURRENCY_SPELLINGS: Final[Mapping[str, str]] = {
    "TWD": "NT$ NTD NTD$ TW$ 新台幣 新臺幣 台幣 臺幣 新台幣元 新臺幣元 台幣元 臺幣元",
    "HKD": "HK$ 港幣 港元",
    "USD": "US$ 美金 美元",
    "CNY": "RMB 人民幣 人民幣元",
    "JPY": "日圓 日元 日幣",
    "EUR": "€ 歐元",
    "GBP": "£ 英鎊",
    "SGD": "S$ 新加坡元 新加坡幣",
    "MOP": "MOP$ 澳門元 澳門幣",
    **dict.fromkeys(["AUD", "CAD", "CHF", "IDR", "INR", "KRW", "MYR", "NZD", "PHP", "SEK", "THB", "VND"], ""),
}
CURRENCIES: Final[tuple[str, ...]] = tuple(sorted(_CURRENCY_SPELLINGS))

NAMELESS_MONEY: Final = frozenset({"元", "圓", "塊", "塊錢", "$", "dollar", "dollars"})
"""Words for money that only name a currency where the caller says which one is meant."""

EXACT_ONLY: Final = frozenset({"a", "K", "N", "s"})
"""Spellings too short to be read in another case: A is a current, k a prefix."""


_CELSIUS = Unit("°C", TEMPERATURE, Fraction(1), Fraction("273.15"))
_FAHRENHEIT = Unit("°F", TEMPERATURE, Fraction(5, 9), Fraction("459.67") * Fraction(5, 9))
_TEMPERATURE_SPELLINGS = (
    (_CELSIUS, "degC deg_C degrees_C Celsius 攝氏 攝氏度 度C"),
    (_FAHRENHEIT, "degF deg_F degrees_F Fahrenheit 華氏 華氏度 度F"),
)


def _spelled() -> dict[str, Unit]:
    spellings: dict[str, Unit] = {}

    def add(unit: Unit, others: str) -> None:
        for word in (unit.symbol, *(other.replace("_", " ") for other in others.split())):
            if spellings.setdefault(word, unit) is not unit:
                raise AssertionError(f"{word} is written for two units")

    for measured, rows in _ROWS.items():
        for symbol, factor, others in rows:
            add(Unit(symbol, measured, Fraction(factor)), others)
    for unit, others in _TEMPERATURE_SPELLINGS:
        add(unit, others)
    for code, others in _CURRENCY_SPELLINGS.items():
        add(Unit(code, dimension(**{code: 1}), Fraction(1)), others)
    return spellings


SPELLINGS: Final[Mapping[str, Unit]] = _spelled()
"""Exact spelling → unit."""

# Rewritten before a unit is taken apart; a key is matched as a whole word, in any case.
ABBREVIATIONS: Final[Mapping[str, str]] = {
    "CMD": "m^3/d",
    "CMH": "m^3/h",
    "CMM": "m^3/min",
    "CMS": "m^3/s",
    "LPM": "L/min",
    "LPS": "L/s",
    "GPM": "gal/min",
    "GPD": "gal/d",
    "CFM": "ft^3/min",
    "c.c.": "mL",
    "sq m": "m^2",
    "sqm": "m^2",
    "sq ft": "ft^2",
    "sqft": "ft^2",
    "cu m": "m^3",
    "cu ft": "ft^3",
    "cuft": "ft^3",
    "square metre": "m^2",
    "square metres": "m^2",
    "square meter": "m^2",
    "square meters": "m^2",
    "square foot": "ft^2",
    "square feet": "ft^2",
    "cubic metre": "m^3",
    "cubic metres": "m^3",
    "cubic meter": "m^3",
    "cubic meters": "m^3",
    "cubic foot": "ft^3",
    "cubic feet": "ft^3",
    "立方公尺": "m^3",
    "立方米": "m^3",
    "立方公分": "cm^3",
    "立方呎": "ft^3",
    "立方英尺": "ft^3",
    "平方公尺": "m^2",
    "平方米": "m^2",
    "平方公分": "cm^2",
    "平方呎": "ft^2",
    "平方英尺": "ft^2",
    "工時": "person*h",
    "人時": "person*h",
    "人小時": "person*h",
    "人日": "person*d",
    "人月": "person*month",
    "人年": "person*yr",
    "man hour": "person*h",
    "man hours": "person*h",
    "manhour": "person*h",
    "manhours": "person*h",
}
