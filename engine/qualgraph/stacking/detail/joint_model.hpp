/// The integer model of several goals over one choice of offers.
///
/// The goals share the columns that say what is taken; what offers require of each other is written
/// once, over the same columns.
#pragma once

#include "qualgraph/stacking/catalogue.hpp"
#include "qualgraph/stacking/compile.hpp"
#include "qualgraph/stacking/select.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace qualgraph::detail {

/// An offer that may be taken, once more and on one of several days: an item of the extended record.
struct Take {
  std::size_t offer = 0;  ///< position in the catalogue
  int time = 0;           ///< the first, second ... time
  int column = 0;
};

/// The columns and rows of one way the rules may read.
struct Joint {
  IntegerModel model;
  std::vector<Broken> broken;
};

/// Columns and rows of one goal, the columns of `takes` shared. Item `held + t` of its record is takes[t].
void append(Joint& joint, const Compiled& compiled, const std::vector<Take>& takes, const std::string& mark,
            std::size_t held);

/// Conditions of offers as columns: 1 only if the condition holds on what is held and taken.
class OfferConditions {
 public:
  /// All outlive this; the view is of the record with everything on offer.
  OfferConditions(Joint& joint, Case& view, const std::vector<Take>& takes, std::size_t held)
      : joint_(joint), view_(view), takes_(takes), held_(held) {}

  /// Rows for what one offer requires, before it and along with it.
  void require(std::size_t t, const Offer& offer);

 private:
  struct Answer {
    bool always = false;
    int column = -1;  ///< none and not always: never
  };

  void require(int column, const Condition& condition, const std::string& name);
  Answer encode(const Condition& condition, const std::string& name);
  Answer holds(const Condition& condition, const std::string& name);
  const std::vector<std::size_t>& by_unit(const std::string& unit);

  Joint& joint_;
  Case& view_;
  const std::vector<Take>& takes_;
  std::size_t held_;
  const Take* own_ = nullptr;  ///< whose requirement is written; none for what is taken along
  std::unordered_map<std::string, std::vector<std::size_t>> units_;
};

}  // namespace qualgraph::detail
