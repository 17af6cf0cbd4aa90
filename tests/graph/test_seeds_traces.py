"""Stack traces of five languages, and texts that speak of a project: which symbols they mean."""

from __future__ import annotations

import pytest
from drawing import build_graph
from hypothesis import given
from hypothesis import strategies as st

from isg.graph.seeds.questions import telling_words
from isg.graph.seeds.texts import symbols_in
from isg.graph.seeds.traces import Frame, read_trace

PYTHON = """
Traceback (most recent call last):
  File "/app/shop/db.py", line 9, in connect
    raise OSError
OSError

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
    run()
  File "/app/shop/cart.py", line 40, in Cart.checkout
    pay()
ValueError: x
"""
NODE = """
TypeError: Cannot read properties of undefined (reading 'id')
    at Cart.checkout (/app/src/cart.ts:12:5)
    at async Object.<anonymous> (file:///app/src/main.ts:3:1)
    at /app/src/bare.js:7:9
    at Array.map (<anonymous>)
"""
RUST = """
thread 'main' panicked at src/lib.rs:10:5:
index out of bounds
stack backtrace:
   0: rust_begin_unwind
             at /rustc/9fc6/library/std/src/panicking.rs:645:5
   1: depot::routing::Route::price::h0123456789abcdef
             at ./src/routing.rs:26:9
   2: core::ops::function::FnOnce::call_once
             at /rustc/9fc6/library/core/src/ops/function.rs:250:5
"""
GO = """
panic: runtime error: index out of range [1] with length 1

goroutine 1 [running]:
github.com/a/b/store.(*Store).Get(0xc000012345, {0x1, 0x2})
\t/home/u/b/store/store.go:42 +0x1d
main.main()
\t/home/u/b/main.go:7 +0x25
"""
JAVA = """
Exception in thread "main" java.lang.IllegalStateException: x
\tat com.acme.shop.Cart.checkout(Cart.java:31)
\tat java.base/java.lang.Thread.run(Thread.java:833)
\tat com.acme.Main$1.lambda$run$0(Main.java:9)
Caused by: java.io.IOException
\tat com.acme.Db.open(Db.java:5)
"""


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        (
            PYTHON,
            [
                Frame("/app/shop/cart.py", 40, "checkout"),
                Frame("/app/main.py", 3),
                Frame("/app/shop/db.py", 9, "connect"),
            ],
        ),
        (
            NODE,
            [
                Frame("/app/src/cart.ts", 12, "checkout"),
                Frame("file:///app/src/main.ts", 3, "Object"),
                Frame("/app/src/bare.js", 7),
            ],
        ),
        (
            RUST,
            [
                Frame("src/lib.rs", 10),
                Frame("/rustc/9fc6/library/std/src/panicking.rs", 645, "rust_begin_unwind"),
                Frame("./src/routing.rs", 26, "price"),
                Frame("/rustc/9fc6/library/core/src/ops/function.rs", 250, "call_once"),
            ],
        ),
        (GO, [Frame("/home/u/b/store/store.go", 42, "Get"), Frame("/home/u/b/main.go", 7, "main")]),
        (
            JAVA,
            [
                Frame("Cart.java", 31, "checkout"),
                Frame("Thread.java", 833, "run"),
                Frame("Main.java", 9, "run"),
                Frame("Db.java", 5, "open"),
            ],
        ),
    ],
    ids=["python", "javascript", "rust", "go", "java"],
)
def test_places_of_a_trace_the_one_first_where_it_happened(trace, expected):
    assert list(read_trace(trace)) == expected


@given(st.text(alphabet=st.sampled_from(' \nat(){}:0123/.gojs"File ,line<>')))
def test_no_text_is_an_error(text):
    read_trace(text)
    symbols_in(build_graph(TREE, ""), text)


TREE = """
shop/cart.py class Cart
shop/cart.py method Cart.checkout
shop/cart.py function apply_discount
shop/db.py function connect
shop/db.py function get
shop/net.py function get
shop/api.py function get
shop/web.py function get
"""


def meant(text):
    graph = build_graph(TREE, "")
    return [graph.symbol(node).qualified for node in symbols_in(graph, text)]


def test_frames_from_another_machine_and_of_another_day_find_the_function_by_its_name():
    assert meant('  File "/srv/x/shop/db.py", line 900, in connect') == ["connect"]


def test_a_text_speaks_of_what_it_names_as_a_name():
    assert meant("the total is wrong after `apply_discount`, see Cart.checkout") == [
        "apply_discount",
        "Cart.checkout",
    ]
    assert meant("we connect and get an error") == []
    assert meant("it fails in connect() but not in get()") == ["connect"]


def test_a_file_is_meant_where_nothing_of_it_is_named():
    assert meant("shop/db.py is slow") == ["shop.db"]
    assert meant("shop/db.py is slow in connect()") == ["connect"]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("where is the retry policy?", "retry policy"),
        ("How do we open db.connect", "open db.connect"),
        ("what is it", "what is it"),
    ],
)
def test_the_words_of_a_question_that_tell(question, words):
    assert telling_words(question) == words
