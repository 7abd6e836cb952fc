#include "qualgraph/stacking/detail/packed.hpp"

#include "qualgraph/credit/compare.hpp"
#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/bits.hpp"
#include "qualgraph/stacking/detail/parts.hpp"
#include "qualgraph/stacking/select.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

namespace qualgraph::detail {
namespace {

constexpr std::int64_t kLargest = std::int64_t{1} << 40;
/// No minimum, and not all items together, come to more: sums over every place and clause stay within 64 bits.
constexpr std::int64_t kSummed = std::int64_t{1} << 52;
constexpr std::size_t kWordsKept = 4096;

using Kind = Selector::Kind;

/// Attributes whose tests compare whole words: a word the rule does not mention says no.
bool exact(Kind kind) {
  return kind == Kind::unit || kind == Kind::mode || kind == Kind::outcome || kind == Kind::status ||
         kind == Kind::part_of;
}

/// Attributes that one word at a time can be judged by, whatever else the item or the record holds.
bool by_word(Kind kind) {
  switch (kind) {
    case Kind::unit:
    case Kind::tag:
    case Kind::level:
    case Kind::origin:
    case Kind::provider:
    case Kind::field:
    case Kind::mode:
    case Kind::outcome:
    case Kind::status:
    case Kind::part_of:
    case Kind::quality_assured:
    case Kind::assessed:
    case Kind::whole:
      return true;
    default:
      return false;
  }
}

/// An item of which one word is known.
Item only(Kind kind, const std::string& word, bool flag) {
  Item item;
  const std::vector<std::string> list{word};
  switch (kind) {
    case Kind::unit:
      item.unit = word;
      break;
    case Kind::tag:
      item.tags = list;
      break;
    case Kind::level:
      item.levels = list;
      break;
    case Kind::origin:
      item.origins = list;
      break;
    case Kind::provider:
      item.provider = word;
      break;
    case Kind::field:
      item.fields = list;
      break;
    case Kind::mode:
      item.mode = word;
      break;
    case Kind::outcome:
      item.outcomes = list;
      break;
    case Kind::status:
      item.status = word;
      break;
    case Kind::part_of:
      item.part_of = word;
      break;
    case Kind::quality_assured:
      item.quality_assured = flag;
      break;
    case Kind::assessed:
      item.assessed = flag;
      break;
    case Kind::whole:
      item.whole = flag;
      break;
    default:
      break;
  }
  return item;
}

bool same(const Selector& a, const Selector& b) {
  return a.kind == b.kind && a.words == b.words && a.at_least == b.at_least && a.at_most == b.at_most &&
         a.from == b.from && a.until == b.until && a.flag == b.flag;
}

/// Leaf selectors that same() compares wholly.
bool comparable(Kind kind) { return by_word(kind) || kind == Kind::date; }

std::size_t index(int position) { return static_cast<std::size_t>(position); }

}  // namespace

// ---- words

std::uint64_t Packer::Words::hash_of(std::string_view word) noexcept {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
  std::uint64_t hash = word.size() * kMix;
  const char* at = word.data();
  std::size_t left = word.size();
  const auto mix = [&](std::uint64_t chunk) {
    hash = (hash ^ chunk) * kMix;
    hash ^= hash >> 29;
  };
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t chunk = 0;
    std::memcpy(&chunk, at, 8);
    mix(chunk);
  }
  if (left >= 4) {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::memcpy(&low, at, 4);
    std::memcpy(&high, at + left - 4, 4);
    mix((static_cast<std::uint64_t>(high) << 32) | low);
  } else if (left > 0) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])); };
    mix(byte(0) | (byte(left / 2) << 8) | (byte(left - 1) << 16));
  }
  return hash;
}

const Packer::Said* Packer::Words::find(std::string_view word, std::uint64_t hash) const noexcept {
  if (slots_.empty()) return nullptr;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at].at >= 0; at = (at + 1) & mask) {
    if (slots_[at].hash != hash || slots_[at].length != word.size()) continue;
    const auto& [text, said] = said_[index(slots_[at].at)];
    // Up to eight letters, length and hash are the word: every step of the hash can be undone.
    if (word.size() <= 8 || text == word) return &said;
  }
  return nullptr;
}

