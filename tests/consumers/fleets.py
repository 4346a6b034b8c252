"""What a fleet has to say, from the audits of its hosts one by one."""

ORDER = ("error", "warning", "info")


def expected(audits):
    """How many hosts are where in the summary: each counts at its worst."""
    counts = {"with_error": 0, "with_warning": 0, "with_info": 0, "incomplete": 0, "clean": 0}
    for document in audits:
        severity = document["summary"]["severity"]
        rest = "incomplete" if document["summary"]["status"]["unknown"] else "clean"
        worst = next((f"with_{name}" for name in ORDER if severity[name]), rest)
        counts[worst] += 1
    return counts


def failed(audits):
    """(finding, severity) -> the hosts that have it, from host -> document."""
    found = {}
    for name, document in sorted(audits.items()):
        for which in {(finding["id"], finding["severity"]) for finding in document["findings"]
                      if finding["status"] == "fail"}:
            found.setdefault(which, []).append(name)
    return found
