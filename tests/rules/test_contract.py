"""The public contract is described as docs/contract.md has it, and the description has nothing that is not there."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable

import pytest

from gateway.docs import document
from tests.support.contract import (
    DOCUMENTED,
    FILE,
    NOT_COVERED,
    OURS,
    Description,
    Row,
    everywhere,
    names,
    plain,
    statuses,
    table,
)

DESCRIPTION = Description(json.loads(document.FILE.read_text(encoding="utf-8")))
OPERATIONS, PARAMETERS, MEMBERS, HEADERS = map(table, ("Operations", "Parameters", "Members", "Headers of answers"))
COVERED = [row for row in OPERATIONS if row["Mark"] != NOT_COVERED]
ABSENT = [row for row in OPERATIONS if row["Mark"] == NOT_COVERED]
# What answers nothing else, whatever it is asked.
UNDONE = "501"


def name(row: Row) -> str:
    return " ".join(names(row.get("Operation", row.get("Schema", ""))) + names(row.get("Parameter", "")))


def missing(rows: Iterable[str]) -> str:
    return f"Rows for {FILE.name}, to be marked:\n" + "\n".join(sorted(rows))


def test_every_row_is_marked_and_every_deviation_is_explained() -> None:
    marks = {row["Mark"] for row in (*OPERATIONS, *PARAMETERS, *MEMBERS, *HEADERS)}
    assert marks == {DOCUMENTED, OURS, NOT_COVERED}
    explained = set(re.findall(r"^\*\*(D\d+)\*\*", FILE.read_text(), re.MULTILINE))
    assert explained == set(re.findall(r"\bD\d+\b", FILE.read_text().partition("\n## ")[2]))


def test_the_table_has_the_operations_that_are_described() -> None:
    listed = Counter(names(row["Operation"])[0] for row in OPERATIONS)
    assert set(listed) == set(DESCRIPTION.operations)
    assert max(listed.values()) == 1


@pytest.mark.parametrize("row", COVERED, ids=name)
def test_an_operation_is_described_as_the_contract_has_it(row: Row) -> None:
    (operation,) = names(row["Operation"])
    described = {
        "Scope": DESCRIPTION.scope(operation),
        "Takes": DESCRIPTION.takes(operation),
        "Gives": DESCRIPTION.gives(operation),
    }
    assert {column: plain(row[column]) for column in described} == described


@pytest.mark.parametrize("row", COVERED, ids=name)
def test_an_operation_answers_with_the_statuses_of_the_table(row: Row) -> None:
    (operation,) = names(row["Operation"])
    answers = DESCRIPTION.answers(operation)
    otherwise = set(re.findall(r"~(\d{3})", row["Refusals"]))
    documented = statuses(row["Refusals"]) - otherwise
    common = set(everywhere(DESCRIPTION, operation))
    assert documented | common <= answers.keys()
    assert set(answers) - documented - common - statuses(row["Gives"]) == statuses(row["Ours on top"])
    assert not otherwise or re.search(r"\bD\d", row["Notes"]), "say why"
    for status in otherwise & answers.keys():
        assert answers[status]["description"].endswith(": `idempotency_key_reused`"), "answered after all"


@pytest.mark.parametrize("row", ABSENT, ids=name)
def test_what_is_not_covered_answers_nothing_but_that(row: Row) -> None:
    (operation,) = names(row["Operation"])
    assert set(DESCRIPTION.answers(operation)) == {UNDONE, *everywhere(DESCRIPTION, operation)}
    assert f"`{plain(row['Scope'])}`" in DESCRIPTION.operations[operation]["description"]


def test_the_table_has_the_parameters_that_are_described() -> None:
    described = {
        (operation, parameter): f"| `{operation}` | `{parameter}` | {words} |"
        for operation in DESCRIPTION.operations
        for parameter, words in DESCRIPTION.parameters(operation).items()
        if parameter != "header Idempotency-Key"
    }
    listed = [
        (operation, parameter)
        for row in PARAMETERS
        if row["Mark"] != NOT_COVERED
        for operation in names(row["Operation"])
        for parameter in names(row["Parameter"])
    ]
    assert not described.keys() - set(listed), missing(described[key] for key in described.keys() - set(listed))
    assert sorted(listed) == sorted(described)


@pytest.mark.parametrize("row", PARAMETERS, ids=name)
def test_a_parameter_is_described_as_the_contract_has_it(row: Row) -> None:
    for operation in names(row["Operation"]):
        if row["Mark"] == NOT_COVERED:
            assert UNDONE in DESCRIPTION.answers(operation)
        else:
            described = DESCRIPTION.parameters(operation)
            told = {described[parameter] for parameter in names(row["Parameter"])}
            assert row["Mark"] == OURS or told == {plain(row["What"])}


def test_the_table_has_the_members_that_are_described() -> None:
    described = {
        (schema, member): f"| `{schema}` | `{member}` | {words} |"
        for schema in DESCRIPTION.schemas
        for member, words in DESCRIPTION.members(schema).items()
    }
    listed = [
        (schema, member)
        for row in MEMBERS
        if row["Mark"] != NOT_COVERED
        for schema in names(row["Schema"])
        for member in names(row["Member"])
    ]
    assert not described.keys() - set(listed), missing(described[key] for key in described.keys() - set(listed))
    assert sorted(listed) == sorted(described)


@pytest.mark.parametrize("row", MEMBERS, ids=name)
def test_a_member_is_described_as_the_contract_has_it(row: Row) -> None:
    for schema in names(row["Schema"]):
        if row["Mark"] == NOT_COVERED:
            assert schema not in DESCRIPTION.schemas
        elif row["Mark"] == DOCUMENTED:
            members = DESCRIPTION.members(schema)
            assert {members[member] for member in names(row["Member"])} == {plain(row["What"])}


@pytest.mark.parametrize("row", HEADERS, ids=name)
def test_an_answer_has_the_headers_of_the_contract(row: Row) -> None:
    """`all`: all but what our server refuses before it is a request, as the notes say."""
    operations = names(row["Operation"]) or list(DESCRIPTION.operations)
    wanted = statuses(row["Answers"])
    for operation in operations:
        answers = DESCRIPTION.answers(operation)
        for status in wanted or answers.keys() - {"414", "431"}:
            assert set(names(row["Header"])) <= answers[status]["headers"].keys(), (operation, status)
