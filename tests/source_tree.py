"""Python files read as syntax trees: what each imports and which names it uses. Nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One Python file: path relative to the root with forward slashes, syntax tree, number of lines."""

    path: str
    tree: ast.Module
    line_count: int

    @property
    def package(self) -> str:
        return self.path.split("/", 1)[0]


@dataclass(frozen=True, slots=True)
class ImportedName:
    """One thing a file imports: `from a.b import c` gives `a.b.c`, `import a.b` gives `a.b`."""

    file: SourceFile
    line: int
    name: str
    is_lazy: bool
    is_for_types: bool

    @property
    def top(self) -> str:
        return self.name.split(".", 1)[0]

    def is_in(self, *prefixes: str) -> bool:
        return any(self.name == prefix or self.name.startswith(prefix + ".") for prefix in prefixes)


def read_tree(root: Path, folders: tuple[str, ...]) -> list[SourceFile]:
    """Every Python file below the given folders of `root`, in the order of their paths."""
    files = []
    for path in sorted(path for folder in folders for path in (root / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text, str(path))
        files.append(SourceFile(path.relative_to(root).as_posix(), tree, len(text.splitlines())))
    return files


def imports(file: SourceFile) -> Iterator[ImportedName]:
    """What a file imports: at the top, in a function, for types only, or by `import_module("...")`."""

    def visit(node: ast.AST, is_lazy: bool, is_for_types: bool) -> Iterator[ImportedName]:
        for name in _named_by(file.path, node):
            yield ImportedName(file, getattr(node, "lineno", 0), name, is_lazy, is_for_types)
        is_lazy = is_lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        guarded = node.body if isinstance(node, ast.If) and last_word(node.test) == "TYPE_CHECKING" else []
        for child in ast.iter_child_nodes(node):
            yield from visit(child, is_lazy, is_for_types or child in guarded)

    yield from visit(file.tree, False, False)


def uses(file: SourceFile) -> Iterator[tuple[int, str]]:
    """Line and full name of all that is used from an import (`dt.now` is `datetime.datetime.now`)."""
    meaning: dict[str, str] = {}
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".", 1)[0]
                meaning[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(file.path, node)
            meaning |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in node.names}
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Name | ast.Attribute):
            first, dot, rest = dotted(node).partition(".")
            if first in meaning:
                yield node.lineno, meaning[first] + dot + rest


def dotted(node: ast.AST | None) -> str:
    """`a.b.c` of a name or a chain of attributes, empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def last_word(node: ast.AST) -> str:
    """`kernel` of `kernel`, `_jit.kernel` and `_jit.kernel(...)`."""
    return dotted(node.func if isinstance(node, ast.Call) else node).rsplit(".", 1)[-1]


def _named_by(path: str, node: ast.AST) -> list[str]:
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom():
            return [f"{_absolute(path, node)}.{alias.name}" for alias in node.names]
        case ast.Call(args=[ast.Constant(value=str(name)), *_]) if last_word(node) in {
            "import_module",
            "__import__",
        }:
            return [name]
        case _:
            return []


def _absolute(path: str, node: ast.ImportFrom) -> str:
    if node.level == 0:
        return node.module or ""
    folders = path.split("/")[: -node.level]
    return ".".join([*folders, *([node.module] if node.module else [])])