const Packer::Said& Packer::Words::keep(std::string_view word, std::uint64_t hash, const Said& said) {
  if ((said_.size() + 1) * 2 > slots_.size()) {
    const std::size_t size = std::max<std::size_t>(16, slots_.size() * 2);
    std::vector<Slot> old(size);
    std::swap(old, slots_);
    for (const Slot& slot : old) {
      if (slot.at < 0) continue;
      std::size_t at = slot.hash & (size - 1);
      while (slots_[at].at >= 0) at = (at + 1) & (size - 1);
      slots_[at] = slot;
    }
  }
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].at >= 0) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {hash, static_cast<int>(said_.size()), static_cast<std::uint32_t>(word.size())};
  said_.emplace_back(word, said);
  return said_.back().second;
}

// ---- the rule

Packer::Packer(const World& world, std::shared_ptr<const RuleText> text) : world_(world), text_(std::move(text)) {
  attribute_of_.fill(-1);
  sizes_.reserve(64);
  reads_ = read();
}

bool Packer::read() {
  const RuleText& rule = *text_;
  counts_units_ = rule.measure == Measure::units;
  if (rule.measure != Measure::credits && !counts_units_) return false;
  const AllocationRule& allocation = rule.allocation;
  if (allocation.shared || !allocation.overlaps.empty() || allocation.max_places || allocation.max_awards) return false;
  const Rational& quantum = allocation.quantum;
  if (quantum <= Rational(0) || quantum.numerator() > (1 << 20) || quantum.denominator() > (1 << 20)) return false;
  const std::string& used = rule.reuse.used_elsewhere;
  if (!used.empty() && used != "free" && used != "barred") return false;
  if (!rule.windows.empty() || !rule.pace.empty() || !rule.prerequisites.empty() || !rule.outcomes.empty() ||
      !rule.requirements.empty() || !rule.averages.empty() || !rule.substitutions.empty())
    return false;
  if (!read_places() || !read_limits()) return false;

  std::int64_t scale = 1;
  for (const auto& value : bounds_) {
    if (value < Rational(0) || value.numerator() > kLargest || value.denominator() > 1'000'000) return false;
    scale = std::lcm(scale, value.denominator());
    if (scale > 1'000'000) return false;
  }
  const auto scaled = [&](std::int64_t& amount) {
    // Until here an amount is a place in the list of bounds, from 1 on.
    if (amount == 0 || amount == kUnlimited) return;
    const Rational& value = bounds_[static_cast<std::size_t>(amount - 1)];
    amount = value.numerator() * (scale / value.denominator());
  };
  for (auto& node : empty_.nodes) {
    scaled(node.least);
    scaled(node.most);
  }
  for (auto& family : empty_.families) {
    scaled(family.least);
    scaled(family.most);
  }
  empty_.scale = scale;

  words_used_ = (tests_.size() + 63) / 64;
  try {
    learn_words();
  } catch (const Error&) {
    return false;
  }
  return true;
}

/// Looks up beforehand what records are likely to say.
void Packer::learn_words() {
  for (Attribute& attribute : attributes_) {
    slow_ = slow_ || !comparable(attribute.kind);
    if (!by_word(attribute.kind)) continue;
    bool patterns = false;
    for (const int test : attribute.tests) {
      for (const auto& word : tests_[index(test)].words) {
        if (attribute.kind != Kind::level) said(attribute, word);
        patterns = patterns || word.ends_with('*');
      }
    }
    switch (attribute.kind) {
      case Kind::origin:
        for (const auto word : kOrigins) said(attribute, std::string(word));
        break;
      case Kind::provider:
        for (const char* word : {"awarding", "other"}) said(attribute, word);
        for (const auto& word : text_->awarding) said(attribute, word);
        // Everybody else is somebody else.
        if (!text_->awarding.empty()) attribute.otherwise = said(attribute, "\x01");
        break;
      case Kind::tag:
        if (!patterns) attribute.otherwise.emplace();
        break;
      case Kind::level:
        for (const auto& [id, scale] : text_->scales) {
          for (const auto& code : scale.order) said(attribute, id + ":" + code);
        }
        break;
      default:
        if (exact(attribute.kind)) attribute.otherwise.emplace();
    }
  }
}

/// A place in the list of bounds, from 1 on; 0 for none. None where only a case can tell.
std::optional<std::int64_t> Packer::bound(const Amount& amount) {
  if (!amount.present()) return 0;
  if (amount.kind != Amount::Kind::value) return std::nullopt;
  bounds_.push_back(amount.value);
  return static_cast<std::int64_t>(bounds_.size());
}

