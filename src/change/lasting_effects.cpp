#include "change/lasting_effects.hpp"

namespace tuner {

std::vector<std::string> lasting_effects(const Transaction& transaction, bool has_dracut) {
  bool buffers = false;
  bool fragment = false;
  bool service = false;
  bool ipv6 = false;
  for (const Step& step : transaction.plan.steps) {
    const bool sysctl = step.kind == Step::Kind::sysctl;
    buffers = buffers || (sysctl && step.target.find("mem") != std::string::npos);
    ipv6 = ipv6 || (step.target.starts_with("net/ipv6/") && step.target.ends_with("/forwarding"));
    fragment = fragment || step.target.starts_with("/etc/sysctl.d/");
    service = service || step.target.starts_with("/etc/systemd/system/");
  }
  std::vector<std::string> notes;
  if (buffers) notes.emplace_back("Open sockets keep their current buffers.");
  if (service) {
    notes.emplace_back(
        "Services get their old limit back after systemctl daemon-reload and a restart of each.");
  }
  if (ipv6) {
    notes.emplace_back(
        "Default routes from router advertisements come back with the next advertisement.");
  }
  if (fragment && has_dracut) {
    notes.emplace_back(
        "dracut copies /etc/sysctl.d into the initrd: run dracut -f if that happened in the "
        "meantime.");
  }
  return notes;
}

}  // namespace tuner
