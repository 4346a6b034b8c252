"""What a fleet has to say, from the audits of its hosts one by one."""

import re

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


def about(finding):
    """The key of a finding or its subject; nothing where that is an address of the host's own."""
    if finding["key"]:
        return re.sub(r"^(net\.\w+\.(conf|neigh)\.)(?!all\.|default\.).*(\.\w+)$", r"\1*\3",
                      finding["key"])
    own = re.search(r"(?<![\w.])(?!127\.|0\.0\.0\.0)\d+\.\d+\.\d+\.\d+|\[(?!::1?\])",
                    finding["subject"])
    return None if own else finding["subject"] or None


def failed(audits):
    """(finding, severity, key or subject) -> the hosts that have it, from host -> document."""
    found = {}
    for name, document in sorted(audits.items()):
        for which in {(finding["id"], finding["severity"], about(finding))
                      for finding in document["findings"] if finding["status"] == "fail"}:
            found.setdefault(which, []).append(name)
    return found
