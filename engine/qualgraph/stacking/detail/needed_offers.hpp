/// Which offers of a catalogue can a best plan need at all?
#pragma once

#include "qualgraph/model/world.hpp"
#include "qualgraph/stacking/catalogue.hpp"
#include "qualgraph/stacking/complete.hpp"
#include "qualgraph/stacking/record.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace qualgraph::detail {

/// How often each offer was taken before, by the ids of what is held: an item "a" is the first take of
/// the offer "a", an item "a#3" its third. What is taken now is numbered after these, so that no two items
/// share an id.
class TakenBefore {
 public:
  explicit TakenBefore(const LearnerRecord& record);
  [[nodiscard]] int operator[](const std::string& offer) const;

 private:
  std::unordered_map<std::string, int> times_;
};

/// The item an offer becomes when taken; `take` counts from 0.
Item as_item(const Offer& offer, const Catalogue& catalogue, const std::optional<Date>& day, int take);

/// Offers that some optimum may need, and which of them the rules cannot tell apart.
struct Needed {
  std::vector<std::size_t> offers;  ///< positions in the catalogue, ascending
  std::vector<int> family;          ///< per offer
};

/// An offer goes when enough others, no dearer by any aim, fit everywhere it fits and fall under no
/// more limits: an irredundant plan leaves one of them free to stand in for it. What a kept offer
/// requires stays. `usable` are positions in the catalogue whose aims are known.
[[nodiscard]] Needed needed_offers(const World& world, const LearnerRecord& record, const std::vector<Goal>& goals,
                                   const Catalogue& catalogue, const std::vector<std::size_t>& usable,
                                   const std::vector<Aim>& aims, const std::optional<Date>& day);

}  // namespace qualgraph::detail
