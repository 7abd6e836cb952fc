#include <algorithm>

#include "qualgraph/stacking/detail/rule_reader.hpp"

namespace qualgraph::detail {
namespace {

using Words = std::span<const std::string_view>;

constexpr int kDeepestPlace = 400;
constexpr std::string_view kClauseKeys[] = {"title", "note", "source", "when", "priority"};
constexpr std::string_view kRoundings[] = {"none", "down", "up", "half-up", "half-even"};
constexpr std::string_view kUses[] = {"exclusive", "shared"};
constexpr std::string_view kEffects[] = {"trim", "invalid"};
constexpr std::string_view kOvers[] = {"counted", "record"};

template <class Map>
std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

std::string maybe_text(const Cursor& at, std::string_view key) { return at.maybe_string(key).value_or(""); }

/// An object under `key`, or a fault.
bool object_at(const Cursor& at, std::string_view key) {
  if (!given(at, key)) return false;
  const Cursor value = at.at(key);
  if (value.is_object()) return true;
  value.fault(value.shown(), "an object");
  return false;
}

/// The word under `key`, or `otherwise`.
std::string word_at(const Cursor& at, std::string_view key, Words words, std::string otherwise) {
  if (!given(at, key)) return otherwise;
  const auto found = read_word(at.at(key), words);
  return found ? std::string(words[*found]) : otherwise;
}

bool true_at(const Cursor& at, std::string_view key) {
  if (!given(at, key)) return false;
  if (at.at(key).json() != true) at.at(key).fault(at.at(key).shown(), "true, or no such field");
  return true;
}

Measure measure_at(const Cursor& at, std::string_view key, Measure otherwise) {
  if (!given(at, key)) return otherwise;
  const auto found = read_word(at.at(key), kMeasures);
  return found ? static_cast<Measure>(*found) : otherwise;
}

Rounding rounding_at(const Cursor& at) {
  Rounding rounding;
  if (given(at, "rounding")) {
    if (const auto found = read_word(at.at("rounding"), kRoundings)) rounding.mode = static_cast<RoundingMode>(*found);
  }
  if (given(at, "grain")) {
    if (const auto grain = read_exact(at.at("grain"))) {
      if (*grain > Rational{0}) {
        rounding.grain = *grain;
      } else {
        at.at("grain").fault(grain->str(), "a grain above zero, such as 1 or \"1/2\"");
      }
    }
  }
  return rounding;
}

/// A source of a clause is an entry of `sources` by its id or title, or the title of another text. What can only be
/// an id, and is none, is misspelt: the clause would lose its text and its evidence mark without a word.
void check_source(const Cursor& at, const ClauseSource& source, std::span<const RuleSource> sources) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  if (source.document.empty() || !std::ranges::all_of(source.document, letter)) return;
  std::vector<std::string> ids;
  for (const RuleSource& each : sources) {
    if (each.id == source.document || each.title == source.document) return;
    if (!each.id.empty()) ids.push_back(each.id);
  }
  at.at("document")
      .fault(in_quotes(source.document),
             "the id of an entry of sources, or the title of a text." + hint(source.document, ids));
}

ClauseSource read_source(const Cursor& at, const RuleHead& head) {
  constexpr std::string_view kKeys[] = {"document", "clause", "url", "evidence"};
  constexpr std::string_view kMarks[] = {"read", "known"};
  ClauseSource source;
  if (!at.is_object()) {
    at.fault(at.shown(), "a source: an object with document, clause, url and evidence");
    return source;
  }
  only(at, {kKeys});
  source.document = at.string("document");
  source.clause = maybe_text(at, "clause");
  source.url = maybe_text(at, "url");
  if (given(at, "evidence")) {
    if (const auto found = read_word(at.at("evidence"), kMarks)) {
      source.evidence = *found == 0 ? Evidence::read : Evidence::known;
    }
  }
  check_source(at, source, head.sources);
  return source;
}

/// Reads the clauses of one assembled text.
class Reader {
 public:
  Reader(const RuleHead& head, const Assembly& assembly, const std::string& file, Faults& faults)
      : head_(head), assembly_(assembly), file_(file), faults_(faults), text_(head.text) {
    names_.scales = &head.text.scales;
    names_.parameters = &head.text.parameters;
    names_.assembly = &assembly;
  }

  RuleText read();

 private:
  template <class T, class Each>
  void section(std::string_view name, std::vector<T>& list, Words keys, const Each& each) {
    for (const auto& [id, part] : assembly_.section(name)) {
      if (faults_.full()) return;
      const Cursor at(*part.value, file_, part.pointer, faults_);
      entry(std::string(name), id, at, list, keys, each);
    }
  }
  /// One clause; `each` reads what is its own and says whether the clause still reaches something.
  template <class T, class Each>
  void entry(const std::string& path, const std::string& id, const Cursor& at, std::vector<T>& list, Words keys,
             const Each& each) {
    if (!at.is_object()) {
      at.fault(at.shown(), "a clause: an object");
      return;
    }
    T clause;
    begin(at, clause, path + "/" + id, id, keys);
    if (each(at, clause)) list.push_back(std::move(clause));
  }
  void begin(const Cursor& at, Clause& clause, std::string path, std::string id, Words keys) {
    only(at, {kClauseKeys, keys});
    clause.path = std::move(path);
    clause.id = std::move(id);
    clause.title = maybe_text(at, "title");
    clause.note = maybe_text(at, "note");
    if (given(at, "source")) clause.source = read_source(at.at("source"), head_);
    if (clause.source && !clause.source->evidence) {
      for (const RuleSource& each : head_.sources) {
        if (each.id == clause.source->document || each.title == clause.source->document) clause.source->evidence = each.evidence;
      }
    }
    clause.when = condition_at(at, "when");
    if (given(at, "priority")) clause.priority = read_count(at.at("priority"), 1).value_or(1);
  }

  std::shared_ptr<const Condition> condition_at(const Cursor& at, std::string_view key) {
    if (!given(at, key)) return nullptr;
    return std::make_shared<const Condition>(read_condition(at.at(key), names_));
  }
  Selector selector_at(const Cursor& at, std::string_view key) {
    return given(at, key) ? read_selector(at.at(key), names_) : Selector{};
  }
  Amount amount_at(const Cursor& at, std::string_view key, NumberKind kind = NumberKind::not_negative) {
    return read_amount(at, key, names_, kind);
  }
  Measure own_measure(const Cursor& at) const { return measure_at(at, "measure", text_.measure); }

