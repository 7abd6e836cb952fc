/// Where does a fact come from, and how sure is it?
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace qualgraph {

/// How a fact was established.
enum class Evidence : std::uint8_t {
  unknown,  ///< no value was found; the field is empty on purpose
  known,    ///< general knowledge, not seen in a text
  mixed,    ///< some parts read, others only known
  read,     ///< seen in a text
};

[[nodiscard]] const char* to_string(Evidence evidence) noexcept;

/// One text a fact rests on.
struct Source {
  std::string title;
  std::optional<std::string> publisher;
  std::optional<int> year;  ///< of the text
  std::optional<std::string> url;
  Evidence evidence = Evidence::known;

  friend bool operator==(const Source&, const Source&) = default;
};

/// What the engine answers from: every fact, or only what was read in a text.
enum class EvidenceFloor : std::uint8_t { all, read };

}  // namespace qualgraph
