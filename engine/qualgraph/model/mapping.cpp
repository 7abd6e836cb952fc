#include "qualgraph/model/mapping.hpp"

#include <algorithm>

namespace qualgraph {
namespace {

LevelMask bit(int level) { return LevelMask{1} << level; }

/// Rows of sub-levels and of their parents, where only the other is placed. A level about which
/// the document says something of its own keeps what is said: unmatched levels, and those in
/// `spoken_of`, which are unresolved or placed by rows that this reading leaves out. `known` holds
/// the rows that are only known, and is handed on with them.
void inherit_rows(Rows& rows, std::vector<LevelMask>& known, const Framework& from, LevelMask spoken_of) {
  const Rows stated = rows;
  const std::vector<LevelMask> stated_known = known;
  for (std::size_t level = 0; level < from.levels.size(); ++level) {
    const LevelMask self = bit(static_cast<int>(level));
    if ((stated.silent_from & self) == 0 || (spoken_of & self) != 0) continue;
    LevelMask united = 0;
    LevelMask only_known = 0;
    bool every_child = true;
    for (std::size_t child = 0; child < from.levels.size(); ++child) {
      if (from.levels[child].parent != from.levels[level].code) continue;
      united |= stated.forward[child];
      // What one sub-level was read for and another is only known for rests on both.
      only_known |= stated_known[child];
      every_child = every_child && stated.forward[child] != 0 &&
                    (stated.incomplete_from & bit(static_cast<int>(child))) == 0;
    }
    if (united == 0 && from.levels[level].parent) {
      const int parent = from.index_of(*from.levels[level].parent);
      if (parent >= 0) {
        united = stated.forward[static_cast<std::size_t>(parent)];
        only_known = stated_known[static_cast<std::size_t>(parent)];
      }
      every_child = false;
    }
    if (united == 0) continue;
    rows.forward[level] = united;
    known[level] = only_known;
    rows.silent_from &= ~self;
    if (every_child) {
      rows.unsettled_from &= ~self;
    } else {
      rows.incomplete_from |= self;
    }
  }
}

Rows compile(const Mapping& mapping, const Framework& from, const Framework& to, bool read_only, std::vector<LevelMask>& known) {
  Rows rows;
  known.assign(from.levels.size(), 0);
  rows.forward.assign(from.levels.size(), 0);
  rows.backward.assign(to.levels.size(), 0);
  LevelMask spoken_of = 0;
  const auto is_known = [&](const std::pair<int, int>& pair) {
    return mapping.evidence == Evidence::known || mapping.evidence == Evidence::unknown ||
           (mapping.evidence == Evidence::mixed && std::ranges::find(mapping.pairs_known, pair) != mapping.pairs_known.end());
  };
  const auto add = [&](const std::pair<int, int>& pair) {
    const bool only_known = is_known(pair);
    if (read_only && only_known) {
      // A row set that lost a row says less than its document does.
      spoken_of |= bit(pair.first);
      rows.incomplete_from |= bit(pair.first);
      rows.incomplete_to |= bit(pair.second);
      rows.unsettled_to |= bit(pair.second);
      return;
    }
    if (only_known) known[static_cast<std::size_t>(pair.first)] |= bit(pair.second);
    rows.forward[static_cast<std::size_t>(pair.first)] |= bit(pair.second);
    rows.backward[static_cast<std::size_t>(pair.second)] |= bit(pair.first);
  };
  for (const auto& pair : mapping.pairs) add(pair);
  for (const PartialRow& row : mapping.partial) {
    const std::pair<int, int> pair{row.from, row.to};
    // A partial row may also stand among the pairs; where it stands alone it is a row all the same.
    if (std::ranges::find(mapping.pairs, pair) == mapping.pairs.end()) add(pair);
    rows.incomplete_from |= bit(row.from);
    rows.incomplete_to |= bit(row.to);
  }
  if (mapping.block) {
    rows.incomplete_from = from.all();
    rows.incomplete_to = to.all();
  }
  // "No counterpart" in a table nobody read is no statement to rely on: it falls silent, never "no".
  if (!read_only || mapping.evidence == Evidence::read || mapping.evidence == Evidence::mixed) {
    for (const LevelNote& note : mapping.unmatched) rows.unmatched_from |= bit(note.level);
    for (const LevelNote& note : mapping.unmatched_to) rows.unmatched_to |= bit(note.level);
  }
  for (const LevelNote& note : mapping.unresolved_from) {
    spoken_of |= bit(note.level);
    rows.unsettled_from |= bit(note.level);
    rows.incomplete_from |= bit(note.level);
  }
  for (const LevelNote& note : mapping.unresolved_to) {
    rows.incomplete_to |= bit(note.level);
    rows.unsettled_to |= bit(note.level);
  }
  for (std::size_t level = 0; level < rows.forward.size(); ++level) {
    if (rows.forward[level] == 0 && (rows.unmatched_from & bit(static_cast<int>(level))) == 0) {
      rows.silent_from |= bit(static_cast<int>(level));
    }
  }
  rows.unsettled_from |= rows.silent_from;
  inherit_rows(rows, known, from, spoken_of);
  return rows;
}

}  // namespace

void compile_rows(Mapping& mapping, const Framework& from, const Framework& to) {
  std::vector<LevelMask> none;
  mapping.rows_read = compile(mapping, from, to, true, none);
  mapping.rows = compile(mapping, from, to, false, mapping.known_rows);
}

}  // namespace qualgraph
