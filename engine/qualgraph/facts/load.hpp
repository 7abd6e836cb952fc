/// How do files of facts become a world?
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "qualgraph/model/error.hpp"
#include "qualgraph/model/world.hpp"

namespace qualgraph {

/// One file of facts: its path below the folder loaded, and its text.
struct FactFile {
  std::string path;
  std::string text;
};

/// Bounds that keep a hostile file from exhausting memory or time.
struct LoadLimits {
  std::size_t file_bytes = std::size_t{16} << 20;
  std::size_t total_bytes = std::size_t{256} << 20;
  std::size_t files = 20'000;
  std::size_t depth = 64;               ///< nesting of JSON values
  std::size_t values = 2'000'000;       ///< JSON values over all files
  std::size_t faults = 1'000;           ///< faults reported before reading stops
};

/// A world from files, on top of `base` if given. Every fault of every file is collected into one
/// FactError; nothing is loaded unless all is sound. An id of `base` may be defined again only
/// with `replace`; mappings of `base` that stay are then read again against what was replaced, and
/// their faults carry the mapping's id as file.
[[nodiscard]] World load_facts(std::span<const FactFile> files, const World* base = nullptr, View view = {},
                               bool replace = false, const LoadLimits& limits = {});

/// All `*.json` files below a folder (`schemas` folders and hidden files left out), in path order.
/// Throws FactError for a folder or file that cannot be read.
[[nodiscard]] World load_folder(const std::filesystem::path& folder, const World* base = nullptr, View view = {},
                                bool replace = false, const LoadLimits& limits = {});

/// One mapping object (the shape of an entry of `mappings` in a mapping document), checked
/// against the frameworks of `world`. `where` names the origin in faults.
[[nodiscard]] Mapping read_mapping(const World& world, std::string_view json, std::string_view where);

}  // namespace qualgraph
