/// What does one published document say about the levels of two frameworks?
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "qualgraph/model/date.hpp"
#include "qualgraph/model/framework.hpp"
#include "qualgraph/model/id.hpp"
#include "qualgraph/model/source.hpp"

namespace qualgraph {

enum class MappingKind : std::uint8_t { referencing, alignment, comparison, self_certification, bilateral };
enum class MappingStatus : std::uint8_t { current, superseded, draft, not_endorsed };
/// Ordinal: only the order of the classes means anything.
enum class Strength : std::uint8_t { third_party, joint, adopted };

[[nodiscard]] const char* to_string(MappingKind kind) noexcept;
[[nodiscard]] const char* to_string(MappingStatus status) noexcept;
[[nodiscard]] const char* to_string(Strength strength) noexcept;

/// A statement that a level has no counterpart, or that nothing was seen about it.
struct LevelNote {
  int level = 0;      ///< position in its framework
  std::string text;   ///< the reason given; empty where the document gives none
};

/// A row whose levels only overlap.
struct PartialRow {
  int from = 0;
  int to = 0;
  std::string note;
};

/// Which row of a split level an award type selects.
struct SplitCase {
  int to = 0;
  std::string when;                 ///< the document's words
  std::vector<std::string> types;   ///< award types the words name
};

enum class MultiKind : std::uint8_t { span, split, range };

/// A level with several rows and the reason for it.
struct MultiRow {
  int from = 0;
  MultiKind kind = MultiKind::span;
  std::vector<SplitCase> cases;     ///< only for splits that say when which row holds
};

/// Rows compiled to masks over one side, for one reading of the evidence.
struct Rows {
  std::vector<LevelMask> forward;          ///< per source level: all its rows
  std::vector<LevelMask> backward;         ///< per target level: source levels with a row to it
  LevelMask incomplete_from = 0;           ///< source levels whose rows support no guarantee
  LevelMask incomplete_to = 0;             ///< target levels likewise, read backwards
  LevelMask unmatched_from = 0;
  LevelMask unmatched_to = 0;
  LevelMask silent_from = 0;               ///< source levels about which nothing was seen
  LevelMask unsettled_from = 0;            ///< silent, or with something still unresolved
  LevelMask unsettled_to = 0;              ///< unresolved, or with rows that this reading leaves out
};

/// The table of one document between two frameworks, rows running from `from` to `to`.
struct Mapping {
  MappingId id;
  DocumentId document;
  std::string title;                       ///< of the document
  FrameworkId from;
  FrameworkId to;
  MappingKind kind = MappingKind::referencing;
  std::optional<int> year;
  MappingStatus status = MappingStatus::current;
  Strength strength = Strength::third_party;
  bool join = false;                       ///< ties a framework to its own sub-framework, parent or other edition
  bool compatibility_note = false;         ///< says that levels are compatible with cycles, not where an award sits
  bool block = false;                      ///< the text compares blocks of levels; rows are one reading of it
  std::optional<bool> usable_for_recognition;
  std::optional<Date> valid_from;
  std::optional<Date> valid_until;         ///< half-open end of a superseded document
  Evidence evidence = Evidence::known;
  bool complete = false;                   ///< every source level is in a row or said to be unmatched
  std::vector<std::pair<int, int>> pairs;  ///< as listed
  std::vector<std::pair<int, int>> pairs_known;  ///< with mixed evidence: rows never seen in a text
  std::vector<PartialRow> partial;
  std::vector<MultiRow> multi;
  std::vector<LevelNote> unmatched;
  std::vector<LevelNote> unmatched_to;
  std::vector<LevelNote> unresolved_from;
  std::vector<LevelNote> unresolved_to;
  std::vector<MappingId> derived_from;
  std::vector<Source> sources;
  std::string notes;
  std::string json;                        ///< the fact as loaded, whole

  Rows rows;                               ///< every row
  Rows rows_read;                          ///< only rows read in a text; a level left without any is silent
  std::vector<LevelMask> known_rows;       ///< per source level: its rows that are only known, handed on like rows

  [[nodiscard]] const Rows& rows_at(EvidenceFloor floor) const noexcept {
    return floor == EvidenceFloor::read ? rows_read : rows;
  }
};

/// Fills the compiled masks of a mapping whose level positions refer to these frameworks.
void compile_rows(Mapping& mapping, const Framework& from, const Framework& to);

}  // namespace qualgraph
