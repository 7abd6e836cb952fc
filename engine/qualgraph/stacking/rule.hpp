/// A stacking rule as it was written, and its clauses in typed form.
///
/// Places are where items are put; floors and caps look at what is counted and use nothing up;
/// gates say which items may be counted at all. The rule is met if some way of placing items
/// meets every clause. The language is described in data/schemas/README.md and rule.schema.json.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qualgraph/credit/convert.hpp"
#include "qualgraph/credit/rounding.hpp"
#include "qualgraph/model/date.hpp"
#include "qualgraph/model/rational.hpp"
#include "qualgraph/model/source.hpp"

namespace qualgraph {

enum class Measure : std::uint8_t { credits, units, hours, points };
[[nodiscard]] const char* to_string(Measure measure) noexcept;

struct Condition;

/// A number that may be unknown, a parameter of the case, or read from a table.
struct Amount {
  enum class Kind : std::uint8_t { absent, unknown, value, parameter, table };
  Kind kind = Kind::absent;
  Rational value;                                         ///< of Kind::value
  std::string parameter;                                  ///< of Kind::parameter
  std::vector<std::pair<std::shared_ptr<const Condition>, std::optional<Rational>>> rows;  ///< of Kind::table
  std::optional<Rational> otherwise;

  [[nodiscard]] bool present() const noexcept { return kind != Kind::absent; }
};

/// A length of time: "7 years".
struct Span {
  enum class Unit : std::uint8_t { days, months, years };
  int count = 0;
  Unit unit = Unit::years;
};

/// A predicate over items: a conjunction of `parts` for Kind::all, a disjunction for Kind::any.
struct Selector {
  enum class Kind : std::uint8_t {
    everything, all, any, none_of,   ///< none_of: negation of its single part
    unit, tag, level, origin, provider, field, grade, date, age, mode, quality_assured, assessed, outcome,
    status, whole, part_of, credits, hours, used, used_for,
  };
  Kind kind = Kind::everything;
  std::vector<Selector> parts;
  std::vector<std::string> words;          ///< accepted values (unit, tag, origin ... exactly of level and grade)
  std::optional<std::string> at_least;     ///< level, grade
  std::optional<std::string> at_most;
  std::optional<std::string> scale;        ///< grade
  std::string ungraded = "fail";           ///< grade: pass, skip or fail
  Amount low, high;                        ///< credits, hours
  std::vector<Amount> equal;               ///< credits, hours
  std::optional<Date> from, until;         ///< date
  std::optional<Span> oldest;              ///< age: `at_most`; absent where `age_unknown`
  std::optional<Span> youngest;            ///< age: `at_least`
  bool age_unknown = false;                ///< age: the limit exists, its length is not known
  std::string since = "earned";            ///< age: earned or started
  std::string to = "claim";                ///< age: claim, admission, registration
  bool flag = true;                        ///< quality_assured, assessed, whole, used
};

/// A predicate over the case.
struct Condition {
  enum class Kind : std::uint8_t { holds, parameter, award, met, all, any, none_of };
  Kind kind = Kind::all;
  std::vector<Condition> parts;
  Selector selector;                       ///< holds
  Amount min;                              ///< holds; absent: one unit
  Measure measure = Measure::units;        ///< holds
  std::string parameter;
  std::vector<std::string> words;          ///< parameter `is` (as text; numbers as "p/q", truth as "true"), award ids
  std::optional<Rational> at_least, at_most;
  std::string path;                        ///< met
};

/// Where a clause stands and who says so.
struct ClauseSource {
  std::string document, clause, url;
  std::optional<Evidence> evidence;
};

struct Clause {
  std::string path;                        ///< "caps/rpl"
  std::string id;
  std::string title, note;
  std::optional<ClauseSource> source;
  std::shared_ptr<const Condition> when;   ///< none: always in force
  int priority = 1;
};

struct Share {
  Amount share;                            ///< absent: no share
  std::string base = "target";             ///< target, counted, component, source, smaller, place:<id>
  Rounding rounding;
};

struct Total : Clause {
  Measure measure = Measure::credits;
  Amount min, max, exact;
};

struct Place : Clause {
  std::string inside;                      ///< empty: at the top
  std::optional<Selector> from;
  Measure measure = Measure::credits;
  Amount min, max, exact;
  bool all = false;
  std::optional<std::pair<int, std::optional<int>>> choose;  ///< least and most; most absent: no limit
  bool choose_exact = false;               ///< choose was one number
  std::string for_each;
  std::string use;                         ///< exclusive, shared, or empty: inherited
};

struct Floor : Clause {
  Selector from;
  std::vector<std::string> in;             ///< empty: anywhere
  Measure measure = Measure::credits;
  Amount min;
  Share share;
  bool all = false;
  std::string distinct;                    ///< attribute; empty: amounts count, not values
  Amount of_last;
  std::string for_each;
  bool over_record = false;
};

struct Cap : Clause {
  Selector from;
  std::vector<std::string> united;         ///< ids of caps; then `from` is not used
  std::vector<std::string> in;
  Measure measure = Measure::credits;
  Amount max;
  Share share;
  std::string for_each;
  bool invalid = false;                    ///< record mode: too much presented breaks the rule
};

struct Exclusion : Clause {
  std::vector<Selector> sets;
  int max = 1;
  std::vector<std::string> in;
  bool invalid = false;
};

struct Overlap : Clause {
  std::vector<std::string> between;
  Selector from;
  Measure measure = Measure::credits;
  Amount max;
  Share share;
};

struct AllocationRule {
  bool shared = false;
  bool splittable = false;
  Rational quantum = 1;
  std::vector<Overlap> overlaps;
  std::optional<int> max_places, max_awards;
};

struct ReuseLimit : Clause {
  std::vector<std::string> awards;
  Selector from;
  Measure measure = Measure::credits;
  Amount max;
  Share share;
};

struct ReuseRule {
  std::string used_elsewhere;              ///< free, barred, limited; empty: not stated
  std::vector<ReuseLimit> limits;
  std::optional<bool> spends;
};

struct Eligibility : Clause {
  Selector from;
  std::vector<std::string> in;
  Selector require;
};

struct Window : Clause {
  Selector from;
  std::vector<std::string> in;
  std::optional<Span> span;                ///< absent: not known
  std::string starts = "earliest";
  std::string period;
};

struct Pace : Clause {
  std::string per;                         ///< year, semester, trimester, quarter, month
  Selector from;
  Measure measure = Measure::credits;
  Amount max;
};

struct Prerequisite : Clause {
  Selector subject;                        ///< key `for`
  Condition needs;
  std::string timing = "before";
  std::optional<bool> via_rpl;
};

struct OutcomeRule : Clause {
  std::optional<std::vector<std::string>> set;  ///< none: not known
  bool all = false;
  Amount min, min_share;
  bool per_unit = false;
  Selector from;
};

struct Requirement : Clause {
  std::string what, kind;
  std::shared_ptr<const Condition> needs, after;
  Measure measure = Measure::units;
  Amount min;
};

struct Average : Clause {
  Selector from;
  std::vector<std::string> in;
  std::string scale;
  Amount min;
  Measure weight = Measure::credits;
  std::string ungraded = "skip";
  std::string repeats = "best";
  bool over_record = false;
  Rounding rounding;
};

struct Substitution : Clause {
  Selector replace, by;
  bool by_nothing = false;                 ///< no `by`: what is replaced falls away without an item in its place
  std::string gives = "place";
  std::string decided_by;                  ///< not empty: acts only with a decision on record
};

struct ClassificationMethod {
  struct Part {
    Selector from;
    std::vector<std::string> in;
    Amount best;
    Measure measure = Measure::credits;
    Rational weight = 1;
  };
  std::string id;
  std::vector<Part> parts;
  std::shared_ptr<const Condition> when;
};

struct Classification {
  std::vector<ClassificationMethod> methods;
  std::string take = "highest";
  std::string scale;
  std::vector<std::pair<std::string, Amount>> bands;  ///< class and the least average for it
  Rounding rounding;
};

struct Derivation {
  Amount count_down;
  Measure measure = Measure::credits;
  std::string place;
};

struct Unit {
  std::string unit, title, level;
  std::optional<Rational> credits, hours;
  std::optional<std::vector<std::string>> tags;
};

struct Scale {
  std::vector<std::string> order;          ///< lowest first
  std::map<std::string, Rational> points;
  bool numeric = false;
};

struct Parameter {
  std::string id, what, type;
  std::optional<std::string> otherwise;    ///< default, as text
  std::vector<std::string> choices;
};

/// A rule read for one case: one reading, one variant, one title or exit, waivers applied.
struct RuleText {
  std::string id, title, level, credit;
  bool policy = false;
  std::vector<std::string> awarding;
  Measure measure = Measure::credits;
  std::optional<Way> conversion;
  Rounding conversion_rounding;
  std::map<std::string, Scale> scales;
  std::map<std::string, Parameter> parameters;
  std::vector<Unit> units;
  bool units_partial = false;

