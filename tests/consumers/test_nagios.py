"""The plugin's output, as a Nagios that schedules the checks parses it."""

import re
import unittest

import perfdata
import trees
from sandbox import Case, tuner, wait_for

CONFIGURATION = """
log_file={directory}/log
cfg_file={directory}/objects.cfg
object_cache_file={directory}/objects.cache
precached_object_file={directory}/objects.precache
status_file={directory}/status.dat
status_update_interval=1
temp_file={directory}/temp
temp_path={directory}
lock_file={directory}/lock
query_socket={directory}/socket
check_result_path={directory}/results
check_external_commands=0
retain_state_information=0
interval_length=1
nagios_user=0
nagios_group=0
enable_notifications=0
check_for_updates=0
process_performance_data=0
"""
OBJECTS = """
define timeperiod {{
  timeperiod_name always
  alias always
{days}
}}
define contact {{
  contact_name nobody
  host_notifications_enabled 0
  service_notifications_enabled 0
  host_notification_period always
  service_notification_period always
  host_notification_commands tuner
  service_notification_commands tuner
}}
define command {{
  command_name tuner
  command_line {program} $ARG1$
}}
define host {{
  host_name web01
  address 127.0.0.1
  max_check_attempts 1
  check_period always
  contacts nobody
}}
"""
SERVICE = """
define service {{
  host_name web01
  service_description {name}
  check_command tuner!{words}
  check_period always
  max_check_attempts 1
  check_interval 1
  retry_interval 1
  contacts nobody
}}
"""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Scheduled(Case):
    def configure(self, services):
        """services: name -> the words of the command line."""
        program = self.program()
        (self.directory / "results").mkdir()
        (self.directory / "nagios.cfg").write_text(CONFIGURATION.format(directory=self.directory))
        days = "\n".join(f"  {day} 00:00-24:00" for day in DAYS)
        objects = OBJECTS.format(days=days, program=program)
        for name, words in services.items():
            objects += SERVICE.format(name=name, words=" ".join(map(str, words)))
        (self.directory / "objects.cfg").write_text(objects)

    def states(self, services):
        """Name -> what Nagios keeps of the service, once each was checked."""
        self.configure(services)
        with open(self.directory / "output", "w", encoding="utf-8") as output:
            self.start("nagios4", self.directory / "nagios.cfg", stdout=output, stderr=output)
        try:
            return wait_for("a check of each service", lambda: self.checked(services))
        except AssertionError:
            raise AssertionError((self.directory / "output").read_text()[-2000:]) from None

    def checked(self, services):
        try:
            text = (self.directory / "status.dat").read_text(errors="replace")
        except FileNotFoundError:
            return None
        found = {}
        for block in re.findall(r"^servicestatus \{\n(.*?)^\t\}", text, re.MULTILINE | re.DOTALL):
            fields = dict(line.strip().split("=", 1) for line in block.splitlines() if "=" in line)
            if fields["has_been_checked"] == "1":
                found[fields["service_description"]] = fields
        return found if set(found) == set(services) else None

    def test_reads_states_and_performance_data(self):
        hosts = {"clean": ({}, 0), "info": (trees.INFO, 0), "warning": (trees.WARNING, 1),
                 "error": (trees.ERROR, 2), "unknown": (trees.UNKNOWN, 3), "evil": (trees.FILES, 2)}
        services, expected, outputs = {}, {}, {}
        for name, (files, state) in hosts.items():
            root = trees.host(self.directory / f"host-{name}", files)
            services[name] = ["audit", "--format", "nagios", "--root", root]
            expected[name] = state
            outputs[name] = tuner(*services[name]).stdout.splitlines()
        services["broken"] = ["audit", "--format", "nagios", "--profile", "nosuch"]
        expected["broken"] = 3
        outputs["broken"] = tuner(*services["broken"]).stdout.splitlines()
        found = self.states(services)
        self.assertEqual({name: int(fields["current_state"]) for name, fields in found.items()},
                         expected)
        for name, fields in found.items():
            text, _, performance = outputs[name][0].partition(" | ")
            self.assertEqual(fields["plugin_output"], text)
            self.assertEqual(fields["performance_data"], performance)
            rest = fields["long_plugin_output"].replace("\\n", "\n").strip().splitlines()
            self.assertEqual(len(rest), len(outputs[name]) - 1, name)
            counts = perfdata.counts_of(fields["performance_data"])
            self.assertEqual(set(counts), set() if name == "broken" else
                             {"errors", "warnings", "infos", "unknown"})


if __name__ == "__main__":
    unittest.main()
