#include <algorithm>
#include <array>

#include "qualgraph/facts/detail/readers.hpp"
#include "qualgraph/model/date.hpp"

namespace qualgraph::detail {
namespace {

constexpr std::int64_t kMaxRank = 1'000'000;

CreditBounds read_credits(const Cursor& at) {
  CreditBounds credits;
  if (!at.is_object()) {
    at.fault(at.shown(), "an object with min, max and system, or null");
    return credits;
  }
  at.only_keys({"min", "max", "system", "note"});
  if (at.has("min")) credits.min = read_number(at.at("min"));
  if (at.has("max")) credits.max = read_number(at.at("max"));
  credits.system = at.string("system");
  for (const auto& [key, size] : {std::pair{"min", credits.min}, std::pair{"max", credits.max}}) {
    if (size && *size < 0) at.fault_at(key, size->str(), "zero or more credits");
  }
  if (credits.min && credits.max && *credits.max < *credits.min) {
    at.fault("a maximum of " + credits.max->str() + " below the minimum of " + credits.min->str(), "min <= max");
  }
  return credits;
}

QualificationType read_type(const Cursor& at, const Framework& framework) {
  QualificationType type;
  if (!at.is_object()) {
    at.fault(at.shown(), "a qualification type: an object with a name");
    return type;
  }
  at.only_keys({"name", "level", "level_range", "level_max", "level_rules", "level_evidence", "credits",
                "credits_evidence", "hours", "years", "evidence", "note", "rules", "rule_source",
                "provider_level_rules", "provider_rule_source", "incremental_to", "min_credits_at_or_above",
                "lowest_level_counted", "min_at_level", "min_share_at_level"});
  type.name = at.string("name");
  const auto check = [&](const Cursor& place, const std::string& code) {
    if (!code.empty() && !framework.levels.empty() && framework.index_of(code) < 0) {
      place.fault(in_quotes(code), "a level code of " + framework.id.str());
    }
  };
  type.level = at.maybe_string("level");
  if (type.level) check(at.at("level"), *type.level);
  for (const Cursor& each : at.items("level_range")) {
    type.level_range.push_back(each.text());
    check(each, type.level_range.back());
  }
  if (const auto highest = at.maybe_string("level_max")) {
    check(at.at("level_max"), *highest);
    if (type.level) type.level_range = {*type.level, *highest};
  }
  if (at.has("credits")) type.credits = read_credits(at.at("credits"));
  const Evidence level = read_evidence(at, "level_evidence", framework.types_evidence);
  type.evidence = read_evidence(at, "evidence", level);
  type.credits_evidence = read_evidence(at, "credits_evidence", type.evidence);
  return type;
}

void read_levels(const Cursor& at, Framework& framework) {
  for (const Cursor& each : at.items("levels")) {
    Level level;
    if (!each.is_object()) {
      each.fault(each.shown(), "a level: an object with code and rank");
      continue;
    }
    each.only_keys({"code", "rank", "label", "parallel", "parent"});
    level.code = each.string("code");
    auto rank = each.maybe_integer("rank");
    if (!each.has("rank")) each.fault_at("rank", "nothing", "a whole number that rises from the bottom");
    if (rank && (*rank < -kMaxRank || *rank > kMaxRank)) {
      each.fault_at("rank", std::to_string(*rank), "a rank between -" + std::to_string(kMaxRank) + " and " + std::to_string(kMaxRank));
      rank.reset();
    }
    level.rank = static_cast<int>(rank.value_or(0));
    level.label = each.maybe_string("label");
    level.parallel = each.maybe_string("parallel");
    level.parent = each.maybe_string("parent");
    if (!level.code.empty() && framework.index_of(level.code) >= 0) {
      each.fault_at("code", in_quotes(level.code) + " a second time", "each code once");
    }
    for (const Level& other : framework.levels) {
      if (rank && other.rank == level.rank) {
        each.fault_at("rank", std::to_string(level.rank) + ", the rank of level " + other.code, "each rank once");
      }
    }
    framework.levels.push_back(std::move(level));
    if (framework.levels.size() > kMaxLevels) {
      at.fault_at("levels", "more than " + std::to_string(kMaxLevels) + " levels",
                  "at most " + std::to_string(kMaxLevels));
      framework.levels.resize(kMaxLevels);
      break;
    }
  }
  std::ranges::stable_sort(framework.levels, {}, &Level::rank);
  int step = -1;
  for (std::size_t i = 0; i < framework.levels.size(); ++i) {
    Level& level = framework.levels[i];
    const bool beside = i > 0 && level.parallel && level.parallel == framework.levels[i - 1].parallel;
    level.step = beside ? step : ++step;
    if (!level.parallel || beside) continue;
    for (std::size_t j = 0; j < i; ++j) {
      if (framework.levels[j].parallel == level.parallel) {
        at.fault_at("levels", "the parallel group " + in_quotes(*level.parallel) + " interrupted by other levels",
                    "the tracks of a group one after another in rank");
      }
    }
  }
  for (Level& level : framework.levels) {
    if (!level.parent) continue;
    const int parent = framework.index_of(*level.parent);
    if (parent < 0) {
      at.fault_at("levels", "the parent " + in_quotes(*level.parent) + " of level " + level.code, "a level code of this framework");
    } else if (framework.levels[static_cast<std::size_t>(parent)].parent || *level.parent == level.code) {
      at.fault_at("levels", "the parent " + in_quotes(*level.parent) + " of level " + level.code + ", itself a sub-level",
                  "one layer of sub-levels");
    } else {
      continue;
    }
    // Rows are read against this framework all the same, to find their faults; they need levels that stand.
    level.parent.reset();
  }
}

}  // namespace

Framework read_framework(const Cursor& at) {
  Framework framework;
  at.only_keys({"id", "name", "jurisdiction", "kind", "hub", "status", "since", "since_evidence", "authority", "levels",
                "levels_evidence", "qualification_types", "qualification_types_evidence", "credit_system", "sources",
                "notes", "aliases", "parent", "sub_frameworks", "sub_framework_names", "superseded_by", "lifecycle",
                "descriptor_domains", "member_states", "membership", "award_classes", "qualification_type_count",
                "abbreviation_collisions", "rank_note"});
  framework.id = FrameworkId{at.string("id")};
  if (framework.id.str().find_first_of(":> @") != std::string::npos) {
    at.fault_at("id", in_quotes(framework.id.str()), "an id without colon, space, > or @");
  }
  framework.name = at.string("name");
  framework.jurisdiction = at.maybe_string("jurisdiction").value_or("");
  framework.kind = std::array{"national", "regional", "sectoral"}[at.word("kind", {"national", "regional", "sectoral"}, 0)];
  framework.hub = at.maybe_boolean("hub").value_or(false);
  framework.status = at.maybe_string("status");
  framework.since = at.maybe_year("since");
  framework.authority = at.maybe_string("authority");
  framework.levels_evidence = read_evidence(at, "levels_evidence", Evidence::unknown);
  framework.types_evidence = read_evidence(at, "qualification_types_evidence", Evidence::unknown);
  read_levels(at, framework);
  for (const Cursor& each : at.items("qualification_types")) {
    framework.qualification_types.push_back(read_type(each, framework));
  }
  if (const auto system = at.maybe_string("credit_system")) framework.credit_system = CreditSystemId{*system};
  if (const auto next = at.maybe_string("superseded_by")) framework.superseded_by = FrameworkId{*next};
  for (const Cursor& each : at.items("aliases")) framework.aliases.push_back(each.text());
  framework.sources = read_sources(at);
  framework.notes = at.maybe_string("notes").value_or("");
  framework.json = at.json().dump();
  return framework;
}

}  // namespace qualgraph::detail
