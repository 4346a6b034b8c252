#pragma once

/// What nearly every source includes, parsed once for all of them. Headers of libraries only: one
/// of our own would rebuild everything when it is touched. A source includes what it uses all the
/// same, so that it compiles without this too (CMAKE_DISABLE_PRECOMPILE_HEADERS).

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <variant>
#include <vector>
