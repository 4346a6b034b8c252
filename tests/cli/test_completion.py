"""What a shell completes: the script, and bash running it. tests/consumers asks zsh, fish and an
interactive bash."""

import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

from support import PROGRAM, Scratch, run

os.environ["TUNER"] = PROGRAM
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "consumers"))
import command_lines  # noqa: E402

# compopt works only where readline asks.
DRIVER = """
source "$1"
exec 3>"$2"
compopt() { printf '%s\\n' "$*" >&3; }
function=$(complete -p tuner | sed -n 's/.* -F \\([^ ]*\\) .*/\\1/p')
while IFS= read -r line; do
  eval "COMP_WORDS=($line)"
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=${#COMP_LINE}
  COMPREPLY=()
  "$function" tuner "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
  printf '%s\\0' $'\\n' "${COMPREPLY[@]}"
done
"""


def quoted(word):
    return "'" + word.replace("'", "'\\''") + "'"


def profile_path():
    name = "TUNER_PROFILE_PATH"
    return {name: os.environ[name]} if name in os.environ else {}


class Bash(Scratch):
    def offered(self, lines, cwd=None):
        """For each list of words, what bash would offer in the place of the last."""
        script = self.directory / "tuner.bash"
        script.write_text(run("completion", "bash").stdout)
        link = self.directory / "bin/tuner"
        if not link.exists():
            link.parent.mkdir()
            link.symlink_to(Path(PROGRAM).resolve())
        asked = "".join(" ".join(map(quoted, words)) + "\n" for words in lines)
        result = subprocess.run(
            ["bash", "--norc", "--noprofile", "-u", "-c", DRIVER, "bash", script,
             self.directory / "log"], input=asked, capture_output=True, text=True, cwd=cwd,
            timeout=60, check=False,
            env={**profile_path(), "PATH": f"{link.parent}:{os.environ['PATH']}", "LANG": "C.UTF-8"})
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.asked_of_readline = (self.directory / "log").read_text()
        answers = result.stdout.split("\n\0")[1:]
        self.assertEqual(len(answers), len(lines))
        return [answer.split("\0")[:-1] for answer in answers]

    def check(self, expected, cwd=None):
        for (words, wanted), found in zip(expected, self.offered([each[0] for each in expected],
                                                                 cwd)):
            found = [word.strip() for word in found if word.strip()]
            self.assertEqual(len(found), len(set(found)), f"{words}: twice in {found}")
            self.assertEqual(set(found) - command_lines.beside(words), wanted, words)

    def test_offers_what_the_help_names(self):
        expected = list(command_lines.exact())
        self.assertGreater(len(expected), 40)
        self.check(expected)

    def test_a_name_is_never_run(self):
        profiles = self.directory / "profiles"
        profiles.mkdir()
        name = "x$(touch pwned)"
        (profiles / f"{name}.toml").write_text(f'schema = 1\nname = "{name}"\nsummary = "s"\n')
        os.environ["TUNER_PROFILE_PATH"] = str(profiles)
        self.addCleanup(os.environ.pop, "TUNER_PROFILE_PATH")
        words = ["tuner", "audit", "--profile", "x"]
        self.assertEqual(self.offered([words], cwd=self.directory), [["x\\$\\(touch\\ pwned\\)"]])
        self.assertFalse((self.directory / "pwned").exists())

    def test_a_value_with_an_equals_sign_is_one_value(self):
        self.check([(["tuner", "profile", "--input", "rtt", "=", "80ms", ""],
                     {"list", "show", "validate"})])

    def test_short_options_are_offered_beside_the_long(self):
        self.check([(["tuner", command, "-"], command_lines.names(command))
                    for command in command_lines.commands()])

    def test_an_equals_sign_is_a_word_to_bash(self):
        self.check([(["tuner", "audit", "--format", "="], {"text", "json", "csv", "junit",
                                                            "prometheus", "nagios", "html"}),
                    (["tuner", "audit", "--fail-on", "=", "n"], {"never", "note"}),
                    (["tuner", "audit", "--format", "=", "csv", "--fail-on", "ne"], {"never"})])

    def test_files_and_directories(self):
        place = self.directory / "place"
        place.mkdir()
        command_lines.furnish(place)
        self.check(command_lines.PLACES, cwd=place)
        self.assertIn("-o filenames", self.asked_of_readline)

    def test_keys_inputs_and_units_as_people_write_them(self):
        units = set(run("completion", "--list", "units").stdout.split())
        self.check([(["tuner", "explain", "tcp_rm"], {"tcp_rmem"}),
                    (["tuner", "explain", "net.ipv4.tcp_rm"], {"net.ipv4.tcp_rmem"}),
                    (["tuner", "apply", "--only", "somax"], {"somaxconn"}),
                    (["tuner", "audit", "--input", "r"], {"rtt="}),
                    (["tuner", "apply", "--fix", "timestamps"], {"timestamps-off"}),
                    (["tuner", "apply", "--service", ""], units)])
        self.assertIn("-o nospace", self.asked_of_readline)

    def test_nothing_is_offered_where_nothing_is_known(self):
        self.check([(["tuner", "nosuch", ""], set()), (["tuner", "audit", "--sample", ""], set()),
                    (["tuner", "audit", "--fail-on", "$(touch x)"], set()),
                    (["tuner", "explain", "net.nosuch"], set())], cwd=self.directory)
        self.assertFalse((self.directory / "x").exists())


class Lists(Scratch):
    def test_a_name_a_line(self):
        for what in ("ids", "units", "namespaces"):
            result = run("completion", "--list", what)
            self.assertEqual((result.returncode, result.stderr), (0, ""), what)
        self.assertEqual(run("completion", "--list", "users").returncode, 64)


class Script(Scratch):
    def test_a_wrong_shell_is_named(self):
        for words, wanted in ((["bsh"], '"bash"'), (["fihs"], '"fish"'), (["zhs"], '"zsh"')):
            result = run("completion", *words)
            self.assertEqual((result.returncode, result.stdout), (64, ""))
            self.assertRegex(result.stderr, f"Did you mean {wanted}")
        for words in ([], ["bash", "zsh"], ["tcsh"]):
            result = run("completion", *words)
            self.assertEqual((result.returncode, result.stdout), (64, ""))
            self.assertGreaterEqual(len(result.stderr.splitlines()), 2, "no hint")

    def test_is_the_same_each_time_and_ends_with_a_newline(self):
        for shell in ("bash", "zsh", "fish"):
            first, second = run("completion", shell), run("completion", shell)
            self.assertEqual((first.returncode, first.stderr), (0, ""))
            self.assertEqual(first.stdout, second.stdout)
            self.assertTrue(first.stdout.endswith("\n"))
            self.assertTrue(first.stdout.isascii())

    def test_every_option_is_in_every_script(self):
        for shell in ("bash", "zsh", "fish"):
            script = run("completion", shell).stdout
            for command in command_lines.commands():
                for _, long, _ in command_lines.options(command):
                    pattern = rf"(--|-l ){re.escape(long)}\b"
                    self.assertRegex(script, pattern, (shell, command))


if __name__ == "__main__":
    unittest.main()