  [[nodiscard]] bool is_place(std::string_view name) const { return assembly_.section("places").contains(without_value(name)); }
  void place_name(const Cursor& at, const std::string& name, bool floors = false) {
    if (name.empty() || is_place(name) || (floors && assembly_.section("floors").contains(without_value(name)))) return;
    std::vector<std::string> known = keys_of(assembly_.section("places"));
    if (floors) {
      for (const auto& [id, part] : assembly_.section("floors")) known.push_back(id);
    }
    at.fault(in_quotes(name), (floors ? "a place or floor of this rule." : "a place of this rule.") + hint(name, known));
  }
  /// Names of places as written. False: an inherited clause of an exit reaches none of its places any more.
  bool places_at(const Cursor& at, std::string_view key, std::vector<std::string>& names, bool floors = false) {
    if (!given(at, key)) return true;
    const Cursor value = at.at(key);
    names = read_words(value);
    const bool list = value.json().is_array();
    std::vector<std::string> kept;
    std::size_t of_floors = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!is_place(names[i]) && assembly_.gone.contains(without_value(names[i]))) continue;
      place_name(list ? value.at(i) : value, names[i], floors);
      if (floors && !is_place(names[i])) ++of_floors;
      kept.push_back(names[i]);
    }
    if (of_floors > 0 && kept.size() > 1) value.fault(value.shown(), "places, or a single floor");
    const bool lost_all = kept.empty() && !names.empty();
    names = std::move(kept);
    return !lost_all;
  }

  void bounds(const Cursor& at, Amount& min, Amount& max, Amount& exact) {
    min = amount_at(at, "min");
    max = amount_at(at, "max");
    exact = amount_at(at, "exact");
    if (exact.present() && (min.present() || max.present())) {
      at.fault("exact beside " + std::string(min.present() ? "min" : "max"), "exact alone, or min and max");
    }
    if (min.kind == Amount::Kind::value && max.kind == Amount::Kind::value && min.value > max.value) {
      at.fault("min " + min.value.str() + " above max " + max.value.str(), "min not above max");
    }
  }
  /// False: the place a share is taken of is gone in an exit.
  bool share_at(const Cursor& at, std::string_view key, Measure measure, Share& share) {
    const bool based = base_at(at, key, share);
    if (!share.share.present()) return based;
    const bool sized = text_.total && (text_.total->min.present() || text_.total->exact.present());
    const Measure of_target = sized ? text_.total->measure : text_.measure;
    const bool of_awards = share.base == "smaller" || share.base == "source";
    if ((share.base == "target" && measure != of_target) || (of_awards && measure != Measure::credits)) {
      at.fault_at(key, "a share in " + std::string(to_string(measure)) + " of " +
                           (of_awards ? "awards, which are sized in credits"
                                      : "an award that is sized in " + std::string(to_string(of_target))),
                  "the measure of what it is a share of, an amount instead (" +
                      std::string(key == "min_share" ? "min" : "max") +
                      "), or a base that is counted in the same measure: \"counted\", \"component\" or \"place:<id>\"");
    }
    return based;
  }
  bool base_at(const Cursor& at, std::string_view key, Share& share) {
    constexpr std::string_view kBases[] = {"target", "counted", "component", "source", "smaller", "place:<id>"};
    share.share = amount_at(at, key, NumberKind::share);
    share.rounding = rounding_at(at);
    if (!given(at, "base")) return true;
    const Cursor base = at.at("base");
    const std::string name = base.text();
    share.base = name;
    if (name.starts_with("place:")) {
      const std::string place = name.substr(6);
      if (!is_place(place) && assembly_.gone.contains(without_value(place))) return false;
      if (place.empty()) {
        base.fault(in_quotes(name), words_of(kBases));
      } else {
        place_name(base, place);
      }
      return true;
    }
    if (!name.empty() && std::ranges::find(std::begin(kBases), std::end(kBases) - 1, std::string_view{name}) == std::end(kBases) - 1) {
      const std::vector<std::string> known(std::begin(kBases), std::end(kBases) - 1);
      base.fault(in_quotes(name), words_of(kBases) + "." + hint(name, known));
    }
    return true;
  }
  std::string attribute_at(const Cursor& at, std::string_view key) {
    constexpr std::string_view kAttributes[] = {"provider", "field", "origin", "level", "mode", "unit", "part_of", "tag:<key>"};
    if (!given(at, key)) return {};
    const Cursor value = at.at(key);
    std::string name = value.text();
    if (name.empty()) return name;
    if (name.starts_with("tag:")) {
      const std::string_view tag = std::string_view{name}.substr(4);
      if (!tag.empty() && std::ranges::all_of(tag, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
          })) {
        return name;
      }
    } else if (std::ranges::find(kAttributes, std::string_view{name}) != std::end(kAttributes)) {
      return name;
    }
    const std::vector<std::string> known(std::begin(kAttributes), std::end(kAttributes) - 1);
    value.fault(in_quotes(name), words_of(kAttributes) + "." + hint(name, known));
    return name;
  }
  std::string scale_at(const Cursor& at, std::string_view key) {
    if (!given(at, key)) return {};
    const Cursor value = at.at(key);
    std::string name = value.text();
    if (!name.empty() && !text_.scales.contains(name)) {
      value.fault(in_quotes(name), "a scale of this rule." + hint(name, keys_of(text_.scales)));
    }
    return name;
  }
  /// Averages need points: those of the scale, or grades that are numbers.
  void needs_points(const Cursor& at, const std::string& scale) {
    const auto found = text_.scales.find(scale);
    if (found == text_.scales.end() || found->second.numeric || !found->second.points.empty()) return;
    at.at("scale").fault("the scale " + in_quotes(scale) + " without points", "a scale with points, or one that is numeric");
  }

  void read_total();
  void read_places();
  void check_tree();
  void check_unions();
  void read_allocation();
  void read_reuse();
  void read_classification();
  void read_derives();

  const RuleHead& head_;
  const Assembly& assembly_;
  const std::string& file_;
  Faults& faults_;
  RuleText text_;
  Names names_;
};

