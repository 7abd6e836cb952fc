#include "qualgraph/stacking/detail/shortlist.hpp"

#include "qualgraph/stacking/detail/simplex.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace qualgraph::detail {
namespace {

__extension__ using Wide = __int128;
constexpr std::int64_t kNone = IntegerModel::kInfinity;
constexpr std::size_t kPerRound = 60;
constexpr int kRounds = 40;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Least and greatest value of a row over the box of the base alone, goods included by `reach`.
struct Span {
  double lower, upper;
};

class Pricer {
 public:
  explicit Pricer(const Market& market) : market_(market), inside_(market.goods.size(), false) {}

  Prices run() {
    seed();
    Prices prices;
    // First whether the rows can be met at all: what is lacking costs, the goods are free.
    if (!market_.lacking.empty()) {
      generate(true);
      if (exact_bound(true, nullptr) > 0) {
        prices.impossible = true;
        prices.multipliers = std::move(exact_);
        prices.unit = unit_;
        return prices;
      }
    }
    generate(false);
    prices.extra.resize(market_.goods.size());
    prices.bound = exact_bound(false, &prices.extra);
    prices.multipliers = std::move(exact_);
    prices.unit = unit_;
    for (const auto& good : market_.goods)
      prices.score.push_back(static_cast<double>(good.cost) - gains_[at(good.family)]);
    return prices;
  }

 private:
  /// For every row the goods that bring most for their cost.
  void seed() {
    const std::size_t rows = market_.base.rows.size();
    std::vector<std::vector<std::pair<double, std::size_t>>> best(rows);
    for (std::size_t g = 0; g < market_.goods.size(); ++g) {
      const auto& good = market_.goods[g];
      for (const auto& place : market_.families[at(good.family)].places) {
        for (const auto& term : place) {
          if (term.coefficient > 0 && market_.base.rows[at(term.column)].lower != -kNone) {
            best[at(term.column)].emplace_back(static_cast<double>(good.cost) / static_cast<double>(term.coefficient),
                                               g);
          }
        }
      }
    }
    for (auto& list : best) {
      const std::size_t keep = std::min<std::size_t>(list.size(), 12);
      std::partial_sort(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(keep), list.end());
      for (std::size_t i = 0; i < keep; ++i) inside_[list[i].second] = true;
    }
  }

  /// Solves over the goods inside and lets in those that pay, until none does.
  void generate(bool lacking_only) {
    for (int round = 0; round < kRounds; ++round) {
      if (!relax(lacking_only)) return;
      std::vector<std::pair<double, std::size_t>> paying;
      for (std::size_t g = 0; g < market_.goods.size(); ++g) {
        if (inside_[g]) continue;
        const double cost = lacking_only ? 0.0 : static_cast<double>(market_.goods[g].cost);
        const double gain = gains_[at(market_.goods[g].family)];
        if (gain > cost + 1e-7 * (1 + cost)) paying.emplace_back(cost - gain, g);
      }
      if (paying.empty()) return;
      const std::size_t keep = std::min(paying.size(), kPerRound);
      std::partial_sort(paying.begin(), paying.begin() + static_cast<std::ptrdiff_t>(keep), paying.end());
      for (std::size_t i = 0; i < keep; ++i) inside_[paying[i].second] = true;
    }
  }

