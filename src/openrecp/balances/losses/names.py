"""What a number of a flowsheet is called in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from openrecp.balances.flowsheet import Flowsheet, Quantity, Ref
from openrecp.texts import Text, text


@dataclass(frozen=True, slots=True)
class Names:
    """Names of streams, stocks, transfer coefficients, known equations, reactions and components by their keys."""

    items: Mapping[str, str | Text]
    reactions: Mapping[str, str]
    components: Mapping[str, str]

    @classmethod
    def of_flowsheet(cls, flowsheet: Flowsheet) -> Self:
        """The names in a flowsheet."""
        items: dict[str, str | Text] = {each.key: each.name for each in flowsheet.relations}
        items |= {each.key: each.name for each in flowsheet.transfers}
        items |= {each.key: each.name for each in flowsheet.stocks}
        items |= {each.key: each.name for each in flowsheet.streams}
        return cls(
            items,
            {each.key: each.name for process in flowsheet.processes for each in process.reactions},
            {each.key: each.name for each in flowsheet.components},
        )

    def of(self, ref: Ref) -> Text:
        """A number in words, such as "share of copper in the rinse water"."""
        name = self.items.get(ref.key) or ref.key
        component = self.components.get(ref.component or "") or ref.component
        match ref.quantity:
            case Quantity.FRACTION:
                return text("share of {component} in {name}", component=component, name=name)
            case Quantity.COMPONENT:
                return text("flow of {component} in {name}", component=component, name=name)
            case Quantity.FLOW:
                return text("flow of {name}", name=name)
            case Quantity.TEMPERATURE:
                return text("temperature of {name}", name=name)
            case Quantity.ENERGY:
                return text("energy flow of {name}", name=name)
            case Quantity.OPENING:
                return text("opening stock of {name}", name=name)
            case Quantity.CLOSING:
                return text("closing stock of {name}", name=name)
            case Quantity.EXTENT:
                return text("extent of {name}", name=self.reactions.get(ref.key) or ref.key)
            case Quantity.TRANSFER:
                return text("transfer coefficient {name}", name=name)
            case Quantity.RELATION:
                return text("constant of {name}", name=name)