void Reader::read_total() {
  constexpr std::string_view kKeys[] = {"measure", "min", "max", "exact"};
  const auto found = assembly_.wholes.find("total");
  if (found == assembly_.wholes.end()) return;
  const Cursor at(*found->second.value, file_, found->second.pointer, faults_);
  if (!at.is_object()) {
    at.fault(at.shown(), "an object with min, max or exact");
    return;
  }
  Total total;
  begin(at, total, "total", "total", kKeys);
  total.measure = own_measure(at);
  bounds(at, total.min, total.max, total.exact);
  text_.total = std::move(total);
}

void Reader::read_places() {
  constexpr std::string_view kKeys[] = {"inside", "from", "measure", "min", "max", "exact", "all", "choose", "for_each", "use"};
  constexpr std::string_view kChoose[] = {"min", "max"};
  section("places", text_.places, kKeys, [&](const Cursor& at, Place& place) {
    if (given(at, "inside")) {
      place.inside = at.at("inside").text();
      place_name(at.at("inside"), place.inside);
    }
    if (given(at, "from")) place.from = read_selector(at.at("from"), names_);
    place.measure = own_measure(at);
    bounds(at, place.min, place.max, place.exact);
    place.all = true_at(at, "all");
    if (given(at, "choose")) {
      const Cursor choose = at.at("choose");
      if (choose.is_object()) {
        only(choose, {kChoose});
        const int least = given(choose, "min") ? read_count(choose.at("min"), 0).value_or(0) : 0;
        std::optional<int> most;
        if (choose.has("max")) most = read_count(choose.at("max"), 0);
        if (!given(choose, "min") && !given(choose, "max")) choose.fault(choose.shown(), "a whole number, or an object with min or max");
        if (most && *most < least) choose.fault("min " + std::to_string(least) + " above max " + std::to_string(*most), "min not above max");
        place.choose = {least, most};
      } else if (const auto exactly = read_count(choose, 0)) {
        place.choose = {*exactly, *exactly};
        place.choose_exact = true;
      }
    }
    place.for_each = attribute_at(at, "for_each");
    place.use = word_at(at, "use", kUses, "");
    return true;
  });
  check_tree();
}

void Reader::check_tree() {
  std::map<std::string_view, const Place*> by_id;
  std::map<std::string_view, std::pair<int, bool>> children;   // number, and whether one is copied
  for (const Place& place : text_.places) by_id[place.id] = &place;
  for (const Place& place : text_.places) {
    auto& [count, copied] = children[without_value(place.inside)];
    ++count;
    copied = copied || !place.for_each.empty();
  }
  std::map<std::string_view, int> depths;   // of places whose way to the top is known
  for (const Place& place : text_.places) {
    const Cursor at(*assembly_.section("places").find(place.id)->second.value, file_,
                    assembly_.section("places").find(place.id)->second.pointer, faults_);
    if (place.choose) {
      const auto found = children.find(place.id);
      const int count = found == children.end() ? 0 : found->second.first;
      const bool copied = found != children.end() && found->second.second;
      if (!copied && place.choose->first > count) {
        at.at("choose").fault("a choice of " + std::to_string(place.choose->first) + " among " + std::to_string(count) + " sub-places",
                              "at most as many as there are sub-places");
      }
    }
    // Up to the top, or to a place met on an earlier way: linear over all places.
    std::vector<std::string_view> way;
    std::set<std::string_view> on_way;
    bool circle = false;
    const Place* step = &place;
    while (step != nullptr && !depths.contains(step->id)) {
      if (!on_way.insert(step->id).second) {
        if (step->id == place.id) {
          at.at("inside").fault("a circle: " + in_quotes(place.id) + " lies inside itself", "places that lie inside others without a circle");
        }
        circle = true;
        break;
      }
      way.push_back(step->id);
      const auto next = step->inside.empty() ? by_id.end() : by_id.find(without_value(step->inside));
      step = next == by_id.end() ? nullptr : next->second;
    }
    if (circle) continue;
    int depth = step == nullptr ? 0 : depths.at(step->id);
    for (auto passed = way.rbegin(); passed != way.rend(); ++passed) {
      depths.emplace(*passed, ++depth);
      // Every walk through the places goes down one call a level.
      if (depth == kDeepestPlace + 1) {
        const auto& deepest = assembly_.section("places").find(std::string(*passed))->second;
        Cursor(*deepest.value, file_, deepest.pointer, faults_)
            .at("inside")
            .fault("a place " + std::to_string(depth) + " deep", "no more than " + std::to_string(kDeepestPlace) + " places inside one another");
      }
    }
  }
}

void Reader::check_unions() {
  std::map<std::string_view, const Cap*> by_id;
  for (const Cap& cap : text_.caps) by_id[cap.id] = &cap;
  // Depth first with three colours; an open cap met again closes a circle.
  std::map<std::string_view, int> colour;
  for (const Cap& root : text_.caps) {
    std::vector<std::pair<const Cap*, std::size_t>> stack{{&root, 0}};
    if (colour[root.id] != 0) continue;
    colour[root.id] = 1;
    while (!stack.empty()) {
      auto& [cap, next] = stack.back();
      if (next == cap->united.size()) {
        colour[cap->id] = 2;
        stack.pop_back();
        continue;
      }
      const auto child = by_id.find(without_value(cap->united[next++]));
      if (child == by_id.end()) continue;
      int& seen = colour[child->second->id];
      if (seen == 1) {
        const Part& part = assembly_.section("caps").find(cap->id)->second;
        Cursor(*part.value, file_, part.pointer, faults_).at("union").fault(
            "a circle through " + in_quotes(child->second->id), "unions of caps without a circle");
      } else if (seen == 0) {
        seen = 1;
        stack.emplace_back(child->second, 0);
      }
    }
  }
}