std::optional<Rational> Packer::fixed(const Share& share) {
  if (share.share.kind != Amount::Kind::value || share.base != "target" || !text_->total) return std::nullopt;
  const Amount& target = text_->total->min.present() ? text_->total->min : text_->total->exact;
  if (target.kind != Amount::Kind::value) return std::nullopt;
  return rounded(share.share.value * target.value, share.rounding);
}

bool Packer::read_places() {
  const RuleText& rule = *text_;
  const auto bounds = [&](const auto& clause, Packed::Node& node) {
    if (clause.when || clause.measure != rule.measure) return false;
    const auto exact_one = bound(clause.exact);
    const auto least = clause.exact.present() ? exact_one : bound(clause.min);
    const auto most = clause.exact.present() ? exact_one : bound(clause.max);
    if (!exact_one || !least || !most) return false;
    node.least = *least;
    if (*most != 0) node.most = *most;
    return true;
  };
  Packed::Node root;
  if (rule.total && !bounds(*rule.total, root)) return false;
  empty_.nodes.push_back(root);
  node_names_.emplace_back();
  if (rule.places.empty()) {
    Packed::Node everything;
    everything.parent = 0;
    everything.leaves = 1;
    empty_.nodes.push_back(everything);
    node_names_.emplace_back("everything");
    empty_.leaf_node.push_back(1);
    leaf_names_.emplace_back("everything");
    leaf_tests_.add({});
    empty_.nodes[0].leaves = 1;
    return true;
  }
  std::size_t seen = 0;
  std::vector<const Selector*> above;
  const std::function<bool(const Place&, int, int)> add = [&](const Place& place, int parent, int depth) {
    if (depth > 100 || ++seen > rule.places.size()) return false;
    if (place.all || place.choose || !place.for_each.empty() || place.use == "shared") return false;
    Packed::Node node;
    node.parent = parent;
    if (!bounds(place, node)) return false;
    const int self = static_cast<int>(empty_.nodes.size());
    empty_.nodes.push_back(node);
    node_names_.push_back(place.id);
    if (place.from) above.push_back(&*place.from);
    bool children = false;
    const std::size_t own = empty_.leaf_node.size();
    const bool inner = std::any_of(rule.places.begin(), rule.places.end(),
                                   [&](const Place& child) { return child.inside == place.id; });
    if (place.from || !inner) {
      if (own >= 64) return false;
      empty_.leaf_node.push_back(self);
      leaf_names_.push_back(place.id);
      Predicate fits;
      if (!predicate(above, fits)) return false;
      leaf_tests_.add(std::move(fits));
      for (int up = self; up >= 0; up = empty_.nodes[index(up)].parent) empty_.nodes[index(up)].leaves |= bit(own);
    }
    for (const auto& child : rule.places) {
      if (child.inside != place.id) continue;
      children = true;
      if (!add(child, self, depth + 1)) return false;
    }
    if (place.from) above.pop_back();
    return children == inner;
  };
  for (const auto& place : rule.places) {
    if (place.inside.empty() && !add(place, 0, 0)) return false;
  }
  return seen == rule.places.size();
}

std::uint64_t Packer::leaves_in(const std::vector<std::string>& names) const {
  if (names.empty()) return empty_.nodes[0].leaves;
  std::uint64_t leaves = 0;
  for (std::size_t n = 1; n < empty_.nodes.size(); ++n) {
    if (std::find(names.begin(), names.end(), node_names_[n]) != names.end()) leaves |= empty_.nodes[n].leaves;
  }
  return leaves;
}

void Packer::united(const Cap& cap, Selector& into) const {
  if (cap.united.empty()) {
    into.parts.push_back(cap.from);
    return;
  }
  for (const auto& other : text_->caps) {
    if (other.id != cap.id && std::find(cap.united.begin(), cap.united.end(), other.id) != cap.united.end() &&
        other.united.empty())
      into.parts.push_back(other.from);
  }
}

