"""Members: ``a.b``, ``a?.b``, ``this.b``, ``super.b``, ``a["b"]``, ``a[0]``, and the names of members."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Form, Role, TermId
from isg.parsers.typescript.grammar import (
    COMPUTED,
    IDENTIFIER,
    MEMBER,
    NON_NULL,
    OPTIONAL_CHAIN,
    PARENTHESIZED,
    STRING,
    SUPER,
    THIS,
)
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.walk import Walk

_MAX_CHAIN = 12  # members of a chain that a test may tell something of


class MemberReader:
    """Reads members with references to them; what a test or assignment told of a chain is its value."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def read(self, node: Node) -> TermId:
        return self.mention(node, Role.READ)

    def mention(self, node: Node, role: Role) -> TermId:
        """The term of ``a.b``, with references to what stands in it."""
        walk = self.walk
        receiver, name, name_node, form = self.parts(node)
        term = walk.terms[(op.MEMBER, receiver, name)]
        walk.refer(term, name, role, form, name_node)
        return self.known(node, term) if walk.frame.env.chains else term

    def known(self, node: Node, term: TermId) -> TermId:
        """What is known of a chain here; its own term where nothing is."""
        walk = self.walk
        key = self.chain(node)
        reaching = walk.frame.env.chains.get(key) if key is not None else None
        return walk.use(reaching) if reaching else term

    def parts(self, node: Node) -> tuple[TermId, str, Node, Form]:
        """Receiver, name, the name's node, and the form of a member expression."""
        walk = self.walk
        children = node.children
        if len(children) != 3:
            children = [child for child in children if child.kind_id not in walk.extras]
            if len(children) != 3:
                return self.reader.anything(node), "", node, Form.CHAIN
        owner, name_node = children[0], children[2]
        number = walk.kinds[owner.kind_id]
        if number == IDENTIFIER:
            return (
                self.reader.names.mention(owner, Role.READ),
                walk.slice(name_node),
                name_node,
                Form.ATTRIBUTE,
            )
        form = Form.SELF if number == THIS else Form.SUPER if number == SUPER else Form.CHAIN
        return self.reader.read(owner), walk.slice(name_node), name_node, form

    def subscript(self, node: Node) -> TermId:
        return self.element(node, Role.READ)

    def element(self, node: Node, role: Role) -> TermId:
        """``a[i]``; with a literal name it is a member."""
        walk = self.walk
        children = [child for child in node.children if child.is_named and child.kind_id not in walk.extras]
        if len(children) == 3 and walk.kinds[children[1].kind_id] == OPTIONAL_CHAIN:
            del children[1]
        if len(children) != 2:
            return self.reader.anything(node)
        owner, index = children
        receiver = self.reader.read(owner)
        if walk.kinds[index.kind_id] == STRING:
            name = walk.slice(index)[1:-1]
            form = Form.ATTRIBUTE if walk.kinds[owner.kind_id] == IDENTIFIER else Form.CHAIN
            term = walk.terms[(op.MEMBER, receiver, name)]
            walk.refer(term, name, role, form, index)
            return term
        return walk.terms[(op.INDEX, receiver, self.reader.read(index))]

    def key(self, node: Node) -> str:
        """The name of a member where it is declared: quotes do not count, ``[computed]`` keeps brackets."""
        walk = self.walk
        text = walk.slice(node)
        number = walk.kinds[node.kind_id]
        if number == STRING:
            return text[1:-1]
        if number == COMPUTED:
            inner = [child for child in node.named_children if child.kind_id not in walk.extras]
            if len(inner) == 1:
                if walk.kinds[inner[0].kind_id] == STRING:
                    return walk.slice(inner[0])[1:-1]
                self.reader.read(inner[0])
            return "".join(text.split())
        return text

    def chain(self, node: Node) -> str | None:
        """What tests may tell something of: a variable, or members of one or of ``this``."""
        walk, names = self.walk, []
        number = walk.kinds[node.kind_id]
        while number in (MEMBER, NON_NULL, PARENTHESIZED):
            children = node.children
            if number == MEMBER:
                names.append(walk.slice(children[-1]))
                node = children[0]
            else:
                inner = node.named_children
                if len(inner) != 1:
                    return None
                node = inner[0]
            number = walk.kinds[node.kind_id]
        if len(names) > _MAX_CHAIN:
            return None
        if number == IDENTIFIER:
            variable = walk.find(walk.slice(node))
            if variable is None:
                return None
            root = variable.key
        elif number == THIS:
            root = "this#"
        else:
            return None
        return ".".join((root, *reversed(names))) if names else root