void Reader::read_allocation() {
  constexpr std::string_view kKeys[] = {"use", "items", "quantum", "overlap", "max_places", "max_awards", "note", "source"};
  constexpr std::string_view kItems[] = {"whole", "splittable"};
  constexpr std::string_view kOverlap[] = {"between", "from", "measure", "max", "max_share", "base", "rounding", "grain"};
  AllocationRule& rule = text_.allocation;
  for (const auto& [key, part] : assembly_.section("allocation")) {
    // The key is read inside an object of its own: the keys may come from two fragments.
    const Json held{{key, *part.value}};
    const std::string above = part.pointer.substr(0, part.pointer.rfind('/'));
    const Cursor at(held, file_, above, faults_);
    only(at, {kKeys});
    if (key == "use") rule.shared = word_at(at, key, kUses, "exclusive") == "shared";
    if (key == "items") rule.splittable = word_at(at, key, kItems, "whole") == "splittable";
    if (key == "quantum") {
      if (const auto quantum = read_exact(at.at(key))) {
        if (*quantum > Rational{0}) {
          rule.quantum = *quantum;
        } else {
          at.at(key).fault(quantum->str(), "a step above zero");
        }
      }
    }
    if (key == "max_places") rule.max_places = read_count(at.at(key), 1);
    if (key == "max_awards") rule.max_awards = read_count(at.at(key), 1);
    if (key == "source") static_cast<void>(read_source(at.at(key), head_));
    if (key == "note") static_cast<void>(at.maybe_string(key));
    if (key == "overlap" && object_at(at, key)) {
      for (const auto& [id, value] : part.value->items()) {
        if (id.starts_with("x-")) continue;
        const Cursor overlap = at.at(key).at(id);
        if (!is_id(id, false)) overlap.fault(in_quotes(id), "an id of small letters, digits and \"-\"");
        entry("allocation/overlap", id, overlap, rule.overlaps, kOverlap, [&](const Cursor& clause, Overlap& read) {
          if (!given(clause, "between") || !clause.at("between").json().is_array() || clause.at("between").json().size() < 2) {
            clause.fault_at("between", clause.at("between").shown(), "a list of at least two places");
            return false;
          }
          const Cursor between = clause.at("between");
          for (std::size_t i = 0; i < between.json().size(); ++i) {
            const std::string name = between.at(i).text();
            if (!is_place(name) && assembly_.gone.contains(without_value(name))) continue;
            place_name(between.at(i), name);
            read.between.push_back(name);
          }
          read.from = selector_at(clause, "from");
          read.measure = own_measure(clause);
          read.max = amount_at(clause, "max");
          return share_at(clause, "max_share", read.measure, read.share) && read.between.size() > 1;
        });
      }
    }
  }
}

void Reader::read_reuse() {
  constexpr std::string_view kKeys[] = {"used_elsewhere", "limits", "spends", "note", "source"};
  constexpr std::string_view kUsed[] = {"free", "barred", "limited"};
  constexpr std::string_view kLimit[] = {"award", "from", "measure", "max", "max_share", "base", "rounding", "grain"};
  for (const auto& [key, part] : assembly_.section("reuse")) {
    const Json held{{key, *part.value}};
    const Cursor at(held, file_, part.pointer.substr(0, part.pointer.rfind('/')), faults_);
    only(at, {kKeys});
    if (key == "used_elsewhere") text_.reuse.used_elsewhere = word_at(at, key, kUsed, "");
    if (key == "spends") text_.reuse.spends = at.maybe_boolean(key);
    if (key == "source") static_cast<void>(read_source(at.at(key), head_));
    if (key == "note") static_cast<void>(at.maybe_string(key));
    if (key == "limits" && object_at(at, key)) {
      for (const auto& [id, value] : part.value->items()) {
        if (id.starts_with("x-")) continue;
        const Cursor limit = at.at(key).at(id);
        if (!is_id(id, false)) limit.fault(in_quotes(id), "an id of small letters, digits and \"-\"");
        entry("reuse/limits", id, limit, text_.reuse.limits, kLimit, [&](const Cursor& clause, ReuseLimit& read) {
          read.awards = given(clause, "award") ? read_words(clause.at("award")) : std::vector<std::string>{};
          if (read.awards.empty()) clause.fault_at("award", "nothing", "the award, or a list of awards");
          read.from = selector_at(clause, "from");
          read.measure = own_measure(clause);
          read.max = amount_at(clause, "max");
          return share_at(clause, "max_share", read.measure, read.share);
        });
      }
    }
  }
}

void Reader::read_classification() {
  constexpr std::string_view kKeys[] = {"methods", "take", "scale", "bands", "rounding", "grain", "note", "source"};
  constexpr std::string_view kTake[] = {"highest", "first-applicable"};
  constexpr std::string_view kMethod[] = {"parts", "when", "note"};
  constexpr std::string_view kPart[] = {"from", "in", "best", "measure", "weight"};
  constexpr std::string_view kBand[] = {"class", "at_least"};
  const auto found = assembly_.wholes.find("classification");
  if (found == assembly_.wholes.end()) return;
  const Cursor at(*found->second.value, file_, found->second.pointer, faults_);
  if (!at.is_object()) {
    at.fault(at.shown(), "an object with methods");
    return;
  }
  only(at, {kKeys});
  Classification read;
  read.take = word_at(at, "take", kTake, "highest");
  read.scale = scale_at(at, "scale");
  if (!read.scale.empty()) needs_points(at, read.scale);
  read.rounding = rounding_at(at);
  if (given(at, "source")) static_cast<void>(read_source(at.at("source"), head_));
  static_cast<void>(at.maybe_string("note"));
  if (object_at(at, "methods")) {
    const Cursor methods = at.at("methods");
    for (const auto& [id, value] : methods.json().items()) {
      if (id.starts_with("x-")) continue;
      const Cursor method = methods.at(id);
      if (!method.is_object() || !given(method, "parts") || !method.at("parts").json().is_array() || method.at("parts").json().empty()) {
        method.fault(method.shown(), "an object with parts, a list");
        continue;
      }
      only(method, {kMethod});
      ClassificationMethod one;
      one.id = id;
      one.when = condition_at(method, "when");
      for (std::size_t i = 0; i < method.at("parts").json().size(); ++i) {
        const Cursor part = method.at("parts").at(i);
        if (!part.is_object()) {
          part.fault(part.shown(), "an object");
          continue;
        }
        only(part, {kPart});
        ClassificationMethod::Part piece;
        piece.from = selector_at(part, "from");
        const bool reaches = places_at(part, "in", piece.in);
        piece.best = amount_at(part, "best");
        piece.measure = own_measure(part);
        if (given(part, "weight")) piece.weight = read_exact(part.at("weight"), NumberKind::not_negative).value_or(Rational{1});
        if (reaches) one.parts.push_back(std::move(piece));
      }
      if (!one.parts.empty()) read.methods.push_back(std::move(one));
    }
  }
  for (const Cursor& band : at.items("bands")) {
    if (!band.is_object()) {
      band.fault(band.shown(), "an object with class and at_least");
      continue;
    }
    only(band, {kBand});
    if (!given(band, "at_least")) band.fault_at("at_least", "nothing", "the least average for the class");
    std::string name = band.string("class");
    read.bands.emplace_back(std::move(name), amount_at(band, "at_least", NumberKind::any));
  }
  text_.classification = std::move(read);
}