bool Packer::read_limits() {
  const RuleText& rule = *text_;
  const auto is_place = [&](const std::string& name) {
    return std::find(node_names_.begin() + 1, node_names_.end(), name) != node_names_.end();
  };
  const auto amount_of = [&](const Amount& amount, const Share& share) -> std::optional<std::int64_t> {
    if (!share.share.present()) return amount.present() ? bound(amount) : std::nullopt;
    const auto value = fixed(share);
    if (!value) return std::nullopt;
    bounds_.push_back(*value);
    return static_cast<std::int64_t>(bounds_.size());
  };
  for (const auto& floor : rule.floors) {
    if (floor.when || floor.measure != rule.measure || floor.all || !floor.distinct.empty() ||
        floor.of_last.present() || !floor.for_each.empty() || floor.over_record)
      return false;
    if (!std::all_of(floor.in.begin(), floor.in.end(), is_place)) return false;
    const auto least = amount_of(floor.min, floor.share);
    Predicate from;
    if (!least || !predicate({&floor.from}, from)) return false;
    Packed::Family family;
    family.least = *least;
    family.leaves = leaves_in(floor.in);
    empty_.families.push_back(family);
    family_tests_.add(std::move(from));
  }
  for (const auto& cap : rule.caps) {
    if (cap.when || cap.measure != rule.measure || !cap.for_each.empty() || cap.invalid) return false;
    if (!std::all_of(cap.in.begin(), cap.in.end(), is_place)) return false;
    for (const auto& other : rule.caps) {
      // A union of unions is left to compile().
      if (!other.united.empty() && std::find(cap.united.begin(), cap.united.end(), other.id) != cap.united.end())
        return false;
    }
    const auto most = amount_of(cap.max, cap.share);
    Selector any;
    any.kind = Kind::any;
    united(cap, any);
    Predicate from;
    if (!most || !predicate({any.parts.size() == 1 ? &any.parts.front() : &any}, from)) return false;
    Packed::Family family;
    family.most = *most;
    family.leaves = leaves_in(cap.in);
    empty_.families.push_back(family);
    family_tests_.add(std::move(from));
  }
  if (empty_.families.size() > 64) return false;
  std::size_t sets = 0;
  for (const auto& exclusion : rule.exclusions) {
    if (exclusion.when || exclusion.invalid || !exclusion.in.empty()) return false;
    Packed::Exclusion made;
    made.most = exclusion.max;
    for (const auto& set : exclusion.sets) {
      if (sets >= 64) return false;
      made.sets |= bit(sets++);
      Predicate chosen;
      if (!predicate({&set}, chosen)) return false;
      set_tests_.add(std::move(chosen));
    }
    empty_.exclusions.push_back(made);
  }
  for (const auto& clause : rule.eligibility) {
    if (clause.when) return false;
    Gate gate;
    gate.leaves = leaves_in(clause.in);
    if (!predicate({&clause.from}, gate.from) || !predicate({&clause.require}, gate.require)) return false;
    gates_.push_back(std::move(gate));
  }
  return true;
}

int Packer::test_of(const Selector& leaf) {
  if (comparable(leaf.kind)) {
    for (std::size_t t = 0; t < tests_.size(); ++t) {
      if (same(tests_[t], leaf)) return static_cast<int>(t);
    }
  }
  if (tests_.size() >= kWords * 64) return -1;
  const int made = static_cast<int>(tests_.size());
  tests_.push_back(leaf);
  const auto kind = static_cast<std::size_t>(leaf.kind);
  if (kind >= kKinds) return -1;
  int& attribute = attribute_of_[kind];
  if (attribute < 0) {
    attribute = static_cast<int>(attributes_.size());
    attributes_.emplace_back();
    attributes_.back().kind = leaf.kind;
  }
  attributes_[index(attribute)].tests.push_back(made);
  attributes_[index(attribute)].mask[index(made) / 64] |= bit(index(made) % 64);
  return made;
}

/// Adds the tests of a selector; `simple` stays true for as long as it asks for all of them.
bool Packer::add_tests(const Selector& selector, Bits& need, bool& simple) {
  switch (selector.kind) {
    case Kind::everything:
      return true;
    case Kind::all:
      return std::all_of(selector.parts.begin(), selector.parts.end(),
                         [&](const Selector& part) { return add_tests(part, need, simple); });
    case Kind::any:
    case Kind::none_of:
      simple = false;
      return std::all_of(selector.parts.begin(), selector.parts.end(),
                         [&](const Selector& part) { return add_tests(part, need, simple); });
    case Kind::grade:
      // What an ungraded item says depends on who asks.
      if (selector.ungraded == "skip") return false;
      break;
    default:
      break;
  }
  const int test = test_of(selector);
  if (test < 0) return false;
  need[index(test) / 64] |= bit(index(test) % 64);
  return true;
}

