"""The API's description of itself is whole, and true."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tools.clients import document, operations


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
            content = said["responses"]["default"]["content"]
            assert content["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
            assert "422" not in said["responses"], "the framework's shape of errors is nobody's here"


def test_what_wants_somebody_says_so(described: dict[str, Any]) -> None:
    paths = described["paths"]
    assert paths["/api/account"]["get"]["security"] == [{"apiKey": []}, {"session": []}]
    assert "security" not in paths["/api/signin"]["post"]
    assert "security" not in paths["/api/health"]["get"]


def test_every_operation_has_a_name_of_its_own_that_clients_can_use(described: dict[str, Any]) -> None:
    names = [one.name for one in operations(described)]
    assert len(names) == len(set(names))
    assert [name for name in names if not name.isidentifier() or len(name) > 40] == []
