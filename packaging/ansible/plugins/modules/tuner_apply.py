#!/usr/bin/python3
"""Runs tuner apply, tuner confirm and tuner rollback."""

DOCUMENTATION = r"""
module: tuner_apply
short_description: Set the network settings that a profile asks for, or roll them back
version_added: 0.1.0
description:
  - Runs C(tuner apply), C(tuner confirm) or C(tuner rollback).
  - What was there before is recorded first, each value is read back, and where one fails all
    are rolled back. A second run changes nothing.
  - It needs root; in check mode, with C(state=present), it does not.
author:
  - The tuner project
requirements:
  - tuner on the managed host
options:
  state:
    description:
      - C(present) sets what the profile asks for.
      - C(confirmed) keeps a change that was applied with C(confirm_within).
      - C(rolled_back) rolls a change back. Without C(id) that is the newest one which is not rolled
        back yet, so a second run rolls back the one before it.
    type: str
    choices: [present, confirmed, rolled_back]
    default: present
  profile:
    description:
      - The profile, by name or by path on the managed host.
      - Required with C(state=present).
    type: str
  inputs:
    description:
      - Inputs of the profile, such as C(rtt) or C(bandwidth), in the units that tuner takes.
    type: dict
    default: {}
  confirm_within:
    description:
      - Roll everything back after this time, such as C(2min) or C(30s), unless it is confirmed.
      - The host does that by itself, without the connection that set it.
    type: str
  only:
    description:
      - Set these keys of the profile alone.
    type: list
    elements: str
    default: []
  except:
    description:
      - Leave these keys of the profile alone.
    type: list
    elements: str
    default: []
  runtime_only:
    description:
      - Change running values only; they are lost at reboot.
    type: bool
  persist_only:
    description:
      - Change what the next boot reads, and nothing that runs.
    type: bool
  services:
    description:
      - Units of systemd that get the profile's limit of open files too.
    type: list
    elements: str
    default: []
  running_processes:
    description:
      - Raise the limits of processes that run already.
    type: bool
    default: false
  allow_shadowed:
    description:
      - Go on where another sysctl file wins at boot.
    type: bool
    default: false
  allow_one_way:
    description:
      - Go on where not all can be rolled back.
    type: bool
    default: false
  id:
    description:
      - The transaction to confirm or to roll back, as C(transaction) of the task that applied it
        has it.
      - With C(state=confirmed) the task then fails where that change was already rolled back.
        Without it, a change that was not confirmed in time counts as nothing to confirm.
      - Not with C(state=present).
    type: str
  force:
    description:
      - With C(state=rolled_back), overwrite what others have changed since.
    type: bool
    default: false
  executable:
    description:
      - The program, by name or by path.
    type: path
    default: tuner
attributes:
  check_mode:
    description: Runs C(tuner apply --dry-run), or looks at what would be confirmed or rolled back.
    support: full
  diff_mode:
    description:
      - Shows the settings and the sysctl file before and after. In check mode the file is what
        C(tuner apply --export) prints.
    support: full
seealso:
  - module: tuner.network.tuner_audit
"""

EXAMPLES = r"""
- name: Settings of a reverse proxy
  tuner.network.tuner_apply:
    profile: proxy
    services:
      - nginx.service

- name: The same, to go back by itself
  tuner.network.tuner_apply:
    profile: proxy
    confirm_within: 2min
  register: tuned

- name: Connect anew, with the new settings
  ansible.builtin.meta: reset_connection

- name: Keep it, since the host still answers
  tuner.network.tuner_apply:
    state: confirmed
    id: "{{ tuned.transaction.id }}"
  when: tuned.transaction is not none

- name: Take the newest change back
  tuner.network.tuner_apply:
    state: rolled_back
"""

