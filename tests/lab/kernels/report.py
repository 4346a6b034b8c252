"""What the checks of one kernel have found."""


def same_blanks(text):
    return " ".join(text.split())


class Report:
    """Prints a line for each check; what failed comes below it."""

    def __init__(self, kernel):
        self.kernel, self.failed = kernel, 0
        self.document = {"name": kernel.name, "release": kernel.release, "checks": {}}

    def check(self, name, counts, failures, said):
        self.document["checks"][name] = {**counts, "failures": list(failures)}
        self.failed += bool(failures)
        lines = [f"{'FAIL' if failures else 'ok  '} {self.kernel.name} {name}: {said}",
                 *(f"     {failure}" for failure in failures)]
        print("\n".join(lines), flush=True)

    def record(self, name, value):
        self.document[name] = value
