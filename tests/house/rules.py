"""The house rules that a machine can check, as functions from source text to complaints."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

FILE_LIMIT = 400
FUNCTION_LIMIT = 50
USUAL_FUNCTION = 25
WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "select_for_update",
}
NOT_THE_DATABASE = {"cache", "context", "headers", "digest"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def complaints_about_length(source: str) -> Iterator[str]:
    lines = len(source.splitlines())
    if lines > FILE_LIMIT:
        yield f"has {lines} lines, more than {FILE_LIMIT}: cut it into a package by noun"
    for function in functions_of(source):
        if length_of(function) > FUNCTION_LIMIT:
            yield f"{function.name} has {length_of(function)} lines, more than {FUNCTION_LIMIT}"


def complaints_about_signatures(source: str) -> Iterator[str]:
    for function in functions_of(source):
        if function.returns is None:
            yield f"{function.name} has no return type"


def complaints_about_actions(source: str) -> Iterator[str]:
    """An action is atomic, keyword-only, says who acts first, and why in a sentence."""
    for function in public_functions_of(source):
        if "transaction.atomic" not in {ast.unparse(decorator) for decorator in function.decorator_list}:
            yield f"{function.name} is not @transaction.atomic"
        if function.args.args or function.args.posonlyargs or function.args.vararg:
            yield f"{function.name} takes positional arguments"
        first = function.args.kwonlyargs[0] if function.args.kwonlyargs else None
        if first is None or first.arg != "by":
            yield f"{function.name} does not take `by` first"
        elif first.annotation is None or function.args.kw_defaults[0] is not None:
            yield f"{function.name} needs `by` with a type and without a default"
        if not ast.get_docstring(function):
            yield f"{function.name} has no docstring"


def complaints_about_writes(source: str) -> Iterator[str]:
    """Ways in and questions call actions; they write nothing themselves."""
    for node in nodes_of(source):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
            continue
        receiver = node.func.value
        if node.func.attr == "update" and node.args:  # a dict or a hash: rows are updated by keywords only
            continue
        if not (isinstance(receiver, ast.Name) and receiver.id in NOT_THE_DATABASE):
            yield f"line {node.lineno} writes: {ast.unparse(node.func)}(…)"


def complaints_about_hidden_imports(source: str) -> Iterator[str]:
    for function in functions_of(source):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{function.name} imports inside the function (line {node.lineno})"


def complaints_about_floats(source: str) -> Iterator[str]:
    for node in nodes_of(source):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "float":
            yield f"line {node.lineno} makes a float"
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"line {node.lineno} has the float {node.value}"
        elif isinstance(node, ast.Attribute) and node.attr == "FloatField":
            yield f"line {node.lineno} uses FloatField"


def complaints_about_migrations(source: str) -> Iterator[str]:
    """The library's own step renders every model again: with many triggers a database takes minutes to set up."""
    for node in nodes_of(source):
        if isinstance(node, ast.ImportFrom) and node.module == "pgtrigger.migrations":
            if any(name.name == "AddTrigger" for name in node.names):
                yield f"line {node.lineno} takes AddTrigger from pgtrigger: core.migration_operations has it"
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == "pgtrigger.migrations.AddTrigger":
            yield f"line {node.lineno} uses pgtrigger.migrations.AddTrigger: core.migration_operations has it"


def complaints_about_days(source: str) -> Iterator[str]:
    """A day that somebody types lies within the life of a company, or they get a sentence; the plain field has none."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "forms.DateField":
            yield f"line {node.lineno} uses forms.DateField: core.forms.DayField knows which days there are"
        elif isinstance(node, ast.keyword | ast.Assign) and "DateInput" in ast.unparse(node):
            yield f"line {node.value.lineno} uses DateInput: core.forms.DayField brings it"


def complaints_about_template(source: str) -> Iterator[str]:
    """The Content-Security-Policy would drop these without a word."""
    markup = re.sub(r"{% comment.*?endcomment %}|{#.*?#}|{%.*?%}|{{.*?}}", "", source, flags=re.DOTALL)
    if re.search(r"<[^>]*\sstyle\s*=", markup):
        yield "has a style attribute"
    if re.search(r"<style\b", markup):
        yield "has a <style> element"
    if re.search(r"<[^>]*\son[a-z]+\s*=", markup):
        yield "has an event handler attribute"
    for script in re.finditer(r"<script\b([^>]*)>", markup):
        if "src=" not in script[1] and "application/json" not in script[1]:
            yield "has an inline script"


@cache
def parsed(source: str) -> ast.Module:
    """A file is parsed once, however many rules ask about it."""
    return ast.parse(source)


@cache
def nodes_of(source: str) -> tuple[ast.AST, ...]:
    """Everything that stands in a file."""
    return tuple(ast.walk(parsed(source)))


def functions_of(source: str) -> list[Function]:
    return [node for node in nodes_of(source) if isinstance(node, Function)]


def public_functions_of(source: str) -> list[Function]:
    body = parsed(source).body
    return [node for node in body if isinstance(node, Function) and not node.name.startswith("_")]


def length_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def share_within(lengths: Iterable[int], limit: int) -> float:
    all_lengths = list(lengths)
    return sum(length <= limit for length in all_lengths) / len(all_lengths) if all_lengths else 1.0


def names_in(paths: Iterable[Path]) -> set[str]:
    """Every name that the code defines: classes, functions, fields, arguments and members."""
    found: set[str] = set()
    for path in paths:
        for node in nodes_of(path.read_text()):
            if isinstance(node, ast.ClassDef | Function):
                found.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
            elif isinstance(node, ast.arg):
                found.add(node.arg)
            elif isinstance(node, ast.keyword) and node.arg == "related_name":
                found.add(ast.literal_eval(node.value))
    return found
