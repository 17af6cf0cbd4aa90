"""Parameters of functions and lambdas."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, Parameter, ParameterKind, TermId
from isg.parsers.python.flow import Frame
from isg.parsers.python.grammar import IDENTIFIER, kind, kinds, named, parts
from isg.parsers.python.readers import Reader
from isg.parsers.python.walk import Walk
from isg.parsers.tables import SignatureDraft

_SLASH = kind("positional_separator")
_STAR = kind("keyword_separator")
_TYPE = kind("type")
_VARIADIC = kind("list_splat_pattern")
_KEYWORDS = kind("dictionary_splat_pattern")
# looking up members of enums is slow
_POSITIONAL, _KEYWORD_ONLY = ParameterKind.POSITIONAL, ParameterKind.KEYWORD_ONLY
_VARIADIC_KIND, _PARAMETER = ParameterKind.VARIADIC, BindingKind.PARAMETER
_WITH_DEFAULT = kinds("default_parameter", "typed_default_parameter")


class Parameters:
    """Reads parameter lists: annotations and defaults in the scope around, names into the new one."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def read(self, node: Node, signature: SignatureDraft, number: int, frame: Frame) -> None:
        """Fills the signature, and binds its parameters in *frame*, the scope of the body."""
        normal = _POSITIONAL
        for child in named(node.children):
            if child.kind_id == _SLASH:
                signature.parameters[:] = [_positional_only(each) for each in signature.parameters]
                continue
            if child.kind_id == _STAR:
                normal = _KEYWORD_ONLY
                continue
            parameter, name_node = self._parameter(child, normal)
            if parameter.kind is _VARIADIC_KIND:
                normal = _KEYWORD_ONLY
            signature.parameters.append(parameter)
            self._bind(parameter, name_node, signature, number, frame)

    def _parameter(self, node: Node, normal: ParameterKind) -> tuple[Parameter, Node]:
        annotation = default = 0
        has_default = node.kind_id in _WITH_DEFAULT
        target = node
        if node.kind_id != IDENTIFIER:
            children = parts(node)
            if has_default or (len(children) > 1 and children[-1].kind_id == _TYPE):
                target = children[0]
            for child in children[1:]:
                if child.kind_id == _TYPE and not annotation:
                    annotation = self.reader.annotations.read(child)
            if has_default and len(children) > 2:
                default = self.reader.read(children[-1])
                self.walk.expect(default, annotation)
        if target.kind_id in (_VARIADIC, _KEYWORDS):
            normal = ParameterKind.VARIADIC if target.kind_id == _VARIADIC else ParameterKind.KEYWORDS
            target = parts(target)[-1]
        name = self.walk.slice(target)
        return Parameter(name, normal, annotation, default, has_default), target

    def _bind(
        self, parameter: Parameter, node: Node, signature: SignatureDraft, number: int, frame: Frame
    ) -> None:
        walk, position = self.walk, len(signature.parameters) - 1
        value: TermId = walk.terms[(op.PARAMETER, number, position)]
        if node.kind_id != IDENTIFIER:  # Python 2's tuple parameters
            for at, child in enumerate(named(node.children)):
                if child.kind_id == IDENTIFIER:
                    self._name(walk.slice(child), walk.terms[(op.ITEM, value, at)], 0, frame)
            return
        binding = self._name(parameter.name, value, parameter.annotation, frame)
        walk.parameters[binding] = (signature, position)

    def _name(self, name: str, value: TermId, declared: TermId, frame: Frame) -> int:
        binding = self.walk.tables.binding(_PARAMETER, name, frame.scope, value, declared)
        frame.names.setdefault(name, []).append(binding)
        frame.env.names[name] = (binding,)
        return binding


def _positional_only(parameter: Parameter) -> Parameter:
    return Parameter(
        parameter.name,
        ParameterKind.POSITIONAL_ONLY,
        parameter.annotation,
        parameter.default,
        parameter.has_default,
    )
