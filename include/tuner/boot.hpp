#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/sysctl_d.hpp"
#include "tuner/sysctl_reader.hpp"
#include "tuner/units.hpp"

namespace tuner {

class HostSnapshot;

/// One try of a reader to set a key.
struct BootWrite {
  enum class Result {
    written,
    unchanged,      ///< systemd writes no value that is in force already
    refused,        ///< the kernel says no; `reason` says why
    absent,         ///< there is no such key
    not_permitted,  ///< it cannot be opened for writing
    directory,      ///< the key is a directory
    outside,        ///< it leads outside /proc/sys, or is that itself; nothing is opened
  };
  std::string path{};  ///< below /proc/sys
  std::string text{};  ///< without the newline
  Result result = Result::written;
  std::string reason{};
  std::string file{};
  int line = 0;
  bool ignored = false;  ///< the line begins with "-": a failure is no error
};

std::string_view write_result_name(BootWrite::Result result);

/// What is wrong with a file or a line, to one reader.
struct BootProblem {
  std::string file{};
  int line = 0;
  std::string message{};
};

/// An assignment as it stands in a file.
struct Assignment {
  std::string path{};
  std::string value{};
  std::string file{};
  int line = 0;
  std::string comment{};  ///< the lines of comment right above it, with their marks
};

/// What one reader does with a host's files.
struct ReaderRun {
  const Reader* reader = nullptr;
  int status = 0;                    ///< its exit status
  std::vector<std::string> files{};  ///< in the order in which it reads them
  std::vector<BootWrite> writes{};   ///< in the order in which it makes them
  std::vector<BootProblem> problems{};
  std::vector<Assignment> assignments{};  ///< all that it read, patterns too
  std::vector<Assignment> exclusions{};   ///< "-key" lines
  KernelTree after{};                     ///< what was asked of the kernel, after the last write
  std::map<std::string, std::string> followed{};  ///< paths that got their value with another's
};

/// What a reader leaves under a key.
struct BootValue {
  std::optional<std::string> value{};  ///< no value where its last assignment is not taken
  std::string error{};                 ///< why there is none
  bool ignored = false;                ///< the line begins with "-": a failure is no error
  std::string file{};
  int line = 0;
  std::string through{};  ///< the key of that line, where it is another that changes this one
};

/// An assignment that another one overrules.
struct Shadowed {
  std::string file{};
  int line = 0;
  std::string value{};
  std::string by{};      ///< the file that hides this one wholly; empty where single lines decide
  bool pattern = false;  ///< the line sets other keys too
};

struct BootKey {
  std::string key{};  ///< with dots; as the file has it where it is not a name of a key
  const Fact* fact = nullptr;
  Observed<std::string> running = absent();
  std::optional<BootValue> systemd{};
  std::optional<BootValue> procps{};
  std::vector<Shadowed> shadowed{};
  std::optional<Assignment> excluded{};  ///< the line that keeps it from systemd
  std::string late{};  ///< why it may not be there yet when the files are applied; empty otherwise

  /// Whether both readers leave the same.
  [[nodiscard]] bool agree() const;
  /// What the family leaves; null where it sets nothing.
  [[nodiscard]] const BootValue* by(ReaderFamily family) const;
};

/// Which reader applies the files of a host at boot, and what is installed of each.
struct InstalledReaders {
  const Reader* systemd = nullptr;  ///< the measured one that is nearest; never null
  const Reader* procps = nullptr;   ///< the same
  std::string systemd_version{};    ///< as installed; empty where it is not known
  std::string procps_version{};     ///< the same
  ReaderFamily at_boot = ReaderFamily::systemd;
  bool assumed = false;  ///< neither is installed: nothing tells which one applies the files
};

/// A file with settings that is applied by nobody at boot.
struct UnappliedFile {
  std::string path{};
  int first_line = 0;  ///< of its settings
  int settings = 0;
  std::string why{};   ///< one sentence
  std::string hint{};  ///< the same
};

/// A program that sets keys after the sysctl files were applied: when it starts, or while it runs.
struct KeyOwner {
  std::string name{};                          ///< "TuneD, profile network-latency"
  std::vector<std::string> keys{};             ///< with dots; a `*` ends a family
  std::map<std::string, Assignment> values{};  ///< what it sets, by key, where a file of its tells
  std::string hint{};                          ///< where its values come from, in one sentence
  bool yields = false;  ///< it applies /etc and /run again after its own: they win

  [[nodiscard]] bool sets(std::string_view key) const;
};

/// What sysctl files come to on a host.
struct BootView {
  InstalledReaders readers{};
  std::vector<ReaderRun> runs{};          ///< systemd's and procps'
  std::vector<BootKey> keys{};            ///< sorted by name
  std::vector<BootKey> silent{};          ///< keys that lines name and that no reader sets, sorted
  std::vector<std::string> unreadable{};  ///< files and directories that could not be read, and why
  std::vector<std::string> missing{};     ///< files that were given and that neither reader finds
  std::vector<KeyOwner> owners{};         ///< in the order in which they are asked
  std::vector<UnappliedFile> unapplied{};
  /// The keys of a change that is waiting for confirmation, with what it set them to.
  std::map<std::string, std::string> waiting{};
  /// Whether the files are applied to the network namespace that is looked at: the initial one, or
  /// a container's that boots by itself.
  bool for_this_network = true;

  [[nodiscard]] const BootKey* find(std::string_view key) const;
  /// What the reader that applies the files at boot leaves; null where no file sets the key.
  [[nodiscard]] const BootValue* at_boot(std::string_view key) const;
  /// The program that has the last word on a key, after the files were applied; null where there is
  /// none.
  [[nodiscard]] const KeyOwner* owner_of(std::string_view key) const;
  /// Whether what is applied at boot differs from what runs; false where either is not known, and
  /// where a program sets the key later.
  [[nodiscard]] bool differs_from_running(const BootKey& key) const;
};

/// What is configured to be loaded before the files are applied (modules-load.d(5)).
using LoadedModules = std::vector<std::string>;

/// What a view is made of, beside the host.
struct BootMaterial {
  InstalledReaders readers{};
  ConfigTree files{};
  KernelTree kernel{};
  LoadedModules modules{};
  std::vector<KeyOwner> owners{};
};

}  // namespace tuner
