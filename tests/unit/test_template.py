from __future__ import annotations

from pathlib import Path

import pytest

from hntai.domain.errors import ConfigurationError
from hntai_local.template import Route, read_template

PROJECT = Path(__file__).parents[2] / "template.yaml"

SMALL = """
Globals: {Function: {Timeout: 7, MemorySize: 256}}
Conditions: {Vpc: !Not [!Equals [!Ref Subnets, ""]]}
Resources:
  Api: {Type: AWS::Serverless::HttpApi, Properties: {Name: !Sub "${AWS::StackName}-api"}}
  AskFunction:
    Type: AWS::Serverless::Function
    Properties:
      Role: !GetAtt Role.Arn
      VpcConfig: !If [Vpc, {SubnetIds: !Split [",", !Ref Subnets]}, !Ref AWS::NoValue]
      ImageConfig: {Command: [functions.ask.app.handler]}
      Events:
        Ask: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: post, Path: "/ask/{id}"}}
        Nightly: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
  TellFunction:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 900
      ImageConfig: {EntryPoint: [python, -m, hntai.runtime.streaming], Command: ["functions.tell:app"]}
      FunctionUrlConfig: {AuthType: NONE, InvokeMode: RESPONSE_STREAM}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "template.yaml"
    path.write_text(text)
    return path


def test_functions_keep_their_own_values_and_take_the_global_ones(tmp_path: Path) -> None:
    template = read_template(written(tmp_path, SMALL))

    ask, tell = template.functions

    assert (ask.name, ask.command, ask.timeout_s, ask.memory_mb, ask.streaming) == (
        "AskFunction",
        ("functions.ask.app.handler",),
        7,
        256,
        False,
    )
    assert (tell.command, tell.timeout_s, tell.streaming) == (("functions.tell:app",), 900, True)


def test_only_http_api_events_are_routes(tmp_path: Path) -> None:
    assert read_template(written(tmp_path, SMALL)).routes == (Route("POST", "/ask/{id}", "AskFunction"),)


def test_a_function_is_found_by_its_logical_id(tmp_path: Path) -> None:
    template = read_template(written(tmp_path, SMALL))
    assert template.function("TellFunction").streaming
    with pytest.raises(KeyError):
        template.function("SingFunction")


@pytest.mark.parametrize(
    "text",
    [
        "Resources: [",
        "[]",
        "Resources: 5",
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: {}}}",
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: "
        "{Timeout: !Ref T, ImageConfig: {Command: [a.b]}}}}",
    ],
)
def test_what_cannot_be_run_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError):
        read_template(written(tmp_path, text))


def test_the_projects_template_has_one_streaming_function_and_routed_functions_exist() -> None:
    template = read_template(PROJECT)
    assert [function.name for function in template.functions if function.streaming] == ["StreamFunction"]
    names = {function.name for function in template.functions}
    assert {route.function for route in template.routes} <= names
    assert Route("POST", "/phi/scrub", "ScrubFunction") in template.routes
