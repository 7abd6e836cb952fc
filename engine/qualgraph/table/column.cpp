#include "qualgraph/table/column.hpp"

#include <limits>
#include <vector>

#include "qualgraph/model/error.hpp"

namespace qualgraph {

struct Column::Data {
  std::string name;
  ColumnType type = ColumnType::text;
  std::int64_t size = 0;
  std::int64_t nulls = 0;
  std::vector<std::uint8_t> validity;
  std::vector<std::int32_t> offsets;
  std::string bytes;
  std::vector<std::int64_t> integers;
  std::vector<double> numbers;
  std::vector<std::uint8_t> bits;
};

namespace {

void set_bit(std::vector<std::uint8_t>& bits, std::size_t at) {
  bits[at / 8] = static_cast<std::uint8_t>(bits[at / 8] | (1U << (at % 8)));
}

bool bit(const std::vector<std::uint8_t>& bits, std::int64_t at) {
  return (bits[static_cast<std::size_t>(at / 8)] >> (at % 8) & 1U) != 0;
}

/// Where Arrow wants some address although there is no value behind it.
alignas(64) constexpr std::int64_t kNothing = 0;

template <class T>
const void* address(const std::vector<T>& values) noexcept {
  return values.empty() ? static_cast<const void*>(&kNothing) : values.data();
}

/// Name, size and validity of a column; `store` keeps each value, with the default one for a null.
template <class Data, class T, class Store>
std::shared_ptr<const Data> filled(std::string&& name, ColumnType type, std::span<const std::optional<T>> values,
                                   const Store& store) {
  if (name.empty()) throw InvalidValue("a column of a table needs a name");
  auto data = std::make_shared<Data>();
  data->name = std::move(name);
  data->type = type;
  data->size = static_cast<std::int64_t>(values.size());
  data->validity.assign((values.size() + 7) / 8, 0);
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (values[row]) {
      set_bit(data->validity, row);
    } else {
      ++data->nulls;
    }
    store(*data, row, values[row]);
  }
  if (data->nulls == 0) data->validity.clear();
  return data;
}

}  // namespace

const char* to_string(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::text: return "text";
    case ColumnType::integer: return "integer";
    case ColumnType::number: return "number";
    case ColumnType::boolean: return "boolean";
  }
  return "text";
}

Column Column::text(std::string name, std::span<const std::optional<std::string>> values) {
  return Column{filled<Data>(std::move(name), ColumnType::text, values,
                             [](Data& data, std::size_t row, const std::optional<std::string>& value) {
                               if (row == 0) data.offsets.push_back(0);
                               if (value) data.bytes += *value;
                               if (data.bytes.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
                                 throw NumericOverflow("the column \"" + data.name + "\" holds more than 2 GiB of text");
                               }
                               data.offsets.push_back(static_cast<std::int32_t>(data.bytes.size()));
                             })};
}

Column Column::integers(std::string name, std::span<const std::optional<std::int64_t>> values) {
  return Column{filled<Data>(std::move(name), ColumnType::integer, values,
                             [](Data& data, std::size_t, const std::optional<std::int64_t>& value) {
                               data.integers.push_back(value.value_or(0));
                             })};
}

Column Column::numbers(std::string name, std::span<const std::optional<double>> values) {
  return Column{filled<Data>(std::move(name), ColumnType::number, values,
                             [](Data& data, std::size_t, const std::optional<double>& value) {
                               data.numbers.push_back(value.value_or(0.0));
                             })};
}

Column Column::booleans(std::string name, std::span<const std::optional<bool>> values) {
  return Column{filled<Data>(std::move(name), ColumnType::boolean, values,
                             [](Data& data, std::size_t row, const std::optional<bool>& value) {
                               if (row % 8 == 0) data.bits.push_back(0);
                               if (value.value_or(false)) set_bit(data.bits, row);
                             })};
}

const std::string& Column::name() const& noexcept { return data_->name; }
ColumnType Column::type() const noexcept { return data_->type; }
std::int64_t Column::size() const noexcept { return data_->size; }
std::int64_t Column::null_count() const noexcept { return data_->nulls; }

bool Column::is_null(std::int64_t row) const {
  if (row < 0 || row >= data_->size) {
    throw InvalidValue("the column \"" + data_->name + "\" has " + std::to_string(data_->size) + " rows, none at position " +
                       std::to_string(row));
  }
  return data_->nulls > 0 && !bit(data_->validity, row);
}

void Column::check(std::int64_t row, ColumnType type) const {
  if (type != data_->type) {
    throw InvalidValue("the column \"" + data_->name + "\" holds " + to_string(data_->type) + " values, not " +
                       to_string(type));
  }
  if (is_null(row)) {
    throw InvalidValue("the column \"" + data_->name + "\" states no value in row " + std::to_string(row));
  }
}

std::string_view Column::text_at(std::int64_t row) const& {
  check(row, ColumnType::text);
  const auto at = static_cast<std::size_t>(row);
  const auto start = static_cast<std::size_t>(data_->offsets[at]);
  return std::string_view{data_->bytes}.substr(start, static_cast<std::size_t>(data_->offsets[at + 1]) - start);
}

std::int64_t Column::integer_at(std::int64_t row) const {
  check(row, ColumnType::integer);
  return data_->integers[static_cast<std::size_t>(row)];
}

double Column::number_at(std::int64_t row) const {
  check(row, ColumnType::number);
  return data_->numbers[static_cast<std::size_t>(row)];
}

bool Column::boolean_at(std::int64_t row) const {
  check(row, ColumnType::boolean);
  return bit(data_->bits, row);
}

Column::Buffers Column::buffers() const& noexcept {
  Buffers buffers;
  if (data_->nulls > 0) buffers.validity = data_->validity.data();
  switch (data_->type) {
    case ColumnType::text:
      buffers.offsets = address(data_->offsets);
      buffers.values = data_->bytes.data();
      break;
    case ColumnType::integer: buffers.values = address(data_->integers); break;
    case ColumnType::number: buffers.values = address(data_->numbers); break;
    case ColumnType::boolean: buffers.values = address(data_->bits); break;
  }
  return buffers;
}

}  // namespace qualgraph
