"""The report as JUnit XML, for CI servers: a suite for each file, a case for each workflow."""

import re
from itertools import groupby
from xml.etree import ElementTree as ET

from mock_mindvideo.contract.report.places import relative
from mock_mindvideo.contract.report.table import findings
from mock_mindvideo.contract.results import Outcome, Report

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> str:
    """The XML document. Warnings are in a case's system-out."""
    root = ET.Element("testsuites", name="mock-mindvideo verify", time=f"{report.seconds:.3f}")
    for file, group in groupby(report.outcomes, key=lambda each: each.file):
        outcomes = list(group)
        suite = ET.SubElement(root, "testsuite", _counts(str(file.name), outcomes))
        for outcome in outcomes:
            _case(suite, report, outcome)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _counts(name: str, outcomes: list[Outcome]) -> dict[str, str]:
    statuses = [outcome.status for outcome in outcomes]
    return {
        "name": name,
        "tests": str(len(outcomes)),
        "failures": str(statuses.count("broken")),
        "errors": str(statuses.count("unchecked")),
        "skipped": str(statuses.count("skipped")),
        "time": f"{sum(outcome.seconds for outcome in outcomes):.3f}",
    }


def _case(suite: ET.Element, report: Report, outcome: Outcome) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=outcome.file.name,
        name=outcome.id,
        time=f"{outcome.seconds:.3f}",
        file=relative(outcome.file),
        line=str(outcome.line),
    )
    told = _xml_text("\n\n".join(findings(report, outcome)))
    if outcome.status == "broken":
        first = outcome.findings[0]
        words = _xml_text(f"{' '.join(first.proves)}: {first.expected}; {first.saw}")
        ET.SubElement(case, "failure", message=words).text = told
    elif outcome.status == "warned":
        ET.SubElement(case, "system-out").text = told
    elif outcome.status == "skipped":
        ET.SubElement(case, "skipped", message=_xml_text(outcome.reason))
    elif outcome.status == "unchecked":
        ET.SubElement(case, "error", message=_xml_text(outcome.reason))


def _xml_text(text: str) -> str:
    """`text` without the characters that XML cannot hold."""
    return _NOT_XML.sub("�", text)
