"""Edges that only the project as a whole can tell do not depend on the order in which its symbols come."""

from __future__ import annotations

from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.structural import whole_project_edges
from isg.graph.linking.update import link_all
from isg.graph.model import EdgeKind
from isg.parsers.buildfacts import BuildFacts
from isg.parsers.parse import parse

SOURCES = {
    "base.ts": "export class Base { match(): void {} }\n",
    "derived.ts": "import { Base } from './base'\nexport class Derived extends Base {}\n",
    "wanted.ts": "export interface Wanted { match(): void }\n",
}


def test_a_method_that_two_types_offer_overrides_once_from_its_own_file() -> None:
    facts = {path: parse("typescript", text.encode()) for path, text in SOURCES.items()}
    project = ProjectFiles(BuildFacts("fixture"), dict.fromkeys(SOURCES, "typescript"), facts.__getitem__)
    linked = list(link_all(project)[0])
    edges = [edge for file in linked for edge in file.edges]
    symbols = [symbol for file in linked for symbol in file.symbols]
    found = whole_project_edges(symbols, edges)
    assert [edge.file for edge in found if edge.kind is EdgeKind.OVERRIDES] == ["base.ts"]
    assert whole_project_edges(symbols[::-1], edges) == found
