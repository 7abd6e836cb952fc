#include "qualgraph/model/error.hpp"

#include <cstddef>
#include <utility>

namespace qualgraph {
namespace {

/// Bytes of the well-formed UTF-8 sequence at the start of `text` (RFC 3629), or 0.
std::size_t letter(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i])); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (size == 0 || size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  // Overlong forms, surrogates, and what lies beyond the last plane.
  const unsigned second = byte(1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
      (first == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return size;
}

/// Whether a character ends a C string or steers a terminal. Line breaks and tabs only move the text.
bool controls(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x7F || (byte < 0x20 && c != '\n' && c != '\t');
}

/// A control character as JSON spells it.
std::string spelled(char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("\\u00") + kDigits[byte >> 4U] + kDigits[byte & 0xFU];
}

/// `text` with a replacement mark for every byte that is no UTF-8 and control characters spelled out,
/// at most `most` bytes of it.
std::string readable(std::string_view text, std::size_t most) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = letter(text.substr(at));
    const std::string next = size == 0 ? "\xEF\xBF\xBD" : controls(text[at]) ? spelled(text[at]) : std::string(text.substr(at, size));
    if (result.size() + next.size() > most) return result + "...";
    result += next;
    at += size == 0 ? 1 : size;
  }
  return result;
}

std::vector<Fault> readable(std::vector<Fault> faults) {
  constexpr std::size_t kMost = 2'000;
  for (Fault& fault : faults) {
    for (std::string Fault::*part : {&Fault::file, &Fault::pointer, &Fault::found, &Fault::expected}) {
      fault.*part = readable(fault.*part, kMost);
    }
  }
  return faults;
}

std::string message_of(const std::vector<Fault>& faults) {
  constexpr std::size_t kShown = 3;
  std::string text = faults.size() == 1 ? "1 fault in the facts; nothing was loaded"
                                        : std::to_string(faults.size()) + " faults in the facts; nothing was loaded";
  for (std::size_t i = 0; i < faults.size() && i < kShown; ++i) {
    const Fault& fault = faults[i];
    text += "\n  " + fault.file + (fault.pointer.empty() ? "" : " at " + fault.pointer) + ": found " + fault.found +
            "; expected " + fault.expected;
  }
  if (faults.size() > kShown) text += "\n  ... and " + std::to_string(faults.size() - kShown) + " more (see faults)";
  return text;
}

}  // namespace

Error::Error(std::string_view message) : std::runtime_error(readable(message, std::string_view::npos)) {}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 80;
  // Appended, not prepended: GCC 12 takes the insertion for an overlap (-Wrestrict) when optimising.
  std::string result(1, '"');
  return result.append(readable(text, kShown)).append(1, '"');
}

// A hostile file's own bytes stand in its faults; a reader gets them as text of a bearable length.
FactError::FactError(std::vector<Fault> faults) : FactError(Readable{readable(std::move(faults))}) {}

FactError::FactError(Readable faults) : Error(message_of(faults.list)), faults_(std::move(faults.list)) {}

}  // namespace qualgraph
