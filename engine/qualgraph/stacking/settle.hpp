/// Can an audit be decided without its integer model?
///
/// Most rules ask for credits in places, floors and caps, and most records state all they look at.
/// There an item becomes a few masks, looked up word by word. Where credits can be cut freely, or all
/// have one size, and the bounds nest, the audit is a flow: exact in polynomial time. Elsewhere
/// items are placed one by one; where that meets what a cut shows to be missing, it is the least.
/// What is left goes to the search of solve.hpp with what was found. The answers are those of audit(),
/// which writes the integer model of everything and serves every rule.
#pragma once

#include "qualgraph/model/world.hpp"
#include "qualgraph/stacking/record.hpp"
#include "qualgraph/stacking/rule.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qualgraph {

/// How an audit was decided.
enum class SettledBy : std::uint8_t {
  flow,    ///< the shape of the rule is polynomial
  bound,   ///< an allocation that meets a bound
  search,  ///< branch and bound
};

[[nodiscard]] const char* to_string(SettledBy way) noexcept;

/// An item in a place, as found by a Settler.
struct SettledPlace {
  int item = 0;  ///< position in the record
  std::string place;
  std::int64_t parts = 1;  ///< of the parts it may be cut into; 1 of 1 for a whole item
};

/// Amounts are in the rule's measure, in units of 1/scale.
struct Settled {
  std::int64_t shortfall = 0;
  std::int64_t counted = 0;
  std::int64_t scale = 1;
  SettledBy by = SettledBy::bound;
  std::int64_t nodes = 0;
  bool most = false;  ///< asked for, and no allocation with this shortfall counts more
  std::vector<SettledPlace> placed;

  [[nodiscard]] bool met() const noexcept { return shortfall == 0; }
};

struct SettleOptions {
  std::int64_t nodes = 1'000'000;
  std::optional<double> seconds;
  std::function<bool()> stop;
  /// Whether `Settled::placed` is wanted.
  bool places = true;
};

/// One rule within one world, made ready for any number of records. Not for use from two threads at once.
class Settler {
 public:
  /// Keeps what it needs of both.
  Settler(const World& world, const Rule& rule, const RuleChoice& choice = {});
  ~Settler();
  Settler(Settler&&) noexcept;
  Settler& operator=(Settler&&) noexcept;

  /// Whether the rule is of the kind read here at all.
  [[nodiscard]] bool reads() const noexcept;
  /// The answer, if it takes no search; `places` as in SettleOptions. `most`: with as much counted as is found
  /// without one.
  [[nodiscard]] std::optional<Settled> quick(const LearnerRecord& record, bool places = true, bool most = false);
  /// Whether the last record asked about was read, and only a search can tell.
  [[nodiscard]] bool open() const noexcept;
  /// That search; none if it runs out of its budget.
  [[nodiscard]] std::optional<Settled> search(const SettleOptions& options = {});
  /// Both in turn; none where audit() has to be asked.
  [[nodiscard]] std::optional<Settled> settle(const LearnerRecord& record, const SettleOptions& options = {});

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace qualgraph