  std::optional<Total> total;
  std::vector<Place> places;               ///< in order of id, parents and children mixed
  std::vector<Floor> floors;
  std::vector<Cap> caps;
  std::vector<Exclusion> exclusions;
  AllocationRule allocation;
  ReuseRule reuse;
  std::vector<Eligibility> eligibility;
  std::vector<std::string> admits = {"passed", "exempted"};
  std::vector<Window> windows;
  std::vector<Pace> pace;
  std::vector<Prerequisite> prerequisites;
  std::vector<OutcomeRule> outcomes;
  std::vector<Requirement> requirements;
  std::vector<Average> averages;
  std::optional<Classification> classification;
  std::optional<Derivation> derives_level;
  std::vector<Substitution> substitutions;
};

/// A waiver of the rule: an edit that may need a decision on record.
struct Waiver : Clause {
  std::string clause;
  bool drops = true;
  std::string decided_by;
};

struct Alternative {
  std::string id, title, level;
  int rank = 1;                            ///< of a title: the least that holds wins
  std::string award;                       ///< of an exit
  std::string note;
  std::optional<ClauseSource> source;
  std::shared_ptr<const Condition> when;   ///< none: open to everybody
};

/// An entry of `sources`; a clause without a source of its own rests on all of them.
struct RuleSource : Source {
  std::string id;                          ///< empty: clauses name it by title
};

/// Which form of a rule is asked for.
struct RuleChoice {
  std::string reading, variant, title, exit;   ///< empty: the main text
  std::vector<std::string> waivers;            ///< ids that act, in order
};

/// A rule document. Immutable; copies are cheap.
class Rule {
 public:
  /// Reads and checks a whole rule. Throws FactError with every fault: pointer, found, expected.
  [[nodiscard]] static Rule parse(std::string_view json, std::string_view file = "rule");

