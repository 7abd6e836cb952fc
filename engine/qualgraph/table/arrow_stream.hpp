/// Hands a table to any reader of Apache Arrow, without a copy and without the Arrow library.
///
/// The structs below are the Arrow C data interface and C stream interface
/// (https://arrow.apache.org/docs/format/CDataInterface.html, CStreamInterface.html), a stable ABI
/// that every user declares for itself; the guards keep two declarations from meeting.
#pragma once

#include <cstdint>

#include "qualgraph/table/table.hpp"

// NOLINTBEGIN: names and macros are fixed by the interface
extern "C" {

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif  // ARROW_C_DATA_INTERFACE

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif  // ARROW_C_STREAM_INTERFACE

}  // extern "C"
// NOLINTEND

namespace qualgraph {

/// Schema of a table: a struct with one nullable child per column (utf8, int64, float64, boolean).
/// The caller releases it through its `release`, as for the two below.
void export_schema(const Table& table, ArrowSchema& out);
/// Rows of a table as one struct array. Its children keep the columns' memory alive on their own,
/// so that a reader may move one out and drop the rest.
void export_array(const Table& table, ArrowArray& out);
/// A stream of one batch, then its end. It keeps the table's memory alive until it and every array
/// read from it are released. One stream is for one thread at a time, as the interface has it.
void export_stream(const Table& table, ArrowArrayStream& out);

}  // namespace qualgraph
