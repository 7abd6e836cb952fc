/// One named column of a result: values of one type, some of them not stated.
///
/// Values lie in memory as Apache Arrow lays them out, so that they leave the engine without a
/// copy. A column is immutable; copies share its memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace qualgraph {

enum class ColumnType : std::uint8_t { text, integer, number, boolean };

[[nodiscard]] const char* to_string(ColumnType type) noexcept;

class Column {
 public:
  /// An empty optional is a value not stated (null). Text is UTF-8. Throw InvalidValue for a column
  /// without a name, and NumericOverflow for 2 GiB of text or more.
  [[nodiscard]] static Column text(std::string name, std::span<const std::optional<std::string>> values);
  [[nodiscard]] static Column integers(std::string name, std::span<const std::optional<std::int64_t>> values);
  [[nodiscard]] static Column numbers(std::string name, std::span<const std::optional<double>> values);
  [[nodiscard]] static Column booleans(std::string name, std::span<const std::optional<bool>> values);

  [[nodiscard]] const std::string& name() const& noexcept;
  [[nodiscard]] ColumnType type() const noexcept;
  [[nodiscard]] std::int64_t size() const noexcept;
  [[nodiscard]] std::int64_t null_count() const noexcept;

  /// Throw InvalidValue for a row that does not exist; the value readers also for a null and for a
  /// column of another type.
  [[nodiscard]] bool is_null(std::int64_t row) const;
  [[nodiscard]] std::string_view text_at(std::int64_t row) const&;
  [[nodiscard]] std::int64_t integer_at(std::int64_t row) const;
  [[nodiscard]] double number_at(std::int64_t row) const;
  [[nodiscard]] bool boolean_at(std::int64_t row) const;

  /// Arrow's buffers, alive as long as a copy of the column is.
  struct Buffers {
    const void* validity = nullptr;  ///< one bit per row, least significant first; null if nothing is null
    const void* offsets = nullptr;   ///< 32-bit, one more than rows; text only
    const void* values = nullptr;    ///< never null
  };
  [[nodiscard]] Buffers buffers() const& noexcept;

 private:
  struct Data;
  explicit Column(std::shared_ptr<const Data> data) noexcept : data_(std::move(data)) {}
  void check(std::int64_t row, ColumnType type) const;

  std::shared_ptr<const Data> data_;
};

}  // namespace qualgraph
