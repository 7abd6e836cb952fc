/// Audits that are flows: credits cut freely or of one size, and bounds that nest.
///
/// One network: the award's items by the caps and floors that nest over them, into places, up the
/// tree of places. A bound below earns one for every unit up to it, so what is not earned is the shortfall.
#pragma once

#include "qualgraph/stacking/detail/cuts.hpp"
#include "qualgraph/stacking/detail/network.hpp"
#include "qualgraph/stacking/detail/packed.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace qualgraph::detail {

class Nested {
 public:
  struct Part {
    std::size_t entry = 0;
    std::size_t leaf = 0;
    std::int64_t parts = 1;
  };

  /// Whether the audit is a flow.
  [[nodiscard]] bool read(const Packed& packed);
  /// Decides what was read; `parts` only where they are wanted.
  void decide(bool parts);

  [[nodiscard]] std::int64_t shortfall() const noexcept { return shortfall_; }
  [[nodiscard]] std::int64_t counted() const noexcept { return counted_; }
  [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }

 private:
  /// Items that no clause tells apart.
  struct Type {
    std::uint64_t fits = 0;
    std::uint64_t families = 0;
    std::int64_t units = 0;
  };
  [[nodiscard]] bool nest();
  [[nodiscard]] bool simple() const;
  void decide_by_cuts();
  void decide_by_flow();
  void bounds(int from, int to, std::vector<std::int64_t>& least, std::int64_t most);
  void hand_out(std::vector<std::vector<std::pair<std::size_t, std::int64_t>>>& sent);

  const Packed* packed_ = nullptr;
  std::int64_t unit_ = 1;
  std::vector<Type> types_;
  std::vector<std::size_t> type_of_;     ///< of an entry
  std::vector<std::uint64_t> inside_;    ///< of a family: the types it counts; up to 64 at a time
  std::vector<std::size_t> over_items_;  ///< families over items, the widest first
  std::vector<std::pair<std::size_t, std::size_t>> over_places_;  ///< a family that counts all of a place
  std::int64_t shortfall_ = 0, counted_ = 0;
  std::vector<Part> parts_;
  Network network_;
  Cuts cuts_;
};

}  // namespace qualgraph::detail