  /// The relaxation over the base and the goods inside; sets the multipliers and each family's gain.
  bool relax(bool lacking_only) {
    const auto& columns = market_.base.columns;
    std::vector<double> costs;
    for (const auto& column : columns) costs.push_back(lacking_only ? 0.0 : static_cast<double>(column.cost));
    double dearest = 1;
    for (const auto& good : market_.goods) dearest = std::max(dearest, static_cast<double>(good.cost));
    for (const int slack : market_.lacking) costs[at(slack)] = lacking_only ? 1.0 : 4 * dearest;
    struct Use {
      std::size_t good;
      const std::vector<IntegerModel::Term>* terms;
    };
    std::vector<Use> uses;
    for (std::size_t g = 0; g < market_.goods.size(); ++g) {
      if (!inside_[g]) continue;
      for (const auto& place : market_.families[at(market_.goods[g].family)].places) {
        uses.push_back({g, &place});
        costs.push_back(lacking_only ? 0.0 : static_cast<double>(market_.goods[g].cost));
      }
    }
    std::vector<std::vector<Simplex::Entry>> entries(market_.base.rows.size());
    std::vector<Span> spans(market_.base.rows.size(), Span{0, 0});
    const auto put = [&](std::size_t row, int column, double coefficient, double lower, double upper) {
      entries[row].push_back({column, coefficient});
      spans[row].lower += std::min(coefficient * lower, coefficient * upper);
      spans[row].upper += std::max(coefficient * lower, coefficient * upper);
    };
    for (std::size_t r = 0; r < market_.base.rows.size(); ++r) {
      for (const auto& term : market_.base.rows[r].terms) {
        put(r, term.column, static_cast<double>(term.coefficient), static_cast<double>(columns[at(term.column)].lower),
            static_cast<double>(columns[at(term.column)].upper));
      }
    }
    for (std::size_t u = 0; u < uses.size(); ++u) {
      for (const auto& term : *uses[u].terms)
        put(at(term.column), static_cast<int>(columns.size() + u), static_cast<double>(term.coefficient), 0, 1);
    }
    Simplex simplex(costs);
    for (std::size_t c = 0; c < columns.size(); ++c) {
      simplex.set_bounds(static_cast<int>(c), static_cast<double>(columns[c].lower),
                         static_cast<double>(columns[c].upper));
    }
    for (std::size_t u = 0; u < uses.size(); ++u) simplex.set_bounds(static_cast<int>(columns.size() + u), 0, 1);
    for (std::size_t r = 0; r < market_.base.rows.size(); ++r) {
      const auto& row = market_.base.rows[r];
      const double lower = row.lower == -kNone ? spans[r].lower - 1 : static_cast<double>(row.lower);
      const double upper = row.upper == kNone ? spans[r].upper + 1 : static_cast<double>(row.upper);
      simplex.add_row(entries[r], std::min(lower, std::max(upper, spans[r].lower - 1)), std::max(upper, lower));
    }
    const auto outcome = simplex.solve(std::numeric_limits<double>::infinity(), 200'000);
    if (outcome != Simplex::Outcome::optimal) return false;
    multipliers_.assign(market_.base.rows.size(), 0);
    for (std::size_t r = 0; r < market_.base.rows.size(); ++r)
      multipliers_[r] = simplex.multiplier(static_cast<int>(r));
    gains_.assign(market_.families.size(), 0);
    for (std::size_t f = 0; f < market_.families.size(); ++f) {
      for (const auto& place : market_.families[f].places) {
        double gain = 0;
        for (const auto& term : place) gain += multipliers_[at(term.column)] * static_cast<double>(term.coefficient);
        gains_[f] = std::max(gains_[f], gain);
      }
    }
    return true;
  }

  /// The bound the multipliers give once they are integers, and what each good adds to it.
  std::int64_t exact_bound(bool lacking_only, std::vector<std::int64_t>* extra) {
    const auto& base = market_.base;
    if (multipliers_.empty()) multipliers_.assign(base.rows.size(), 0);
    double largest = 1;
    for (const double multiplier : multipliers_) largest = std::max(largest, std::abs(multiplier));
    int shift = 24;
    while (shift > 0 && largest * std::ldexp(1.0, shift) > 1e12) --shift;
    const Wide scale = Wide{1} << shift;
    Wide bound = 0;
    std::vector<std::int64_t> y(base.rows.size());
    for (std::size_t r = 0; r < base.rows.size(); ++r) {
      y[r] = static_cast<std::int64_t>(std::llround(std::ldexp(multipliers_[r], shift)));
      if (y[r] > 0 && base.rows[r].lower == -kNone) y[r] = 0;
      if (y[r] < 0 && base.rows[r].upper == kNone) y[r] = 0;
      bound += Wide{y[r]} * (y[r] > 0 ? base.rows[r].lower : y[r] < 0 ? base.rows[r].upper : 0);
    }
    std::vector<Wide> gain(base.columns.size(), 0);
    for (std::size_t r = 0; r < base.rows.size(); ++r) {
      if (y[r] == 0) continue;
      for (const auto& term : base.rows[r].terms) gain[at(term.column)] += Wide{y[r]} * term.coefficient;
    }
    std::vector<char> slack(base.columns.size(), 0);
    for (const int column : market_.lacking) slack[at(column)] = 1;
    for (std::size_t c = 0; c < base.columns.size(); ++c) {
      const auto& column = base.columns[c];
      Wide reduced = -gain[c];
      if (lacking_only) {
        if (slack[c] != 0) reduced += scale;
      } else {
        // Nothing may be lacking in the end.
        if (slack[c] != 0) continue;
        reduced += scale * column.cost;
      }
      bound += reduced > 0 ? reduced * column.lower : reduced * column.upper;
    }
    std::vector<Wide> family(market_.families.size(), 0);
    for (std::size_t f = 0; f < market_.families.size(); ++f) {
      for (const auto& place : market_.families[f].places) {
        Wide sum = 0;
        for (const auto& term : place) sum += Wide{y[at(term.column)]} * term.coefficient;
        family[f] = std::max(family[f], sum);
      }
    }
    for (const auto& good : market_.goods) {
      const Wide reduced = (lacking_only ? Wide{0} : scale * good.cost) - family[at(good.family)];
      if (reduced < 0) bound += reduced;
    }
    const auto up = [&](Wide value) -> std::int64_t {
      const Wide whole = value >= 0 ? (value + scale - 1) / scale : -((-value) / scale);
      constexpr Wide top = std::numeric_limits<std::int64_t>::max() / 4;
      return static_cast<std::int64_t>(std::clamp<Wide>(whole, -top, top));
    };
    exact_ = y;
    unit_ = static_cast<std::int64_t>(scale);
    const std::int64_t proved = up(bound);
    if (extra != nullptr) {
      for (std::size_t g = 0; g < market_.goods.size(); ++g) {
        const Wide reduced = scale * market_.goods[g].cost - family[at(market_.goods[g].family)];
        // A negative part is already in the bound. Rounded down, so that several may be added up.
        (*extra)[g] = reduced <= 0 ? 0 : static_cast<std::int64_t>(std::min<Wide>(reduced / scale, kNone / 4));
      }
    }
    return proved;
  }

  const Market& market_;
  std::vector<char> inside_;
  std::vector<double> multipliers_;
  std::vector<double> gains_;
  std::vector<std::int64_t> exact_;  ///< the multipliers as the last bound used them
  std::int64_t unit_ = 1;
};

}  // namespace

Prices price(const Market& market) { return Pricer(market).run(); }

}  // namespace qualgraph::detail