bool Packer::predicate(const std::vector<const Selector*>& parts, Predicate& made) {
  bool simple = true;
  for (const Selector* part : parts) {
    if (!add_tests(*part, made.need, simple)) return false;
  }
  if (!simple) {
    auto formula = std::make_shared<Selector>();
    formula->kind = Kind::all;
    for (const Selector* part : parts) formula->parts.push_back(*part);
    made.formula = std::move(formula);
  }
  return true;
}

// ---- the record

const Packer::Said& Packer::said(Attribute& attribute, const std::string& word, bool flag) {
  const std::uint64_t hash = Words::hash_of(word);
  if (const Said* known = attribute.words.find(word, hash)) return *known;
  if (attribute.otherwise) return *attribute.otherwise;
  const LearnerRecord nobody;
  Case view(world_, *text_, nobody);
  const Item item = only(attribute.kind, word, flag);
  Said answer;
  for (const int test : attribute.tests) {
    const Truth truth = view.selects(tests_[index(test)], item);
    if (truth == Truth::no) continue;
    (truth == Truth::yes ? answer.yes : answer.unknown)[index(test) / 64] |= bit(index(test) % 64);
  }
  if (!reads_ || attribute.words.size() < kWordsKept) return attribute.words.keep(word, hash, answer);
  last_ = answer;
  return last_;
}

bool Packer::look_up(const Item& item) {
  yes_ = {};
  unknown_ = {};
  for (Attribute& attribute : attributes_) {
    const auto unstated = [&] {
      for (std::size_t w = 0; w < words_used_; ++w) unknown_[w] |= attribute.mask[w];
    };
    const auto add = [&](const Said& one) {
      for (std::size_t w = 0; w < words_used_; ++w) {
        yes_[w] |= one.yes[w];
        unknown_[w] |= one.unknown[w];
      }
    };
    const auto list = [&](const std::optional<std::vector<std::string>>& words) {
      if (!words) return unstated();
      for (const auto& word : *words) add(said(attribute, word));
    };
    const auto one = [&](const std::optional<std::string>& word) {
      if (!word) return unstated();
      add(said(attribute, *word));
    };
    const auto flag = [&](const std::optional<bool>& value) {
      if (!value) return unstated();
      add(said(attribute, *value ? "yes" : "no", *value));
    };
    switch (attribute.kind) {
      case Kind::unit:
        add(said(attribute, item.unit));
        break;
      case Kind::tag:
        list(item.tags);
        break;
      case Kind::level:
        // Several levels of one item have to agree.
        if (item.levels && item.levels->size() > 1) return false;
        list(item.levels);
        break;
      case Kind::origin:
        list(item.origins);
        break;
      case Kind::provider:
        one(item.provider);
        break;
      case Kind::field:
        list(item.fields);
        break;
      case Kind::mode:
        one(item.mode);
        break;
      case Kind::outcome:
        list(item.outcomes);
        break;
      case Kind::status:
        add(said(attribute, item.status));
        break;
      case Kind::part_of:
        one(item.part_of);
        break;
      case Kind::quality_assured:
        flag(item.quality_assured);
        break;
      case Kind::assessed:
        flag(item.assessed);
        break;
      case Kind::whole:
        flag(item.whole);
        break;
      case Kind::date:
        if (!item.date) {
          unstated();
          break;
        }
        for (const int test : attribute.tests) {
          const Selector& s = tests_[index(test)];
          if ((!s.from || *item.date >= *s.from) && (!s.until || *item.date <= *s.until))
            yes_[index(test) / 64] |= bit(index(test) % 64);
        }
        break;
      default:
        for (const int test : attribute.tests) {
          const Truth truth = view_->selects(tests_[index(test)], item);
          if (truth == Truth::no) continue;
          (truth == Truth::yes ? yes_ : unknown_)[index(test) / 64] |= bit(index(test) % 64);
        }
    }
  }
  return true;
}

