"""What is true of every module of the product: small, and named by what it knows."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    path
    for folder in ("dags", "include", "plugins", "sandbox", "local", "bench", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def test_a_module_has_at_most_400_lines() -> None:
    assert len(MODULES) > 100
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > 400} == {}


@pytest.mark.parametrize("name", ["utils", "util", "helpers", "helper", "common", "misc", "tools", "lib"])
def test_no_module_or_package_is_a_drawer_for_everything(name: str) -> None:
    named = {part for path in MODULES for part in (*path.relative_to(ROOT).parts[:-1], path.stem)}
    assert name not in named
