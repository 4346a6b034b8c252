#pragma once

#include "render/json_document.hpp"
#include "tuner/plan.hpp"

namespace tuner::render {

/// What a run did to a change; all empty where none was made.
struct ChangeOutcome {
  std::string_view result = "differs";
  std::string_view runtime{};    ///< "changed", "unchanged", "skipped", "failed"
  std::string_view persisted{};  ///< the same, or "pending" until it is confirmed
  std::string file{};            ///< that keeps it
  std::string error{};
};

/// A change as diff and apply both print it.
Json change_object(const Change& change, const HostSnapshot& host, const ChangeOutcome& outcome);

Json obstacle_object(const Obstacle& obstacle);

}  // namespace tuner::render
