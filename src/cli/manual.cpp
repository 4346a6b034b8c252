#include "cli/manual.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "cli/command.hpp"
#include "cli/help.hpp"
#include "knowledge/thresholds.hpp"
#include "model/number.hpp"

namespace tuner::cli {

namespace {

constexpr std::string_view kRepeats = "...";
constexpr std::string_view kMark = ".\\\" @";

/// mdoc(7) sets a plain "-" as a hyphen.
std::string dashes(std::string_view text) {
  std::string result;
  for (const char character : text) {
    if (character == '-') result += '\\';
    result += character;
  }
  return result;
}

/// A sentence a line, as mdoc(7) wants it.
std::string lines_of(std::string_view text) {
  std::string result;
  for (std::size_t index = 0; index < text.size(); ++index) {
    const bool ends = index > 0 && text[index] == ' ' && text[index - 1] == '.' &&
                      index + 1 < text.size() && text[index + 1] >= 'A' && text[index + 1] <= 'Z';
    result += ends ? '\n' : text[index];
  }
  return dashes(result);
}

/// "--sample" as "Fl \-sample", "FILE" as "Ar FILE", "json" as "Cm json".
std::string word(std::string_view text) {
  if (text == "|" || text == kRepeats) return std::string(text);
  if (text == "-") return "\\-";
  if (text.starts_with('-')) return "Fl " + dashes(text.substr(1));
  const bool lower = text.front() >= 'a' && text.front() <= 'z';
  return (lower ? "Cm " : "Ar ") + dashes(text);
}

/// Words and the bars between them.
std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::string current;
  const auto end = [&] {
    const bool repeats = current.size() > kRepeats.size() && current.ends_with(kRepeats);
    if (repeats) current.resize(current.size() - kRepeats.size());
    if (!current.empty()) words.push_back(std::move(current));
    if (repeats) words.emplace_back(kRepeats);
    current.clear();
  };
  for (const char character : text) {
    if (character == ' ' || character == '\n' || character == '|') {
      end();
      if (character == '|') words.emplace_back("|");
      continue;
    }
    current += character;
  }
  end();
  return words;
}

std::string macros(std::string_view text) {
  std::string line;
  for (const std::string& one : split_words(text)) {
    line += (line.empty() ? "" : " ") + word(one);
  }
  return line;
}

/// The parts of a command line, each on a line of its own.
std::string usage_of(const Command& command) {
  std::string text = fmt::format(".Nm\n.Ic {}\n", command.name);
  for (const std::string& part : synopsis_parts(command)) {
    const auto end = part.find(']');
    if (part.front() != '[') {
      text += '.' + macros(part) + '\n';
    } else {
      text += ".Op " + macros(part.substr(1, end - 1));
      if (part.ends_with(kRepeats)) text.append(" ").append(kRepeats);
      text += '\n';
    }
  }
  return text;
}

tl::unexpected<Error> refused(std::string name, std::string detail, std::string hint) {
  return fail({.kind = ErrorKind::configuration,
               .subject = std::move(name),
               .detail = std::move(detail),
               .hint = std::move(hint)});
}

/// The entry of a command, with its examples first: each up to the two blanks before what it does.
std::string head_of(const Command& command) {
  std::string head = fmt::format(".It Ic {}\n", command.name);
  for (const std::string_view line : parse::lines(command.examples)) {
    const std::string_view example =
        line.substr(std::min(line.find_first_not_of(' '), line.size()));
    head += fmt::format(".Dl {}\n", dashes(example.substr(0, example.find("  "))));
  }
  return head + ".Pp\n";
}

/// The commands that a page has described so far.
class Described {
 public:
  Result<std::string> head(std::string_view name) {
    const auto command = std::find_if(commands::kAll.begin(), commands::kAll.end(),
                                      [name](const Command* one) { return one->name == name; });
    if (command == commands::kAll.end()) {
      return refused(std::string(name), "no such command", "Remove it.");
    }
    if (!names_.insert(name).second) {
      return refused(std::string(name), "given twice", "Keep one entry.");
    }
    return head_of(**command);
  }

