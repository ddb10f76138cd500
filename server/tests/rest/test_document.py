"""The API's description of itself is whole, and true."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import OpenAPIV31SpecValidator
from tools.clients import document, operations, product

PLANNING = ("/api/calendar/meetings", "post")


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return document()


def test_it_is_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(described).iter_errors()) == []


def test_every_operation_says_what_it_does_and_how_it_refuses(described: dict[str, Any]) -> None:
    for path, ways in described["paths"].items():
        assert path.startswith("/api/")
        for method, said in ways.items():
            assert said["tags"], f"{method} {path}"
            assert said["description"], f"{method} {path}: its summary is only its function's name"
            content = said["responses"]["default"]["content"]
            assert content["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
            assert "422" not in said["responses"], "the framework's shape of errors is nobody's here"


def test_every_body_and_every_answer_has_an_example_that_its_schema_allows(described: dict[str, Any]) -> None:
    seen = 0
    for path, method, said in contents(described):
        assert "example" in said, f"{method} {path}"
        whole = {**said["schema"], "components": described["components"]}
        faults = [one.message for one in Draft202012Validator(whole).iter_errors(said["example"])]
        assert faults == [], f"{method} {path}"
        seen += 1
    assert seen > 150


def test_examples_tell_one_story(described: dict[str, Any]) -> None:
    [asked] = (
        said
        for path, method, said in contents(described)
        if (path, method) == PLANNING and "sequence" not in said["example"]
    )
    assert asked["example"]["title"] == "Physics"
    assert asked["example"]["starts"] == "2026-12-07T09:00"
    assert "capacity" not in asked["example"], "what needn't be said isn't"


def contents(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every body and every answer that is JSON and says what it is."""
    for path, ways in described["paths"].items():
        for method, operation in ways.items():
            answers = [answer for status, answer in operation["responses"].items() if status != "default"]
            for one in (operation.get("requestBody", {}), *answers):
                said = one.get("content", {}).get("application/json")
                if said and said.get("schema"):
                    yield path, method, said


def test_what_wants_somebody_says_so(described: dict[str, Any]) -> None:
    paths = described["paths"]
    assert paths["/api/account"]["get"]["security"] == [{"apiKey": []}, {"session": []}]
    assert "security" not in paths["/api/signin"]["post"]
    assert "security" not in paths["/api/health"]["get"]


def test_every_operation_has_a_name_of_its_own_that_clients_can_use(described: dict[str, Any]) -> None:
    names = [one.name for one in operations(described)]
    assert len(names) == len(set(names))
    assert [name for name in names if not name.isidentifier() or len(name) > 40] == []


def test_no_body_and_no_answer_is_unsaid() -> None:
    """A body that is read as it comes, and an answer that is made by hand, are invisible to the framework."""
    with product() as app:
        routes = [one for one in app.routes if isinstance(one, APIRoute) and one.include_in_schema]
    assert len(routes) > 200
    for route in routes:
        source = inspect.getsource(route.endpoint)
        if "request.stream()" in source or "request.body()" in source:
            assert "requestBody" in (route.openapi_extra or {}), route.path
        if route.status_code != 204 and inspect.signature(route.endpoint).return_annotation == "Response":
            assert route.responses.get(200, {}).get("content"), route.path
