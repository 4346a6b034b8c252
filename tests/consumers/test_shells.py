"""Completions, as the shells themselves offer them."""

import unittest

import command_lines
from sandbox import Case, PATHS, call, tuner
from terminal import Terminal

# What would be added is recorded. Answers end with NUL.
ZSH = """
autoload -Uz compinit
compinit -u -d {directory}/dump
compadd() {{
  if [[ ${{@[1,(i)(-|--)]}} != *-(O|A|D)\\ * ]]; then
    local -a words_here
    builtin compadd -O words_here "$@"
    offered+=("$words_here[@]")
  fi
  builtin compadd "$@"
}}
offer() {{
  local -a offered
  _main_complete
  print -rN -- "${{(F)offered}}" >>{directory}/answers
  compstate[insert]= compstate[list]=
}}
zle -C offer complete-word offer
bindkey '^Xo' offer
begin() {{ print -rN ready >>{directory}/answers }}
zle -N begin
bindkey '^Xb' begin
cd {directory}/place
"""
FISH = """
source {directory}/tuner.fish
cd {directory}/place
while read -l line
    complete -C "$line" | string split -f 1 \\t
    echo ===
end
"""
BASH = """
. /usr/share/bash-completion/bash_completion
cd {directory}/place
write() {{ printf '%s\\0' "$READLINE_LINE" >>{directory}/answers; }}
bind -x '"\\C-xl": write'
"""
# What is typed before the tabulator, and the line after it.
TYPED = {
    "tuner aud": "tuner audit ",
    "tuner audit --form": "tuner audit --format ",
    "tuner audit --format prom": "tuner audit --format prometheus ",
    "tuner audit --format=prom": "tuner audit --format=prometheus ",
    "tuner audit --root=web": "tuner audit --root=web01/",
    "tuner audit --root web": "tuner audit --root web01/",
    "tuner lint web\\ ": "tuner lint web\\ 03.conf ",
    "tuner lint web01 web02": "tuner lint web01 web02.conf ",
    "tuner profile show prox": "tuner profile show proxy ",
    "tuner explain net.core.somax": "tuner explain net.core.somaxconn ",
    "tuner --color=alw": "tuner --color=always ",
    "tuner completion z": "tuner completion zsh ",
}


class Shells(Case):
    def setUp(self):
        super().setUp()
        self.path = f"{self.program().parent}:{PATHS}"
        place = self.directory / "place"
        place.mkdir()
        command_lines.furnish(place)
        self.lines = [*command_lines.exact(), *command_lines.PLACES]
        self.assertGreater(len(self.lines), 40)

    def script(self, shell, name):
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(tuner("completion", shell, status=0).stdout)
        return path

    def driver(self, text):
        path = self.directory / "driver"
        path.write_text(text.format(directory=self.directory))
        return path

    def check(self, words, found, wanted):
        found = {word.replace("\\", "").rstrip("/") for word in found}
        with self.subTest(words):
            self.assertEqual(found - {""} - command_lines.beside(words), wanted)

    def test_zsh(self):
        self.script("zsh", "functions/_tuner")
        driver = self.driver(ZSH)
        shell = Terminal(self, "zsh", "-f", "-i", answers=self.directory / "answers", PATH=self.path)
        self.assertEqual(shell.ask(f"fpath=({self.directory}/functions $fpath)\n. {driver}\n\x18b"),
                         "ready")
        for words, wanted in self.lines:
            self.check(words, shell.ask(f"\x15{' '.join(words)}\x18o").split("\n"), wanted)

    def test_fish(self):
        self.script("fish", "tuner.fish")
        asked = "".join(" ".join(words) + "\n" for words, _ in self.lines)
        result = call("fish", "--no-config", self.driver(FISH), data=asked, PATH=self.path)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        answers = result.stdout.split("===\n")[:-1]
        self.assertEqual(len(answers), len(self.lines))
        for (words, wanted), answer in zip(self.lines, answers):
            self.check(words, answer.splitlines(), wanted)

    def test_bash(self):
        self.script("bash", "completions/tuner")
        driver = self.driver(BASH)
        shell = Terminal(self, "bash", "--noprofile", "--rcfile", driver, "-i",
                         answers=self.directory / "answers", PATH=self.path,
                         BASH_COMPLETION_USER_DIR=self.directory)
        self.assertEqual(shell.ask("\x18l"), "")
        for typed, line in TYPED.items():
            self.assertEqual(shell.ask(f"\x15{typed}\t\x18l"), line, typed)

    def test_scripts_are_valid(self):
        for shell, check in (("bash", ["bash", "-n"]), ("zsh", ["zsh", "-n"]),
                             ("fish", ["fish", "--no-execute"])):
            result = call(*check, self.script(shell, f"check.{shell}"))
            self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""), shell)


if __name__ == "__main__":
    unittest.main()
