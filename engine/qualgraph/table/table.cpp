#include "qualgraph/table/table.hpp"

#include <set>
#include <string>
#include <utility>

#include "qualgraph/model/error.hpp"
#include "qualgraph/model/suggest.hpp"

namespace qualgraph {

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {
  std::set<std::string_view> names;
  for (const auto& column : columns_) {
    if (!names.insert(column.name()).second) throw InvalidValue("a table has two columns named \"" + column.name() + "\"");
    if (column.size() == rows()) continue;
    throw InvalidValue("the column \"" + column.name() + "\" has " + std::to_string(column.size()) + " rows and \"" +
                       columns_.front().name() + "\" has " + std::to_string(rows()));
  }
}

const Column& Table::column(std::string_view name) const& {
  std::vector<std::string> names;
  for (const auto& column : columns_) {
    if (column.name() == name) return column;
    names.push_back(column.name());
  }
  throw UnknownId("no column \"" + std::string(name) + "\"." + did_you_mean(name, names));
}

}  // namespace qualgraph
