"""What is taken for a test, by the conventions of the common runners."""

from __future__ import annotations

import pytest

from isg.graph.linking.symbols import is_test_path


@pytest.mark.parametrize(
    "path",
    [
        "test_orders.py",
        "shop/orders_test.py",
        "conftest.py",
        "tests/helpers.py",
        "src/basket.test.ts",
        "src/Basket.spec.tsx",
        "src/types.test-d.ts",
        "lib/basket-test.js",
        "src/__tests__/basket.js",
        "src/__mocks__/fs.js",
        "e2e/login.ts",
        "tests/integration.rs",
        "src/dfa/tests.rs",
    ],
)
def test_a_test_file(path: str) -> None:
    assert is_test_path(path)


@pytest.mark.parametrize(
    "path",
    ["contest.py", "testing/engine.py", "src/latest.ts", "src/test.ts.js", "spec/parser.ts", "src/attest.rs"],
)
def test_a_file_that_only_sounds_like_one(path: str) -> None:
    assert not is_test_path(path)
