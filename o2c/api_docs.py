"""The API's own reference page, out of its schema and without anybody else's scripts."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator

from core.pages import PageRequest, staff_page
from core.tokens import SCOPES

METHODS = ("get", "post", "patch", "put", "delete")


@dataclass(frozen=True)
class Endpoint:
    """One address with one method."""

    method: str
    path: str
    words: str
    parameters: list[dict[str, Any]]
    body: list[tuple[str, str, bool]]


@staff_page("core.view")
def api_docs(request: PageRequest) -> HttpResponse:
    """Every address of the API by room, with what it takes."""
    generator: Any = SchemaGenerator
    schema: dict[str, Any] = generator().get_schema(request=None, public=True)
    groups: dict[str, list[Endpoint]] = {}
    for path, methods in sorted(schema["paths"].items()):
        for method in METHODS:
            if method in methods:
                label = path.split("/")[3].replace("-", " ").replace("_", " ").capitalize()
                groups.setdefault(label, []).append(_endpoint(schema, method, path, methods[method]))
    return render(request, "core/api_docs.html", {"groups": groups, "scopes": SCOPES})


def _endpoint(schema: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> Endpoint:
    words = str(operation.get("description", "")).strip()
    parameters = [each for each in operation.get("parameters", []) if each["in"] == "query"]
    return Endpoint(method.upper(), path, words, parameters, _body(schema, operation))


def _body(schema: dict[str, Any], operation: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Fields of the request's body as name, kind and whether it must be given."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = str(content.get("$ref", "")).rpartition("/")[2]
    described = schema.get("components", {}).get("schemas", {}).get(name, content)
    required = set(described.get("required", []))
    fields = described.get("properties", {}).items()
    return [(field, _kind(facts), field in required) for field, facts in fields if not facts.get("readOnly")]


def _kind(facts: dict[str, Any]) -> str:
    if "enum" in facts:
        return " or ".join(str(value) for value in facts["enum"])
    if facts.get("type") == "array":
        return "list"
    return str(facts.get("format") or facts.get("type") or "object")
