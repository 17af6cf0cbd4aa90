"""The cyclomatic complexity of functions, by the rules of radon (``radon cc``), counted during the walk.

McCabe, "A Complexity Measure" (1976), as radon reads Python: a function is 1, plus

- 1 for each ``if``, ``elif`` and conditional expression, each ``for`` and ``while``;
- 1 for each ``else`` of a loop or a ``try``, and 1 for each ``except`` (none of a ``try`` with ``except*``);
- 1 for each ``and`` and ``or``;
- 1 for each ``for`` and each ``if`` of a comprehension or generator expression;
- 1 for each ``case`` of a ``match``, less one where a case is only ``_`` or a name;
- 1 for each ``assert``, whatever its test holds;
- nothing for ``with``, lambdas (but what stands in them counts), decorators, defaults, and nothing for
  functions and classes defined inside: a function's number does not include that of its closures.

The readers add to ``Walk.complexity`` where they meet these; definitions save and restore it. The number of
a property is its getter's, that of an overloaded function its implementation's.
"""
