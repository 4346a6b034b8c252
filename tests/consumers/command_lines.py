"""Command lines that a shell completes, and what has to be offered, by what --help says."""

import os
import re
import subprocess

OPTION = re.compile(r"^  (?:-(\w), |    )--([a-z-]+)(?: (\S+))?", re.MULTILINE)
CHOICES = re.compile(r"[a-z0-9-]+(\|[a-z0-9-]+)+")


def said(*words):
    """What the program prints, without the settings of the caller."""
    result = subprocess.run([os.environ["TUNER"], *words], capture_output=True, text=True,
                            timeout=60, check=True,
                            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    return result.stdout


def commands():
    section = said("--help").split("Commands:")[1].split("Options:")[0]
    return re.findall(r"^  ([a-z]+) ", section, re.MULTILINE)


def options(command=None):
    """(short or "", long, argument or "") of a command, those of every command too."""
    return OPTION.findall(said(*([command] if command else []), "--help"))


def names(command=None):
    found = set()
    for short, long, _ in options(command):
        found |= {f"--{long}"} | ({f"-{short}"} if short else set())
    return found


def profiles():
    return set(said("profile", "list", "--quiet").split())


def choices():
    """(command, option, its values) for each option that is a choice."""
    for command in commands():
        for _, long, argument in options(command):
            if CHOICES.fullmatch(argument):
                yield command, f"--{long}", set(argument.split("|"))


def exact():
    """(words, what is offered for the last of them, no more and no less)."""
    yield ["tuner", ""], set(commands())
    for command in commands():
        yield ["tuner", command, "--"], {name for name in names(command) if name[:2] == "--"}
    for command, option, values in choices():
        yield ["tuner", command, option, ""], values
    yield ["tuner", "--color", ""], {"auto", "always", "never"}
    yield ["tuner", "--color", "never", "audit", "--fail-on", "e"], {"error"}
    yield ["tuner", "audit", "--profile", ""], profiles()
    yield ["tuner", "profile", "show", "to"], {"toast-2015"}
    yield ["tuner", "diff", "--profile", "pro"], {"proxy"}
    yield ["tuner", "explain", "port-range-n"], {"port-range-narrow"}
    yield ["tuner", "explain", "net.core.somax"], {"net.core.somaxconn"}
    yield ["tuner", "profile", ""], {"list", "show", "validate"}
    yield ["tuner", "completion", ""], {"bash", "zsh", "fish"}
    yield ["tuner", "audit", "--profile", "web", "--fail-on", "w"], {"warning"}


# In a directory with these entries: files and directories, where they are taken.
ENTRIES = {"web01/": None, "web02.conf": "", "web 03.conf": ""}
PLACES = [
    (["tuner", "audit", "--root", "web"], {"web01"}),
    (["tuner", "fleet", "web"], {"web01"}),
    (["tuner", "snapshot", "--output", "web"], {"web01"}),
    (["tuner", "audit", "--output", "web"], {"web01", "web02.conf", "web 03.conf"}),
    (["tuner", "audit", "-o", "web"], {"web01", "web02.conf", "web 03.conf"}),
    (["tuner", "lint", "web"], {"web01", "web02.conf", "web 03.conf"}),
    (["tuner", "lint", "web02.conf", "web0"], {"web01", "web02.conf"}),
]


def beside(words):
    """What may be offered too: a profile can be a file."""
    return {name.rstrip("/") for name in ENTRIES} if words[-2:] == ["--profile", ""] else set()


def furnish(directory):
    for name, content in ENTRIES.items():
        if content is None:
            (directory / name).mkdir()
        else:
            (directory / name).write_text(content)
