#ifndef CUSEARCH_H
#define CUSEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A hierarchical navigable small-world graph over vectors of one storage type, from USearch's headers.
/// No exception leaves these functions: each fallible one returns 0, or 1 with a message.
typedef struct cus_graph cus_graph;

typedef enum { CUS_F32 = 0, CUS_F16 = 1, CUS_BF16 = 2, CUS_I8 = 3 } cus_scalar;

typedef struct {
  size_t dimension;
  /// Neighbours of a node, twice as many on the lowest level.
  size_t connectivity;
  /// Candidates held while adding.
  size_t expansion_add;
  cus_scalar scalar;
  /// Distance of two stored vectors; smaller is nearer.
  float (*distance)(const void *, const void *, size_t);
} cus_options;

int cus_make(const cus_options *options, cus_graph **out, char *message, size_t capacity);
void cus_free(cus_graph *graph);

/// Room for `members` nodes and `threads` threads at a time.
int cus_reserve(cus_graph *graph, size_t members, size_t threads, char *message, size_t capacity);

/// Adds the next node. Several threads may add at once, each under its own number; nobody may search
/// meanwhile.
int cus_add(cus_graph *graph, uint32_t node, const void *vector, size_t thread, char *message,
            size_t capacity);

/// The nodes nearest a vector, nearest first.
///
/// `rows` gives the row of each of the first `row_count` nodes, -1 for none; later ones have none.
/// `allowed` is a bitmap over rows, or NULL. Nodes without a row or not allowed are walked through and
/// not returned. Several threads may search at once. A graph without nodes finds none.
int cus_search(const cus_graph *graph, const void *vector, size_t count, const int32_t *rows,
               size_t row_count, const uint64_t *allowed, size_t thread, uint32_t *nodes,
               size_t *found, char *message, size_t capacity);

/// Candidates held while searching; nobody may search meanwhile.
void cus_set_expansion(cus_graph *graph, size_t expansion);

size_t cus_size(const cus_graph *graph);
size_t cus_memory(const cus_graph *graph);

/// Writes the graph with its vectors.
int cus_save(const cus_graph *graph, const char *path, char *message, size_t capacity);

/// Opens a file that was checked to be what `cus_save` wrote: a damaged one may crash the process.
/// A mapped one cannot be added to.
int cus_open(const cus_options *options, const char *path, bool mapped, size_t threads,
             cus_graph **out, char *message, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
