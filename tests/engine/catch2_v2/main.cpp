// The compiled main that some distributions ship with Catch2 2.13 was built
// without benchmarks, and linking a benchmark against it fails. In version 2
// the runner is therefore compiled here, once.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
