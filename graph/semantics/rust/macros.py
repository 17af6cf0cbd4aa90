"""Macros: where a macro's name leads, and what the standard ones give.

Rules: The Rust Reference, "Macros by example" (textual and path-based scope). A macro that no scope around
its use declares is looked for by name in its crate, for ``#[macro_use]`` makes it seen in what comes after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import NOTHING, UNKNOWN_VALUE, Value, join
from isg.graph.semantics.rust.entities import Item
from isg.graph.semantics.rust.names import MACROS
from isg.graph.semantics.rust.outlines import Place

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_STANDARD = frozenset(
    [
        "assert",
        "assert_eq",
        "assert_ne",
        "cfg",
        "column",
        "compile_error",
        "concat",
        "dbg",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "env",
        "eprint",
        "eprintln",
        "file",
        "format",
        "format_args",
        "include",
        "include_bytes",
        "include_str",
        "line",
        "matches",
        "module_path",
        "option_env",
        "panic",
        "print",
        "println",
        "stringify",
        "thread_local",
        "todo",
        "try",
        "unimplemented",
        "unreachable",
        "vec",
        "write",
        "writeln",
    ]
)
_RESULTS = {
    "format": "String",
    "concat": "str",
    "stringify": "str",
    "env": "str",
    "file": "str",
    "include_str": "str",
    "module_path": "str",
    "line": "u32",
    "column": "u32",
    "matches": "bool",
    "cfg": "bool",
}


class Macros:
    """Finds macros."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def named(self, module: Module, scope: int, path: str) -> Value:
        """The macros that a path as written means."""
        names = self._rust.names
        containers, _, name = path.rpartition("::")
        if not containers:
            return names.lexical(module, scope, name, MACROS)
        found = self._rust.imports.containers(module, scope, containers)
        exported = join(*[names.member(e, name, MACROS) for e in found])
        return exported or self.crate_wide(module, name)

    def crate_wide(self, module: Module, name: str) -> Value:
        """A macro of the standard library, or one by its name in the crate of a file and those it uses."""
        if name in _STANDARD:
            return (self._rust.universe.external(f"std::{name}"),)
        if module.library:
            return NOTHING
        for visible in self._rust.crates.visible(self._rust.crates.group(module.path)):
            found = self._rust.outlines.index(visible).macros.get(name, ())
            near = self._nearest(module, [place for place in found if self._leaves(*place)])
            if near:
                return near
        return NOTHING

    def exported(self, root: Module, name: str) -> Value:
        """A macro that a crate puts beside the names of its root: ``#[macro_export]`` anywhere in it."""
        group = self._rust.crates.group(root.path)
        if root.library or group != root.path:
            return NOTHING
        found = self._rust.outlines.index(group).macros.get(name, ())
        return self._nearest(root, [(m, s) for m, s in found if "export" in m.facts.symbols[s].modifiers])

    def _leaves(self, module: Module, symbol: int) -> bool:
        """Whether a macro is seen outside the module that it is declared in."""
        fact = module.facts.symbols[symbol]
        return "export" in fact.modifiers or module.facts.symbols[fact.parent].kind in ("module", "macro")

    def _nearest(self, module: Module, found: list[Place]) -> Value:
        """Of several macros of a name one of the file itself, of one around it, or any of the crate."""
        if len(found) > 1:
            above = self._rust.names.ancestors(module)
            found = sorted(found, key=lambda place: above.get(place[0], len(above)))
        return tuple([self._rust.universe.intern(Item, m, s) for m, s in found[:1]])

    def is_produced(self, item: Item) -> bool:
        """Whether a macro is there only after another one was expanded."""
        fact = item.module.facts.symbols[item.symbol]
        return fact.kind == "macro" and item.module.facts.symbols[fact.parent].kind == "macro"

    def result(self, name: str, arguments: Arguments) -> Value:
        """What a call of something outside the project gives: known for macros of the standard library."""
        crate, _, macro = name.partition("::")
        if crate != "std":
            return (self._rust.universe.foreign(),) if name else UNKNOWN_VALUE
        if macro in _RESULTS:
            return self._rust.literal(_RESULTS[macro])
        first = self._rust.calls.argument(arguments, 0)
        if macro == "dbg":
            return first
        if macro == "try":
            return join(*[self._rust.operators.tried(e) for e in first])
        class_ = self._rust.library_trait("vec", "Vec") if macro == "vec" else None
        if class_ is None:
            return (self._rust.universe.foreign(),)
        return (self._rust.making.instance(class_, (first,)),) if first else NOTHING
