"""The HTTP API, the streaming URL and the state machine."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.template.cloudformation import (
    FUNCTIONS,
    PARAMETERS,
    RESOURCES,
    ROOT,
    TEMPLATE,
    nodes,
    of_type,
    references,
)

ROUTES = {
    "ScrubFunction": {"POST /phi/scrub", "POST /phi/scrub/batch"},
    "SummarizeFunction": {"POST /api/generate_summary"},
    "ExtractFunction": {"POST /extract_medical_data"},
    "PatientSummaryFunction": {
        "POST /generate_patient_summary",
        "GET /jobs/{id}",
        "GET /jobs/{id}/events",
    },
    "UploadFunction": {"POST /upload", "POST /uploads"},
    "TranscribeFunction": {"POST /transcribe", "POST /api/extract_medical_data_from_audio"},
    "StatusFunction": {"GET /live", "GET /ready", "GET /metrics", "GET /docs", "GET /openapi.json"},
}
API_LIMIT_S = 30
"""Longest an HTTP API waits. Source: Amazon API Gateway quotas for HTTP APIs, maximum integration timeout."""
API = RESOURCES["Api"]["Properties"]
MACHINES = of_type("AWS::Serverless::StateMachine")
WORKFLOWS = {
    "PatientSummaryMachine": ROOT / "functions" / "patient_summary" / "workflow.asl.json",
    "TranscriptionMachine": ROOT / "functions" / "transcribe" / "workflow.asl.json",
    "DocumentMachine": ROOT / "functions" / "upload" / "workflow.asl.json",
    "BulkMachine": ROOT / "functions" / "bulk" / "workflow.asl.json",
}
STEPS = {
    "${FetchRecordFunctionArn}": "FetchRecordFunction",
    "${RunStepFunctionArn}": "RunStepFunction",
    "${GenerateSectionFunctionArn}": "GenerateSectionFunction",
    "${TranscribeStepFunctionArn}": "TranscribeStepFunction",
    "${UploadStepFunctionArn}": "UploadStepFunction",
    "${BulkStepFunctionArn}": "BulkStepFunction",
    "${PatientSummaryMachineArn}": "PatientSummaryMachine",
    "${UploadsBucket}": "UploadsBucket",
}
NESTED = "arn:aws:states:::states:startExecution.sync:2"


def _routes(function: str) -> set[str]:
    events = FUNCTIONS[function].get("Events", {}).values()
    asked = [event["Properties"] for event in events if event["Type"] == "HttpApi"]
    return {f"{found['Method']} {found['Path']}" for found in asked}


def _tasks(workflow: Path) -> list[dict[str, Any]]:
    states = json.loads(workflow.read_text("utf-8"))
    return [node for node in nodes(states) if isinstance(node, dict) and node.get("Type") == "Task"]


def test_the_api_has_the_routes_of_this_version_and_no_other() -> None:
    assert {name: _routes(name) for name in FUNCTIONS if _routes(name)} == ROUTES


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_functions_command_is_there(function: str) -> None:
    (command,) = FUNCTIONS[function]["ImageConfig"]["Command"]
    module, name = re.fullmatch(r"([\w.]+)[.:](\w+)", command).groups()  # type: ignore[union-attr]
    tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8"))
    defined = {part.name for part in tree.body if isinstance(part, ast.FunctionDef)}
    assigned = {
        target.id
        for part in tree.body
        if isinstance(part, ast.Assign)
        for target in part.targets
        if isinstance(target, ast.Name)
    }
    assert name in defined | assigned


@pytest.mark.parametrize("function", [*ROUTES, "RunEventsFunction"])
def test_a_function_someone_waits_for_ends_before_the_api_gives_up(function: str) -> None:
    assert FUNCTIONS[function]["Timeout"] < API_LIMIT_S


def test_access_logs_hold_no_path_no_query_and_no_text_of_an_error() -> None:
    variables = set(re.findall(r"\$context\.([\w.]+)", API["AccessLogSettings"]["Format"]))
    assert variables <= {
        "requestId",
        "requestTimeEpoch",
        "identity.sourceIp",
        "routeKey",
        "status",
        "responseLength",
        "responseLatency",
        "integration.status",
        "error.responseType",
    }
    json.loads(API["AccessLogSettings"]["Format"])


def test_the_api_is_throttled_and_no_origin_is_allowed_unless_named() -> None:
    assert API["DefaultRouteSettings"]["ThrottlingRateLimit"] == {"Ref": "ApiRequestsPerSecond"}
    condition, _allowed, otherwise = API["CorsConfiguration"]["Fn::If"]
    assert (condition, otherwise) == ("HasCorsOrigins", {"Ref": "AWS::NoValue"})
    assert PARAMETERS["CorsOrigins"]["Default"] == ""


def test_only_the_relay_has_a_url_and_it_streams() -> None:
    key = "FunctionUrlConfig"
    urls = {name: found[key] for name, found in FUNCTIONS.items() if key in found}
    streams = {"AuthType": {"Ref": "StreamAuthType"}, "InvokeMode": "RESPONSE_STREAM"}
    assert urls == {"StreamFunction": streams}


def test_the_url_is_open_to_all_only_where_the_parameter_says_so() -> None:
    open_to_all = {
        name: RESOURCES[name].get("Condition")
        for name, found in of_type("AWS::Lambda::Permission").items()
        if found["Principal"] == "*"
    }
    assert open_to_all == {"StreamUrlPermission": "StreamIsOpen", "StreamInvokePermission": "StreamIsOpen"}


def test_as_many_streams_are_answered_as_may_be_open() -> None:
    reserved = {name: FUNCTIONS[name]["ReservedConcurrentExecutions"] for name in FUNCTIONS}
    assert reserved["StreamFunction"] == reserved["RunEventsFunction"]


@pytest.mark.parametrize("machine", MACHINES)
def test_a_state_machine_logs_no_data(machine: str) -> None:
    found = MACHINES[machine]
    assert found["Logging"]["IncludeExecutionData"] is False
    assert found["Logging"]["Level"] == "ALL"
    assert found["Tracing"] == {"Enabled": True}
    assert found["Type"] == "STANDARD"


def test_a_state_machine_is_the_file_the_tests_run() -> None:
    files = {name: path.relative_to(ROOT).as_posix() for name, path in WORKFLOWS.items()}
    assert {name: found["DefinitionUri"] for name, found in MACHINES.items()} == files


@pytest.mark.parametrize("machine", MACHINES)
def test_every_name_in_a_definition_is_substituted(machine: str) -> None:
    asked = set(re.findall(r"\$\{\w+\}", WORKFLOWS[machine].read_text("utf-8")))
    given = MACHINES[machine]["DefinitionSubstitutions"]
    assert asked == {f"${{{name}}}" for name in given} <= set(STEPS)
    assert {STEPS[f"${{{name}}}"] for name in given} == references(list(given.values()))


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_a_task_gives_up_no_later_than_its_function_does(workflow: Path) -> None:
    assert _tasks(workflow)
    for task in _tasks(workflow):
        if task["Resource"] == NESTED:
            summary = json.loads(WORKFLOWS["PatientSummaryMachine"].read_text("utf-8"))
            assert task["TimeoutSeconds"] > summary["TimeoutSeconds"]
        else:
            assert task["TimeoutSeconds"] <= FUNCTIONS[STEPS[task["Resource"]]]["Timeout"]


def test_every_function_is_traced() -> None:
    assert TEMPLATE["Globals"]["Function"]["Tracing"] == "Active"
