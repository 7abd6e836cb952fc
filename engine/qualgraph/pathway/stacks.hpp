/// Which sets of credentials make an award, and what is each credential good for in them?
///
/// A stack is a set of offers that meets the rule together with what the record holds. Questions over
/// all stacks are searches with cuts: a stack that holds one already known is set aside, whatever its
/// credentials are called, as long as the rules cannot tell them apart; the search ends with a witness
/// or with nothing left. Requirements that no credential meets (a placement, a talk) are set aside.
/// Unknowns are read against the learner.
#pragma once

#include "qualgraph/credit/truth.hpp"
#include "qualgraph/model/rational.hpp"
#include "qualgraph/stacking/complete.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph {

struct StackOptions {
  std::int64_t nodes = 100'000;  ///< per search
  int rounds = 300;              ///< stacks looked at per question
  std::function<bool()> stop;
};

struct ShareAnswer {
  bool proved = false;
  std::optional<Rational> share;  ///< at least, if not proved; none: no stack at all
};

struct UseAnswer {
  Truth useful = Truth::unknown;
  std::vector<std::size_t> witness;  ///< offers (by take) of a stack that none of its parts can leave
  int rounds = 0;
};

struct NestedAnswer {
  Truth nested = Truth::unknown;
  std::vector<std::size_t> witness;  ///< a stack of the outer award without one of the inner
  int rounds = 0;
  bool outer_exists = false, inner_exists = false;
};

struct CarryAnswer {
  bool complete = false;                ///< every least stack was looked at, and the size of all of it is stated
  std::optional<Rational> least, most;  ///< over the stacks looked at whose size is stated as one amount
  std::vector<std::size_t> least_stack, most_stack;
  int stacks = 0;
};

/// One form of a rule over one record and one catalogue.
class StackSpace {
 public:
  /// What is given must outlive the space.
  StackSpace(const World& world, const LearnerRecord& record, const Goal& goal, const Catalogue& catalogue,
             StackOptions options = {});
  ~StackSpace();
  StackSpace(StackSpace&&) noexcept;
  StackSpace& operator=(StackSpace&&) noexcept;

  /// Per offer a number: offers with the same one cannot be told apart by this rule.
  [[nodiscard]] const std::vector<int>& kinds() const noexcept;
  /// False where clauses look at the whole record: then no search proves that there is nothing, and stacks that
  /// are found are looked at once more by themselves.
  [[nodiscard]] bool settled() const noexcept;
  [[nodiscard]] Truth any_stack();
  /// The largest share of an offer that counts in any stack that holds it.
  [[nodiscard]] ShareAnswer countable_share(std::size_t offer);
  /// Whether an offer lies in a stack that no smaller stack lies in.
  [[nodiscard]] UseAnswer useful(std::size_t offer);

  /// Whether every stack of `outer` holds one of `inner`. Both over the same record and catalogue.
  [[nodiscard]] static NestedAnswer nested(StackSpace& inner, StackSpace& outer);
  /// Of every least stack of `inner`, the share of its credits that `outer` can count.
  [[nodiscard]] static CarryAnswer carry(StackSpace& inner, StackSpace& outer);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

struct Countable {
  bool sized = false;              ///< the size of every item held is stated as one amount
  bool proved = false;             ///< no more can count whatever is not known; `sized`, or all of it counts
  Rational held, counted;          ///< in the rule's measure, at least: unknown sizes are left out
  std::vector<std::string> items;  ///< what counts
};

/// The most that can count toward an award of the credit a record holds (what is passed), with minima left aside.
[[nodiscard]] Countable countable(const World& world, const LearnerRecord& record, const Goal& goal,
                                  const StackOptions& options = {});

}  // namespace qualgraph
