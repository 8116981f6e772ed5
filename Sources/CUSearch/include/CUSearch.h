#ifndef CUSEARCH_H
#define CUSEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A hierarchical navigable small-world graph, from USearch's headers, over vectors that lie in the
/// caller's memory: node n's at `vectors + n * stride`. No exception leaves these functions: each
/// fallible one returns 0, or 1 with a message.
typedef struct cus_graph cus_graph;

typedef struct {
  size_t dimension;
  /// Neighbours of a node, twice as many on the lowest level.
  size_t connectivity;
  /// Candidates held while adding.
  size_t expansion_add;
  /// Bytes from one vector to the next.
  size_t stride;
  /// Distance of two stored vectors; smaller is nearer.
  float (*distance)(const void *, const void *, size_t);
} cus_options;

int cus_make(const cus_options *options, cus_graph **out, char *message, size_t capacity);
void cus_free(cus_graph *graph);

/// Room for `members` nodes, whose vectors lie at `vectors`, and `threads` threads at a time.
int cus_reserve(cus_graph *graph, void *vectors, size_t members, size_t threads, char *message,
                size_t capacity);

/// Adds a node, copies the vector to its place and says the node's number. Several threads may add at
/// once, each under its own number; nobody may search meanwhile.
int cus_add(cus_graph *graph, const void *vector, size_t thread, uint32_t *node, char *message,
            size_t capacity);

/// The nodes nearest a vector, nearest first.
///
/// `rows` gives the row of each of the first `row_count` nodes, -1 for none; later ones have none.
/// `allowed` is a bitmap over rows, or NULL. Nodes without a row or not allowed are walked through and
/// not returned. Several threads may search at once. A graph without nodes finds none.
int cus_search(const cus_graph *graph, const void *vector, size_t count, size_t expansion,
               const int32_t *rows, size_t row_count, const uint64_t *allowed, size_t thread,
               uint32_t *nodes, size_t *found, char *message, size_t capacity);

size_t cus_size(const cus_graph *graph);
/// Bytes of the nodes, without the vectors.
size_t cus_memory(const cus_graph *graph);

/// Writes the nodes through `write`, which returns whether it could.
int cus_save(const cus_graph *graph, bool (*write)(void *context, const void *bytes, size_t count),
             void *context, char *message, size_t capacity);

/// A graph over bytes that were checked to be what `cus_save` wrote: damaged ones may crash the process.
/// The bytes must outlive a graph that is not copied, which cannot be added to.
int cus_open(const cus_options *options, void *bytes, size_t count, void *vectors, bool copied,
             size_t threads, cus_graph **out, char *message, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
