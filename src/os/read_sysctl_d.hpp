#pragma once

#include <string>
#include <vector>

#include "os/root_directory.hpp"
#include "tuner/boot.hpp"

namespace tuner::os {

/// The sysctl files of a host or of a captured tree.
ConfigTree read_config_tree(FileSource& files);

enum class FoundBy { directory, user };

/// One file, as a reader finds it: `path` is below the root. A pipe is waited for where a user
/// named it.
ConfigFile read_config_file(FileSource& files, const std::string& path,
                            FoundBy found_by = FoundBy::directory);

/// What is below proc/sys under paths and patterns. A captured tree has what somebody copied: only
/// what is below net/ counts as complete there, and where nothing can be written, its modes say
/// nothing.
KernelTree read_kernel_tree(FileSource& files, const std::vector<std::string>& paths,
                            Kernel kernel);

/// What is installed, by the package database of Debian or the names of libraries, and which of
/// them applies the files at boot.
InstalledReaders read_installed_readers(FileSource& files);

/// Who applies the files at boot: procps only where systemd-sysctl is not installed.
void choose_at_boot(FileSource& files, InstalledReaders& readers);

/// The modules that are loaded before the files are applied: modules-load.d and /etc/modules.
LoadedModules read_modules_to_load(FileSource& files);

}  // namespace tuner::os
