"""What the answers about TypeScript and Rust have to do that those about Python need not."""

from __future__ import annotations


def test_documentation_gives_way_to_code_where_both_do_not_fit(isg, tree) -> None:
    words = "    /// Every word of this is well chosen, and none of it says what the code below does.\n" * 30
    tree(
        f"--- src/lib.rs\npub struct Bell;\n\nimpl Bell {{\n{words}    pub fn ring(&self) {{ toll(3) }}\n}}\n"
    )
    document = isg("context", "Bell::ring", "--budget", "200").out
    assert "… (cut: 30 lines of comment)\n    pub fn ring(&self) { toll(3) }\n" in document
    assert "well chosen" in isg("context", "Bell::ring", "--budget", "2000").out


def test_documentation_of_a_line_or_two_stays(isg, tree) -> None:
    tree(
        "--- src/lib.rs\npub fn ring() { toll(3) }\n\n"
        "/// How it sounds.\n/// It is loud.\nfn toll(times: u32) { strike(times) }\n"
    )
    document = isg("context", "ring", "--budget", "2000").out
    assert "/// How it sounds.\n/// It is loud.\nfn toll" in document


def test_of_many_members_only_the_first_are_named(isg, tree) -> None:
    members = "".join(f"  m{number}() {{}}\n" for number in range(12))
    tree(f"--- a.ts\nclass Wide {{\n{members}}}\nclass Narrow extends Wide {{\n  m0() {{}}\n}}\n")
    outcome = isg("who-implements", "Wide", "--methods")
    assert "    supplies m0\n" in outcome.out
    assert "    inherits m1, m2, m3, m4, m5, m6, m7, m8 and 3 more from Wide\n" in outcome.out


def test_a_package_is_called_by_its_folder(isg, tree) -> None:
    tree(
        "--- src/lib.rs\nmod sync;\nmod other;\n"
        "--- src/sync.rs\nmod guard;\nuse crate::other::Other;\npub struct Sync;\n"
        "--- src/sync/guard.rs\nuse crate::sync::Sync;\npub struct Guard(Sync);\n"
        "--- src/other/mod.rs\nuse crate::sync::Sync;\npub struct Other(Sync);\n"
        '--- web/a/first.ts\nimport { b } from "../b/second";\nexport const a = 1;\n'
        '--- web/b/second.ts\nimport { a } from "../a/first";\nexport const b = 1;\n'
    )
    outcome = isg("find-cycles", "--level", "package")
    circles = [line.strip().partition(" (")[0] for line in outcome.out.splitlines() if " -> " in line]
    assert circles[:2] == ["src/other -> src/sync", "src/sync -> src/other"]
    assert "web/a -> web/b (web/a/first.ts:1)  runtime" in outcome.out
    found = isg("find-cycles", "--level", "package", "--json").json["results"]
    folders = [{member["folder"] for member in cycle["members"]} for cycle in found]
    assert folders == [{"src/sync", "src/other"}, {"web/a", "web/b"}]


def test_why_proves_the_edges_to_each_of_two_merged_declarations(isg, tree) -> None:
    tree("--- a.ts\nexport interface Shape {}\nexport const Shape = () => {};\nfunction f() { Shape() }\n")
    lines = [line.split() for line in isg("why", "f", "Shape").out.splitlines()]
    assert ["CALLS", "exact"] in lines


def test_a_trait_of_a_symbol_is_said_once(isg, tree) -> None:
    tree("--- src/lib.rs\n#[test]\nfn t() {}\n")
    assert "private, test; complexity 1" in isg("show", "t").out


def test_the_methods_of_a_struct_count_among_its_lines(isg, tree) -> None:
    tree(
        "--- src/lib.rs\npub struct A {\n    x: u8,\n}\n\n"
        "impl A {\n    fn f(&self) {\n        g()\n    }\n}\nfn g() {}\n"
    )
    (found,) = isg("hotspots", "--level", "class", "--json").json["results"]
    assert (found["name"], found["lines"]) == ("A", 6)


UNREAD = """--- a.py
def f(): ...
--- main.go
package main
--- view.vue
<script/>
--- .gitignore
old/
--- old/x.go
"""


def test_an_empty_answer_names_the_files_that_are_not_read(isg, tree) -> None:
    tree(UNREAD)
    codes = {notice["code"]: notice["message"] for notice in isg("callers", "f", "--json").json["warnings"]}
    assert list(codes) == ["none", "language_gap"]
    assert codes["language_gap"] == "files that isg does not read: 1 of Go, 1 of Vue"
    assert isg("symbols", "f", "--json").json["warnings"] == []


def test_a_name_that_is_not_found_may_stand_in_files_that_are_not_read(isg, tree) -> None:
    tree(UNREAD)
    assert "files that isg does not read: 1 of Go, 1 of Vue" in isg("show", "nowhere").err
    outcome = isg("show", "./main.go", "--json")
    assert (outcome.status, outcome.json["error"]["code"]) == (4, "no-such-file")
    assert outcome.json["error"]["message"].startswith("isg does not read Go: ")
    assert "1 of" not in outcome.json["error"]["hint"]


def test_where_all_is_read_there_is_no_gap(isg, tree) -> None:
    tree("--- a.py\ndef f(): ...\n--- README.md\n# Go\n--- run.sh\nf\n")
    assert [notice["code"] for notice in isg("callers", "f", "--json").json["warnings"]] == ["none"]


def test_a_module_gives_way_to_what_it_holds_under_its_own_name(isg, tree) -> None:
    tree(
        '--- Cargo.toml\n[package]\nname = "mini"\nedition = "2021"\n--- src/lib.rs\npub mod task;\n'
        "--- src/task/mod.rs\nmod spawn;\npub use spawn::spawn;\n--- src/task/spawn.rs\npub fn spawn() {}\n"
    )
    for selector in ("spawn", "task::spawn", "mini::task::spawn"):
        (result,) = isg("show", selector, "--json").json["results"]
        assert result["key"] == "rust:mini::task::spawn::spawn"
    assert isg("show", "src/task/spawn.rs", "--json").json["results"][0]["kind"] == "module"
