"""The scope that a reader of Python is in."""

from __future__ import annotations

from isg.parsers.facts import BindingId
from isg.parsers.flow import Environment
from isg.parsers.tables import SignatureDraft


class Frame:
    """The scope being read: its names, its environment, and the function whose body it belongs to."""

    __slots__ = (
        "accessors",
        "breaks",
        "definitions",
        "env",
        "fields",
        "is_class",
        "is_function",
        "is_inline",
        "names",
        "notable",
        "outer",
        "overloads",
        "parent",
        "redirected",
        "scope",
        "self_binding",
        "self_class",
        "self_instance",
        "self_name",
        "signature",
        "symbol",
    )

    def __init__(
        self, parent: Frame | None, scope: int, symbol: int, names: dict[str, list[BindingId]]
    ) -> None:
        self.parent = parent
        self.scope = scope
        self.symbol = symbol
        self.names = names
        self.env = Environment({}, {})
        self.is_function = False  # function, lambda, comprehension, type parameters
        self.is_class = False
        self.is_inline = False  # a comprehension: it runs where it stands
        self.notable: set[str] = set()  # names that are more than plain locals
        self.outer: dict[str, tuple[int, bool]] = {}  # terms of names that do not come from here
        self.redirected: dict[str, Frame] = {}  # global and nonlocal names
        self.breaks: list[list[Environment]] = []
        self.definitions: dict[str, int] = {}  # symbols of this scope by name, as first defined
        self.overloads: dict[str, tuple[int, int]] = {}  # open overload sets: symbol and binding
        self.accessors: dict[str, tuple[int, int]] = {}  # what x.setter may belong to: symbol and binding
        self.fields: dict[str, int] = {}  # of a class: symbols of attributes set on instances
        self.signature: SignatureDraft | None = None
        self.self_name = ""
        self.self_binding = -1
        self.self_class: Frame | None = None
        self.self_instance = False

    def inherit_self(self, outer: Frame) -> None:
        """Closures see the first parameter of the method around them."""
        self.self_name = outer.self_name
        self.self_binding = outer.self_binding
        self.self_class = outer.self_class
        self.self_instance = outer.self_instance
