#include "knowledge/key_name.hpp"

#include "knowledge/facts.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

const Fact* fact_of(const std::string& name, std::string& key) {
  const auto parsed = SysctlKey::parse(name);
  if (!parsed) return nullptr;
  for (const char* const prefix : kKeyPrefixes) {
    key = prefix + parsed->text();
    if (const Fact* const fact = find_fact(key)) return fact;
  }
  return nullptr;
}

}  // namespace tuner
