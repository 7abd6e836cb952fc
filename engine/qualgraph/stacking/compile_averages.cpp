#include "qualgraph/model/error.hpp"
#include "qualgraph/stacking/detail/model_builder.hpp"

#include <algorithm>
#include <functional>
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

std::optional<Rational> ModelBuilder::best_points(const std::string& scale) const {
  const auto found = rule_.scales.find(scale);
  if (found == rule_.scales.end() || found->second.points.empty()) return std::nullopt;
  Rational best = found->second.points.begin()->second;
  for (const auto& [grade, points] : found->second.points) best = std::max(best, points);
  return best;
}

std::vector<ModelBuilder::Graded> ModelBuilder::graded(const Average& average, const std::vector<int>& places,
                                                       bool anywhere) {
  std::vector<Graded> found;
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
  for (const auto& [candidate, k] : candidates) {
    const Held& held = *candidate;
    const Truth chosen = view_.selects(average.from, held, options_.polarity);
    if (chosen == Truth::no) continue;
    Graded one{&held, k, std::nullopt, chosen == Truth::unknown};
    if (held.item->grade == "ungraded") {
      if (average.ungraded != "fail") continue;
      one.points = Rational(0);
    } else if (held.item->grade) {
      one.points = view_.points(*held.item->grade, average.scale);
    }
    doubt(!one.points || one.unknown_choice);
    // A grade nobody stated is the worst read against the learner, the best read for them.
    if (!one.points) one.points = strict() ? std::optional<Rational>(Rational(0)) : best_points(average.scale);
    found.push_back(one);
  }
  if (average.repeats == "all") return found;
  std::map<std::string, std::size_t> kept;
  for (std::size_t g = 0; g < found.size(); ++g) {
    const Item& item = *found[g].held->item;
    const auto [at, fresh] = kept.try_emplace(item.unit, g);
    if (fresh) continue;
    const Graded& before = found[at->second];
    const Item& other = *before.held->item;
    const bool better = average.repeats == "best"
                            ? before.points && (!found[g].points || *found[g].points > *before.points)
                            : item.date && (!other.date || *item.date > *other.date);
    if (better) at->second = g;
  }
  std::vector<Graded> last;
  for (std::size_t g = 0; g < found.size(); ++g) {
    if (kept.at(found[g].held->item->unit) == g) last.push_back(found[g]);
  }
  return last;
}

void ModelBuilder::mean(const Average& average, const std::string& path, const Rational& threshold, bool open) {
  const std::vector<int> places = copies_of(average.in);
  const bool anywhere = average.in.empty() || average.over_record;
  struct Part {
    std::size_t k;
    Rational term;   ///< of the whole item
    bool boundless;  ///< larger than anything known
    bool weighs;
  };
  std::vector<Part> parts;
  Rational known = 1;
  for (const auto& one : graded(average, places, anywhere)) {
    const bool good = !one.points || *one.points >= threshold;
    const auto amount = view_.amount(*one.held, average.weight);
    doubt(!amount || !amount->is_point());
    // Of an uncertain size, the end that serves the reading.
    const bool low = good == strict();
    Part part{one.k, Rational(0), false, true};
    if (one.points && *one.points == threshold) {
      part.weighs = !amount || (low ? amount->min : amount->max) > Rational(0);
    } else if (!amount) {
      part.boundless = !low;
      part.weighs = !low;
    } else {
      const Rational weight = low ? amount->min : amount->max;
      part.weighs = weight > Rational(0);
      if (one.points)
        part.term = weight * (*one.points - threshold);
      else
        part.boundless = part.weighs;
    }
    const bool gains = part.boundless ? good : part.term > Rational(0);
    if (one.unknown_choice && gains == strict()) continue;
    if (part.boundless)
      part.term = good ? Rational(1) : Rational(-1);
    else
      known += abs(part.term);
    parts.push_back(part);
  }
  for (auto& part : parts) {
    if (part.boundless) part.term = part.term * known;
  }
  if (average.over_record) {
    Rational sum = 0;
    bool weighs = false;
    for (const auto& part : parts) {
      sum += part.term;
      weighs = weighs || part.weighs;
    }
    const bool met = sum > Rational(0) || (sum == Rational(0) && !(open && weighs));
    if (!met)
      broken(average, "min", "the average over the whole record is too low", false, threshold, std::nullopt,
             average.weight);
    return;
  }
  std::int64_t scale = 1;
  const auto per_quantum = [&](const Part& part) {
    // A part of what is larger than anything known is that, too.
    return part.boundless || pieces_[part.k].as_one(average.weight) ? part.term : part.term * pieces_[part.k].step;
  };
  for (const auto& part : parts)
    scale = times(scale / std::gcd(scale, per_quantum(part).denominator()), per_quantum(part).denominator());
  Terms terms;
  Terms any;
  for (const auto& part : parts) {
    const auto uses = uses_in(part.k, places, anywhere);
    add(terms, part.k, uses, average.weight == Measure::units ? Measure::units : Measure::credits,
        scaled(per_quantum(part), scale));
    if (open && part.weighs) any.push_back({some(part.k, uses), 1});
  }
  if (open && !any.empty()) {
    // Reached is not enough once anything is graded: the mean has to pass.
    const int column = out_.model.add_column("graded" + suffix(average.path), 0, 1);
    for (const auto& term : any) {
      out_.model.add_row(path + "/graded|" + out_.model.columns[index(term.column)].name, 0, kNone).terms = {
          {column, 1}, {term.column, -1}};
    }
    terms.push_back({column, -1});
  }
  merge(terms);
  if (!terms.empty()) out_.model.add_row(path, 0, kNone).terms = std::move(terms);
}

}  // namespace qualgraph::detail