  [[nodiscard]] const std::string& id() const noexcept;
  [[nodiscard]] const std::string& title() const noexcept;
  [[nodiscard]] const std::string& json() const noexcept;   ///< byte for byte as it was read
  [[nodiscard]] const std::string& hash() const noexcept;   ///< SHA-256 of the canonical text
  [[nodiscard]] std::span<const Alternative> variants() const noexcept;
  [[nodiscard]] std::span<const Alternative> titles() const noexcept;
  [[nodiscard]] std::span<const Alternative> exits() const noexcept;
  [[nodiscard]] std::span<const Alternative> readings() const noexcept;
  [[nodiscard]] std::span<const Waiver> waivers() const noexcept;
  [[nodiscard]] std::span<const RuleSource> sources() const noexcept;

  /// The rule as it reads for one case, kept after the first time; may be asked from any thread.
  /// Throws UnknownId for a choice the rule does not have, FactError if this combination is no rule
  /// (each alternative alone was checked by parse()).
  [[nodiscard]] std::shared_ptr<const RuleText> text(const RuleChoice& choice = {}) const;

  /// This rule with changes: pairs of path and new value as JSON; none drops the clause. All paths
  /// are resolved first. Throws UnknownId naming the nearest path, InvalidValue if one path lies
  /// within another, FactError if the result is no rule. An empty `id` keeps the rule's own.
  [[nodiscard]] Rule changed(std::string_view id,
                             std::span<const std::pair<std::string, std::optional<std::string>>> changes) const;
  /// This rule after a reform document: its changes in order, each resolved in what the one before
  /// left. Throws as changed(), InvalidValue for a reform of another rule or of another text of it.
  [[nodiscard]] Rule reformed(std::string_view json, std::string_view file = "reform") const;

 private:
  struct Document;
  [[nodiscard]] static std::shared_ptr<const Document> read(std::string_view json, std::string_view file);
  explicit Rule(std::shared_ptr<const Document> document);
  std::shared_ptr<const Document> document_;
};

}  // namespace qualgraph
