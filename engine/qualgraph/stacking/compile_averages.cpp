#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/model_builder.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace qualgraph::detail {

void ModelBuilder::averages() {
  for (const auto& average : rule_.averages) {
    if (!view_.limits(average, options_.polarity)) continue;
    const std::string path = average.path + "/min";
    if (dropped(path) || dropped(average.path)) continue;
    const auto value = view_.number(average.min);
    if (!value) {
      if (strict()) broken(average, "min", "the grade asked for is not known", true);
      continue;
    }
    // The least mean that rounds to the minimum; `open` where it must be passed, not reached.
    Rational threshold = *value;
    bool open = false;
    const Rational grain = average.rounding.grain;
    const Rational up = Rational(ceil(*value / grain)) * grain;
    switch (average.rounding.mode) {
      case RoundingMode::none:
        break;
      case RoundingMode::down:
        threshold = up;
        break;
      case RoundingMode::up:
        threshold = up - grain;
        open = true;
        break;
      case RoundingMode::half_up:
        threshold = up - grain / Rational(2);
        break;
      case RoundingMode::half_even:
        threshold = up - grain / Rational(2);
        open = (up / grain).numerator() % 2 != 0;
        break;
    }
    mean(average, path, threshold, open);
  }
}

/// One item that may enter an average.
struct ModelBuilder::Attempt {
  const Held* held = nullptr;
  std::size_t k = 0;     ///< piece, unless it is over the whole record
  bool definite = true;  ///< selected for certain
  Rational low;          ///< what its grade may be worth
  std::optional<Rational> high;
  bool stated = true;  ///< the grade
  std::optional<Range> amount;
  /// What attempts compete with: the points, or the day; none: without bound.
  std::optional<Rational> first, last;

  /// Nothing that is not stated decides how it competes.
  [[nodiscard]] bool settled() const { return definite && first && last && *first == *last; }
  [[nodiscard]] bool beaten_by(const Attempt& other) const { return other.settled() && last && *other.first > *last; }
};

/// What decides whether a mean is reached: each attempt's weight times (points - threshold).
struct ModelBuilder::Mean {
  /// What an attempt adds; `boundless`: -1 or 1 for more than anything known.
  struct Margin {
    Rational value = 0;
    int boundless = 0;

    [[nodiscard]] bool gains() const { return boundless > 0 || (boundless == 0 && value > Rational(0)); }
    friend bool operator<(const Margin& a, const Margin& b) {
      return a.boundless != b.boundless ? a.boundless < b.boundless : a.value < b.value;
    }
  };

  const Average& average;
  Rational threshold;
  bool open;  ///< the threshold has to be passed, not reached
  bool strict;
  std::vector<int> places = {};
  bool anywhere = true;
  std::map<std::string, std::vector<Attempt>> groups = {};
  Rational known = 1;      ///< more than all known margins together
  std::int64_t scale = 1;  ///< of a row

  /// It enters only with a grade at least as good as all others.
  [[nodiscard]] bool rises(const Attempt& one) const { return average.repeats == "best" && !one.stated; }

  /// The points an attempt enters with; none: without bound.
  [[nodiscard]] std::optional<Rational> entering(const Attempt& one) const {
    return strict ? std::optional<Rational>(one.low) : one.high;
  }

  /// Of an uncertain size, the end that serves the reading; none: without bound.
  [[nodiscard]] std::optional<Rational> size(const Attempt& one, const std::optional<Rational>& points) const {
    const auto& amount = one.amount;
    const bool low = (!points || *points > threshold) == strict;
    if (!amount) return low ? std::optional<Rational>(0) : std::nullopt;
    return low ? amount->min : amount->max;
  }

  [[nodiscard]] Margin margin(const Attempt& one, const std::optional<Rational>& points) const {
    const auto weight = size(one, points);
    if ((weight && *weight == Rational(0)) || (points && *points == threshold)) return {};
    const bool good = !points || *points > threshold;
    if (!weight || !points) return {Rational(0), good ? 1 : -1};
    return {*weight * (*points - threshold), 0};
  }

  /// Whether an attempt that may not be asked for is left out by the reading.
  [[nodiscard]] bool left_out(const Attempt& one) const {
    return !one.definite && margin(one, entering(one)).gains() == strict;
  }

