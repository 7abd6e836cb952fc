#include "qualgraph/mapping/loss.hpp"

#include <algorithm>
#include <bit>

#include "qualgraph/mapping/detail/network.hpp"

namespace qualgraph {
namespace {

using detail::LightAnswer;
using detail::Network;
using detail::Path;

std::vector<LightAnswer> answers_between(const Network& network, int from, int to) {
  const std::vector<Path> paths = network.paths(from, to, Network::Shape::admitted, [&](int mapping) {
    return network.use(mapping, Purpose::information) == detail::Use::usable;
  });
  if (paths.empty()) return {};
  return detail::answer_all_levels(network, from, paths, {});
}

FrameworkLoss loss_between(const Network& network, int from, int to, const std::vector<LightAnswer>& there,
                           const std::vector<LightAnswer>& back) {
  const Framework& source = network.framework(from);
  FrameworkLoss loss;
  loss.from = source.id;
  loss.to = network.framework(to).id;
  for (std::size_t level = 0; level < source.levels.size(); ++level) {
    LevelLoss each;
    each.level = source.levels[level].code;
    LevelMask returns = 0;
    bool unsaid = there.empty() || back.empty() || there[level].silent;
    if (!there.empty() && !back.empty()) {
      for (LevelMask rest = there[level].set; rest != 0; rest &= rest - 1) {
        const LightAnswer& home = back[static_cast<std::size_t>(std::countr_zero(rest))];
        returns |= home.set;
        unsaid = unsaid || home.silent;
      }
    }
    each.returns = codes(source, returns);
    const int own = source.levels[level].step;
    for (LevelMask rest = returns; rest != 0; rest &= rest - 1) {
      const int step = source.levels[static_cast<std::size_t>(std::countr_zero(rest))].step;
      each.up = std::max(each.up, step - own);
      each.down = std::max(each.down, own - step);
    }
    each.fate = returns == 0                            ? (unsaid ? RoundTrip::not_established : RoundTrip::lost)
                : returns == (LevelMask{1} << level)    ? RoundTrip::recoverable
                                                        : RoundTrip::drifting;
    switch (each.fate) {
      case RoundTrip::recoverable: ++loss.recoverable; break;
      case RoundTrip::drifting: ++loss.drifting; break;
      case RoundTrip::lost: ++loss.lost; break;
      case RoundTrip::not_established: ++loss.not_established; break;
    }
    loss.levels.push_back(std::move(each));
  }
  return loss;
}

}  // namespace

const char* to_string(RoundTrip fate) noexcept {
  switch (fate) {
    case RoundTrip::recoverable: return "recoverable";
    case RoundTrip::drifting: return "drifting";
    case RoundTrip::lost: return "lost";
    case RoundTrip::not_established: return "not_established";
  }
  return "";
}

FrameworkLoss round_trip(const World& world, const FrameworkId& from, const FrameworkId& to) {
  const auto network = detail::network_of(world);
  const int a = world.index_of(from);
  const int b = world.index_of(to);
  return loss_between(*network, a, b, answers_between(*network, a, b), answers_between(*network, b, a));
}

std::vector<FrameworkLoss> recognition_loss(const World& world) {
  const auto network = detail::network_of(world);
  const int count = network->framework_count();
  std::vector<FrameworkLoss> result;
  std::vector<std::vector<std::vector<LightAnswer>>> answers(static_cast<std::size_t>(count));
  for (int a = 0; a < count; ++a) {
    answers[static_cast<std::size_t>(a)].resize(static_cast<std::size_t>(count));
    for (int b = 0; b < count; ++b) {
      if (a != b) answers[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] = answers_between(*network, a, b);
    }
  }
  for (int a = 0; a < count; ++a) {
    for (int b = 0; b < count; ++b) {
      const auto& there = answers[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)];
      const bool mapped = std::any_of(there.begin(), there.end(), [](const LightAnswer& each) { return each.set != 0; });
      if (mapped) {
        result.push_back(loss_between(*network, a, b, there, answers[static_cast<std::size_t>(b)][static_cast<std::size_t>(a)]));
      }
    }
  }
  return result;
}

}  // namespace qualgraph
