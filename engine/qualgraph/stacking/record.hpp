/// What does a learner hold?
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qualgraph/model/date.hpp"
#include "qualgraph/model/rational.hpp"

namespace qualgraph {

/// One thing held: a unit passed, a micro-credential, credit granted for experience. Lists: none
/// means "not known", an empty one "known to be none".
struct Item {
  std::string id;
  std::string unit;                                  ///< the id where the record names no unit
  std::string title;
  /// One amount twice, or an interval; none: not known. In `credit`, or the record's system if empty.
  std::optional<std::pair<Rational, Rational>> credits;
  std::string credit;
  std::optional<Rational> hours, points;
  int count = 1;                                     ///< equal units this item stands for
  std::optional<std::vector<std::string>> levels;    ///< "framework:code", one per framework
  std::optional<std::vector<std::string>> origins;
  std::optional<std::string> provider;
  std::optional<std::vector<std::string>> fields;    ///< ISCED-F digits
  std::optional<std::string> grade;                  ///< "ungraded" is known to be without one
  std::optional<std::vector<std::string>> tags;
  std::optional<Date> date, started;
  std::optional<std::string> mode;
  std::optional<bool> quality_assured, assessed;
  std::optional<std::vector<std::string>> outcomes;
  std::string status = "passed";
  std::optional<std::vector<std::string>> used_for;
  std::optional<std::string> part_of;
  std::optional<bool> whole;
};

struct HeldAward {
  std::string id;
  std::optional<std::string> kind, level, provider;
  std::optional<Rational> credits;
  std::optional<bool> completed;
  std::optional<Date> date;
};

struct Decision {
  std::string apply;   ///< path of the waiver or substitution
  std::string by;
};

struct LearnerRecord {
  std::string id, learner;
  std::optional<Date> as_of;
  std::string credit;                                      ///< system of amounts that name none
  std::vector<Item> items;
  std::optional<std::vector<HeldAward>> awards;            ///< none: not known
  std::map<std::string, std::optional<std::string>> requirements;  ///< "true", "false", "3/2"; none: not known
  std::optional<Date> registration, admission, claim;
  std::map<std::string, std::string> parameters;           ///< as text: "5/2", "true", "bachelor"
  std::vector<Decision> decisions;
  std::string json;                                        ///< as it was read
};

/// Reads and checks a record. Throws FactError with every fault.
[[nodiscard]] LearnerRecord read_record(std::string_view json, std::string_view file = "record");

}  // namespace qualgraph
