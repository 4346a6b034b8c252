#pragma once

#include <string>
#include <vector>

#include "change/store.hpp"
#include "os/place.hpp"
#include "os/root_directory.hpp"
#include "tuner/apply.hpp"
#include "tuner/profile.hpp"

namespace tuner::os {

/// Reads what a plan has to know beside the host. Errors: a unit that is not there.
Result<ApplySurvey> survey_host(RootDirectory& root, const Profile& profile,
                                const ApplyOptions& options, const Surroundings& here,
                                std::vector<Transaction> history);

/// Completes the steps of a plan with what is there now, byte by byte: values, modes, interfaces,
/// and the keys that follow others by their names. Errors: something cannot be read, cannot be
/// written here, or changed since the plan was made. Nothing is opened for writing.
Result<std::vector<Step>> complete_steps(RootDirectory& root, engine::Store& store,
                                         const ApplyPlan& plan);

}  // namespace tuner::os
