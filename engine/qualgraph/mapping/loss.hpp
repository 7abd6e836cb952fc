/// What is lost on the way to another framework and back?
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "qualgraph/model/world.hpp"

namespace qualgraph {

enum class RoundTrip : std::uint8_t {
  recoverable,  ///< comes back as itself and nothing else
  drifting,     ///< comes back as several levels, or as another one
  lost,         ///< does not come back, by what the documents say
  not_established,  ///< nothing was seen about it on the way there or back: unknown, not lost
};

[[nodiscard]] const char* to_string(RoundTrip fate) noexcept;

struct LevelLoss {
  std::string level;
  RoundTrip fate = RoundTrip::lost;
  std::vector<std::string> returns;  ///< levels it comes back as
  int up = 0;                        ///< steps above itself that it may come back at
  int down = 0;
};

/// Round trip of every level of `from` to `to` and back, over all admitted routes.
struct FrameworkLoss {
  FrameworkId from;
  FrameworkId to;
  std::vector<LevelLoss> levels;
  int recoverable = 0;
  int drifting = 0;
  int lost = 0;
  int not_established = 0;
};

[[nodiscard]] FrameworkLoss round_trip(const World& world, const FrameworkId& from, const FrameworkId& to);

/// Every ordered pair of different frameworks between which some level is mapped.
[[nodiscard]] std::vector<FrameworkLoss> recognition_loss(const World& world);

}  // namespace qualgraph
