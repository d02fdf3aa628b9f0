"""Judges YAML documents by a JSON Schema: one JSON string a line on standard input, `valid` or the first error a line on standard output.

YAML is read by the 1.2 core schema, as editors do: PyYAML alone would take `no` for a boolean and 12:30 for a number.
"""
import json
import re
import sys

import jsonschema
import yaml


class CoreLoader(yaml.SafeLoader):
    yaml_implicit_resolvers = {}


for tag, pattern, first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("merge", r"^<<$", "<"),
):
    CoreLoader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), list(first))


def core_int(loader, node):
    text = loader.construct_scalar(node)
    if text.startswith("0o"):
        return int(text[2:], 8)
    if text.startswith("0x"):
        return int(text[2:], 16)
    return int(text)


CoreLoader.add_constructor("tag:yaml.org,2002:int", core_int)


def main():
    schema = json.load(open(sys.argv[1], encoding="utf-8"))
    validator = jsonschema.Draft7Validator(schema)
    for line in sys.stdin:
        try:
            document = yaml.load(json.loads(line), CoreLoader)
        except (yaml.YAMLError, ValueError, TypeError) as problem:
            # A list or mapping as key is YAML, but nothing that a schema could take. PyYAML also refuses a few texts that libyaml reads.
            text = str(problem).replace("\n", " ")[:200]
            print(("key: " if "unhashable" in text else "unreadable: ") + text)
            continue
        # A mapping's keys are text to JSON.
        document = json.loads(json.dumps(document, default=str))
        error = jsonschema.exceptions.best_match(validator.iter_errors(document))
        print("valid" if error is None else "/".join(map(str, error.absolute_path)) + ": " + error.message.replace("\n", " ")[:200])


main()