  [[nodiscard]] bool weighs(const Attempt& one) const {
    if (left_out(one)) return false;
    const auto weight = size(one, entering(one));
    return !weight || *weight > Rational(0);
  }

  /// Every number of points an attempt may enter with that makes a difference to the reading.
  [[nodiscard]] std::vector<std::optional<Rational>> variants(const Attempt& one,
                                                              const std::vector<Attempt>& group) const {
    std::vector<std::optional<Rational>> found{entering(one)};
    if (!strict || group.size() < 2 || !rises(one)) return found;
    std::set<Rational> others;
    for (const auto& other : group) {
      if (other.settled() && *other.first > one.low) others.insert(*other.first);
    }
    found.insert(found.end(), others.begin(), others.end());
    return found;
  }

  /// What all attempts at one unit add when every one is there.
  [[nodiscard]] Margin value(const std::vector<Attempt>& group) const {
    std::optional<Rational> best;
    bool definite = false;
    for (const auto& one : group) {
      definite = definite || one.definite;
      if (one.settled() && (!best || *one.first > *best)) best = one.first;
    }
    std::optional<Margin> equal;
    std::vector<Margin> ways;
    for (const auto& one : group) {
      if (one.settled()) {
        if (*one.first != *best) continue;
        const Margin own = margin(one, entering(one));
        if (!equal || own < *equal) equal = own;
      } else if (!best || !one.last || *one.last >= *best) {
        auto points = entering(one);
        if (strict && best && rises(one) && *best > one.low) points = best;
        ways.push_back(margin(one, points));
      }
    }
    if (equal) ways.push_back(*equal);
    if (!definite) ways.push_back({});
    return strict ? *std::min_element(ways.begin(), ways.end()) : *std::max_element(ways.begin(), ways.end());
  }

  /// What one quantum of a piece adds.
  [[nodiscard]] Rational per_quantum(const Piece& piece, const Margin& margin) const {
    // A part of what is larger than anything known is that, too.
    if (margin.boundless != 0) return margin.boundless > 0 ? known : Rational(0) - known;
    return piece.as_one(average.weight) ? margin.value : margin.value * piece.step;
  }
};

std::pair<Rational, std::optional<Rational>> ModelBuilder::any_points(const std::string& scale) const {
  Rational low = 0;
  const auto found = rule_.scales.find(scale);
  if (found == rule_.scales.end() || found->second.points.empty()) return {low, std::nullopt};
  Rational high = found->second.points.begin()->second;
  for (const auto& [grade, points] : found->second.points) {
    low = std::min(low, points);
    high = std::max(high, points);
  }
  return {low, high};
}

std::map<std::string, std::vector<ModelBuilder::Attempt>> ModelBuilder::attempts(const Average& average,
                                                                                 const std::vector<int>& places,
                                                                                 bool anywhere) {
  std::vector<std::pair<const Held*, std::size_t>> candidates;
  if (average.over_record) {
    // Over the record what was failed counts too.
    for (const auto& held : view_.items()) {
      if (!held.offered && (held.admitted || held.item->status == "failed" || held.item->status == "passed"))
        candidates.emplace_back(&held, 0);
    }
    std::sort(candidates.begin(), candidates.end(),
              [](const auto& a, const auto& b) { return a.first->item->id < b.first->item->id; });
  } else {
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      if (!uses_in(k, places, anywhere).empty()) candidates.emplace_back(pieces_[k].held, k);
    }
  }
  const auto any = any_points(average.scale);
  std::map<std::string, std::vector<Attempt>> found;
  for (const auto& [held, k] : candidates) {
    const Item& item = *held->item;
    const Truth chosen = view_.selects(average.from, *held, options_.polarity);
    if (chosen == Truth::no) continue;
    Attempt one;
    one.held = held;
    one.k = k;
    one.definite = chosen == Truth::yes;
    std::optional<Rational> points;
    if (item.grade == "ungraded") {
      if (average.ungraded != "fail") continue;
      points = Rational(0);
    } else if (item.grade) {
      points = view_.points(*item.grade, average.scale);
    }
    one.amount = average.over_record ? view_.amount(*held, average.weight) : size(pieces_[k], average.weight);
    // A grade nobody stated is the worst read against the learner, the best read for them.
    one.stated = points.has_value();
    one.low = points ? *points : any.first;
    one.high = points ? points : any.second;
    one.first = one.low;
    one.last = one.high;
    if (average.repeats == "last") {
      one.first = one.last = std::nullopt;
      if (item.date) one.first = one.last = Rational(std::chrono::sys_days(*item.date).time_since_epoch().count());
    }
    doubt(!one.stated || !one.definite || (average.repeats == "last" && !item.date));
    found[average.repeats == "all" ? item.id : item.unit].push_back(one);
  }
  return found;
}

