#include "qualgraph/mapping/route_census.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "qualgraph/mapping/detail/network.hpp"
#include "qualgraph/model/error.hpp"

namespace qualgraph {
namespace {

using detail::Network;

/// Sixteen bytes of level sets, one word a source level: the width every target's vector unit has
/// (GCC's and Clang's vector extension; wider vectors are taken apart word by word without AVX).
template <class Word>
struct Pack {
  static constexpr std::size_t kLanes = 16 / sizeof(Word);
  typedef Word Vector __attribute__((vector_size(16)));
  Vector lanes;

  /// The same word in every lane. (Vector plus scalar means this too, but GCC refuses the scalar's
  /// conversion where a sanitiser keeps it from being folded.)
  [[nodiscard]] static Pack spread(Word word) {
    std::array<Word, kLanes> words;
    words.fill(word);
    Pack pack;
    std::memcpy(&pack.lanes, words.data(), sizeof words);
    return pack;
  }

  [[nodiscard]] Word at(std::size_t lane) const {
    std::array<Word, kLanes> words;
    std::memcpy(words.data(), &lanes, sizeof words);
    return words[lane];
  }
};

/// Follows every simple route depth first and composes tables on the way: for all source levels
/// at once and without branches, `Packs` packs a table.
template <class Word, std::size_t Packs>
class Census {
 public:
  static constexpr std::size_t kLanes = Pack<Word>::kLanes * Packs;
  using Vector = typename Pack<Word>::Vector;
  using Table = std::array<Pack<Word>, Packs>;

  /// One document in one direction: where it leads and what each level becomes there.
  struct Arc {
    int to = 0;
    int levels = 0;          ///< of the framework it leaves
    std::size_t rows = 0;    ///< where its rows begin in rows_
  };

  struct Cell {
    std::int64_t routes = 0;
    std::int64_t alive = 0;
    Table some{};
    Table every{};
    Table differs{};         ///< non-zero where two living routes gave different sets
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
        const auto& side = link.converse ? rows.backward : rows.forward;
        const Arc arc{static_cast<int>(boost::target(*at, network.graph())), static_cast<int>(side.size()), rows_.size()};
        // Rows are kept spread over all lanes, ready to be masked.
        for (const LevelMask row : side) rows_.push_back(Pack<Word>::spread(static_cast<Word>(row)));
        arcs_[static_cast<std::size_t>(from)].push_back(arc);
      }
    }
    for (std::size_t level = 0; level < bits_.size(); ++level) bits_[level] = Pack<Word>::spread(static_cast<Word>(Word{1} << level));
    visited_.assign(static_cast<std::size_t>(count), 0);
    cells_.resize(static_cast<std::size_t>(count));
  }

  void run_from(int from, RouteCensus& result) {
    const std::size_t levels = network_.framework(from).levels.size();
    if (arcs_[static_cast<std::size_t>(from)].empty()) return;
    for (Cell& cell : cells_) cell = Cell{};
    std::array<Word, kLanes> words{};
    for (std::size_t level = 0; level < levels; ++level) words[level] = static_cast<Word>(Word{1} << level);
    Table identity;
    std::memcpy(identity.data(), words.data(), sizeof words);
    visited_[static_cast<std::size_t>(from)] = 1;
    follow(from, identity, 1);
    visited_[static_cast<std::size_t>(from)] = 0;
    for (int to = 0; to < network_.framework_count(); ++to) {
      const Cell& cell = cells_[static_cast<std::size_t>(to)];
      if (cell.routes != 0) record(from, to, levels, cell, result);
    }
  }

 private:
  void follow(int here, const Table& table, int documents) {
    for (const Arc& arc : arcs_[static_cast<std::size_t>(here)]) {
      if (visited_[static_cast<std::size_t>(arc.to)] != 0) continue;
      Table composed{};
      const Pack<Word>* row = rows_.data() + arc.rows;
      for (std::size_t level = 0; level < static_cast<std::size_t>(arc.levels); ++level) {
        const Vector bit = bits_[level].lanes;
        for (std::size_t pack = 0; pack < Packs; ++pack) {
          composed[pack].lanes |= reinterpret_cast<Vector>((table[pack].lanes & bit) == bit) & row[level].lanes;
        }
      }
      Cell& cell = cells_[static_cast<std::size_t>(arc.to)];
      Vector any{};
      for (std::size_t pack = 0; pack < Packs; ++pack) {
        const Vector set = composed[pack].lanes;
        // A route that dies on the way proves nothing about the level.
        const Vector dead = reinterpret_cast<Vector>(set == 0);
        const Vector first = reinterpret_cast<Vector>(cell.some[pack].lanes == 0);
        cell.differs[pack].lanes |= (cell.some[pack].lanes ^ set) & ~dead & ~first;
        cell.every[pack].lanes = (cell.every[pack].lanes | (first & ~dead)) & (set | dead);
        cell.some[pack].lanes |= set;
        any |= set;
      }
      std::array<std::uint64_t, 2> words;
      std::memcpy(words.data(), &any, sizeof words);
      ++cell.routes;
      cell.alive += (words[0] | words[1]) != 0 ? 1 : 0;
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
    const auto at = [](const Table& table, std::size_t level) {
      return table[level / Pack<Word>::kLanes].at(level % Pack<Word>::kLanes);
    };
    for (std::size_t level = 0; level < levels; ++level) {
      const Word some = at(cell.some, level);
      result.some.push_back(some);
      result.every.push_back(at(cell.every, level));
      pair.levels_reached += some != 0 ? 1 : 0;
      pair.levels_agreeing += some != 0 && at(cell.differs, level) == 0 ? 1 : 0;
    }
    result.pairs.push_back(pair);
  }

  const Network& network_;
  int max_documents_;
  std::vector<std::vector<Arc>> arcs_;
  std::vector<Pack<Word>> rows_;
  std::array<Pack<Word>, sizeof(Word) * 8> bits_{};
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
  // Nearly every framework has at most 16 levels, and half of them at most 8: small words and
  // short tables keep more of the network in cache.
  if (most <= 16) {
    Census<std::uint16_t, 1> small(*network, max_documents);
    Census<std::uint16_t, 2> large(*network, max_documents);
    for (int from = 0; from < network->framework_count(); ++from) {
      if (network->framework(from).levels.size() <= 8) {
        small.run_from(from, result);
      } else {
        large.run_from(from, result);
      }
    }
  } else {
    Census<std::uint64_t, kMaxLevels / 2> census(*network, max_documents);
    for (int from = 0; from < network->framework_count(); ++from) census.run_from(from, result);
  }
  return result;
}

}  // namespace qualgraph
