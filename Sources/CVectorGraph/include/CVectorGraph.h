#ifndef CVECTORGRAPH_H
#define CVECTORGRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A hierarchical navigable small-world graph (Malkov and Yashunin, 2018) in memory of the caller's.
///
/// Nodes are numbered from 0, have different vectors and are never removed. They are added in batches: every node of a batch
/// is planned against the graph as it was and the nodes before it in the batch, by any number of threads; then each list that
/// gains links is rewritten once, by any number of threads. So the graph depends on the vectors and their order alone.
typedef struct {
  size_t dimension;
  /// Links a node keeps on a level; twice as many on the lowest.
  uint32_t connectivity;
  /// Candidates held while adding.
  uint32_t expansion;
  /// Bytes from one vector to the next, a multiple of 64.
  size_t stride;
  /// Distance of two stored vectors; smaller is nearer.
  float (*distance)(const void *, const void *, size_t);

  /// Node n's vector lies at `vectors + n * stride`.
  char *vectors;
  /// Links on the lowest level: 2 × connectivity a node, the free ones `CVG_NONE` and last.
  uint32_t *base;
  /// Links above it: connectivity a node and level, node after node, level after level.
  uint32_t *upper;
  /// The first list of each node in `upper`; one more than there are nodes.
  uint32_t *starts;

  /// Nodes that are linked.
  uint32_t count;
  /// Where every walk begins, a node of the highest level; nothing while there are no nodes.
  uint32_t entry;
} cvg_graph;

#define CVG_NONE UINT32_MAX

/// Levels above the lowest that a node is on: a function of its number.
uint32_t cvg_level(uint32_t node, uint32_t connectivity);

/// What a thread works with; one thread at a time.
typedef struct cvg_scratch cvg_scratch;
/// NULL without memory.
cvg_scratch *cvg_make_scratch(void);
void cvg_free_scratch(cvg_scratch *scratch);

/// The largest batch.
enum { CVG_BATCH = 256 };

/// Chooses the neighbours of a node of the batch that begins at `count`. Vectors and `starts` of the batch are in place.
/// Returns false without memory.
bool cvg_plan(const cvg_graph *graph, cvg_scratch *scratch, uint32_t node);

/// Links back from the neighbours of a batch: one entry a list that gains some.
typedef struct {
  uint64_t *links;
  uint32_t *groups;
  uint32_t group_count;
} cvg_links;

/// Collects them from `size` planned nodes; to be freed. Returns false without memory.
bool cvg_collect(const cvg_graph *graph, uint32_t size, cvg_links *links);
void cvg_free_links(cvg_links *links);
/// Rewrites the list of one group; different groups at the same time. Returns false without memory.
bool cvg_connect(const cvg_graph *graph, cvg_scratch *scratch, const cvg_links *links, uint32_t group);
/// Makes `size` nodes part of the graph.
void cvg_finish(cvg_graph *graph, uint32_t size);

/// Rows behind nodes, and which of them count: node n's are `rows[starts[n]]` to `rows[starts[n + 1] - 1]`.
typedef struct {
  const uint32_t *starts;
  const uint32_t *rows;
  /// Nodes beyond have no rows.
  uint32_t node_count;
  /// A bitmap over rows, or NULL for all.
  const uint64_t *allowed;
} cvg_rows;

/// The nodes nearest a vector and their distances, nearest first, equally near ones by number. Nodes without a row that counts are walked through
/// and not returned. Returns how many were written, at most `count`; -1 without memory.
long cvg_search(const cvg_graph *graph, cvg_scratch *scratch, const void *vector, size_t count,
                size_t expansion, const cvg_rows *rows, uint32_t *nodes, float *distances);

/// Whether links are such as building makes: none leads out of the graph or to a level where its node is not. Whatever else
/// is wrong with them, a walk ends.
bool cvg_is_sound(const cvg_graph *graph);

#endif
