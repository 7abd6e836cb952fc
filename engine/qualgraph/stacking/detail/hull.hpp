/// Cuts from the hull of one window: every way to fill it, and what each leaves missing.
#pragma once

#include <cstdint>
#include <vector>

#include "qualgraph/stacking/detail/box.hpp"
#include "qualgraph/stacking/detail/windows.hpp"

namespace qualgraph::detail {

/// sum of coefficient * x <= bound, for every whole point of the box it was made for.
struct Cut {
  std::vector<FlatModel::Entry> entries;
  std::int64_t bound = 0;
  double violation = 0;                  ///< distance of the point from the cut
  const Window* window = nullptr;        ///< what it follows from
};

/// The direction of a cut comes from a small relaxation; its bound is then the least over all fillings,
/// in integers, so it holds whatever the direction is worth.
class HullFinder {
 public:
  explicit HullFinder(const Box& box) : box_(box) {}

  /// Adds a cut if the point lies outside the hull. False if the window is too large to be looked at.
  bool separate(const Window& window, const std::vector<double>& point, std::vector<Cut>& found);

 private:
  struct Part {
    int begin;                 // of its entries in the window
    int end;
    std::int64_t a;
    std::int64_t range;
    double t;
    std::int64_t weight = 0;   // in the cut
  };
  bool fill(std::size_t part, std::int64_t sum);
  [[nodiscard]] std::int64_t missing(std::int64_t sum) const;   // -1: the slack does not reach that far
  bool cheapest(const std::vector<double>& direction, double slack_weight, std::int64_t& sum, double& least);
  void start_sums();
  void join(const Part& part);
  void lift(std::int64_t bound, std::int64_t slack_weight);

  const Box& box_;
  std::vector<Part> used_, unused_;
  std::vector<std::int64_t> fillings_;   // a row of counts per filling
  std::vector<std::int64_t> sums_;
  std::vector<std::int64_t> current_;
  std::vector<std::int64_t> cheapest_;   // least weight of the used parts by sum
  std::vector<double> weights_;
  std::vector<std::uint8_t> counts_;
  bool listed_ = false;                  // every filling is in the list
  std::int64_t low_ = 0;
  std::int64_t high_ = 0;
  bool has_slack_ = false;
  std::int64_t slack_lower_ = 0;
  std::int64_t slack_upper_ = 0;
};

}  // namespace qualgraph::detail
