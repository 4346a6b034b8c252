"""What the modules say where something is wrong."""

import json

import private
from playbook import Playbooks, task
from test_modules import GO_ON

SAID = {"schema": "tuner/apply/1",
        "errors": [{"message": "it rained", "file": "", "line": None, "column": None, "key": "",
                    "way_out": "Take an umbrella."}]}
WORDS = {1: "failed or was refused", 4: "partly done", 64: "does not take these arguments",
         75: "in the way", 77: "become root", 78: "profile or the configuration"}


class Failures(Playbooks):
    def setUp(self):
        super().setUp()
        private.clear()
        self.addCleanup(private.clear)

    def stand_in(self, name, script):
        path = self.directory / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    def test_every_exit_status(self):
        tasks = [task(str(status), "apply", GO_ON, profile="proxy", executable=self.stand_in(
            f"ends-with-{status}", f"echo '{json.dumps(SAID)}'; exit {status}"))
            for status in (*WORDS, 3)]
        outcome = self.play(*tasks)
        for status, words in WORDS.items():
            message = outcome.failure(str(status))
            self.assertIn("tuner apply: it rained. Take an umbrella.", message)
            self.assertRegex(message, f"exit status {status}: .*{words}")
            self.assertEqual(outcome.of(str(status))[1]["rc"], status)
        self.assertIn("could not be evaluated", outcome.result("3")["msg"])
        self.assertIn("[WARNING]: tuner apply: it rained.", outcome.output)

    def test_no_document(self):
        killed = self.stand_in("killed", "kill -9 $$")
        silent = self.stand_in("silent", "echo a text; echo a complaint >&2; exit 1")
        other = self.stand_in("other", 'echo \'{"schema": "tuner/apply/2"}\'')
        outcome = self.play(*[task(name, "apply", GO_ON, profile="proxy", executable=program)
                              for name, program in (("killed", killed), ("silent", silent),
                                                    ("other", other), ("none", "not-there"))])
        self.assertIn("ended by signal 9", outcome.failure("killed"))
        self.assertIn("a complaint", outcome.failure("silent"))
        self.assertIn("no document that this collection knows", outcome.failure("other"))
        self.assertIn("no program not-there", outcome.failure("none"))

    def test_wrong_arguments(self):
        outcome = self.play(
            task("profile", "apply", GO_ON, profile="proxi"),
            task("audit", "audit", GO_ON, profile="proxi"),
            task("key", "apply", GO_ON, profile="proxy", only=["net.ipv4.tcp_tw_resuse"]),
            task("none", "apply", GO_ON),
            task("both", "apply", GO_ON, profile="proxy", runtime_only=True, persist_only=True),
            task("id", "apply", GO_ON, profile="proxy", id="20260131-120000-1a2b"),
            task("force", "apply", GO_ON, profile="proxy", force=True),
            task("unknown", "apply", GO_ON, state="confirmed", id="20260131-120000-1a2b"))
        for name, words in (("profile", "exit status 78"), ("audit", "exit status 78"),
                            ("key", "exit status 64"), ("unknown", "no such change")):
            self.assertIn(words, outcome.failure(name), name)
        self.assertIn("no such profile", outcome.failure("profile"))
        self.assertIn("Did you mean", outcome.failure("profile"))
        self.assertIn("profile", outcome.failure("none"))
        self.assertIn("mutually exclusive", outcome.failure("both"))
        self.assertIn("id requires state", outcome.failure("id"))
        self.assertIn("force requires state", outcome.failure("force"))
