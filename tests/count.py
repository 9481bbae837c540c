#!/usr/bin/env python3
"""Counts test cases after a run of ctest: each Boost.Test case and each script is one. Ends with `N passed, M failed`.

usage: count.py REPORTS     (the folder with ctest.junit and one <test>.xml for each test program that ended)
"""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def boost_cases(report: pathlib.Path) -> tuple[int, int]:
    """Passed and failed cases of one test program; a case that never ran because another failed counts as failed."""
    suite = ElementTree.parse(report).getroot().find("TestSuite")
    number = lambda key: int(suite.get(key, 0))
    passed = number("test_cases_passed") + number("test_cases_passed_with_warnings")
    return passed, number("test_cases_failed") + number("test_cases_aborted")


def main() -> int:
    reports = pathlib.Path(sys.argv[1])
    junit = reports / "ctest.junit"
    if not junit.exists():
        print("ctest ran nothing\n0 passed, 1 failed")
        return 1
    passed = failed = 0
    names: list[str] = []
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        name, status = case.get("name"), case.get("status")
        skip = case.find("skipped")
        if skip is not None and skip.get("message", "").startswith(("SKIP_RETURN_CODE", "SKIP_REGULAR_EXPRESSION")):
            print(f"not run: {name} {(case.findtext('system-out') or '').strip()}".rstrip())
            continue
        good, bad = 0, 0
        report = reports / f"{name}.xml"
        if report.exists():
            try:
                good, bad = boost_cases(report)
            except (ElementTree.ParseError, AttributeError):
                pass  # the program died while it wrote
        if status == "run":
            good = max(good, 1)
        else:
            bad = max(bad, 1)
            names.append(name)
        passed, failed = passed + good, failed + bad
    if names:
        print("failed: " + ", ".join(names))
    if passed + failed == 0:
        print("ctest ran nothing")
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