/// -1 no, 0 unknown, 1 yes.
int Packer::formula(const Selector& selector) const {
  switch (selector.kind) {
    case Kind::everything:
      return 1;
    case Kind::all: {
      int result = 1;
      for (const auto& part : selector.parts) result = std::min(result, formula(part));
      return result;
    }
    case Kind::any: {
      int result = -1;
      for (const auto& part : selector.parts) result = std::max(result, formula(part));
      return result;
    }
    case Kind::none_of:
      return -formula(selector.parts.front());
    default:
      break;
  }
  for (std::size_t t = 0; t < tests_.size(); ++t) {
    if (!(comparable(selector.kind) && same(tests_[t], selector))) continue;
    if ((yes_[t / 64] >> (t % 64)) & 1U) return 1;
    return ((unknown_[t / 64] >> (t % 64)) & 1U) != 0 ? 0 : -1;
  }
  return 0;
}

/// False if it is unknown whether the predicate holds.
bool Packer::judge(const Predicate& predicate, bool& holds) const {
  if (predicate.formula) {
    const int value = formula(*predicate.formula);
    holds = value > 0;
    return value != 0;
  }
  holds = true;
  bool open = false;
  for (std::size_t w = 0; w < words_used_; ++w) {
    const std::uint64_t left = predicate.need[w] & ~yes_[w];
    if (left == 0) continue;
    holds = false;
    if ((left & ~unknown_[w]) != 0) return true;
    open = true;
  }
  return !open;
}

bool Packer::system_known(const std::string& system) {
  if (system.empty() || system == last_system_) return true;
  if (system != text_->credit && world_.find(CreditSystemId{system}) == nullptr) return false;
  last_system_ = system;
  return true;
}

/// A misspelt framework or credit system is a fault of the record, wherever it stands.
bool Packer::names_known(const Item& item) {
  if (!system_known(item.credit)) return false;
  if (!item.levels) return true;
  for (const auto& level : *item.levels) {
    const std::size_t length = last_framework_.size();
    if (level.size() > length && level[length] == ':' && level.starts_with(last_framework_)) continue;
    std::string name = level.substr(0, level.find(':'));
    if (!text_->scales.contains(name) && world_.find(FrameworkId{name}) == nullptr) return false;
    last_framework_ = std::move(name);
  }
  return true;
}

/// The tests that hold, as a set; false if one of them is unknown.
bool Packer::judge_all(const Tests& tests, std::uint64_t& holding) const {
  if (tests.formulas || words_used_ != 1) {
    for (std::size_t t = 0; t < tests.all.size(); ++t) {
      bool holds = false;
      if (!judge(tests.all[t], holds)) return false;
      if (holds) holding |= bit(t);
    }
    return true;
  }
  // Without branches: which tests hold is different for every item.
  const std::uint64_t no = ~yes_[0];
  const std::uint64_t never = no & ~unknown_[0];
  std::uint64_t open = 0;
  std::uint64_t found = 0;
  for (std::size_t t = 0; t < tests.need.size(); ++t) {
    const std::uint64_t need = tests.need[t];
    const auto lacks = static_cast<std::uint64_t>((need & no) != 0);
    found |= (lacks ^ 1U) << t;
    open |= lacks & static_cast<std::uint64_t>((need & never) == 0);
  }
  holding |= found;
  return open == 0;
}

/// Credits in the rule's system where they are exactly known.
std::optional<Rational> Packer::size_of(const Item& item, const LearnerRecord& record) {
  if (!item.credits || item.credits->first != item.credits->second) return std::nullopt;
  const Rational& own = item.credits->first;
  const std::string& system = item.credit.empty() ? record.credit : item.credit;
  if (system.empty() || text_->credit.empty() || system == text_->credit || own == Rational(0)) return own;
  auto known = factors_.find(system);
  if (known == factors_.end()) {
    std::optional<Rational> factor;
    try {
      const Conversion found =
          convert(world_, Credits(Rational(1), CreditSystemId{system}), CreditSystemId{text_->credit});
      if (const auto range = counted(found, text_->conversion); range && range->is_point()) factor = range->min;
    } catch (const Error&) {
      factor.reset();
    }
    known = factors_.emplace(system, factor).first;
  }
  if (!known->second) return std::nullopt;
  Range size{own * *known->second, own * *known->second};
  if (text_->conversion_rounding.mode != RoundingMode::none) size = rounded(size, text_->conversion_rounding);
  if (!size.is_point()) return std::nullopt;
  return size.min;
}