  Result<void> all() const {
    for (const Command* const command : commands::kAll) {
      if (names_.contains(command->name)) continue;
      return refused(std::string(command->name), "missing from the manual",
                     fmt::format("Write one: @command {}", command->name));
    }
    return {};
  }

 private:
  std::set<std::string_view> names_;
};

/// An option as all commands have it: the values of each are put together.
struct Entry {
  std::string_view letter;
  std::vector<std::string> values{};  ///< "text", "|", "json"
};

using Entries = std::map<std::string, Entry, std::less<>>;

void add(const Option& option, Entries& entries) {
  Entry& entry = entries[std::string(option.name)];
  if (!option.letter.empty()) entry.letter = option.letter;
  for (const std::string& value : split_words(option.argument)) {
    const bool known =
        std::find(entry.values.begin(), entry.values.end(), value) != entry.values.end();
    if (value == "|" || known) continue;
    if (!entry.values.empty()) entry.values.emplace_back("|");
    entry.values.push_back(value);
  }
}

Entries all_entries() {
  Entries entries;
  for (const Command* const command : commands::kAll) {
    for (const Option& option : command->options) add(option, entries);
  }
  for (const Option& option : global_options()) add(option, entries);
  return entries;
}

std::string head_of(std::string_view name, const Entry& entry) {
  std::string head;
  if (!entry.letter.empty()) head = fmt::format("Fl {} , ", entry.letter);
  head += "Fl \\-" + dashes(name);
  std::string macro;
  for (const std::string& value : entry.values) {
    const std::string set = word(value);
    const std::string begin = set.substr(0, 2);
    // One macro holds until another begins.
    head += ' ' + (begin == macro && set.size() > 3 ? set.substr(3) : set);
    if (value != "|" && value != "-") macro = begin;
  }
  return head;
}

Result<std::string> heads_of(std::string_view names, const Entries& entries,
                             std::set<std::string>& used) {
  std::string heads;
  for (const std::string& name : split_words(names)) {
    const auto entry = entries.find(name);
    if (entry == entries.end()) return refused(name, "no command has this option", "Remove it.");
    if (!used.insert(name).second) return refused(name, "given twice", "Keep one entry.");
    heads += (heads.empty() ? ".It " : " , ") + head_of(name, entry->second);
  }
  return heads + '\n';
}

}  // namespace

Result<std::string> fill_manual(std::string_view text) {
  // The page that shows how commands are used has to have all options.
  const bool has_options = text.find("\n.\\\" @synopsis\n") != std::string_view::npos;
  const Entries entries = has_options ? all_entries() : Entries();
  std::set<std::string> used;
  Described described;
  std::string page;
  for (const std::string_view line : parse::lines(text)) {
    const std::string_view mark =
        line.starts_with(kMark) ? line.substr(kMark.size()) : std::string_view();
    if (mark == "synopsis") {
      for (const Command* const command : commands::kAll) page += usage_of(*command);
    } else if (mark == "thresholds") {
      for (const auto& row : judge::threshold::table()) {
        page += fmt::format(".It {}: {}\n{}\n", dashes(row.what), row.number, lines_of(row.ground));
      }
    } else if (mark.starts_with("option ")) {
      auto heads = heads_of(mark.substr(std::string_view("option ").size()), entries, used);
      if (!heads) return heads;
      page += *heads;
    } else if (mark.starts_with("command ")) {
      auto head = described.head(mark.substr(std::string_view("command ").size()));
      if (!head) return head;
      page += *head;
    } else {
      page.append(line).append("\n");
    }
  }
  for (const auto& [name, entry] : entries) {
    if (used.contains(name)) continue;
    return refused(name, "missing from the manual", "Write one: @option " + name);
  }
  if (const auto all = described.all(); has_options && !all) return tl::unexpected(all.error());
  return page;
}

}  // namespace tuner::cli
