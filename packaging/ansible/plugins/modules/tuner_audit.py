#!/usr/bin/python3
"""Runs tuner audit."""

DOCUMENTATION = r"""
module: tuner_audit
short_description: Audit the network settings of a host
version_added: 0.1.0
description:
  - Runs C(tuner audit) and returns what it finds, with the evidence.
  - Changes nothing and never reports a change. It needs no root; what a normal user may not read
    is then C(unknown) among the findings and C(complete) is false.
author:
  - The tuner project
requirements:
  - tuner on the managed host
options:
  profile:
    description:
      - Check the host against this profile too, by name or by path on the managed host.
    type: str
  inputs:
    description:
      - Inputs of the profile, such as C(rtt) or C(bandwidth), in the units that tuner takes.
    type: dict
    default: {}
  fail_on:
    description:
      - Fail the task from this severity on. The message names the worst findings.
    type: str
    choices: [info, warning, error, never]
    default: never
  root:
    description:
      - Audit this captured tree of another host, as C(tuner snapshot) makes it.
    type: path
  executable:
    description:
      - The program, by name or by path.
    type: path
    default: tuner
attributes:
  check_mode:
    description: Works in check mode as otherwise.
    support: full
  diff_mode:
    description: There is nothing to compare.
    support: none
"""

EXAMPLES = r"""
- name: What is wrong with the network settings
  tuner.network.tuner_audit:
  register: audit

- name: Stop where something is an error for a reverse proxy
  tuner.network.tuner_audit:
    profile: proxy
    inputs:
      rtt: 40ms
    fail_on: error
"""

RETURN = r"""
findings:
  description: Every check with its status, those that pass too.
  returned: always
  type: list
  elements: dict
  sample:
    - id: port-range-narrow
      status: fail
      severity: warning
      subject: net.ipv4.ip_local_port_range
      message: 28,232 local ports allow 470 new connections a second to one backend.
summary:
  description: How many checks there were, by status, and the findings by severity.
  returned: always
  type: dict
  sample:
    checks: 96
    status: {pass: 88, fail: 2, unknown: 0, skipped: 6}
    severity: {error: 0, warning: 1, info: 1}
complete:
  description: Whether every check could be evaluated.
  returned: always
  type: bool
host:
  description: The host, its kernel and its memory; null where it could not be read.
  returned: always
  type: dict
profile:
  description: The profile with its path, checksum and inputs; null without one.
  returned: always
  type: dict
errors:
  description: What kept tuner from working.
  returned: always
  type: list
  elements: dict
msg:
  description: The outcome in one sentence.
  returned: always
  type: str
rc:
  description: The exit status of tuner.
  returned: always
  type: int
"""

from ansible.module_utils.basic import AnsibleModule  # noqa: E402
from ansible_collections.tuner.network.plugins.module_utils.tuner import (  # noqa: E402
    COMMON_ARGUMENTS, FOUND, Tuner, profile_arguments)

SEVERITIES = ["error", "warning", "info"]
NAMED = 3  # findings in the message; the others are in the result

ARGUMENTS = dict(
    COMMON_ARGUMENTS,
    fail_on={"type": "str", "choices": ["info", "warning", "error", "never"], "default": "never"},
    root={"type": "path"},
)


def name_worst(document, fail_on):
    """The worst of what made tuner end with a finding."""
    counted = SEVERITIES[:SEVERITIES.index(fail_on) + 1]
    bad = [finding for finding in document["findings"]
           if finding["status"] == "fail" and finding["severity"] in counted]
    bad.sort(key=lambda finding: counted.index(finding["severity"]))
    named = ["{severity} {id} ({subject})".format(**finding) for finding in bad[:NAMED]]
    if len(bad) > NAMED:
        named.append("{0} more".format(len(bad) - NAMED))
    return "tuner audit: " + ", ".join(named) + "."


def main():
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    arguments = profile_arguments(module.params) + ["--fail-on", module.params["fail_on"]]
    if module.params["root"]:
        arguments += ["--root", module.params["root"]]
    tuner = Tuner(module)
    status, document = tuner.document("audit", arguments)
    values = {"changed": False}
    if status == FOUND:
        values["msg"] = name_worst(document, module.params["fail_on"])
    tuner.finish("audit", status, document, **values)


if __name__ == "__main__":
    main()
