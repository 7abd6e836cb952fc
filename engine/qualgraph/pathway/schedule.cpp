#include "qualgraph/pathway/schedule.hpp"

#include "qualgraph/model/error.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>

namespace qualgraph {
namespace {

std::size_t at(int position) { return static_cast<std::size_t>(position); }

class Planner {
 public:
  Planner(const std::vector<StudyBlock>& studies, std::int64_t load, std::int64_t nodes)
      : studies_(studies), load_(load), budget_(nodes) {
    if (load < 1) throw InvalidValue("a term holds some study: its load is above 0");
    const std::size_t size = studies.size();
    before_.assign(size, {});
    std::vector<int> waiting(size, 0);
    std::vector<int> order;
    for (std::size_t s = 0; s < size; ++s) {
      if (studies[s].load < 0) throw InvalidValue("study " + std::to_string(s) + " has a negative load");
      if (studies[s].load > load) {
        throw InvalidValue("study " + std::to_string(s) + " is larger than a term: " + std::to_string(studies[s].load) +
                           " against " + std::to_string(load));
      }
      for (const int before : studies[s].after) {
        if (before < 0 || at(before) >= size) {
          throw InvalidValue("study " + std::to_string(s) + " needs study " + std::to_string(before) +
                             ", which is not there");
        }
        before_[at(before)].push_back(static_cast<int>(s));
        ++waiting[s];
      }
    }
    for (std::size_t s = 0; s < size; ++s) {
      if (waiting[s] == 0) order.push_back(static_cast<int>(s));
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (const int next : before_[at(order[i])]) {
        if (--waiting[at(next)] == 0) order.push_back(next);
      }
    }
    if (order.size() != size) throw InvalidValue("studies need each other in a circle");
    tail_.assign(size, 1);
    for (auto s = order.rbegin(); s != order.rend(); ++s) {
      for (const int next : before_[at(*s)]) tail_[at(*s)] = std::max(tail_[at(*s)], tail_[at(next)] + 1);
    }
    priority_ = order;
    std::stable_sort(priority_.begin(), priority_.end(), [&](int a, int b) {
      if (tail_[at(a)] != tail_[at(b)]) return tail_[at(a)] > tail_[at(b)];
      return studies_[at(a)].load > studies_[at(b)].load;
    });
  }

  Schedule run() {
    Schedule found;
    const std::size_t size = studies_.size();
    found.chain = size == 0 ? 0 : *std::max_element(tail_.begin(), tail_.end());
    std::int64_t whole = 0;
    for (const auto& study : studies_) whole += study.load;
    const std::int64_t by_load = whole / load_ + (whole % load_ != 0 ? 1 : 0);
    found.bound = static_cast<int>(std::max<std::int64_t>(found.chain, by_load));
    term_.assign(size, -1);
    best_ = greedy();
    terms_ = size == 0 ? 0 : 1 + *std::max_element(best_.begin(), best_.end());
    least_ = found.bound;
    if (terms_ > least_) {
      std::fill(term_.begin(), term_.end(), -1);
      fill(0, 0, load_, size, whole);
      if (nodes_ < budget_) found.bound = terms_;
    }
    found.term = best_;
    found.terms = terms_;
    found.optimal = found.terms == found.bound;
    return found;
  }

 private:
  [[nodiscard]] bool ready(int study, int now) const {
    return std::all_of(studies_[at(study)].after.begin(), studies_[at(study)].after.end(),
                       [&](int before) { return term_[at(before)] >= 0 && term_[at(before)] < now; });
  }

  std::vector<int> greedy() {
    std::size_t left = studies_.size();
    for (int now = 0; left > 0; ++now) {
      std::int64_t room = load_;
      for (const int study : priority_) {
        if (term_[at(study)] >= 0 || studies_[at(study)].load > room || !ready(study, now)) continue;
        term_[at(study)] = now;
        room -= studies_[at(study)].load;
        --left;
      }
    }
    return term_;
  }

  /// Every filling of term `now` from position `from` of the priorities on.
  void fill(int now, std::size_t from, std::int64_t room, std::size_t left, std::int64_t load_left) {
    if (left == 0) {
      if (now + 1 < terms_) {
        terms_ = now + 1;
        best_ = term_;
      }
      return;
    }
    if (terms_ == least_ || ++nodes_ >= budget_) return;
    // What is left has to fit into this term and the ones before the best known last.
    const std::int64_t later = static_cast<std::int64_t>(terms_ - 2 - now) * load_;
    if (terms_ - 2 < now || load_left > room + later) return;
    for (std::size_t p = from; p < priority_.size(); ++p) {
      const int study = priority_[p];
      if (term_[at(study)] >= 0 || !ready(study, now)) continue;
      if (studies_[at(study)].load <= room) {
        term_[at(study)] = now;
        fill(now, p + 1, room - studies_[at(study)].load, left - 1, load_left - studies_[at(study)].load);
        term_[at(study)] = -1;
        if (terms_ == least_ || nodes_ >= budget_) return;
      }
      // Left out of this term, its chain has to fit behind it.
      if (now + 1 + tail_[at(study)] > terms_ - 1) return;
    }
    for (const int study : priority_) {
      if (term_[at(study)] < 0 && now + 1 + tail_[at(study)] > terms_ - 1) return;
    }
    fill(now + 1, 0, load_, left, load_left);
  }

  const std::vector<StudyBlock>& studies_;
  std::int64_t load_;
  std::int64_t budget_, nodes_ = 0;
  std::vector<std::vector<int>> before_;
  std::vector<int> tail_, priority_, term_, best_;
  int terms_ = 0, least_ = 0;
};

}  // namespace

Schedule schedule(const std::vector<StudyBlock>& studies, std::int64_t load, std::int64_t nodes) {
  return Planner(studies, load, nodes).run();
}

}  // namespace qualgraph
