"""Performance data of a plugin, by the Monitoring Plugins' guidelines, read strictly."""

import re

RANGE = r"(@?(-?[0-9.]+|~)?:?(-?[0-9.]+)?)?"
TOKEN = re.compile(rf"('[^'=]+'|[^' =]+)=(-?[0-9.]+)(s|us|ms|%|B|KB|MB|TB|c)?"
                   rf"(;{RANGE}){{0,2}}(;(-?[0-9.]+)?){{0,2}}")


def counts_of(text):
    """Label -> number."""
    found = {}
    for token in text.split():
        match = TOKEN.fullmatch(token)
        if not match:
            raise ValueError(f"no performance data: {token}")
        found[match[1]] = int(match[2])
    return found
