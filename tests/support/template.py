"""template.yaml as data: as it is written, and as AWS gets it after the SAM transform."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform

ROOT = Path(__file__).resolve().parents[2]
LAMBDA_BASICS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
SQS_POLLER = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"


class _Loader(yaml.SafeLoader):
    """Reads the short forms (``!Ref``) as the long ones."""


def _function(loader: Any, suffix: str, node: Any) -> Any:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _function)


def written() -> dict[str, Any]:
    """The template as it stands in the file."""
    return yaml.load((ROOT / "template.yaml").read_text(), _Loader)


@cache
def translated() -> dict[str, Any]:
    """The template that AWS works with; code is named as if it had been uploaded."""
    template = written()
    for resource in template["Resources"].values():
        for name in ("CodeUri", "ContentUri"):
            if name in resource.get("Properties", {}):
                resource["Properties"][name] = "s3://bucket/key"
    policies = {
        "AWSLambdaBasicExecutionRole": LAMBDA_BASICS,
        "AWSLambdaSQSQueueExecutionRole": SQS_POLLER,
    }
    loader = ManagedPolicyLoader(None)
    loader._policy_map = policies  # otherwise it would ask AWS
    return transform(template, {"AWS::Region": "eu-west-1"}, loader)


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """The translated resources of a type, by logical id."""
    resources = translated()["Resources"]
    return {name: one for name, one in resources.items() if one["Type"] == kind}


def default(parameter: str) -> Any:
    """What a parameter is when nobody says otherwise."""
    return written()["Parameters"][parameter]["Default"]


def plain(value: Any) -> Any:
    """A value with references to parameters replaced by their defaults."""
    if isinstance(value, dict) and value.get("Ref") in written()["Parameters"]:
        return default(value["Ref"])
    return value