void ModelBuilder::mean(const Average& average, const std::string& path, const Rational& threshold, bool open) {
  const std::vector<int> places = copies_of(average.in);
  const bool anywhere = average.in.empty() || average.over_record;
  Mean mean{average, threshold, open, strict(), places, anywhere, attempts(average, places, anywhere)};
  for (const auto& [name, group] : mean.groups) {
    for (const auto& one : group) {
      doubt(!one.amount || !one.amount->is_point());
      Rational most = 0;
      for (const auto& points : mean.variants(one, group)) most = std::max(most, abs(mean.margin(one, points).value));
      mean.known += most;
    }
  }
  if (average.over_record) {
    mean_of_record(mean);
    return;
  }
  for (const auto& [name, group] : mean.groups) {
    for (const auto& one : group) {
      for (const auto& points : mean.variants(one, group)) {
        const auto denominator = mean.per_quantum(pieces_[one.k], mean.margin(one, points)).denominator();
        mean.scale = times(mean.scale / std::gcd(mean.scale, denominator), denominator);
      }
    }
  }
  Terms terms;
  std::set<int> weighing;
  std::int64_t least = 0;
  const Measure measure = average.weight;
  for (const auto& [name, group] : mean.groups) {
    std::int64_t span = 0;
    for (const auto& one : group) {
      const Piece& piece = pieces_[one.k];
      if (open && mean.weighs(one)) weighing.insert(some(one.k, uses_in(one.k, places, anywhere)));
      if (group.size() == 1) {
        if (mean.left_out(one)) continue;
        add(terms, one.k, uses_in(one.k, places, anywhere), measure,
            scaled(mean.per_quantum(piece, mean.margin(one, mean.entering(one))), mean.scale));
        continue;
      }
      for (const auto& points : mean.variants(one, group)) {
        const auto per_quantum = scaled(abs(mean.per_quantum(piece, mean.margin(one, points))), mean.scale);
        span = std::max(span, times(per_quantum, piece.as_one(measure) ? 1 : piece.parts));
      }
    }
    if (span == 0) continue;
    const int column = out_.model.add_column("mean" + suffix(path + "|" + name), 0, times(span, 2));
    terms.push_back({column, 1});
    least = plus(least, span);
    competing(mean, path + "/" + name, group, column, span);
  }
  if (!weighing.empty()) {
    // Reached is not enough once anything is graded: the mean has to pass.
    const int column = out_.model.add_column("graded" + suffix(average.path), 0, 1);
    for (const int there : weighing) {
      out_.model.add_row(path + "/graded|" + out_.model.columns[index(there)].name, 0, kNone).terms = {{column, 1},
                                                                                                       {there, -1}};
    }
    terms.push_back({column, -1});
  }
  merge(terms);
  if (!terms.empty()) out_.model.add_row(path, least, kNone).terms = std::move(terms);
}

void ModelBuilder::mean_of_record(const Mean& mean) {
  Rational sum = 0;
  bool weighs = false;
  for (const auto& [name, group] : mean.groups) {
    const auto value = mean.value(group);
    sum += value.boundless > 0 ? mean.known : value.boundless < 0 ? Rational(0) - mean.known : value.value;
    weighs = weighs || std::any_of(group.begin(), group.end(), [&](const Attempt& one) { return mean.weighs(one); });
  }
  if (sum > Rational(0) || (sum == Rational(0) && !(mean.open && weighs))) return;
  broken(mean.average, "min", "the average over the whole record is too low", false, mean.threshold, std::nullopt,
         mean.average.weight);
}

