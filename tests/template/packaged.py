"""template.yaml as `sam deploy` packages it, and what the emulator needs beside (docs/adr/0024)."""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable, Mapping

import yaml

from tests.template.cloudformation import ROOT, TEMPLATE, Node, TemplateLoader
from tests.template.resolve import defaults, holds

SECRET = "arn:aws:secretsmanager:us-east-1:000000000000:secret:"
NEEDED = {
    "DatabaseUrlSecretArn": f"{SECRET}app-AbCdEf",
    "OwnerDatabaseUrlSecretArn": f"{SECRET}owner-AbCdEf",
    "RedisUrl": "rediss://cache.example:6379",
    "SecretKeyArn": f"{SECRET}key-AbCdEf",
    "JwtSecretKeyArn": f"{SECRET}token-AbCdEf",
    "EhrBaseUrl": "https://ehr.example/fhir",
}
"""Parameters without a default."""
IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/hntai:1"
Put = Callable[[str, bytes], str]
"""Keeps a file and tells its address."""
_ANSWER = """
import json, urllib.request
def handler(event, context):
    ids = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    body = json.dumps({"Status": "SUCCESS", "PhysicalResourceId": "schema", **ids}).encode()
    told = urllib.request.Request(event["ResponseURL"], body, {"content-type": ""}, method="PUT")
    urllib.request.urlopen(told)
"""


def packaged(put: Put, parameters: Mapping[str, str]) -> Node:
    """The template to be deployed with these parameters, its files put where it names them."""
    template = copy.deepcopy(TEMPLATE)
    for name, found in template["Resources"].items():
        properties = found.get("Properties", {})
        if found["Type"] == "AWS::Serverless::Function":
            properties["ImageUri"] = IMAGE
        elif found["Type"] == "AWS::Serverless::StateMachine":
            put(f"{name}.json", (ROOT / properties["DefinitionUri"]).read_bytes())
            properties["DefinitionUri"] = {"Bucket": "deployment", "Key": f"{name}.json"}
        elif found["Type"] == "AWS::CloudFormation::Stack":
            nested = yaml.load((ROOT / properties["TemplateURL"]).read_text("utf-8"), Loader=TemplateLoader)
            properties["TemplateURL"] = put(f"{name}.json", json.dumps(unrolled(nested)).encode())
    template["Conditions"] = decided(template, defaults(template, **parameters))
    answer_for_the_schema(template["Resources"]["MigrateFunction"]["Properties"])
    return template


def unrolled(template: Node) -> Node:
    """A template without Fn::ForEach: the emulator knows it in templates of their own only."""
    resources = {}
    for key, node in template["Resources"].items():
        if not key.startswith("Fn::ForEach::"):
            resources[key] = node
            continue
        word, values, block = node
        for value in values:
            text = json.dumps(block).replace(f"${{{word}}}", value)
            resources |= json.loads(text.replace(json.dumps({"Ref": word}), json.dumps(value)))
    rest = {key: node for key, node in template.items() if key != "Transform"}
    return {**rest, "Resources": resources}


def decided(template: Node, parameters: Mapping[str, Node]) -> Node:
    """The template's conditions as plain truths: the emulator's own know no Join and no Split."""
    truths = {name: holds(template, parameters, name) for name in template["Conditions"]}
    return {name: {"Fn::Equals": ["true", str(truth).lower()]} for name, truth in truths.items()}


def answer_for_the_schema(migrate: Node) -> None:
    """No image runs here, but CloudFormation waits for this function's word: a few lines give it."""
    for key in ("PackageType", "ImageUri", "ImageConfig"):
        migrate.pop(key)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    migrate |= {"Runtime": version, "Handler": "index.handler", "InlineCode": _ANSWER}
