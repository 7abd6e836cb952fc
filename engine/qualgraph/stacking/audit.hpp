/// Does a record meet a rule, how is it counted, and what is missing?
///
/// Exact: the allocation is optimal, never first-fit. Satisfied: one placing of the items meets
/// every clause with every unknown read against the learner. Provisional: not satisfied, but met
/// with every unknown read for the learner. Else unsatisfied. Method: one integer model per
/// reading (compile.hpp), solved to proof (solve.hpp).
#pragma once

#include "qualgraph/model/world.hpp"
#include "qualgraph/stacking/compile.hpp"
#include "qualgraph/stacking/record.hpp"
#include "qualgraph/stacking/rule.hpp"
#include "qualgraph/stacking/settle.hpp"
#include "qualgraph/stacking/solve.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qualgraph {

enum class AuditVerdict : std::uint8_t {
  satisfied,
  provisional,  ///< met only if what is not known turns out for the learner
  unsatisfied,
  undecided,  ///< the search ran out of its budget
};

[[nodiscard]] const char* to_string(AuditVerdict verdict) noexcept;

struct AuditOptions {
  std::optional<std::string> variant;  ///< none: every variant, the best one reported
  std::string reading, title, exit;
  /// Waivers by id whether or not a decision is on record; those that act by the record always do.
  std::vector<std::string> waivers;
  bool prefer_counted = false;  ///< count as much as possible at the least shortfall
  bool canonical = false;       ///< the one best allocation: also least excess, then by item and place
  std::int64_t nodes = 1'000'000;
  std::optional<double> seconds;  ///< of one form, from the first look at the record to the proof
  std::function<bool()> stop;
  bool proof = false;
  /// What a Settler found for this record and form: taken instead of a search, once it proves to be
  /// an allocation of that shortfall.
  const Settled* settled = nullptr;
};

/// One item in one place.
struct Placement {
  std::string item, place;            ///< place as a path below `places/`: "subject[history]"
  std::optional<Range> amount;        ///< in the rule's measure; none: not known
  bool unknown = false;               ///< holds only when unknowns are read for the learner
  std::optional<Rational> credits;    ///< in the rule's system; none: not known exactly
  std::optional<std::int64_t> units;  ///< of an item that stands for several equal units, how many lie here
};

/// What a clause lacks.
struct Missing {
  std::string path;
  std::optional<Rational> amount;  ///< none: cannot be said
  Measure measure = Measure::credits;
  std::string kind;  ///< amount, unit, values, outcomes, choices, clause
  std::string reason;
  bool unknown = false;  ///< for want of knowledge, not of learning
};

struct Unused {
  std::string item;
  std::string reason;
  bool unknown = false;
};

/// One model and what was proved about it.
struct ModelProof {
  Polarity polarity = Polarity::strict;
  IntegerModel model;
  Proof proof;
  bool dropped = false;       ///< too large to keep
  std::int64_t at_least = 0;  ///< cost proved; in units of the objective
  bool infeasible = false;
  std::vector<Placement> attained;  ///< an allocation that costs no more than the search found, if there is any
};

/// The rule in one form: a variant, a title, an exit.
struct AuditRun {
  RuleChoice choice;
  AuditVerdict verdict = AuditVerdict::undecided;
  bool proved = false;
  /// The allocation counts the most, or is the canonical one, where that was asked for.
  bool refined = true;
  std::vector<Placement> allocation;
  std::vector<Missing> missing;
  std::vector<Unused> unused;
  /// By what is lacking: a measure, "items" (units of a set, values, choices) or "outcomes".
  std::map<std::string, Rational> shortfall;
  bool impossible = false;         ///< hard limits cannot be kept at all: no shortfall
  std::optional<Rational> target;  ///< size of the award, where it is known
  std::int64_t cost = 0;           ///< the shortfall as one number of the objective
  std::int64_t bound = 0;
  std::map<Measure, Range> counted;  ///< credits and the like that are counted
  std::vector<std::string> binding;  ///< maxima with nothing left
  std::int64_t nodes = 0;
  std::vector<LevelReading> levels;  ///< mappings the verdict rests on
  std::vector<CreditReading> credits;
  std::vector<std::string> edits;  ///< substitutions and waivers that acted
  std::vector<ModelProof> proofs;
};

struct Audit {
  AuditRun best;
  std::vector<AuditRun> variants;  ///< every variant, best first
  std::vector<AuditRun> titles;    ///< every title on the best variant, by rank
  std::vector<std::string> won;    ///< titles of least rank that hold
};

/// Throws UnknownId for a variant, title, exit, reading or waiver the rule does not have.
[[nodiscard]] Audit audit(const World& world, const LearnerRecord& record, const Rule& rule,
                          const AuditOptions& options = {});

/// One form of the rule only.
[[nodiscard]] AuditRun audit_form(const World& world, const LearnerRecord& record, const Rule& rule, RuleChoice choice,
                                  const AuditOptions& options = {});

/// The least wild credit (of any kind, level and origin, under no limit) that leaves no credits
/// lacking; none if no amount does or the search ran out.
[[nodiscard]] std::optional<Rational> smallest_addition(const World& world, const LearnerRecord& record,
                                                        const Rule& rule, const RuleChoice& choice,
                                                        const AuditOptions& options = {});

/// Why not: clauses that cannot hold together, and what would have to give.
struct Clash {
  std::vector<std::string> together;                  ///< a minimal set of clauses that cannot all hold
  std::vector<std::vector<std::string>> corrections;  ///< smallest sets whose waiver leaves the rest met
  std::vector<std::string> clauses;                   ///< everything that could have been left out, one by one
  bool proved = true;
};

/// For a form that is not met under `polarity`.
[[nodiscard]] Clash clash(const World& world, const LearnerRecord& record, const Rule& rule, const RuleChoice& choice,
                          Polarity polarity, const AuditOptions& options = {});

/// Items whose single loss would end "satisfied".
[[nodiscard]] std::vector<std::string> decisive_items(const World& world, const LearnerRecord& record, const Rule& rule,
                                                      const RuleChoice& choice, const AuditOptions& options = {});

}  // namespace qualgraph
