#include "CUSearch.h"

// Distances come from the caller.
#define USEARCH_USE_NUMKONG 0
#define USEARCH_USE_OPENMP 0

#include "arena.hpp"

#include <usearch/index.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <memory>

using namespace unum::usearch;

using graph_type = index_gt<float, std::uint32_t, std::uint32_t, std::allocator<byte_t>, arena>;

struct cus_graph {
  graph_type graph;
  cus_options options;
  char *vectors = nullptr;

  const char *at(std::size_t slot) const noexcept { return vectors + slot * options.stride; }
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

// What a walk compares next, so that memory is asked for a vector while those before it are compared.
struct walk {
  // Vectors asked for ahead: fewer wait for memory, more push one another out of the nearest cache.
  static constexpr std::size_t depth = 4;

  const cus_graph *owner;
  // Twice the largest connectivity: what the lowest level holds.
  std::uint32_t slots[128];
  std::size_t count = 0, next = 0;

  explicit walk(const cus_graph *owner) noexcept : owner(owner) {}

  void fetch_next() noexcept {
    if (next == count) return;
    const char *vector = owner->at(slots[next++]);
    for (std::size_t line = 0; line < owner->options.stride; line += 64) {
      __builtin_prefetch(vector + line);
    }
  }
};

// Distances of vectors and nodes in every combination that the library asks for.
struct metric {
  walk *state;

  const char *of(const char *vector) const noexcept { return vector; }
  template <typename Member>
  const char *of(const Member &member) const noexcept {
    return state->owner->at(get_slot(member));
  }
  template <typename Left, typename Right>
  float operator()(const Left &left, const Right &right) const noexcept {
    state->fetch_next();
    const cus_options &options = state->owner->options;
    return options.distance(of(left), of(right), options.dimension);
  }
};

// Hears which nodes are compared next, in their order.
struct prefetch {
  walk *state;

  template <typename Iterator>
  void operator()(Iterator begin, Iterator end) const noexcept {
    state->count = state->next = 0;
    for (; begin != end && state->count < std::size(state->slots); ++begin) {
      state->slots[state->count++] = get_slot(begin);
    }
    for (std::size_t ahead = 0; ahead < walk::depth; ahead++) state->fetch_next();
  }
};

index_config_t configuration(const cus_options &options) {
  return index_config_t(options.connectivity);
}

}  // namespace

extern "C" {

int cus_make(const cus_options *options, cus_graph **out, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    auto state = graph_type::make(configuration(*options));
    if (outcome(state, message, capacity)) return 1;
    *out = new cus_graph{std::move(state.index), *options};
    return 0;
  });
}

void cus_free(cus_graph *graph) { delete graph; }

int cus_reserve(
  cus_graph *graph, void *vectors, size_t members, size_t threads, char *message,
  size_t capacity) {
  return guarded(message, capacity, [&] {
    graph->vectors = static_cast<char *>(vectors);
    return graph->graph.try_reserve(index_limits_t(members, threads))
      ? 0 : fail(message, capacity, "out of memory");
  });
}

int cus_add(
  cus_graph *graph, const void *vector, size_t thread, uint32_t *node, char *message,
  size_t capacity) {
  return guarded(message, capacity, [&] {
    index_update_config_t config;
    config.expansion = graph->options.expansion_add;
    config.thread = thread;
    // The vector is at its place before any other thread can reach the node.
    auto place = [&](auto &&member) {
      std::memcpy(
        graph->vectors + get_slot(member) * graph->options.stride, vector, graph->options.stride);
    };
    walk state(graph);
    auto result = graph->graph.add(
      0, static_cast<const char *>(vector), metric{&state}, config, place, prefetch{&state});
    if (outcome(result, message, capacity)) return 1;
    *node = result.slot;
    return 0;
  });
}

int cus_search(
  const cus_graph *graph, const void *vector, size_t count, size_t expansion, const int32_t *rows,
  size_t row_count, const uint64_t *allowed, size_t thread, uint32_t *nodes, size_t *found,
  char *message, size_t capacity) {
  *found = 0;
  // An empty graph has no entry to start from.
  if (graph->graph.size() == 0) return 0;
  return guarded(message, capacity, [&] {
    index_search_config_t config;
    config.expansion = expansion;
    config.thread = thread;
    auto passes = [&](auto &&member) {
      // A near node is likely to be walked on from: its links are needed then.
      const byte_t *links = member.key.ptr();
      for (std::size_t line = 0; line < 192; line += 64) __builtin_prefetch(links + line);
      const std::size_t node = get_slot(member);
      const std::int32_t row = node < row_count ? rows[node] : -1;
      return row >= 0 && (!allowed || (allowed[row >> 6] >> (row & 63) & 1));
    };
    walk state(graph);
    auto result = graph->graph.search(
      static_cast<const char *>(vector), count, metric{&state}, config, passes, prefetch{&state});
    if (outcome(result, message, capacity)) return 1;
    const std::size_t most = std::min<std::size_t>(result.size(), count);
    for (std::size_t at = 0; at < most; at++) nodes[at] = result[at].member.slot;
    *found = most;
    return 0;
  });
}

size_t cus_size(const cus_graph *graph) { return graph->graph.size(); }
size_t cus_memory(const cus_graph *graph) { return graph->graph.memory_usage(); }

int cus_save(
  const cus_graph *graph, bool (*write)(void *, const void *, size_t), void *context,
  char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    auto result = graph->graph.save_to_stream(
      [&](const void *bytes, std::size_t count) { return write(context, bytes, count); });
    return outcome(result, message, capacity);
  });
}

int cus_open(
  const cus_options *options, void *bytes, size_t count, void *vectors, bool copied,
  size_t threads, cus_graph **out, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    cus_graph *raw = nullptr;
    if (cus_make(options, &raw, message, capacity)) return 1;
    std::unique_ptr<cus_graph> made(raw);
    made->vectors = static_cast<char *>(vectors);
    if (!made->graph.try_reserve(index_limits_t(0, threads))) {
      return fail(message, capacity, "out of memory");
    }
    const char *next = static_cast<const char *>(bytes), *end = next + count;
    auto read = [&](void *target, std::size_t wanted) {
      if (wanted > std::size_t(end - next)) return false;
      std::memcpy(target, next, wanted);
      next += wanted;
      return true;
    };
    auto result = copied
      ? made->graph.load_from_stream(read)
      : made->graph.view(memory_mapped_file_t(static_cast<byte_t *>(bytes), count));
    if (outcome(result, message, capacity)) return 1;
    *out = made.release();
    return 0;
  });
}

}  // extern "C"
