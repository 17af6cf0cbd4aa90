"""Reading and calling plain names."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, BindingKind, Form, Role, TermId
from isg.parsers.flow import Reaching
from isg.parsers.python.flow import Frame
from isg.parsers.python.source import decoded
from isg.parsers.python.walk import Walk
from isg.parsers.terms import BEFORE_MODULE

_READ, _TYPE, _NAME = Role.READ, Role.TYPE, Form.NAME  # looking up members of enums is slow
_USE = (op.USE,)
_METHODS = frozenset({"constructor", "method", "property"})
_DEFINITION = BindingKind.DEFINITION

# the built-in types that methods are called like: `def list(self) -> list[str]`
_BUILT_IN = frozenset(
    {"bool", "bytes", "dict", "float", "frozenset", "int", "list", "object", "set", "str", "tuple", "type"}
)


class Names:
    """Turns names into USE where the binding is known, and NAME where the linker must look outwards."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def mention(self, node: Node, role: Role = _READ) -> TermId:
        """The term of a name, with its reference unless it is a plain local."""
        walk = self.walk
        name = walk.text[node.start_byte : node.end_byte]
        if not name.isascii():
            name = decoded(name)
        frame = walk.frame
        env = frame.env
        reaching = env.names.get(name)
        if reaching is not None:
            if role is _TYPE and frame.is_class and self._is_method(reaching) and _is_global(name, frame):
                term = walk.terms[(op.NAME, 0, name)]
            else:
                term = walk.terms[_USE + reaching]
            if name in frame.notable or (frame.is_inline and self.is_notable(name)):
                walk.refer(term, name, role, _NAME, node)
            return term
        found = frame.outer.get(name)
        if found is None:
            found = self._outer(name, frame, role)
        term = found[0]
        if found[1]:
            walk.refer(term, name, role, _NAME, node)
        if env.chains:
            narrowed = env.chains.get(name)
            if narrowed is not None:
                return walk.use(narrowed)
        return term

    def callee(self, node: Node) -> tuple[TermId, str]:
        """The term of a name that is called, and the name; the caller makes the reference."""
        walk = self.walk
        name = walk.text[node.start_byte : node.end_byte]
        if not name.isascii():
            name = decoded(name)
        env = walk.frame.env
        reaching = env.names.get(name)
        if reaching is not None:
            self._note(reaching, node)
            return walk.terms[_USE + reaching], name
        frame = walk.frame
        if frame.signature is not None and frame.signature.symbol == NOTHING:
            self._called_in_lambda(name, node)
        found = walk.frame.outer.get(name) or self._outer(name, walk.frame)
        return found[0], name

    def _outer(self, name: str, frame: Frame, role: Role = _READ) -> tuple[TermId, bool]:
        """The term of a name that no binding here reaches, and whether to refer to it.

        Kept for the next time, except in comprehensions, whose names are not all known from the start, and
        in modules and classes, whose later names types may mean.
        """
        found = self.unbound(name, frame, role), self.is_notable(name)
        if not frame.is_inline and (frame.is_function or name not in frame.names):
            frame.outer[name] = found
        return found

    def value(self, name: str) -> TermId:
        """The term of a name as it stands, without a reference."""
        reaching = self.walk.frame.env.names.get(name)
        return self.walk.use(reaching) if reaching is not None else self.unbound(name, self.walk.frame)

    def unbound(self, name: str, frame: Frame, role: Role = _READ) -> TermId:
        """The term of a name that no binding of this scope reaches.

        Before a class binds a name, it is the global one there (`limit = limit`: language reference, §4.2.2),
        and before a module does, the built-in one; where it stands for a type, it may be ahead (PEP 563).
        """
        walk = self.walk
        if frame.redirected:
            frame = frame.redirected.get(name, frame)
        elif frame.is_function:
            known = frame.names.get(name)
            if known:
                return walk.terms[(op.USE, *known)]
        elif name in frame.names and (role is not _TYPE or (frame.is_class and _is_global(name, frame))):
            return walk.terms[(op.NAME, 0 if frame.is_class else BEFORE_MODULE, name)]
        return walk.terms[(op.NAME, frame.scope, name)]

    def _is_method(self, reaching: Reaching) -> bool:
        """Whether a name of a class stands for functions there: as a type, it means what is outside."""
        tables = self.walk.tables
        found = [tables.bindings[binding] for binding in reaching]
        return all(b.kind is _DEFINITION and tables.symbols[b.symbol].kind in _METHODS for b in found)

    def is_notable(self, name: str) -> bool:
        """Whether the name may stand for more than a plain local or parameter."""
        frame: Frame | None = self.walk.frame
        while frame is not None:
            if frame.is_function:
                if name in frame.redirected:
                    return name in frame.redirected[name].notable
                if name in frame.names:
                    return name in frame.notable
            frame = frame.parent
        return True

    def _called_in_lambda(self, name: str, node: Node) -> None:
        """A lambda's call of a parameter is one of the function that it stands in."""
        frame = self.walk.frame.parent
        while frame is not None and frame.is_function:
            known = frame.names.get(name)
            if known:
                self._note(tuple(known), node)
                return
            if frame.signature is not None and frame.signature.symbol != NOTHING and not frame.is_inline:
                return
            frame = frame.parent

    def _note(self, reaching: Reaching, node: Node) -> None:
        for binding in self.walk.origins.untested(reaching):
            if binding == self.walk.frame.self_binding:
                continue  # cls(…)
            owner = self.walk.parameters.get(binding)
            if owner is not None:
                signature, position = owner
                signature.called.append((position, *self.walk.place(node)))


def _is_global(name: str, frame: Frame) -> bool:
    """Whether the name is a type without the class, too: one of the module, or a built-in one."""
    while frame.parent is not None:
        frame = frame.parent
    return name in frame.names or name in _BUILT_IN
