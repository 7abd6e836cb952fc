/// Does a selector choose an item, and does a condition hold for a case?
///
/// Truth is three-valued: what a record does not state is unknown, never no. Levels of other
/// frameworks are read through the mappings, credits of other systems through their conversion;
/// every such reading is noted, so that a verdict can name the documents it hangs on.
#pragma once

#include "qualgraph/credit/truth.hpp"
#include "qualgraph/model/world.hpp"
#include "qualgraph/stacking/record.hpp"
#include "qualgraph/stacking/rule.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace qualgraph {

/// How unknowns are read: against the learner (`satisfied` needs this one) or for the learner.
enum class Polarity : std::uint8_t { strict, favourable };

/// A level of one framework that had to be judged by a bound of another.
struct LevelReading {
  std::string level;  ///< of the item
  std::string bound;  ///< "at_least eqf:6"
  Truth truth = Truth::unknown;
  std::string reason;
  std::vector<std::string> documents;

  friend auto operator<=>(const LevelReading&, const LevelReading&) = default;
};

/// Credits of one system counted in another.
struct CreditReading {
  std::string item, from, to;
  std::optional<Range> counted;  ///< none: no way answers
  std::string reason;
};

/// An item as one rule sees it.
struct Held {
  const Item* item = nullptr;
  /// What substitutions let it stand for: the first `certain` for certain, the rest if unknowns
  /// turn out for the learner.
  std::vector<Item> stands_for;
  std::size_t certain = 0;
  /// Units of a set that each of these serves as: a unit itself, or those of the rule that carry a tag.
  std::vector<std::vector<std::string>> serves;
  Truth anywhere = Truth::no;    ///< any place lets it in
  Truth any_unit = Truth::no;    ///< it may serve as any one unit of a set
  std::optional<Range> credits;  ///< in the rule's system; none: not known
  bool admitted = false;         ///< its status may count
  bool exempted = false;         ///< lifts its unit and brings nothing
  bool offered = false;          ///< not held: could be taken
};

/// An item and what it stands for in a reading.
class Forms {
 public:
  class Iterator {
   public:
    Iterator(const Held& held, std::size_t at) : held_(&held), at_(at) {}
    const Item& operator*() const { return at_ == 0 ? *held_->item : held_->stands_for[at_ - 1]; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    const Held* held_;
    std::size_t at_;
  };

  Forms(const Held& held, Polarity polarity)
      : held_(&held), size_(1 + (polarity == Polarity::strict ? held.certain : held.stands_for.size())) {}
  [[nodiscard]] Iterator begin() const { return {*held_, 0}; }
  [[nodiscard]] Iterator end() const { return {*held_, size_}; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  const Held* held_;
  std::size_t size_;
};

/// What is taken for granted about items on offer, while one of many choices is looked into.
struct Supposed {
  std::map<const Condition*, Truth> truths;  ///< conditions of the rule that hang on what is taken
  std::vector<char> absent;                  ///< per item of the record: as if it were not there
};

/// One record seen by one rule within a world. Questions are answered and remembered; not for
/// use from two threads at once.
class Case {
 public:
  /// The first three outlive the case. Items from position `offered` on are not held but on offer.
  Case(const World& world, const RuleText& rule, const LearnerRecord& record,
       std::size_t offered = static_cast<std::size_t>(-1), Supposed supposed = {});

  [[nodiscard]] const std::vector<Held>& items() const noexcept { return items_; }
  /// What an item stands for in a reading.
  [[nodiscard]] static Forms forms(const Held& held, Polarity polarity) noexcept { return {held, polarity}; }
  /// Those of a sorted set of units that an item may serve as.
  [[nodiscard]] static std::set<std::string> served(const Held& held, Polarity polarity,
                                                    const std::vector<std::string>& units);
  [[nodiscard]] const RuleText& rule() const noexcept { return *rule_; }
  [[nodiscard]] const LearnerRecord& record() const noexcept { return *record_; }

  [[nodiscard]] Truth selects(const Selector& selector, const Item& item);
  /// The same over everything the item stands for in a reading.
  [[nodiscard]] Truth selects(const Selector& selector, const Held& held, Polarity polarity = Polarity::strict);
  /// The same for what a gate requires: an ungraded item that a grade clause skips is not touched.
  [[nodiscard]] Truth requires_of(const Selector& selector, const Held& held, Polarity polarity);
  /// A place's condition `met` is unknown here; whoever places items decides it.
  [[nodiscard]] Truth holds(const Condition& condition);
  /// The number, or none where it is unknown. Must be present.
  [[nodiscard]] std::optional<Rational> number(const Amount& amount);
  /// The text of a parameter: from the record, else its default.
  [[nodiscard]] std::optional<std::string> parameter(const std::string& id) const;

  /// Whether a clause with this `when` is in force: one that limits, or one that permits.
  [[nodiscard]] bool limits(const Clause& clause, Polarity polarity);
  [[nodiscard]] bool permits(const Clause& clause, Polarity polarity);
  /// A permission that needs a decision and has none on record is not given.
  [[nodiscard]] bool decided(const std::string& path) const;

  /// Least and greatest amount of an item by a measure; none: not known.
  [[nodiscard]] std::optional<Range> amount(const Held& held, Measure measure) const;
  /// Values of an attribute ("tag:subject", "provider", ...): none where not stated.
  [[nodiscard]] std::optional<std::vector<std::string>> values(const Item& item, const std::string& attribute) const;
  /// The points of a grade for averages; none where it has none.
  [[nodiscard]] std::optional<Rational> points(const std::string& grade, const std::string& scale) const;
  /// The day an age or window is counted to or from.
  [[nodiscard]] std::optional<Date> day(const std::string& which) const;

  [[nodiscard]] const std::set<LevelReading>& level_readings() const noexcept { return levels_; }
  [[nodiscard]] const std::vector<CreditReading>& credit_readings() const noexcept { return credits_; }
  /// Whether a condition or number asked so far was unknown.
  [[nodiscard]] bool unsure() const noexcept { return unsure_; }
  /// Edits that acted: substitutions by path.
  [[nodiscard]] const std::set<std::string>& acted() const noexcept { return acted_; }

 private:
  std::optional<Rational> looked_up(const Amount& amount);
  Truth level(const Selector& selector, const Item& item);
  Truth compare_level(const std::string& level, const std::string& bound, bool at_least, bool exactly);
  Truth grade(const Selector& selector, const Item& item) const;
  Truth age(const Selector& selector, const Item& item) const;
  void substitute(Held& held);
  void stand_for(Held& held, bool unit, const std::string& word, bool assigned) const;

  const World* world_;
  const RuleText* rule_;
  const LearnerRecord* record_;
  Supposed supposed_;
  std::vector<Held> items_;
  std::unordered_map<std::string, std::size_t> position_;
  std::map<std::tuple<std::string, std::string, int>, Truth> compared_;
  std::set<LevelReading> levels_;
  std::vector<CreditReading> credits_;
  std::set<std::string> acted_;
  bool requiring_ = false;
  bool unsure_ = false;
};

/// `date` plus a span; the last day of a month stands for days it does not have.
[[nodiscard]] Date later(Date date, const Span& span);

}  // namespace qualgraph
