/// The branch and bound behind solve().
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "qualgraph/stacking/detail/box.hpp"
#include "qualgraph/stacking/detail/hull.hpp"
#include "qualgraph/stacking/detail/local_search.hpp"
#include "qualgraph/stacking/detail/simplex.hpp"
#include "qualgraph/stacking/detail/windows.hpp"
#include "qualgraph/stacking/solve.hpp"

namespace qualgraph::detail {

__extension__ using Wide = __int128;

class Search {
 public:
  Search(const IntegerModel& model, const SolveOptions& options);
  Solution run();

 private:
  enum class State : std::uint8_t { closed, open };

  struct Frame {
    int column = 0;
    std::int64_t value = 0;
    bool upper_first = false;
    bool second = false;
    std::size_t mark = 0;
    int proof_node = -1;
    std::int64_t bound = 0;
  };
  /// A node of the proof with its children, in the order of search.
  struct Step {
    Proof::Node node;
    int first = -1;
    int second = -1;
  };
  /// The combination of rows last computed: sum of gains * x >= floor of what is needed.
  struct Combination {
    std::vector<std::pair<int, std::int64_t>> multipliers;
    std::int64_t scale = 0;              ///< of the objective
    std::int64_t base = 0;               ///< the cost it was held against
    bool contradicts = false;
    Wide room = 0;                       ///< largest left side - right side
  };

  static std::size_t at(int index) noexcept { return static_cast<std::size_t>(index); }

  void build_relaxation();
  void offer(const std::vector<std::int64_t>& values);
  State evaluate();
  /// Tightens the box until nothing changes; false if it is empty then.
  bool settle();
  bool settles();
  bool closes(Simplex::Outcome outcome);
  Simplex::Outcome relax(int pivots = 0);
  /// Adds cuts at the root for as long as they help; false if that closes it.
  bool cut_root();
  void add_cut(const Cut& cut, const Box& box, bool late);
  void add_filling(const Cut& cut, bool late);
  void drop_loose_cuts(int first);
  int cut_node();
  void adopt_cuts();
  void combine(bool with_objective);
  [[nodiscard]] std::int64_t proven_bound() const;
  int tighten_by_combination();
  bool dive(bool by_relaxation);
  bool dive_along_relaxation();
  bool read_integral();
  bool try_locally(int steps);
  void choose_branch(bool solved);
  bool choose_broken();
  double try_side(int column, std::int64_t value, bool upper, double cost);
  bool out_of_budget();
  void drop_proof();
  int add_step(Proof::Kind kind);
  void add_combination_step(Proof::Kind kind);
  void finish_proof(std::optional<std::int64_t> at_least);
  bool apply_branch(const Frame& frame, bool upper);

  const IntegerModel& model_;
  const SolveOptions& options_;
  FlatModel flat_;
  Box box_;
  Simplex lp_{std::vector<double>{}};
  std::vector<int> lp_column_;           // of a column of the model, or -1
  /// A row of the relaxation as it stands in the model or among the cuts.
  struct LinkedRow {
    std::vector<FlatModel::Entry> entries;
    std::int64_t lower = 0;
    std::int64_t upper = 0;
    int index = 0;
  };
  std::vector<LinkedRow> lp_rows_;
  double lp_constant_ = 0;

  Solution best_;
  std::int64_t limit_ = IntegerModel::kInfinity;   // only costs up to here are of interest
  std::int64_t root_bound_ = 0;          // no values of a cost up to limit_ cost less
  std::int64_t node_bound_ = 0;
  std::int64_t branch_value_ = 0;

  Combination combination_;
  std::vector<Wide> gains_;
  Windows windows_;
  std::optional<LocalSearch> local_;
  std::uint64_t tries_ = 0;
  std::optional<Box> root_box_;          // what cuts found later are true for
  /// What branching on a column downwards and upwards has added per unit so far.
  struct Experience {
    double gain[2] = {0, 0};
    int count[2] = {0, 0};
  };
  std::vector<Experience> experience_;
  std::vector<Frame> stack_;
  std::vector<char> implied_;            // columns that are whole once the others are

  std::vector<Step> steps_;
  std::vector<Proof::Node> late_;        // cuts found inside the tree: they go before its first branch
  std::vector<int> adopted_;             // cuts that became rows
  std::chrono::steady_clock::time_point started_;

  int lp_own_rows_ = 0;                  // the first ones come from the model, the others are cuts
  int root_rows_ = 0;
  int branch_column_ = -1;
  int fillings_ = 0;
  int attach_ = -1;                      // step that the next one hangs from
  bool attach_second_ = false;
  bool branch_upper_first_ = false;
  bool lp_ready_ = false;
  bool found_ = false;
  bool proving_ = false;
  bool stopped_ = false;
};

}  // namespace qualgraph::detail