void Reader::read_derives() {
  constexpr std::string_view kKeys[] = {"level"};
  constexpr std::string_view kLevel[] = {"count_down", "measure", "place", "note", "source"};
  const auto found = assembly_.wholes.find("derives");
  if (found == assembly_.wholes.end()) return;
  const Cursor at(*found->second.value, file_, found->second.pointer, faults_);
  if (!at.is_object()) {
    at.fault(at.shown(), "an object with level");
    return;
  }
  only(at, {kKeys});
  if (!object_at(at, "level")) return;
  const Cursor level = at.at("level");
  only(level, {kLevel});
  Derivation read;
  read.count_down = amount_at(level, "count_down");
  read.measure = own_measure(level);
  if (given(level, "source")) static_cast<void>(read_source(level.at("source"), head_));
  static_cast<void>(level.maybe_string("note"));
  if (given(level, "place")) {
    const std::string place = level.at("place").text();
    if (!is_place(place) && assembly_.gone.contains(without_value(place))) return;
    place_name(level.at("place"), place);
    read.place = place;
  }
  if (!read.count_down.present() && read.place.empty()) level.fault(level.shown(), "count_down or place");
  text_.derives_level = std::move(read);
}

RuleText Reader::read() {
  read_total();
  read_places();

  constexpr std::string_view kFloor[] = {"from", "in", "measure", "distinct", "min", "min_share", "all", "base", "rounding",
                                         "grain", "of_last", "for_each", "over"};
  section("floors", text_.floors, kFloor, [&](const Cursor& at, Floor& floor) {
    floor.from = selector_at(at, "from");
    const bool reaches = places_at(at, "in", floor.in);
    floor.measure = own_measure(at);
    floor.min = amount_at(at, "min");
    const bool based = share_at(at, "min_share", floor.measure, floor.share);
    floor.all = true_at(at, "all");
    floor.distinct = attribute_at(at, "distinct");
    floor.of_last = amount_at(at, "of_last");
    floor.for_each = attribute_at(at, "for_each");
    floor.over_record = word_at(at, "over", kOvers, "counted") == "record";
    const int stated = (floor.min.present() ? 1 : 0) + (floor.share.share.present() ? 1 : 0) + (floor.all ? 1 : 0);
    if (stated != 1) at.fault(std::to_string(stated) + " of min, min_share and all", "exactly one of min, min_share and all");
    if (!floor.distinct.empty() && !floor.min.present()) at.fault("distinct without min", "min: how many different values");
    return reaches && based;
  });

  constexpr std::string_view kCap[] = {"from", "union", "in", "measure", "max", "max_share", "base", "rounding", "grain", "for_each", "effect"};
  section("caps", text_.caps, kCap, [&](const Cursor& at, Cap& cap) {
    cap.from = selector_at(at, "from");
    const bool reaches = places_at(at, "in", cap.in, true);
    cap.measure = own_measure(at);
    cap.max = amount_at(at, "max");
    const bool based = share_at(at, "max_share", cap.measure, cap.share);
    cap.for_each = attribute_at(at, "for_each");
    cap.invalid = word_at(at, "effect", kEffects, "trim") == "invalid";
    const int stated = (cap.max.present() ? 1 : 0) + (cap.share.share.present() ? 1 : 0);
    if (stated != 1) at.fault(stated == 0 ? "neither max nor max_share" : "max and max_share", "exactly one of max and max_share");
    if (given(at, "union")) {
      const Cursor united = at.at("union");
      if (given(at, "from")) at.fault("a cap with from and union", "one of them");
      if (!united.json().is_array() || united.json().size() < 2) {
        united.fault(united.shown(), "a list of at least two caps");
      } else {
        for (std::size_t i = 0; i < united.json().size(); ++i) {
          std::string name = united.at(i).text();
          if (!name.empty() && !assembly_.section("caps").contains(without_value(name))) {
            united.at(i).fault(in_quotes(name), "a cap of this rule." + hint(name, keys_of(assembly_.section("caps"))));
          }
          cap.united.push_back(std::move(name));
        }
      }
    }
    return reaches && based;
  });
  check_unions();

  constexpr std::string_view kExclusion[] = {"sets", "max", "in", "effect"};
  section("exclusions", text_.exclusions, kExclusion, [&](const Cursor& at, Exclusion& exclusion) {
    if (!given(at, "sets") || !at.at("sets").json().is_array() || at.at("sets").json().size() < 2) {
      at.fault_at("sets", at.at("sets").shown(), "a list of at least two selectors");
    } else {
      for (std::size_t i = 0; i < at.at("sets").json().size(); ++i) {
        exclusion.sets.push_back(read_selector(at.at("sets").at(i), names_));
      }
    }
    if (given(at, "max")) exclusion.max = read_count(at.at("max"), 0).value_or(1);
    exclusion.invalid = word_at(at, "effect", kEffects, "trim") == "invalid";
    return places_at(at, "in", exclusion.in);
  });

  read_allocation();
  read_reuse();

  constexpr std::string_view kEligibility[] = {"from", "in", "require"};
  section("eligibility", text_.eligibility, kEligibility, [&](const Cursor& at, Eligibility& gate) {
    gate.from = selector_at(at, "from");
    if (!given(at, "require")) at.fault_at("require", "nothing", "the selector that has to hold");
    gate.require = selector_at(at, "require");
    return places_at(at, "in", gate.in);
  });

  if (const auto found = assembly_.wholes.find("admits"); found != assembly_.wholes.end()) {
    const Cursor at(*found->second.value, file_, found->second.pointer, faults_);
    text_.admits.clear();
    if (!at.json().is_array() || at.json().empty()) at.fault(at.shown(), "a list of statuses");
    for (std::size_t i = 0; at.json().is_array() && i < at.json().size(); ++i) {
      if (const auto word = read_word(at.at(i), kStatuses)) text_.admits.emplace_back(kStatuses[*word]);
    }
  }

  constexpr std::string_view kWindow[] = {"from", "in", "span", "starts", "period"};
  constexpr std::string_view kStarts[] = {"earliest", "registration", "admission"};
  section("windows", text_.windows, kWindow, [&](const Cursor& at, Window& window) {
    window.from = selector_at(at, "from");
    if (!given(at, "span")) at.fault_at("span", "nothing", "a length of time such as \"5 years\", or null");
    if (at.has("span")) window.span = read_span(at.at("span"));
    window.starts = word_at(at, "starts", kStarts, "earliest");
    if (given(at, "period")) window.period = at.at("period").text();
    return places_at(at, "in", window.in);
  });

  constexpr std::string_view kPace[] = {"from", "per", "measure", "max"};
  constexpr std::string_view kPeriods[] = {"year", "semester", "trimester", "quarter", "month"};
  section("pace", text_.pace, kPace, [&](const Cursor& at, Pace& pace) {
    pace.from = selector_at(at, "from");
    if (!given(at, "per")) at.fault_at("per", "nothing", words_of(kPeriods));
    pace.per = word_at(at, "per", kPeriods, "year");
    pace.measure = own_measure(at);
    if (!given(at, "max")) at.fault_at("max", "nothing", "the most in one period");
    pace.max = amount_at(at, "max");
    return true;
  });

  constexpr std::string_view kPrerequisite[] = {"for", "needs", "timing", "via_rpl"};
  constexpr std::string_view kTimings[] = {"before", "with", "after", "any"};
  section("prerequisites", text_.prerequisites, kPrerequisite, [&](const Cursor& at, Prerequisite& need) {
    if (!given(at, "for")) at.fault_at("for", "nothing", "the selector of the items that need something");
    need.subject = selector_at(at, "for");
    if (given(at, "needs")) {
      need.needs = read_condition(at.at("needs"), names_);
    } else {
      at.fault_at("needs", "nothing", "a condition");
    }
    need.timing = word_at(at, "timing", kTimings, "before");
    need.via_rpl = at.maybe_boolean("via_rpl");
    return true;
  });

  constexpr std::string_view kOutcomes[] = {"set", "all", "min", "min_share", "per", "from"};
  constexpr std::string_view kPer[] = {"award", "unit"};
  section("outcomes", text_.outcomes, kOutcomes, [&](const Cursor& at, OutcomeRule& outcomes) {
    if (at.has("set")) {
      outcomes.set.emplace();
      const Cursor list = at.at("set");
      if (!list.json().is_array()) list.fault(list.shown(), "a list of outcomes, or null");
      for (std::size_t i = 0; list.json().is_array() && i < list.json().size(); ++i) outcomes.set->push_back(list.at(i).text());
    }
    outcomes.all = true_at(at, "all");
    outcomes.min = amount_at(at, "min");
    outcomes.min_share = amount_at(at, "min_share", NumberKind::share);
    outcomes.per_unit = word_at(at, "per", kPer, "award") == "unit";
    outcomes.from = selector_at(at, "from");
    const int stated = (outcomes.all ? 1 : 0) + (outcomes.min.present() ? 1 : 0) + (outcomes.min_share.present() ? 1 : 0);
    if (stated != 1) at.fault(std::to_string(stated) + " of all, min and min_share", "exactly one of all, min and min_share");
    return true;
  });

  constexpr std::string_view kRequirement[] = {"what", "kind", "needs", "after", "measure", "min"};
  constexpr std::string_view kKinds[] = {"examination", "assessment", "thesis", "placement", "application", "admission",
                                         "registration", "age", "approval", "evidence", "module", "award", "other"};
  section("requirements", text_.requirements, kRequirement, [&](const Cursor& at, Requirement& requirement) {
    requirement.what = at.string("what");
    requirement.kind = word_at(at, "kind", kKinds, "");
    requirement.needs = condition_at(at, "needs");
    requirement.after = condition_at(at, "after");
    requirement.measure = measure_at(at, "measure", Measure::units);
    requirement.min = amount_at(at, "min");
    return true;
  });

  constexpr std::string_view kAverage[] = {"from", "in", "scale", "min", "weight", "ungraded", "repeats", "over", "rounding", "grain"};
  constexpr std::string_view kWeights[] = {"credits", "units", "hours"};
  constexpr std::string_view kUngraded[] = {"skip", "pass", "fail"};
  constexpr std::string_view kRepeats[] = {"best", "all", "last"};
  section("averages", text_.averages, kAverage, [&](const Cursor& at, Average& average) {
    average.from = selector_at(at, "from");
    average.scale = scale_at(at, "scale");
    if (!average.scale.empty()) needs_points(at, average.scale);
    if (!given(at, "min")) at.fault_at("min", "nothing", "the least average");
    average.min = amount_at(at, "min", NumberKind::any);
    const std::string weight = word_at(at, "weight", kWeights, "credits");
    average.weight = weight == "credits" ? Measure::credits : weight == "units" ? Measure::units : Measure::hours;
    average.ungraded = word_at(at, "ungraded", kUngraded, "skip");
    average.repeats = word_at(at, "repeats", kRepeats, "best");
    average.over_record = word_at(at, "over", kOvers, "counted") == "record";
    average.rounding = rounding_at(at);
    return places_at(at, "in", average.in);
  });

  constexpr std::string_view kSubstitution[] = {"replace", "by", "gives", "decided_by"};
  constexpr std::string_view kGives[] = {"place", "unassigned", "exemption"};
  section("substitutions", text_.substitutions, kSubstitution, [&](const Cursor& at, Substitution& edit) {
    if (!given(at, "replace")) at.fault_at("replace", "nothing", "the selector of what is replaced");
    edit.replace = selector_at(at, "replace");
    edit.by_nothing = !given(at, "by");
    edit.by = selector_at(at, "by");
    edit.gives = word_at(at, "gives", kGives, "place");
    edit.decided_by = maybe_text(at, "decided_by");
    return true;
  });

  read_classification();
  read_derives();
  return std::move(text_);
}

