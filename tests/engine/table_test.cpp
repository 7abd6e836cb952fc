#include "qualgraph/model/error.hpp"
#include "qualgraph/table/arrow_stream.hpp"
#include "qualgraph/table/table.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_all.hpp>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

using namespace qualgraph;
using Catch::Matchers::ContainsSubstring;

namespace {

using Texts = std::vector<std::optional<std::string>>;
using Integers = std::vector<std::optional<std::int64_t>>;
using Numbers = std::vector<std::optional<double>>;
using Booleans = std::vector<std::optional<bool>>;

Table sample() {
  return Table{{Column::text("level", Texts{"8", std::nullopt, "Maîtrise"}),
                Column::integers("rank", Integers{8, 9, std::nullopt}),
                Column::numbers("share", Numbers{0.5, std::nullopt, -2.0}),
                Column::booleans("complete", Booleans{true, std::nullopt, false}),
                Column::integers("documents", Integers{1, 2, 3})}};
}

bool bit(const void* buffer, int at) { return (static_cast<const std::uint8_t*>(buffer)[at / 8] >> (at % 8) & 1) != 0; }

template <class T>
T read(const void* buffer, std::size_t at) {
  T value;
  std::memcpy(&value, static_cast<const char*>(buffer) + at * sizeof(T), sizeof(T));
  return value;
}

}  // namespace

TEST_CASE("columns keep values and what is not stated", "[table]") {
  const auto table = sample();
  CHECK(table.rows() == 3);
  CHECK(table.columns().size() == 5);
  const auto& level = table.column("level");
  CHECK(level.type() == ColumnType::text);
  CHECK(level.null_count() == 1);
  CHECK(level.text_at(0) == "8");
  CHECK(level.is_null(1));
  CHECK(level.text_at(2) == "Maîtrise");
  CHECK(table.column("rank").integer_at(1) == 9);
  CHECK(table.column("share").number_at(2) == -2.0);
  CHECK(table.column("complete").boolean_at(0));
  CHECK_FALSE(table.column("complete").boolean_at(2));
  CHECK_FALSE(table.column("documents").is_null(2));
  CHECK(Table{}.rows() == 0);
  // More rows than a byte of bits holds.
  Booleans many;
  for (int row = 0; row < 21; ++row) many.push_back(row % 5 == 4 ? std::optional<bool>{} : row % 3 == 0);
  const auto column = Column::booleans("many", many);
  for (int row = 0; row < 21; ++row) {
    REQUIRE(column.is_null(row) == (row % 5 == 4));
    if (row % 5 != 4) CHECK(column.boolean_at(row) == (row % 3 == 0));
  }
}

TEST_CASE("misused columns and tables are refused", "[table]") {
  const auto table = sample();
  CHECK_THROWS_AS(Column::text("", Texts{}), InvalidValue);
  CHECK_THROWS_WITH(table.column("level").text_at(1), ContainsSubstring("states no value in row 1"));
  CHECK_THROWS_WITH(table.column("level").integer_at(0), ContainsSubstring("holds text values, not integer"));
  CHECK_THROWS_AS(table.column("level").is_null(3), InvalidValue);
  CHECK_THROWS_AS(table.column("rank").integer_at(-1), InvalidValue);
  CHECK_THROWS_AS(table.column("levels"), UnknownId);
  CHECK_THROWS_WITH(table.column("levels"), ContainsSubstring("Did you mean \"level\""));
  CHECK_THROWS_WITH(Table({Column::integers("a", Integers{1}), Column::integers("a", Integers{1})}),
                    ContainsSubstring("two columns named \"a\""));
  CHECK_THROWS_WITH(Table({Column::integers("a", Integers{1}), Column::integers("b", Integers{1, 2})}),
                    ContainsSubstring("\"b\" has 2 rows and \"a\" has 1"));
}

TEST_CASE("the Arrow schema names and types every column", "[table][arrow]") {
  ArrowArrayStream stream;
  export_stream(sample(), stream);
  ArrowSchema schema;
  REQUIRE(stream.get_schema(&stream, &schema) == 0);
  stream.release(&stream);  // a schema outlives its stream
  CHECK(stream.release == nullptr);

  CHECK(std::string(schema.format) == "+s");
  REQUIRE(schema.n_children == 5);
  const std::vector<std::string> formats{"u", "l", "g", "b", "l"};
  const std::vector<std::string> names{"level", "rank", "share", "complete", "documents"};
  for (std::size_t i = 0; i < 5; ++i) {
    const ArrowSchema& child = *schema.children[i];
    CHECK(child.format == formats[i]);
    CHECK(child.name == names[i]);
    CHECK((child.flags & ARROW_FLAG_NULLABLE) != 0);
    CHECK(child.n_children == 0);
    CHECK(child.dictionary == nullptr);
    CHECK(child.metadata == nullptr);
    CHECK(child.release != nullptr);
  }
  schema.release(&schema);
  CHECK(schema.release == nullptr);
}

