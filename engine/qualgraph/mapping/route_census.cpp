#include "qualgraph/mapping/route_census.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "qualgraph/mapping/detail/network.hpp"
#include "qualgraph/model/error.hpp"

namespace qualgraph {
namespace {

using detail::Network;

/// One document in one direction: where it leads and what each level becomes there.
template <class Word, std::size_t Lanes>
struct Arc {
  int to = 0;
  int levels = 0;                   ///< of the framework it leaves
  std::array<Word, Lanes> rows{};
};

/// Follows every simple route depth first and composes tables on the way. A composed table is
/// one word a source level, held in one vector value (GCC's and Clang's vector extension), so that
/// composing runs over all source levels at once and without branches.
template <class Word, std::size_t Lanes>
class Census {
 public:
  typedef Word Table __attribute__((vector_size(Lanes * sizeof(Word))));

  struct Cell {
    std::int64_t routes = 0;
    std::int64_t alive = 0;
    Table some{};
    Table every{};
    Table differs{};                ///< non-zero where two living routes gave different sets
  };

  Census(const Network& network, int max_documents) : network_(network), max_documents_(max_documents) {
    const int count = network.framework_count();
    arcs_.resize(static_cast<std::size_t>(count));
    for (int from = 0; from < count; ++from) {
      const auto range = boost::out_edges(static_cast<std::size_t>(from), network.graph());
      for (auto at = range.first; at != range.second; ++at) {
        const detail::LinkProperty& link = network.graph()[*at];
        if (network.use(link.mapping, Purpose::information) != detail::Use::usable) continue;
        const Rows& rows = network.mapping(link.mapping).rows_at(network.evidence());
        Arc<Word, Lanes> arc;
        arc.to = static_cast<int>(boost::target(*at, network.graph()));
        const auto& side = link.converse ? rows.backward : rows.forward;
        arc.levels = static_cast<int>(side.size());
        for (std::size_t level = 0; level < side.size(); ++level) arc.rows[level] = static_cast<Word>(side[level]);
        arcs_[static_cast<std::size_t>(from)].push_back(arc);
      }
    }
    visited_.assign(static_cast<std::size_t>(count), 0);
    cells_.resize(static_cast<std::size_t>(count));
  }

  void run(RouteCensus& result) {
    const int count = network_.framework_count();
    for (int from = 0; from < count; ++from) {
      const Framework& source = network_.framework(from);
      if (arcs_[static_cast<std::size_t>(from)].empty()) continue;
      for (Cell& cell : cells_) cell = Cell{};
      Table identity{};
      for (std::size_t level = 0; level < source.levels.size(); ++level) identity[level] = static_cast<Word>(Word{1} << level);
      visited_[static_cast<std::size_t>(from)] = 1;
      follow(from, identity, 1);
      visited_[static_cast<std::size_t>(from)] = 0;
      for (int to = 0; to < count; ++to) {
        const Cell& cell = cells_[static_cast<std::size_t>(to)];
        if (cell.routes != 0) record(from, to, source.levels.size(), cell, result);
      }
    }
  }

 private:
  void follow(int here, const Table& table, int documents) {
    for (const Arc<Word, Lanes>& arc : arcs_[static_cast<std::size_t>(here)]) {
      if (visited_[static_cast<std::size_t>(arc.to)] != 0) continue;
      Table composed{};
      for (int level = 0; level < arc.levels; ++level) {
        const auto bit = static_cast<Word>(Word{1} << level);
        const auto row = arc.rows[static_cast<std::size_t>(level)];
        composed |= reinterpret_cast<Table>((table & bit) != 0) & row;
      }
      Cell& cell = cells_[static_cast<std::size_t>(arc.to)];
      // A route that dies on the way proves nothing about the level.
      const Table living = reinterpret_cast<Table>(composed != 0);
      const Table first = reinterpret_cast<Table>(cell.some == 0);
      cell.differs |= (cell.some ^ composed) & living & ~first;
      cell.every = (cell.every | (first & living)) & (composed | ~living);
      cell.some |= composed;
      std::array<std::uint64_t, Lanes * sizeof(Word) / sizeof(std::uint64_t)> words{};
      std::memcpy(words.data(), &composed, sizeof words);
      std::uint64_t any = 0;
      for (const std::uint64_t word : words) any |= word;
      ++cell.routes;
      cell.alive += any != 0 ? 1 : 0;
      if (documents == max_documents_ || network_.is_cycles(arc.to)) continue;
      visited_[static_cast<std::size_t>(arc.to)] = 1;
      follow(arc.to, composed, documents + 1);
      visited_[static_cast<std::size_t>(arc.to)] = 0;
    }
  }

  static void record(int from, int to, std::size_t levels, const Cell& cell, RouteCensus& result) {
    PairCensus pair;
    pair.from = from;
    pair.to = to;
    pair.routes = cell.routes;
    pair.alive = cell.alive;
    pair.first_level = result.some.size();
    for (std::size_t level = 0; level < levels; ++level) {
      result.some.push_back(cell.some[level]);
      result.every.push_back(cell.every[level]);
      pair.levels_reached += cell.some[level] != 0 ? 1 : 0;
      pair.levels_agreeing += cell.some[level] != 0 && cell.differs[level] == 0 ? 1 : 0;
    }
    result.pairs.push_back(pair);
  }

  const Network& network_;
  int max_documents_;
  std::vector<std::vector<Arc<Word, Lanes>>> arcs_;
  std::vector<char> visited_;
  std::vector<Cell> cells_;
};

}  // namespace

RouteCensus route_census(const World& world, int max_documents) {
  if (max_documents < 1 || max_documents > 8) {
    throw InvalidValue("a census follows 1 to 8 documents, not " + std::to_string(max_documents));
  }
  const auto network = detail::network_of(world);
  std::size_t most = 0;
  for (const auto& framework : world.frameworks()) most = std::max(most, framework->levels.size());
  RouteCensus result;
  // Nearly every framework has at most 16 levels; words of that size keep four times as much in cache.
  if (most <= 16) {
    Census<std::uint16_t, 16>(*network, max_documents).run(result);
  } else {
    Census<std::uint64_t, kMaxLevels>(*network, max_documents).run(result);
  }
  return result;
}

}  // namespace qualgraph