constexpr std::string_view kFragmentKeys[] = {"total", "allocation", "reuse", "admits", "classification", "derives",
                                              "places", "floors", "caps", "exclusions", "eligibility", "windows", "pace",
                                              "averages", "outcomes", "prerequisites", "requirements", "substitutions", "waivers"};

Scale read_scale(const Cursor& at) {
  constexpr std::string_view kKeys[] = {"order", "points", "numeric", "note"};
  Scale scale;
  if (!at.is_object()) {
    at.fault(at.shown(), "a scale: an object with order, points or numeric");
    return scale;
  }
  only(at, {kKeys});
  if (given(at, "order")) {
    if (at.at("order").json().is_array()) {
      scale.order = read_words(at.at("order"));
    } else {
      at.at("order").fault(at.at("order").shown(), "a list of codes, lowest first");
    }
  }
  scale.numeric = true_at(at, "numeric");
  static_cast<void>(at.maybe_string("note"));
  if (object_at(at, "points")) {
    for (const auto& [code, value] : at.at("points").json().items()) {
      if (code.starts_with("x-")) continue;
      if (const auto points = read_exact(at.at("points").at(code))) scale.points[code] = *points;
      if (!scale.order.empty() && std::ranges::find(scale.order, code) == scale.order.end()) {
        at.at("points").fault_at(code, in_quotes(code), "a code of `order`." + hint(code, scale.order));
      }
    }
  }
  return scale;
}