TEST_CASE("an Arrow stream gives one batch and then its end", "[table][arrow]") {
  ArrowArrayStream stream;
  export_stream(sample(), stream);  // the table itself is gone after this line
  ArrowArray batch;
  REQUIRE(stream.get_next(&stream, &batch) == 0);
  CHECK(batch.length == 3);
  CHECK(batch.null_count == 0);
  CHECK(batch.offset == 0);
  REQUIRE(batch.n_buffers == 1);
  CHECK(batch.buffers[0] == nullptr);
  REQUIRE(batch.n_children == 5);

  ArrowArray end;
  REQUIRE(stream.get_next(&stream, &end) == 0);
  CHECK(end.release == nullptr);
  REQUIRE(stream.get_next(&stream, &end) == 0);
  CHECK(end.release == nullptr);
  CHECK(stream.get_last_error(&stream) == nullptr);
  stream.release(&stream);

  const ArrowArray& level = *batch.children[0];
  REQUIRE(level.n_buffers == 3);
  CHECK(level.length == 3);
  CHECK(level.null_count == 1);
  CHECK((bit(level.buffers[0], 0) && !bit(level.buffers[0], 1) && bit(level.buffers[0], 2)));
  CHECK(read<std::int32_t>(level.buffers[1], 0) == 0);
  CHECK(read<std::int32_t>(level.buffers[1], 1) == 1);
  CHECK(read<std::int32_t>(level.buffers[1], 2) == 1);
  const auto bytes = static_cast<std::size_t>(read<std::int32_t>(level.buffers[1], 3));
  CHECK(std::string(static_cast<const char*>(level.buffers[2]), bytes) == "8Maîtrise");

  const ArrowArray& rank = *batch.children[1];
  REQUIRE(rank.n_buffers == 2);
  CHECK(read<std::int64_t>(rank.buffers[1], 1) == 9);
  CHECK_FALSE(bit(rank.buffers[0], 2));
  const ArrowArray& share = *batch.children[2];
  CHECK(read<double>(share.buffers[1], 2) == -2.0);
  const ArrowArray& complete = *batch.children[3];
  CHECK((bit(complete.buffers[1], 0) && !bit(complete.buffers[1], 2)));
  // Without nulls there is no validity buffer.
  const ArrowArray& documents = *batch.children[4];
  CHECK(documents.null_count == 0);
  CHECK(documents.buffers[0] == nullptr);
  CHECK(read<std::int64_t>(documents.buffers[1], 2) == 3);
  batch.release(&batch);
  CHECK(batch.release == nullptr);
}

TEST_CASE("export shares the columns' memory instead of copying it", "[table][arrow]") {
  const auto table = sample();
  ArrowArray first;
  ArrowArray second;
  export_array(table, first);
  export_array(table, second);
  CHECK(first.children[1]->buffers[1] == table.column("rank").buffers().values);
  CHECK(first.children[0]->buffers[2] == second.children[0]->buffers[2]);
  first.release(&first);
  CHECK(read<std::int64_t>(second.children[1]->buffers[1], 0) == 8);
  second.release(&second);
}

TEST_CASE("a reader may move a child out of its parent", "[table][arrow]") {
  ArrowArray batch;
  export_array(sample(), batch);
  ArrowArray moved = *batch.children[1];
  batch.children[1]->release = nullptr;  // how the interface marks a struct as moved
  batch.release(&batch);
  CHECK(read<std::int64_t>(moved.buffers[1], 0) == 8);
  moved.release(&moved);
  CHECK(moved.release == nullptr);

  ArrowSchema schema;
  export_schema(sample(), schema);
  ArrowSchema kept = *schema.children[3];
  schema.children[3]->release = nullptr;
  schema.release(&schema);
  CHECK(std::string(kept.name) == "complete");
  kept.release(&kept);
}

TEST_CASE("empty columns and tables export with valid buffers", "[table][arrow]") {
  const Table empty{{Column::text("a", Texts{}), Column::integers("b", Integers{}), Column::numbers("c", Numbers{}),
                     Column::booleans("d", Booleans{})}};
  ArrowArray batch;
  export_array(empty, batch);
  CHECK(batch.length == 0);
  CHECK(read<std::int32_t>(batch.children[0]->buffers[1], 0) == 0);
  for (int child = 0; child < 4; ++child) {
    const ArrowArray& array = *batch.children[child];
    CHECK(array.length == 0);
    CHECK(array.buffers[array.n_buffers - 1] != nullptr);
  }
  batch.release(&batch);

  ArrowArrayStream stream;
  export_stream(Table{}, stream);
  ArrowSchema schema;
  REQUIRE(stream.get_schema(&stream, &schema) == 0);
  CHECK(schema.n_children == 0);
  REQUIRE(stream.get_next(&stream, &batch) == 0);
  CHECK(batch.n_children == 0);
  batch.release(&batch);
  schema.release(&schema);
  stream.release(&stream);
}
