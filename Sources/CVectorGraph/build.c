#include "internal.h"

#include <stdlib.h>

uint32_t cvg_level(uint32_t node, uint32_t connectivity) {
  // SplitMix64: nodes of a level are a fraction of 1 / connectivity of those below.
  uint64_t drawn = (node + UINT64_C(1)) * UINT64_C(0x9E3779B97F4A7C15);
  drawn = (drawn ^ drawn >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  drawn = (drawn ^ drawn >> 27) * UINT64_C(0x94D049BB133111EB);
  drawn ^= drawn >> 31;
  uint32_t level = 0;
  for (uint64_t bound = UINT64_MAX / connectivity; drawn < bound; bound /= connectivity) level++;
  return level;
}

static float between(const cvg_graph *graph, uint32_t left, uint32_t right) {
  return graph->distance(vector_of(graph, left), vector_of(graph, right), graph->dimension);
}

/// Chooses from sorted candidates: each that is nearer to the node than to any chosen one, so that links lead into all
/// directions. Writes the list, free places last.
static void choose(const cvg_graph *graph, const candidate *sorted, size_t count, uint32_t most,
                   uint32_t *links, uint32_t room) {
  uint32_t chosen = 0;
  for (size_t i = 0; i < count && chosen < most; i++) {
    uint32_t node = node_of(sorted[i]);
    float distance = distance_of(sorted[i]);
    bool is_good = true;
    for (uint32_t k = 0; k < chosen && is_good; k++)
      is_good = between(graph, node, links[k]) >= distance;
    if (is_good) links[chosen++] = node;
  }
  while (chosen < room) links[chosen++] = CVG_NONE;
}

bool cvg_plan(const cvg_graph *graph, cvg_scratch *scratch, uint32_t node) {
  const char *vector = vector_of(graph, node);
  uint32_t first = graph->count, own_level = level_of(graph, node), top_level = 0;
  candidate from = 0;
  if (first > 0) {
    top_level = level_of(graph, graph->entry);
    from = make_candidate(between(graph, node, graph->entry), graph->entry);
    for (uint32_t level = top_level; level > own_level; level--)
      from = cvg_descend(graph, vector, from, level);
  }
  // What came before it in the batch is not in the graph yet: it is compared one by one.
  candidate batch[CVG_BATCH];
  for (uint32_t other = first; other < node; other++)
    batch[other - first] = make_candidate(between(graph, node, other), other);
  for (uint32_t level = own_level + 1; level-- > 0;) {
    if (!cvg_set_limit(&scratch->top, graph->expansion)) return false;
    if (first > 0 && level <= top_level) {
      if (!cvg_walk(graph, scratch, vector, from, level, NULL)) return false;
      from = scratch->top.items[0];
    }
    for (uint32_t i = 0; i < node - first; i++) {
      if (level_of(graph, first + i) >= level) keep(&scratch->top, batch[i]);
    }
    choose(graph, scratch->top.items, scratch->top.count, graph->connectivity,
           links_of(graph, node, level), room_of(graph, level));
  }
  return true;
}

/// Level, target and place in the batch of a link back, in one number that orders by them.
static uint64_t link_back(uint32_t level, uint32_t target, uint32_t place) {
  return (uint64_t)level << 48 | (uint64_t)target << 16 | place;
}
static uint32_t level_in(uint64_t link) { return (uint32_t)(link >> 48); }
static uint32_t target_in(uint64_t link) { return (uint32_t)(link >> 16); }
static uint32_t place_in(uint64_t link) { return (uint32_t)(link & 0xFFFF); }

static int compare(const void *left, const void *right) {
  uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

bool cvg_collect(const cvg_graph *graph, uint32_t size, cvg_links *links) {
  size_t count = 0, capacity = 0;
  for (uint32_t place = 0; place < size; place++)
    capacity += (level_of(graph, graph->count + place) + 1) * graph->connectivity;
  *links = (cvg_links){malloc((capacity + 1) * sizeof *links->links),
                       malloc((capacity + 1) * sizeof *links->groups), 0};
  if (!links->links || !links->groups) {
    cvg_free_links(links);
    return false;
  }
  for (uint32_t place = 0; place < size; place++) {
    uint32_t node = graph->count + place;
    for (uint32_t level = 0; level <= level_of(graph, node); level++) {
      const uint32_t *own = links_of(graph, node, level);
      for (uint32_t i = 0; i < graph->connectivity && own[i] != CVG_NONE; i++)
        links->links[count++] = link_back(level, own[i], place);
    }
  }
  qsort(links->links, count, sizeof *links->links, compare);
  for (size_t i = 0; i < count; i++) {
    if (i == 0 || links->links[i] >> 16 != links->links[i - 1] >> 16)
      links->groups[links->group_count++] = (uint32_t)i;
  }
  links->groups[links->group_count] = (uint32_t)count;
  return true;
}

void cvg_free_links(cvg_links *links) {
  free(links->links);
  free(links->groups);
  *links = (cvg_links){0};
}

bool cvg_connect(const cvg_graph *graph, cvg_scratch *scratch, const cvg_links *links,
                 uint32_t group) {
  const uint64_t *first = links->links + links->groups[group];
  uint32_t gained = links->groups[group + 1] - links->groups[group];
  uint32_t level = level_in(*first), target = target_in(*first), room = room_of(graph, level);
  uint32_t *own = links_of(graph, target, level), count = 0;
  while (count < room && own[count] != CVG_NONE) count++;
  if (count + gained <= room) {
    for (uint32_t i = 0; i < gained; i++) own[count++] = graph->count + place_in(first[i]);
    return true;
  }
  if (!cvg_set_limit(&scratch->top, count + gained)) return false;
  for (uint32_t i = 0; i < count + gained; i++) {
    uint32_t node = i < count ? own[i] : graph->count + place_in(first[i - count]);
    keep(&scratch->top, make_candidate(between(graph, target, node), node));
  }
  choose(graph, scratch->top.items, scratch->top.count, room, own, room);
  return true;
}

void cvg_finish(cvg_graph *graph, uint32_t size) {
  for (uint32_t node = graph->count; node < graph->count + size; node++) {
    if (node == 0 || level_of(graph, node) > level_of(graph, graph->entry)) graph->entry = node;
  }
  graph->count += size;
}

bool cvg_is_sound(const cvg_graph *graph) {
  for (uint32_t node = 0; node < graph->count; node++) {
    for (uint32_t level = 0; level <= level_of(graph, node); level++) {
      const uint32_t *links = links_of(graph, node, level);
      for (uint32_t i = 0; i < room_of(graph, level) && links[i] != CVG_NONE; i++) {
        if (links[i] >= graph->count || level_of(graph, links[i]) < level) return false;
      }
    }
  }
  return graph->count == 0 || graph->entry < graph->count;
}