bool Packer::pack(const LearnerRecord& record, Packed& packed) {
  if (!reads_ || record.items.size() > 4096 || !system_known(record.credit)) return false;
  const RuleText& rule = *text_;
  packed.scale = empty_.scale;
  packed.nodes = empty_.nodes;
  packed.leaf_node = empty_.leaf_node;
  packed.families = empty_.families;
  packed.exclusions = empty_.exclusions;
  packed.entries.clear();
  sizes_.clear();
  view_.reset();
  std::int64_t scale = packed.scale;
  const auto admits = [&](const std::string& status) {
    return status != "exempted" && std::find(rule.admits.begin(), rule.admits.end(), status) != rule.admits.end();
  };
  const bool asked = !rule.reuse.used_elsewhere.empty();
  for (std::size_t i = 0; i < record.items.size(); ++i) {
    const Item& item = record.items[i];
    if (!names_known(item)) return false;
    if (!admits(item.status)) continue;
    if (item.count != 1) return false;
    // Not stated where nobody asks is no doubt; used where the rule does not say what then is one.
    if (rule.reuse.used_elsewhere == "barred") {
      if (!item.used_for) return false;
      if (!item.used_for->empty()) continue;
    } else if (!asked && item.used_for && !item.used_for->empty()) {
      return false;
    }
    if (slow_ && !view_) view_.emplace(world_, rule, record);
    if (!look_up(item)) return false;
    Packed::Entry entry;
    entry.item = static_cast<int>(i);
    if (!judge_all(leaf_tests_, entry.fits)) return false;
    for (const Gate& gate : gates_) {
      if ((entry.fits & gate.leaves) == 0) continue;
      bool touched = false;
      bool passes = false;
      if (!judge(gate.from, touched)) return false;
      if (!touched) continue;
      if (!judge(gate.require, passes)) return false;
      if (!passes) entry.fits &= ~gate.leaves;
    }
    if (entry.fits == 0) continue;
    if (!judge_all(family_tests_, entry.families) || !judge_all(set_tests_, entry.sets)) return false;
    Rational size(1);
    std::int64_t grain = 0;
    const bool split = item.whole ? !*item.whole : rule.allocation.splittable;
    if (!counts_units_ || split) {
      const auto found = size_of(item, record);
      if (!found) return false;
      if (!counts_units_) size = *found;
      if (found->numerator() > kLargest || found->denominator() > kLargest) return false;
      if (split) {
        // Both are below 2^20 and 2^40: the products stay within 64 bits.
        const Rational& quantum = rule.allocation.quantum;
        const std::int64_t above = found->numerator() * quantum.denominator();
        const std::int64_t below = found->denominator() * quantum.numerator();
        if (above % below == 0 && above > below) {
          entry.parts = above / below;
          grain = quantum.denominator();
          if (counts_units_ || entry.parts > 100'000) return false;
        }
      }
    }
    if (size.numerator() == 0) continue;
    // One part is the least amount that can be counted.
    if (grain == 0) grain = size.denominator();
    if (grain != 1 && scale % grain != 0) {
      if (grain > 1'000'000) return false;
      scale = std::lcm(scale, grain);
      if (scale > 1'000'000) return false;
    }
    packed.entries.push_back(entry);
    sizes_.push_back(size);
  }
  if (scale != packed.scale) {
    const std::int64_t factor = scale / packed.scale;
    const auto widen = [&](std::int64_t& amount) {
      if (amount != kUnlimited) amount *= factor;
    };
    for (auto& node : packed.nodes) {
      widen(node.least);
      widen(node.most);
    }
    for (auto& family : packed.families) {
      widen(family.least);
      widen(family.most);
    }
    packed.scale = scale;
  }
  const auto large = [](const auto& one) { return one.least > kSummed; };
  if (std::any_of(packed.nodes.begin(), packed.nodes.end(), large) ||
      std::any_of(packed.families.begin(), packed.families.end(), large)) {
    return false;
  }
  std::int64_t all = 0;
  for (std::size_t k = 0; k < packed.entries.size(); ++k) {
    packed.entries[k].size = sizes_[k].numerator() * (scale / sizes_[k].denominator());
    if (packed.entries[k].size > kSummed - all) return false;
    all += packed.entries[k].size;
  }
  return true;
}

}  // namespace qualgraph::detail
