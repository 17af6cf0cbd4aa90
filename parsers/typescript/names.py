"""Reading and calling plain names."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, Form, Role, TermId
from isg.parsers.source import decoded
from isg.parsers.typescript.scopes import Frame, Variable
from isg.parsers.typescript.walk import Walk


class Names:
    """Turns names into USE where the reaching bindings are known, and NAME where the linker must look."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def read(self, node: Node) -> TermId:
        """The term of a name that is read, with its reference unless it is a plain local."""
        return self.mention(node, Role.READ)

    def mention(self, node: Node, role: Role) -> TermId:
        walk = self.walk
        name = walk.text[node.start_byte : node.end_byte]
        if not name.isascii():
            name = decoded(name)
        variable = walk.find(name)
        if variable is None:
            term = self._elsewhere(name)
            walk.refer(term, name, role, Form.NAME, node)
            return term
        term = self.term(variable)
        if variable.notable:
            walk.refer(self._named(variable), name, role, Form.NAME, node)
        return term

    def callee(self, node: Node) -> tuple[TermId, TermId, str]:
        """The term of a name that is called as it is declared and as it is known here, and the name."""
        walk = self.walk
        name = walk.slice(node)
        variable = walk.find(name)
        if variable is None:
            term = self._elsewhere(name)
            return term, term, name
        value = self.term(variable)
        self._note(variable, node)
        return (self._named(variable) if variable.notable else value), value, name

    def value(self, name: str) -> TermId:
        """The term of a name as it stands, without a reference."""
        variable = self.walk.find(name)
        return self._elsewhere(name) if variable is None else self.term(variable)

    def term(self, variable: Variable) -> TermId:
        """What is known of a variable here."""
        walk, key = self.walk, variable.key
        frame: Frame | None = walk.frame
        while frame is not None:
            env = frame.env
            reaching = env.names.get(key) or (env.chains.get(key) if env.chains else None)
            if reaching:
                return walk.terms[(op.USE, *reaching)]
            if frame is variable.frame or not walk.is_fixed(variable):
                break
            frame = frame.parent
        return walk.terms[(op.NAME, variable.scope, variable.name)]

    def _named(self, variable: Variable) -> TermId:
        """The term that names a variable that is a symbol, whatever is known of its value."""
        walk = self.walk
        if variable.constant:
            return walk.terms[(op.NAME, variable.scope, variable.name)]
        return self.term(variable)

    def _elsewhere(self, name: str) -> TermId:
        walk = self.walk
        if name == "undefined":
            return walk.terms[(op.LITERAL, "undefined")]
        return walk.terms[(op.NAME, walk.module_scope().number, name)]

    def _note(self, variable: Variable, node: Node) -> None:
        """A call of a parameter is said by the function that has it, also from lambdas in its body."""
        walk = self.walk
        slot = walk.parameters.get(variable.key)
        if slot is None:
            return
        frame: Frame | None = walk.frame
        while frame is not None and frame is not variable.frame:
            if frame.signature is None or frame.signature.symbol != NOTHING:
                return
            frame = frame.parent
        signature, position = slot
        signature.called.append((position, *walk.place(node)))
