/// An audit as masks and integers: what of a rule and a record is left once every word is looked up.
///
/// Only rules of the commonest kind are read this way, and only records in which nothing the rule
/// looks at is unknown; there the result is the same problem as compile() writes. Everything else
/// is refused, and goes through compile().
#pragma once

#include "qualgraph/model/world.hpp"
#include "qualgraph/stacking/record.hpp"
#include "qualgraph/stacking/rule.hpp"
#include "qualgraph/stacking/select.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qualgraph::detail {

inline constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

/// Amounts are in units of 1/scale of the rule's measure.
struct Packed {
  /// A place or, at 0, the whole award; parents stand before their children.
  struct Node {
    std::int64_t least = 0;
    std::int64_t most = kUnlimited;
    int parent = -1;
    std::uint64_t leaves = 0;  ///< places below it, or itself, that hold items
  };
  /// A floor or cap: bounds on what is counted of some items in some places.
  struct Family {
    std::int64_t least = 0;
    std::int64_t most = kUnlimited;
    std::uint64_t leaves = 0;
  };
  struct Entry {
    int item = 0;  ///< position in the record
    std::int64_t size = 0;
    std::int64_t parts = 1;      ///< equal parts it may be cut into
    std::uint64_t fits = 0;      ///< places that take it
    std::uint64_t families = 0;  ///< floors and caps that count it
    std::uint64_t sets = 0;      ///< of exclusions
  };
  /// At most so many of these sets may have an item counted.
  struct Exclusion {
    std::uint64_t sets = 0;
    int most = 1;
  };

  std::int64_t scale = 1;
  std::vector<Node> nodes;
  std::vector<int> leaf_node;  ///< node of a place that holds items
  std::vector<Family> families;
  std::vector<Exclusion> exclusions;
  std::vector<Entry> entries;
};

/// One rule, looked up as far as it can be without a record. Not for use from two threads at once.
class Packer {
 public:
  /// `world` and `text` are kept.
  Packer(const World& world, std::shared_ptr<const RuleText> text);

  /// Whether rules of this kind are read at all.
  [[nodiscard]] bool reads() const noexcept { return reads_; }
  /// False if the record holds something that only compile() can judge.
  [[nodiscard]] bool pack(const LearnerRecord& record, Packed& packed);
  [[nodiscard]] const RuleText& text() const noexcept { return *text_; }
  [[nodiscard]] const World& world() const noexcept { return world_; }
  /// Name of a place that holds items, by its bit.
  [[nodiscard]] const std::string& place(std::size_t leaf) const { return leaf_names_[leaf]; }

 private:
  static constexpr std::size_t kWords = 4;
  static constexpr std::size_t kKinds = 32;
  using Bits = std::array<std::uint64_t, kWords>;

  /// What one word of an attribute says to every test of that attribute.
  struct Said {
    Bits yes{}, unknown{};
  };
  /// Words met so far, by their text.
  class Words {
   public:
    [[nodiscard]] const Said* find(std::string_view word, std::uint64_t hash) const noexcept;
    const Said& keep(std::string_view word, std::uint64_t hash, const Said& said);
    [[nodiscard]] std::size_t size() const noexcept { return said_.size(); }
    [[nodiscard]] static std::uint64_t hash_of(std::string_view word) noexcept;

   private:
    struct Slot {
      std::uint64_t hash = 0;
      int at = -1;
      std::uint32_t length = 0;
    };
    std::vector<Slot> slots_;
    std::vector<std::pair<std::string, Said>> said_;
  };
  /// All of some tests; or, where it is not that simple, a formula over them.
  struct Predicate {
    Bits need{};
    std::shared_ptr<const Selector> formula;
  };
  struct Tests {
    std::vector<Predicate> all;
    std::vector<std::uint64_t> need;  ///< the first word of each
    bool formulas = false;
    void add(Predicate one) {
      need.push_back(one.need[0]);
      formulas = formulas || one.formula != nullptr;
      all.push_back(std::move(one));
    }
  };
  struct Gate {
    Predicate from, require;
    std::uint64_t leaves = 0;
  };
  struct Attribute {
    Selector::Kind kind = Selector::Kind::unit;
    std::vector<int> tests;
    Bits mask{};
    Words words;
    std::optional<Said> otherwise;  ///< of a word that no test and no provider list mentions
  };

  bool read();
  bool read_places();
  bool read_limits();
  void learn_words();
  std::optional<std::int64_t> bound(const Amount& amount);
  std::optional<Rational> fixed(const Share& share);
  bool predicate(const std::vector<const Selector*>& parts, Predicate& made);
  bool add_tests(const Selector& selector, Bits& need, bool& simple);
  int test_of(const Selector& leaf);
  [[nodiscard]] std::uint64_t leaves_in(const std::vector<std::string>& names) const;
  void united(const Cap& cap, Selector& into) const;

  [[nodiscard]] bool names_known(const Item& item);
  [[nodiscard]] bool system_known(const std::string& system);
  const Said& said(Attribute& attribute, const std::string& word, bool flag = false);
  bool look_up(const Item& item);
  [[nodiscard]] bool judge(const Predicate& predicate, bool& holds) const;
  [[nodiscard]] bool judge_all(const Tests& tests, std::uint64_t& holding) const;
  [[nodiscard]] int formula(const Selector& selector) const;
  std::optional<Rational> size_of(const Item& item, const LearnerRecord& record);

  World world_;
  std::shared_ptr<const RuleText> text_;
  bool reads_ = false;
  bool counts_units_ = false;
  bool slow_ = false;  ///< some test needs the whole record

  std::vector<Selector> tests_;
  std::vector<Attribute> attributes_;
  std::array<int, kKinds> attribute_of_{};
  std::size_t words_used_ = 1;

  std::vector<Rational> bounds_;
  Packed empty_;  ///< without entries, at the rule's own scale
  std::vector<std::string> leaf_names_;
  std::vector<std::string> node_names_;
  Tests leaf_tests_, family_tests_, set_tests_;
  std::vector<Gate> gates_;
  std::map<std::string, std::optional<Rational>, std::less<>> factors_;  ///< per credit system
  std::vector<Rational> sizes_;
  std::string last_framework_, last_system_;  ///< names found last: a record mostly repeats them
  std::optional<Case> view_;                  ///< of the record at hand, for tests that need more than a word
  Said last_;
  Bits yes_{}, unknown_{};
};

}  // namespace qualgraph::detail
