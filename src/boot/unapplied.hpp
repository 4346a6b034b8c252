#pragma once

#include <vector>

#include "tuner/boot.hpp"

namespace tuner {

/// The files with settings that the reader which applies the files at boot does not read.
std::vector<UnappliedFile> unapplied_files(const ConfigTree& files, const BootView& view);

}  // namespace tuner
