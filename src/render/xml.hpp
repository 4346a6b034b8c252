#pragma once

#include <string>
#include <string_view>

namespace tuner::render {

/// Text for an element or a quoted attribute, of XML 1.0 and of HTML alike: no markup, no control
/// characters, and neither U+FFFE nor U+FFFF, which XML does not have.
std::string escaped(std::string_view text);

}  // namespace tuner::render