Parameter read_parameter(const Cursor& at, const std::string& id) {
  constexpr std::string_view kKeys[] = {"what", "type", "default", "choices"};
  constexpr std::string_view kTypes[] = {"number", "text", "level", "date", "truth"};
  Parameter parameter;
  parameter.id = id;
  if (!at.is_object()) {
    at.fault(at.shown(), "a parameter: an object with what and type");
    return parameter;
  }
  only(at, {kKeys});
  parameter.what = at.string("what");
  if (!given(at, "type")) at.fault_at("type", "nothing", words_of(kTypes));
  parameter.type = word_at(at, "type", kTypes, "text");
  const auto value = [](const Cursor& each) -> std::optional<std::string> {
    if (each.json().is_boolean()) return each.json().get<bool>() ? "true" : "false";
    if (each.json().is_string()) return each.text();
    const auto number = read_exact(each);
    return number ? std::optional{number->str()} : std::nullopt;
  };
  if (at.has("default")) parameter.otherwise = value(at.at("default"));
  for (const Cursor& choice : at.items("choices")) {
    if (auto each = value(choice)) parameter.choices.push_back(std::move(*each));
  }
  return parameter;
}

Unit read_unit(const Cursor& at, const Names& names) {
  constexpr std::string_view kKeys[] = {"unit", "title", "level", "credits", "hours", "tags", "note"};
  Unit unit;
  if (!at.is_object()) {
    at.fault(at.shown(), "a unit: an object with unit, title, level, credits and tags");
    return unit;
  }
  only(at, {kKeys});
  if (!given(at, "unit")) at.fault_at("unit", "nothing", "the code of the unit, or null");
  unit.unit = maybe_text(at, "unit");
  unit.title = maybe_text(at, "title");
  if (at.has("level")) unit.level = read_level(at.at("level"), names);
  if (at.has("credits")) unit.credits = read_exact(at.at("credits"), NumberKind::not_negative);
  if (at.has("hours")) unit.hours = read_exact(at.at("hours"), NumberKind::not_negative);
  if (at.has("tags")) {
    unit.tags.emplace();
    for (const Cursor& tag : at.items("tags")) unit.tags->push_back(tag.text());
  }
  static_cast<void>(at.maybe_string("note"));
  return unit;
}

}  // namespace

RuleHead read_head(const Cursor& at) {
  constexpr std::string_view kKinds[] = {"award", "policy"};
  constexpr std::string_view kStates[] = {"current", "superseded", "proposed", "draft"};
  constexpr std::string_view kValid[] = {"from", "until"};
  constexpr std::string_view kWays[] = {"hours", "year", "agreement"};
  constexpr std::string_view kConversion[] = {"way", "rounding", "grain"};
  constexpr std::string_view kSource[] = {"id", "title", "publisher", "year", "url", "evidence"};
  constexpr std::string_view kMarks[] = {"read", "known"};
  constexpr std::string_view kInformative[] = {"what", "why"};
  RuleHead head;
  RuleText& text = head.text;
  if (at.at("language").json() != 1) at.at("language").fault(at.at("language").shown(), "1, the version of the rule language");
  if (const auto id = read_id(at, "id")) text.id = *id;
  text.title = at.string("title");
  text.policy = word_at(at, "kind", kKinds, "award") == "policy";
  for (const std::string_view key : {"version", "jurisdiction", "framework", "notes"}) static_cast<void>(at.maybe_string(key));
  if (at.has("status")) static_cast<void>(read_word(at.at("status"), kStates));
  if (object_at(at, "valid")) {
    only(at.at("valid"), {kValid});
    for (const std::string_view key : kValid) {
      if (at.at("valid").has(key)) static_cast<void>(read_date(at.at("valid").at(key)));
    }
  }
  text.credit = maybe_text(at, "credit");
  if (given(at, "awarding")) text.awarding = read_words(at.at("awarding"));
  text.measure = measure_at(at, "measure", Measure::credits);
  if (object_at(at, "conversion")) {
    const Cursor conversion = at.at("conversion");
    only(conversion, {kConversion});
    if (given(conversion, "way")) {
      if (const auto word = read_word(conversion.at("way"), kWays)) text.conversion = static_cast<Way>(*word);
    }
    text.conversion_rounding = rounding_at(conversion);
  }
  if (object_at(at, "scales")) {
    for (const auto& [id, value] : at.at("scales").json().items()) {
      if (id.starts_with("x-")) continue;
      if (!is_id(id, true)) at.at("scales").fault_at(id, in_quotes(id), "an id of small letters, digits, \"-\" and \".\"");
      text.scales[id] = read_scale(at.at("scales").at(id));
    }
  }
  if (object_at(at, "parameters")) {
    for (const auto& [id, value] : at.at("parameters").json().items()) {
      if (id.starts_with("x-")) continue;
      if (!is_id(id, false)) at.at("parameters").fault_at(id, in_quotes(id), "an id of small letters, digits and \"-\"");
      text.parameters[id] = read_parameter(at.at("parameters").at(id), id);
    }
  }
  Names names;
  names.scales = &text.scales;
  if (at.has("level")) text.level = read_level(at.at("level"), names);
  for (const Cursor& unit : at.items("units")) text.units.push_back(read_unit(unit, names));
  text.units_partial = at.maybe_boolean("units_partial").value_or(false);
  if (!given(at, "sources") || !at.at("sources").json().is_array()) {
    at.fault_at("sources", at.at("sources").shown(), "a list of sources; an empty one where there is none");
  }
  std::set<std::string> ids;
  for (const Cursor& each : at.at("sources").json().is_array() ? at.items("sources") : Cursor::Items(at.at("sources"))) {
    if (!each.is_object()) {
      each.fault(each.shown(), "a source: an object with title and evidence");
      continue;
    }
    only(each, {kSource});
    RuleSource source;
    if (given(each, "id")) source.id = read_id(each, "id").value_or("");
    if (!source.id.empty() && !ids.insert(source.id).second) each.fault_at("id", in_quotes(source.id) + " twice", "each id once");
    source.title = each.string("title");
    source.publisher = each.maybe_string("publisher");
    source.url = each.maybe_string("url");
    source.year = each.maybe_year("year");
    if (!given(each, "evidence")) {
      each.fault_at("evidence", "nothing", words_of(kMarks));
    } else if (const auto word = read_word(each.at("evidence"), kMarks)) {
      source.evidence = *word == 0 ? Evidence::read : Evidence::known;
    }
    head.sources.push_back(std::move(source));
  }
  for (const Cursor& shape : at.items("shapes")) {
    const std::string name = shape.text();
    const bool sound = name.size() == 3 && name[0] == 'S' && name.find_first_not_of("0123456789", 1) == std::string::npos;
    if (!name.empty() && !sound) shape.fault(shape.shown(), "a shape such as \"S07\"");
  }
  if (object_at(at, "informative")) {
    for (const auto& [id, value] : at.at("informative").json().items()) {
      if (id.starts_with("x-")) continue;
      const Cursor each = at.at("informative").at(id);
      if (!each.is_object()) {
        each.fault(each.shown(), "an object with what and why");
        continue;
      }
      only(each, {kInformative});
      static_cast<void>(each.string("what"));
      static_cast<void>(each.string("why"));
    }
  }
  return head;
}

