/// Reading typed values out of JSON, noting every fault with its place.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qualgraph/model/error.hpp"

namespace qualgraph::detail {

/// Faults of one load, up to a limit.
class Faults {
 public:
  explicit Faults(std::size_t limit) : limit_(limit) {}
  void add(Fault fault) {
    if (list.size() < limit_) list.push_back(std::move(fault));
  }
  [[nodiscard]] bool full() const noexcept { return list.size() >= limit_; }
  std::vector<Fault> list;

 private:
  std::size_t limit_;
};

/// A key as a step of a JSON pointer (RFC 6901).
[[nodiscard]] std::string escaped(std::string_view key);

/// A place in one file of facts. Getters return what is there; where it is not what is expected
/// they note a fault and return an empty value, so that reading goes on and finds the rest.
class Cursor {
 public:
  using Json = nlohmann::json;

  class Items;

  /// Value, file and faults outlive the cursor.
  Cursor(const Json& value, const std::string& file, std::string pointer, Faults& faults)
      : value_(&value), file_(&file), pointer_(std::move(pointer)), faults_(&faults) {}
  Cursor(const Json& value, const std::string&& file, std::string pointer, Faults& faults) = delete;

  [[nodiscard]] const Json& json() const noexcept { return *value_; }
  [[nodiscard]] const std::string& file() const noexcept { return *file_; }
  [[nodiscard]] const std::string& pointer() const noexcept { return pointer_; }

  /// Notes a fault at this place.
  void fault(std::string found, std::string expected) const;
  void fault_at(std::string_view key, std::string found, std::string expected) const;
  /// How the value here reads in a message: `"text"`, `3`, `a list` ...
  [[nodiscard]] std::string shown() const;

  [[nodiscard]] bool is_object() const noexcept { return value_->is_object(); }
  [[nodiscard]] bool has(std::string_view key) const;   ///< there and not null
  [[nodiscard]] Cursor at(std::string_view key) const;  ///< the value, or null where there is none
  [[nodiscard]] Cursor at(std::size_t index) const;
  [[nodiscard]] Items items(std::string_view key) const;  ///< entries of a list; none if absent

  [[nodiscard]] std::string string(std::string_view key) const;         ///< required, not empty
  [[nodiscard]] std::optional<std::string> maybe_string(std::string_view key) const;
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(std::string_view key) const;
  [[nodiscard]] std::optional<int> maybe_year(std::string_view key) const;
  [[nodiscard]] std::optional<bool> maybe_boolean(std::string_view key) const;
  [[nodiscard]] std::string text() const;                               ///< this value as a string

  /// One of the words given, as its position; `otherwise` when absent.
  [[nodiscard]] std::size_t word(std::string_view key, std::initializer_list<std::string_view> words,
                                 std::optional<std::size_t> otherwise) const;

  /// Notes a fault for every key that is not listed. Keys beginning with "x-" are anybody's own.
  void only_keys(std::initializer_list<std::string_view> keys) const;

 private:
  const Json* value_;
  const std::string* file_;
  std::string pointer_;
  Faults* faults_;
};

/// The entries of a list, one cursor at a time: a hostile list of millions costs no memory, and
/// none of it is read once the faults are full.
class Cursor::Items {
 public:
  class Iterator {
   public:
    explicit Iterator(const Cursor& list) : list_(&list) {}
    [[nodiscard]] Cursor operator*() const { return list_->at(index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    [[nodiscard]] bool operator!=(std::size_t size) const { return index_ < size && !list_->faults_->full(); }

   private:
    const Cursor* list_;
    std::size_t index_ = 0;
  };

  explicit Items(Cursor list) : list_(std::move(list)) {}
  [[nodiscard]] Iterator begin() const { return Iterator(list_); }
  [[nodiscard]] std::size_t end() const { return list_.json().is_array() ? list_.json().size() : 0; }

 private:
  Cursor list_;
};

}  // namespace qualgraph::detail
