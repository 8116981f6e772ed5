#ifndef CVG_INTERNAL_H
#define CVG_INTERNAL_H

#include "CVectorGraph.h"

#include <string.h>

/// A distance and a node in one number, which orders by distance, then by node.
typedef uint64_t candidate;

static inline candidate make_candidate(float distance, uint32_t node) {
  uint32_t bits;
  memcpy(&bits, &distance, sizeof bits);
  bits ^= bits >> 31 ? UINT32_MAX : UINT32_C(1) << 31;
  return (candidate)bits << 32 | node;
}

static inline uint32_t node_of(candidate given) { return (uint32_t)given; }

static inline float distance_of(candidate given) {
  uint32_t bits = (uint32_t)(given >> 32);
  bits ^= bits >> 31 ? UINT32_C(1) << 31 : UINT32_MAX;
  float distance;
  memcpy(&distance, &bits, sizeof distance);
  return distance;
}

/// The nearest so far, sorted, no more than `limit`.
typedef struct {
  candidate *items;
  size_t count, limit, capacity;
} nearest_list;

/// A heap with the nearest on top.
typedef struct {
  candidate *items;
  size_t count, capacity;
} queue;

/// A set of nodes: open addressing, less than half full.
typedef struct {
  uint32_t *slots;
  size_t count, size, capacity;
} node_set;

struct cvg_scratch {
  nearest_list top;
  queue next;
  node_set seen;
};

bool cvg_set_limit(nearest_list *list, size_t limit);

/// Whether it was near enough.
static inline bool keep(nearest_list *list, candidate given) {
  if (list->count == list->limit) {
    if (given >= list->items[list->count - 1]) return false;
    list->count--;
  }
  size_t low = 0, high = list->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (list->items[middle] < given) low = middle + 1; else high = middle;
  }
  memmove(list->items + low + 1, list->items + low, (list->count - low) * sizeof given);
  list->items[low] = given;
  list->count++;
  return true;
}

/// Whether a candidate so far away would be kept.
static inline bool is_near(const nearest_list *list, candidate given) {
  return list->count < list->limit || given < list->items[list->count - 1];
}

static inline const char *vector_of(const cvg_graph *graph, uint32_t node) {
  return graph->vectors + node * graph->stride;
}

static inline uint32_t level_of(const cvg_graph *graph, uint32_t node) {
  return graph->starts[node + 1] - graph->starts[node];
}

static inline uint32_t *links_of(const cvg_graph *graph, uint32_t node, uint32_t level) {
  size_t most = graph->connectivity;
  return level ? graph->upper + (graph->starts[node] + level - 1) * most
               : graph->base + node * 2 * most;
}

static inline uint32_t room_of(const cvg_graph *graph, uint32_t level) {
  return level ? graph->connectivity : 2 * graph->connectivity;
}

/// Follows links on a level while they come nearer.
candidate cvg_descend(const cvg_graph *graph, const char *vector, candidate from, uint32_t level);

/// The nearest on a level, into `scratch->top`, whose limit is set; only nodes with a row that counts, where `rows` are given.
/// Returns false without memory.
bool cvg_walk(const cvg_graph *graph, cvg_scratch *scratch, const char *vector, candidate from,
              uint32_t level, const cvg_rows *rows);

#endif
