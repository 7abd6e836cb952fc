/// The most that can be counted in some places if items could be cut: a least cut over sets of places.
#pragma once

#include "qualgraph/stacking/detail/network.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace qualgraph::detail {

/// Supplies that go to places: every supply belongs to one class, and a class has a limit.
///
/// Of few places every set is tried (max flow = min cut); of many, the flow is sent.
class Cuts {
 public:
  static constexpr std::size_t kMostClasses = 4;

  /// Places by number, each with what it holds; amounts together below 2^30.
  void start(std::uint64_t places);
  void place(std::size_t place, std::int64_t capacity) { capacity_[place] = capacity; }
  /// Number of a class that takes `limit` in all; 0 is there from the start and takes everything.
  std::size_t add_class(std::int64_t limit);
  /// Only places that were named at the start count.
  void supply(std::int64_t amount, std::uint64_t fits, std::size_t kind);
  [[nodiscard]] std::int64_t most();

 private:
  static constexpr std::size_t kMostPlaces = 10;  ///< of which every set is looked at

  struct Supply {
    std::int64_t amount;
    std::uint64_t fits;
    std::size_t kind;
  };
  [[nodiscard]] std::int64_t by_sets(std::size_t count);
  [[nodiscard]] std::int64_t by_flow();

  std::uint64_t places_ = 0;
  std::array<std::int64_t, 64> capacity_{};
  std::array<std::int64_t, kMostClasses> limit_{}, whole_{};
  std::size_t classes_ = 1;
  std::vector<Supply> supplies_;
  std::vector<std::int32_t> inside_, through_, caps_;
  Network network_;
};

}  // namespace qualgraph::detail
