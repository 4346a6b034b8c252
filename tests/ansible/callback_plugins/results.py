"""Writes what each task came to on each host, one JSON object a line, for the tests."""

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: results
type: notification
short_description: results for the tests
description: Writes to the file that TUNER_TEST_RESULTS names.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "results"

    def write(self, outcome, result):
        with open(os.environ["TUNER_TEST_RESULTS"], "a", encoding="utf-8") as file:
            json.dump({"host": result._host.get_name(), "task": result._task.get_name(),
                       "outcome": outcome, "result": result._result}, file, default=str)
            file.write("\n")

    def v2_runner_on_ok(self, result):
        self.write("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.write("failed", result)

    def v2_runner_on_unreachable(self, result):
        self.write("unreachable", result)

    def v2_runner_on_skipped(self, result):
        self.write("skipped", result)