RETURN = r"""
changed:
  description: Whether something was changed, or would be in check mode.
  returned: always
  type: bool
changes:
  description: Each key with its value before, the wanted value, the reason and what became of it.
  returned: with C(state=present), where a plan was made
  type: list
  elements: dict
  sample:
    - key: net.ipv4.tcp_tw_reuse
      running: "2"
      wanted: "1"
      runtime: changed
      persisted: changed
      file: /etc/sysctl.d/90-tuner.conf
other_changes:
  description: The same for limits of open files and for routes.
  returned: with C(state=present), where a plan was made
  type: list
  elements: dict
not_set:
  description: What the profile asks for and this host does not take, with the reason.
  returned: with C(state=present), where a plan was made
  type: list
  elements: dict
refusals:
  description: Why nothing was changed, with the hint.
  returned: with C(state=present), where a plan was made
  type: list
  elements: dict
transaction:
  description:
    - What was recorded of the change. C(transaction.id) names it, C(transaction.state) is
      C(applied) while it is waiting for confirmation. Null where nothing was changed.
  returned: where tuner went as far
  type: dict
finished_earlier:
  description: Earlier changes that were cut off and that this run finished.
  returned: where tuner went as far
  type: list
  elements: dict
run:
  description: What was done to each setting; null where nothing was to be done.
  returned: with C(state=confirmed) and C(state=rolled_back), except in check mode
  type: dict
notes:
  description: What no rollback brings back.
  returned: with C(state=confirmed) and C(state=rolled_back), except in check mode
  type: list
  elements: str
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
from ansible_collections.tuner.network.plugins.module_utils.actions import act, look  # noqa: E402
from ansible_collections.tuner.network.plugins.module_utils.difference import (  # noqa: E402
    compare)
from ansible_collections.tuner.network.plugins.module_utils.tuner import (  # noqa: E402
    AS_WANTED, COMMON_ARGUMENTS, INCOMPLETE, Tuner, profile_arguments)

LISTS = [("only", "--only"), ("except", "--except"), ("services", "--service")]
SWITCHES = [("runtime_only", "--runtime-only"), ("persist_only", "--persist-only"),
            ("running_processes", "--running-processes"), ("allow_shadowed", "--allow-shadowed"),
            ("allow_one_way", "--allow-one-way")]

ARGUMENTS = dict(
    COMMON_ARGUMENTS,
    state={"type": "str", "choices": ["present", "confirmed", "rolled_back"],
           "default": "present"},
    confirm_within={"type": "str"},
    services={"type": "list", "elements": "str", "default": []},
    only={"type": "list", "elements": "str", "default": []},
    # Without a default: one with it would count as given, and these two exclude each other.
    runtime_only={"type": "bool"},
    persist_only={"type": "bool"},
    running_processes={"type": "bool", "default": False},
    allow_shadowed={"type": "bool", "default": False},
    allow_one_way={"type": "bool", "default": False},
    id={"type": "str"},
    force={"type": "bool", "default": False},
    **{"except": {"type": "list", "elements": "str", "default": []}}
)


def apply_arguments(params):
    """The options of tuner apply."""
    arguments = profile_arguments(params)
    if params["confirm_within"]:
        arguments += ["--confirm-within", params["confirm_within"]]
    for name, option in LISTS:
        for value in params[name]:
            arguments += [option, value]
    return arguments + [option for name, option in SWITCHES if params[name]]


def apply_profile(module, tuner):
    arguments = apply_arguments(module.params)
    dry = ["--dry-run"] if module.check_mode else []
    status, document = tuner.document("apply", arguments + dry)
    values = {"changed": document.get("changed", False)}
    if module._diff and values["changed"] and status in (AS_WANTED, INCOMPLETE):
        values["diff"] = compare(tuner, document, arguments)
    tuner.finish("apply", status, document, **values)


def check_combination(module):
    params = module.params
    if params["id"] and params["state"] == "present":
        module.fail_json(msg="id requires state confirmed or rolled_back")
    if params["force"] and params["state"] != "rolled_back":
        module.fail_json(msg="force requires state rolled_back")


def main():
    module = AnsibleModule(
        argument_spec=ARGUMENTS,
        mutually_exclusive=[("runtime_only", "persist_only"), ("confirm_within", "persist_only")],
        required_if=[("state", "present", ["profile"])],
        supports_check_mode=True)
    check_combination(module)
    tuner = Tuner(module)
    if module.params["state"] == "present":
        apply_profile(module, tuner)
    command = "confirm" if module.params["state"] == "confirmed" else "rollback"
    (look if module.check_mode else act)(module, tuner, command)


if __name__ == "__main__":
    main()
