#include "qualgraph/table/arrow_stream.hpp"

#include <array>
#include <cerrno>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace qualgraph {
namespace {

/// Structs of children, and the pointers to them that the interface asks for. The parent owns the
/// structs; what each points to is its own, since a reader may move a child out of its parent.
template <class Struct>
struct Children {
  std::vector<Struct> structs;
  std::vector<Struct*> pointers;

  explicit Children(std::size_t count) : structs(count), pointers(count) {
    for (std::size_t i = 0; i < count; ++i) pointers[i] = &structs[i];
  }
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;
  ~Children() {
    for (auto& child : structs) {
      if (child.release != nullptr) child.release(&child);
    }
  }
};

/// What a schema's pointers lead to.
struct SchemaOwner {
  std::string name;
  Children<ArrowSchema> children;
  SchemaOwner(std::string its_name, std::size_t count) : name(std::move(its_name)), children(count) {}
};

/// What an array's pointers lead to. A column is held by a copy that shares its memory.
struct ArrayOwner {
  std::vector<Column> column;
  std::array<const void*, 3> buffers{};
  Children<ArrowArray> children;
  explicit ArrayOwner(std::size_t count) : children(count) {}
};

struct StreamOwner {
  Table table;
  bool ended = false;
  std::string error;
};

template <class Owner, class Struct>
void release(Struct* released) {
  delete static_cast<Owner*>(released->private_data);
  released->private_data = nullptr;
  released->release = nullptr;
}

const char* format_of(ColumnType type) {
  switch (type) {
    case ColumnType::text: return "u";
    case ColumnType::integer: return "l";
    case ColumnType::number: return "g";
    case ColumnType::boolean: return "b";
  }
  return "u";
}

void fill(ArrowSchema& out, const char* format, std::int64_t flags, std::unique_ptr<SchemaOwner> owner) {
  out = {};
  out.format = format;
  out.name = owner->name.c_str();
  out.flags = flags;
  out.n_children = static_cast<std::int64_t>(owner->children.pointers.size());
  out.children = owner->children.pointers.data();
  out.release = release<SchemaOwner, ArrowSchema>;
  out.private_data = owner.release();
}

void fill(ArrowArray& out, std::int64_t length, std::int64_t nulls, std::int64_t buffers,
          std::unique_ptr<ArrayOwner> owner) {
  out = {};
  out.length = length;
  out.null_count = nulls;
  out.n_buffers = buffers;
  out.buffers = owner->buffers.data();
  out.n_children = static_cast<std::int64_t>(owner->children.pointers.size());
  out.children = owner->children.pointers.data();
  out.release = release<ArrayOwner, ArrowArray>;
  out.private_data = owner.release();
}

void export_column(const Column& column, ArrowArray& out) {
  auto owner = std::make_unique<ArrayOwner>(0);
  owner->column.push_back(column);
  const auto buffers = column.buffers();
  const bool text = column.type() == ColumnType::text;
  owner->buffers = text ? std::array{buffers.validity, buffers.offsets, buffers.values}
                        : std::array{buffers.validity, buffers.values, static_cast<const void*>(nullptr)};
  fill(out, column.size(), column.null_count(), text ? 3 : 2, std::move(owner));
}

/// No exception may cross into a C caller.
template <class Action>
int guarded(StreamOwner& owner, const Action& action) noexcept {
  try {
    action();
    return 0;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  } catch (const std::exception& problem) {
    try {
      owner.error = problem.what();
    } catch (...) {
      owner.error.clear();
    }
    return EIO;
  }
}

StreamOwner& owner_of(ArrowArrayStream* stream) { return *static_cast<StreamOwner*>(stream->private_data); }

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  auto& owner = owner_of(stream);
  return guarded(owner, [&] { export_schema(owner.table, *out); });
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  auto& owner = owner_of(stream);
  return guarded(owner, [&] {
    if (owner.ended) {
      *out = {};  // an array without release marks the end
      return;
    }
    export_array(owner.table, *out);
    owner.ended = true;
  });
}

const char* get_last_error(ArrowArrayStream* stream) {
  const auto& error = owner_of(stream).error;
  return error.empty() ? nullptr : error.c_str();
}

}  // namespace

void export_schema(const Table& table, ArrowSchema& out) {
  const auto columns = table.columns();
  auto owner = std::make_unique<SchemaOwner>("", columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    fill(owner->children.structs[i], format_of(columns[i].type()), ARROW_FLAG_NULLABLE,
         std::make_unique<SchemaOwner>(columns[i].name(), 0));
  }
  fill(out, "+s", 0, std::move(owner));
}

void export_array(const Table& table, ArrowArray& out) {
  const auto columns = table.columns();
  auto owner = std::make_unique<ArrayOwner>(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) export_column(columns[i], owner->children.structs[i]);
  fill(out, table.rows(), 0, 1, std::move(owner));
}

void export_stream(const Table& table, ArrowArrayStream& out) {
  auto owner = std::make_unique<StreamOwner>();
  owner->table = table;
  out = {};
  out.get_schema = get_schema;
  out.get_next = get_next;
  out.get_last_error = get_last_error;
  out.release = release<StreamOwner, ArrowArrayStream>;
  out.private_data = owner.release();
}

}  // namespace qualgraph
