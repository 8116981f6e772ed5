#include "internal.h"

#include <stdlib.h>

/// Vectors asked for ahead: fewer wait for memory, more push one another out of the nearest cache.
enum { AHEAD = 4, MOST_LINKS = 128 };

static void ask_for(const cvg_graph *graph, uint32_t node) {
  const char *vector = vector_of(graph, node);
  for (size_t i = 0; i < graph->stride; i += 64) __builtin_prefetch(vector + i);
}

static bool push(queue *next, candidate given) {
  if (next->count == next->capacity) {
    size_t capacity = next->capacity ? 2 * next->capacity : 1024;
    candidate *larger = realloc(next->items, capacity * sizeof *larger);
    if (!larger) return false;
    next->items = larger;
    next->capacity = capacity;
  }
  size_t child = next->count++;
  while (child > 0) {
    size_t parent = (child - 1) / 2;
    if (next->items[parent] < given) break;
    next->items[child] = next->items[parent];
    child = parent;
  }
  next->items[child] = given;
  return true;
}

static candidate pop(queue *next) {
  candidate top = next->items[0], moved = next->items[--next->count];
  size_t parent = 0;
  while (true) {
    size_t child = 2 * parent + 1;
    if (child >= next->count) break;
    if (child + 1 < next->count && next->items[child + 1] < next->items[child]) child++;
    if (moved < next->items[child]) break;
    next->items[parent] = next->items[child];
    parent = child;
  }
  next->items[parent] = moved;
  return top;
}

static size_t place_of(const node_set *seen, uint32_t node) {
  size_t at = (node * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (seen->size - 1);
  while (seen->slots[at] != CVG_NONE && seen->slots[at] != node) at = (at + 1) & (seen->size - 1);
  return at;
}

/// Empties the set for a walk that is likely to meet so many.
static bool prepare(node_set *seen, size_t likely) {
  size_t size = 4096;
  while (size < 2 * likely) size *= 2;
  if (size > seen->capacity) {
    free(seen->slots);
    seen->capacity = 0;
    seen->slots = malloc(size * sizeof *seen->slots);
    if (!seen->slots) return false;
    seen->capacity = size;
  }
  seen->size = size;
  seen->count = 0;
  memset(seen->slots, 0xFF, size * sizeof *seen->slots);
  return true;
}

static bool grow(node_set *seen) {
  node_set larger = {.size = 2 * seen->size, .capacity = 2 * seen->size, .count = seen->count};
  larger.slots = malloc(larger.size * sizeof *larger.slots);
  if (!larger.slots) return false;
  memset(larger.slots, 0xFF, larger.size * sizeof *larger.slots);
  for (size_t i = 0; i < seen->size; i++) {
    if (seen->slots[i] != CVG_NONE) larger.slots[place_of(&larger, seen->slots[i])] = seen->slots[i];
  }
  free(seen->slots);
  *seen = larger;
  return true;
}

/// Whether the node was not there.
static bool insert(node_set *seen, uint32_t node) {
  size_t at = place_of(seen, node);
  if (seen->slots[at] == node) return false;
  seen->slots[at] = node;
  seen->count++;
  return true;
}

static bool counts(const cvg_rows *rows, uint32_t node) {
  if (!rows) return true;
  if (node >= rows->node_count) return false;
  for (uint32_t i = rows->starts[node]; i < rows->starts[node + 1]; i++) {
    uint32_t row = rows->rows[i];
    if (!rows->allowed || (rows->allowed[row >> 6] >> (row & 63) & 1)) return true;
  }
  return false;
}

candidate cvg_descend(const cvg_graph *graph, const char *vector, candidate from, uint32_t level) {
  candidate best = from;
  while (true) {
    candidate before = best;
    const uint32_t *links = links_of(graph, node_of(best), level);
    for (uint32_t i = 0; i < room_of(graph, level) && links[i] != CVG_NONE; i++) {
      float distance = graph->distance(vector, vector_of(graph, links[i]), graph->dimension);
      candidate found = make_candidate(distance, links[i]);
      if (found < best) best = found;
    }
    if (best == before) return best;
  }
}

bool cvg_walk(const cvg_graph *graph, cvg_scratch *scratch, const char *vector, candidate from,
              uint32_t level, const cvg_rows *rows) {
  nearest_list *top = &scratch->top;
  queue *next = &scratch->next;
  node_set *seen = &scratch->seen;
  if (!prepare(seen, top->limit * graph->connectivity)) return false;
  next->count = 0;
  insert(seen, node_of(from));
  if (!push(next, from)) return false;
  if (counts(rows, node_of(from))) keep(top, from);
  uint32_t room = room_of(graph, level);
  while (next->count > 0) {
    candidate nearest = pop(next);
    if (!is_near(top, nearest)) break;
    if (2 * (seen->count + room) > seen->size && !grow(seen)) return false;
    const uint32_t *links = links_of(graph, node_of(nearest), level);
    uint32_t fresh[MOST_LINKS], count = 0;
    for (uint32_t i = 0; i < room && links[i] != CVG_NONE; i++) {
      if (insert(seen, links[i])) fresh[count++] = links[i];
    }
    for (uint32_t i = 0; i < count && i < AHEAD; i++) ask_for(graph, fresh[i]);
    for (uint32_t i = 0; i < count; i++) {
      if (i + AHEAD < count) ask_for(graph, fresh[i + AHEAD]);
      float distance = graph->distance(vector, vector_of(graph, fresh[i]), graph->dimension);
      candidate found = make_candidate(distance, fresh[i]);
      if (!is_near(top, found)) continue;
      // A near node is likely to be walked on from: its links are needed then.
      const uint32_t *own = links_of(graph, fresh[i], level);
      for (uint32_t line = 0; line < room; line += 16) __builtin_prefetch(own + line);
      if (!push(next, found)) return false;
      if (counts(rows, fresh[i])) keep(top, found);
    }
  }
  return true;
}

long cvg_search(const cvg_graph *graph, cvg_scratch *scratch, const void *vector, size_t count,
                size_t expansion, const cvg_rows *rows, uint32_t *nodes, float *distances) {
  if (graph->count == 0 || count == 0) return 0;
  if (!cvg_set_limit(&scratch->top, expansion > count ? expansion : count)) return -1;
  float distance = graph->distance(vector, vector_of(graph, graph->entry), graph->dimension);
  candidate from = make_candidate(distance, graph->entry);
  for (uint32_t level = level_of(graph, graph->entry); level > 0; level--)
    from = cvg_descend(graph, vector, from, level);
  if (!cvg_walk(graph, scratch, vector, from, 0, rows)) return -1;
  size_t found = scratch->top.count < count ? scratch->top.count : count;
  for (size_t i = 0; i < found; i++) {
    nodes[i] = node_of(scratch->top.items[i]);
    distances[i] = distance_of(scratch->top.items[i]);
  }
  return (long)found;
}
