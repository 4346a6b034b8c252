#include "cli/read_next_boot.hpp"

#include "cli/read_tree.hpp"
#include "os/read_boot.hpp"
#include "render/next_boot.hpp"
#include "tuner/apply.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::cli {

Result<NextBoot> read_next_boot(const std::vector<Transaction>& history,
                                const os::Surroundings& here) {
  if (os::is_borrowed(std::string(kApplyDirectories[0]))) return NextBoot();
  auto root = os::RootDirectory::open("/");
  if (!root) return tl::unexpected(root.error());
  os::BootFiles files(*root, root->kernel(), {});
  const BootMaterial material = files.material({});
  if (const auto unread = material.files.unreadable(); !unread.empty()) {
    return fail({.subject = unread.front(),
                 .detail = "cannot tell what the next boot sets",
                 .hint = "Make it readable, or run this as root."});
  }
  Reading reading = files.reading();
  std::vector<std::string> keys = applied_keys(material, history, here.place);
  reading.keys.insert(reading.keys.end(), keys.begin(), keys.end());
  const auto host = read_tree(*root, "/", reading);
  if (!host) return tl::unexpected(host.error());
  return next_boot(material, history, here.place, *host);
}

std::vector<std::string> boot_warnings(const RunReport& run, std::vector<Transaction> history,
                                       const os::Surroundings& here, BootChanges which) {
  for (Transaction& one : history) {
    if (one.plan.id == run.transaction.plan.id) one = run.transaction;
  }
  auto next = read_next_boot(history, here);
  if (!next) return {next.error().message() + '.'};
  if (which == BootChanges::overruled) {
    std::erase_if(next->changes, [](const BootChange& change) {
      return change.kind != BootChange::Kind::overruled;
    });
  }
  return render::next_boot_sentences(*next);
}

}  // namespace tuner::cli
