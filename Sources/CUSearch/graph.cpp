#include "CUSearch.h"

// One kernel library is enough: distances come from the caller.
#define USEARCH_USE_NUMKONG 0
#define USEARCH_USE_OPENMP 0

#include <usearch/index_dense.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <string>

using namespace unum::usearch;

using index_type = index_dense_gt<std::uint64_t, std::uint32_t>;

struct cus_graph {
  index_type index;
  cus_scalar scalar;
};

namespace {

int fail(char *message, size_t capacity, const char *text) {
  if (capacity > 0) std::snprintf(message, capacity, "%s", text);
  return 1;
}

// Runs `body`, turning whatever it throws into a message.
template <typename Body>
int guarded(char *message, size_t capacity, Body body) noexcept {
  try {
    return body();
  } catch (const std::exception &error) {
    return fail(message, capacity, error.what());
  } catch (...) {
    return fail(message, capacity, "an unknown exception");
  }
}

// The error of a result; releasing it keeps its destructor from throwing.
template <typename Result>
int outcome(Result &result, char *message, size_t capacity) {
  if (!result.error) return 0;
  const char *text = result.error.release();
  return fail(message, capacity, text ? text : "an unknown error");
}

scalar_kind_t kind(cus_scalar scalar) {
  switch (scalar) {
  case CUS_F16: return scalar_kind_t::f16_k;
  case CUS_BF16: return scalar_kind_t::bf16_k;
  case CUS_I8: return scalar_kind_t::i8_k;
  default: return scalar_kind_t::f32_k;
  }
}

metric_punned_t metric(const cus_options &options) {
  return metric_punned_t(
    options.dimension, reinterpret_cast<std::uintptr_t>(options.distance),
    metric_punned_signature_t::array_array_size_k, metric_kind_t::ip_k, kind(options.scalar));
}

index_dense_config_t configuration(const cus_options &options) {
  index_dense_config_t config(options.connectivity, options.expansion_add, 64);
  // Nodes are numbered by who adds them: nobody looks a key up.
  config.enable_key_lookups = false;
  return config;
}

int make(const cus_options &options, std::unique_ptr<cus_graph> &out, char *message, size_t capacity) {
  auto state = index_type::make(
    metric(options), configuration(options), default_free_value<std::uint64_t>(), unreserved_t{});
  if (outcome(state, message, capacity)) return 1;
  out.reset(new cus_graph{std::move(state.index), options.scalar});
  return 0;
}

// Calls `body` with the vector under its own type, so that nothing is converted.
template <typename Body>
auto typed(cus_scalar scalar, const void *vector, Body body) {
  switch (scalar) {
  case CUS_F16: return body(static_cast<const f16_t *>(vector));
  case CUS_BF16: return body(static_cast<const bf16_t *>(vector));
  case CUS_I8: return body(static_cast<const i8_t *>(vector));
  default: return body(static_cast<const f32_t *>(vector));
  }
}

}  // namespace

extern "C" {

int cus_make(const cus_options *options, cus_graph **out, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    std::unique_ptr<cus_graph> made;
    if (make(*options, made, message, capacity)) return 1;
    *out = made.release();
    return 0;
  });
}

void cus_free(cus_graph *graph) { delete graph; }

int cus_reserve(cus_graph *graph, size_t members, size_t threads, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    return graph->index.try_reserve(index_limits_t(members, threads))
      ? 0 : fail(message, capacity, "out of memory");
  });
}

int cus_add(
  cus_graph *graph, uint32_t node, const void *vector, size_t thread, char *message,
  size_t capacity) {
  return guarded(message, capacity, [&] {
    auto result = typed(graph->scalar, vector, [&](auto typed) {
      return graph->index.add(node, typed, thread);
    });
    return outcome(result, message, capacity);
  });
}

int cus_search(
  const cus_graph *graph, const void *vector, size_t count, const int32_t *rows,
  size_t row_count, const uint64_t *allowed, size_t thread, uint32_t *nodes, size_t *found,
  char *message, size_t capacity) {
  *found = 0;
  // An empty graph has no entry to start from.
  if (graph->index.size() == 0) return 0;
  return guarded(message, capacity, [&] {
    auto passes = [&](std::uint64_t node) {
      const std::int32_t row = node < row_count ? rows[node] : -1;
      return row >= 0 && (!allowed || (allowed[row >> 6] >> (row & 63) & 1));
    };
    auto result = typed(graph->scalar, vector, [&](auto typed) {
      return graph->index.filtered_search(typed, count, passes, thread, false);
    });
    if (outcome(result, message, capacity)) return 1;
    const std::size_t most = std::min<std::size_t>(result.size(), count);
    for (std::size_t at = 0; at < most; at++) {
      nodes[at] = static_cast<uint32_t>(static_cast<std::uint64_t>(result[at].member.key));
    }
    *found = most;
    return 0;
  });
}

void cus_set_expansion(cus_graph *graph, size_t expansion) {
  graph->index.change_expansion_search(expansion);
}

size_t cus_size(const cus_graph *graph) { return graph->index.size(); }
size_t cus_memory(const cus_graph *graph) { return graph->index.memory_usage(); }

int cus_save(const cus_graph *graph, const char *path, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    auto result = graph->index.save(output_file_t(path));
    return outcome(result, message, capacity);
  });
}

int cus_open(
  const cus_options *options, const char *path, bool mapped, size_t threads, cus_graph **out,
  char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    std::unique_ptr<cus_graph> made;
    if (make(*options, made, message, capacity)) return 1;
    if (!made->index.try_reserve(index_limits_t(0, threads))) {
      return fail(message, capacity, "out of memory");
    }
    auto result = mapped ? made->index.view(memory_mapped_file_t(path))
                         : made->index.load(input_file_t(path));
    if (outcome(result, message, capacity)) return 1;
    // The file names the kind of metric only.
    if (!made->index.try_change_metric(metric(*options))) {
      return fail(message, capacity, "the file holds vectors of another kind");
    }
    *out = made.release();
    return 0;
  });
}

}  // extern "C"
