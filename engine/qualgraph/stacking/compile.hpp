/// Which integer model is a rule, for one record and one way of reading unknowns?
///
/// One column per item and place it may sit in; one row per bound of the rule, named by its
/// clause path; a slack column on every minimum, whose cost is the shortfall. Free selection:
/// an item may stay out. Clauses that no placement can change (requirements, tests over the whole
/// record) are judged at once and listed as `broken` when they fail.
#pragma once

#include "qualgraph/stacking/integer_model.hpp"
#include "qualgraph/stacking/rule.hpp"
#include "qualgraph/stacking/select.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qualgraph {

/// One copy of a place: places with `for_each` have one per value.
struct PlaceCopy {
  std::string name;              ///< "elective", "subject[history]"
  std::string path;              ///< "places/subject[history]"
  const Place* place = nullptr;  ///< none for the single place of a rule without places
  int parent = -1;
  std::vector<int> children;
  bool holds_items = false;
  bool shared = false;  ///< use of its sub-places
  int chosen = -1;      ///< column, for a child of a place with `choose`, or an optional one
  /// A copy for a value that nobody stated, or inside one: it may be there, and is nothing that has
  /// to be met.
  bool supposed = false;
  bool roomy = false;     ///< it stands for several such copies: its maxima say nothing
  bool optional = false;  ///< it is there only if something lies in it
};

/// One item in one place.
struct Use {
  int item = 0;   ///< position in the record
  int place = 0;  ///< position in Compiled::places
  int column = 0;
  Rational part = 1;     ///< share of the item per unit of the column
  bool by_unit = false;  ///< a unit of the column is one of several equal units
};

/// A minimum: what it lacks is the value of `column`.
struct Minimum {
  std::string path;
  int row = -1;
  int column = -1;
  Measure measure = Measure::credits;
  std::string kind;   ///< amount, units of a set ("all"), values, outcomes, choices
  Rational unit = 1;  ///< amount per unit of the column
  int priority = 1;
};

/// A clause that fails whatever is placed.
struct Broken {
  std::string path;
  std::string reason;
  bool unknown = false;  ///< fails only because something is not known
  std::optional<Rational> needed, have;
  Measure measure = Measure::units;
};

/// Why an item is in no place at all.
struct NoPlace {
  int item = 0;
  std::string reason;    ///< "status failed", "eligibility/shelf-life", "no place takes it"
  bool unknown = false;  ///< it would have one if something were known
};

/// How much of an item is counted at all: the value of `terms`, of `parts`.
struct Counted {
  int item = 0;
  std::vector<IntegerModel::Term> terms;
  std::int64_t parts = 1;
  bool by_unit = false;  ///< each part is one of several equal units
};

struct CompileOptions {
  Polarity polarity = Polarity::strict;
  /// Adds wild credit that fits every place and floor and falls under no cap: its least amount is
  /// the smallest addition.
  bool wild = false;
  /// Paths of clauses to leave out (their bounds, not their nodes); for clashes and corrections.
  std::vector<std::string> without;
  /// Minima must be kept: no slack. For completions.
  bool hard = false;
  /// Names of columns and of rows about single items; without them proofs cannot be told.
  bool names = true;
  std::function<bool()> stop = {};  ///< asked now and then; true ends the work with CompileStopped
};

/// Thrown where `stop` ended the work: there is no model, and nothing is known.
struct CompileStopped {};

struct Compiled {
  IntegerModel model;
  std::vector<PlaceCopy> places;
  std::vector<Use> uses;
  std::vector<Minimum> minima;
  std::vector<Broken> broken;
  std::vector<NoPlace> out;
  std::vector<int> wild;                  ///< columns of wild credit
  std::vector<Counted> counted;           ///< every item with a place
  std::map<int, int> take;                ///< per item on offer: 1 when it is taken
  std::map<Measure, std::int64_t> scale;  ///< units of a row per credit, hour ...
  std::optional<Rational> target;         ///< of the total, if it is known
  Measure target_measure = Measure::credits;
  /// Nothing unknown was met: the other reading gives the same model.
  bool certain = true;
};

/// Throws NumericOverflow when amounts leave the 64-bit range, InvalidValue for a rule that cannot
/// be compiled (a place inside itself) and for a model of more entries than memory should hold.
[[nodiscard]] Compiled compile(Case& view, const CompileOptions& options = {});

}  // namespace qualgraph