void check_sections(const Cursor& at, bool whole_rule) {
  constexpr std::string_view kHead[] = {"language", "id", "title", "kind", "version", "status", "valid", "jurisdiction",
                                        "framework", "level", "credit", "awarding", "measure", "conversion", "scales",
                                        "parameters", "units", "units_partial", "titles", "exits", "variants", "readings",
                                        "sources", "notes", "shapes", "informative"};
  constexpr std::string_view kAlternative[] = {"title", "note", "source", "when", "level", "rank", "award"};
  if (whole_rule) {
    only(at, {kHead, kFragmentKeys});
  } else {
    only(at, {kAlternative, kFragmentKeys});
  }
  const auto keyed = [&](std::string_view name) {
    if (!object_at(at, name)) return;
    for (const auto& [id, value] : at.at(name).json().items()) {
      if (!id.starts_with("x-") && !is_id(id, false)) {
        at.at(name).fault_at(id, in_quotes(id), "an id of small letters, digits and \"-\"");
      }
    }
  };
  for (const std::string_view name : kClauseSections) keyed(name);
  for (const std::string_view name : kKeyedSections) static_cast<void>(object_at(at, name));
  if (whole_rule) {
    for (const std::string_view name : {"titles", "exits", "variants", "readings"}) keyed(name);
  }
}

Alternative read_alternative(const Cursor& at, AlternativeKind kind, const std::string& id, const RuleHead& head) {
  constexpr std::string_view kReading[] = {"title", "changes", "note", "source"};
  Alternative read;
  read.id = id;
  if (!at.is_object()) {
    at.fault(at.shown(), "an object");
    return read;
  }
  Names names;
  names.scales = &head.text.scales;
  names.parameters = &head.text.parameters;
  if (kind == AlternativeKind::reading) {
    only(at, {kReading});
  } else {
    check_sections(at, false);
    if (kind != AlternativeKind::title && given(at, "rank")) at.fault_at("rank", "rank", "rank in titles only");
    if (kind != AlternativeKind::exit && given(at, "award")) at.fault_at("award", "award", "award in exits only");
  }
  if (kind == AlternativeKind::title && !given(at, "title")) at.fault_at("title", "nothing", "the name that the title gives, or null");
  read.title = maybe_text(at, "title");
  read.note = maybe_text(at, "note");
  if (given(at, "source")) read.source = read_source(at.at("source"), head);
  if (kind != AlternativeKind::reading) {
    if (at.has("level")) read.level = read_level(at.at("level"), names);
    if (given(at, "when")) read.when = std::make_shared<const Condition>(read_condition(at.at("when"), names));
  }
  if (kind == AlternativeKind::title && given(at, "rank")) read.rank = read_count(at.at("rank"), 1).value_or(1);
  if (kind == AlternativeKind::exit) read.award = at.string("award");
  return read;
}

std::vector<Waiver> read_waivers(const Section& waivers, const std::string& file, Faults& faults, const RuleHead& head) {
  constexpr std::string_view kKeys[] = {"clause", "to", "decided_by"};
  std::vector<Waiver> list;
  Names names;
  names.scales = &head.text.scales;
  names.parameters = &head.text.parameters;
  for (const auto& [id, part] : waivers) {
    const Cursor at(*part.value, file, part.pointer, faults);
    if (!at.is_object()) {
      at.fault(at.shown(), "a waiver: an object with clause");
      continue;
    }
    only(at, {kClauseKeys, kKeys});
    Waiver waiver;
    waiver.path = "waivers/" + id;
    waiver.id = id;
    waiver.title = maybe_text(at, "title");
    waiver.note = maybe_text(at, "note");
    if (given(at, "source")) waiver.source = read_source(at.at("source"), head);
    if (given(at, "when")) waiver.when = std::make_shared<const Condition>(read_condition(at.at("when"), names));
    if (given(at, "priority")) waiver.priority = read_count(at.at("priority"), 1).value_or(1);
    waiver.clause = at.string("clause");
    waiver.drops = !given(at, "to");
    waiver.decided_by = maybe_text(at, "decided_by");
    list.push_back(std::move(waiver));
  }
  return list;
}

RuleText read_text(const RuleHead& head, const Assembly& assembly, const std::string& file, Faults& faults) {
  return Reader(head, assembly, file, faults).read();
}

}  // namespace qualgraph::detail