void ModelBuilder::competing(const Mean& mean, const std::string& base, const std::vector<Attempt>& group, int column,
                             std::int64_t span) {
  std::map<const Attempt*, int> present;
  bool all_settled = true;
  bool any_settled = false;
  for (const auto& one : group) {
    present[&one] = some(one.k, uses_in(one.k, mean.places, mean.anywhere));
    all_settled = all_settled && one.settled();
    any_settled = any_settled || one.settled();
  }
  const std::int64_t most = times(span, 2);
  const bool ways_open = !strict() && !all_settled;
  auto& model = out_.model;
  const auto id_of = [](const Attempt& one) -> const std::string& { return one.held->item->id; };
  const auto name_of = [&](int own) -> const std::string& { return model.columns[index(own)].name; };
  /// column - span <= limit, unless a column of `lifts` is 1 or one of `holds` is 0.
  const auto at_most_of = [&](const std::string& name, const Terms& limit, const std::vector<int>& lifts,
                              const std::vector<int>& holds) {
    Terms terms{{column, 1}};
    for (const auto& term : limit) terms.push_back({term.column, -term.coefficient});
    for (const int lift : lifts) terms.push_back({lift, -most});
    for (const int hold : holds) terms.push_back({hold, most});
    merge(terms);
    model.add_row(name, -kNone, plus(span, times(most, static_cast<std::int64_t>(holds.size())))).terms =
        std::move(terms);
  };
  const auto of = [&](const Attempt& one, const std::optional<Rational>& points) {
    Terms terms;
    add(terms, one.k, uses_in(one.k, mean.places, mean.anywhere), mean.average.weight,
        scaled(mean.per_quantum(pieces_[one.k], mean.margin(one, points)), mean.scale));
    return terms;
  };
  const auto better = [&](const std::optional<Rational>& key) {
    std::vector<int> found;
    for (const auto& one : group) {
      if (one.settled() && key && *one.first > *key) found.push_back(present.at(&one));
    }
    return found;
  };
  Terms ways;
  int settled_way = -1;
  if (ways_open && any_settled) {
    settled_way = model.add_column("way" + suffix(base), 0, 1);
    ways.push_back({settled_way, 1});
    Terms terms{{settled_way, 1}};
    for (const auto& one : group) {
      if (one.settled()) terms.push_back({present.at(&one), -1});
    }
    merge(terms);
    model.add_row(base + "/settled", -kNone, 0).terms = std::move(terms);
  }
  for (const auto& one : group) {
    const int here = present.at(&one);
    const std::string own = base + "|" + id_of(one);
    if (one.settled()) {
      std::vector<int> holds{here};
      if (ways_open) holds.push_back(settled_way);
      at_most_of(own, of(one, mean.entering(one)), better(one.first), holds);
    } else if (strict()) {
      int number = 0;
      for (const auto& points : mean.variants(one, group))
        at_most_of(own + "|" + std::to_string(number++), of(one, points), better(mean.rises(one) ? points : one.last),
                   {here});
    } else {
      const int way = model.add_column("way" + suffix(own), 0, 1);
      ways.push_back({way, 1});
      model.add_row(own + "/counted", -kNone, 0).terms = {{way, 1}, {here, -1}};
      for (const int there : better(one.last))
        model.add_row(own + "/" + name_of(there), -kNone, 1).terms = {{way, 1}, {there, 1}};
      at_most_of(own, of(one, mean.entering(one)), {}, {way});
    }
  }
  std::vector<int> definite;
  for (const auto& one : group) {
    if (one.definite) definite.push_back(present.at(&one));
  }
  if (!ways_open) {
    at_most_of(base + "/none", {}, definite, {});
    return;
  }
  const int way = model.add_column("way" + suffix(base + "|none"), 0, 1);
  ways.push_back({way, 1});
  for (const int there : definite)
    model.add_row(base + "/none/" + name_of(there), -kNone, 1).terms = {{way, 1}, {there, 1}};
  at_most_of(base + "/none", {}, {}, {way});
  model.add_row(base + "/ways", 1, 1).terms = std::move(ways);
}

}  // namespace qualgraph::detail
