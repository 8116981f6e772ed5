#ifndef CVECTORKERNELS_H
#define CVECTORKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The instruction sets a kernel may use; which ones this processor has is asked at run time.
typedef enum {
  CVK_SCALAR = 0,
  CVK_NEON = 1,
  CVK_AVX2 = 2,
  CVK_AVX512 = 3,
} cvk_isa;

/// The widest instruction set of this processor.
cvk_isa cvk_best_isa(void);
bool cvk_has_isa(cvk_isa isa);
const char *cvk_isa_name(cvk_isa isa);

/// Dot products of `query` with the rows `first..<last` of a row-major matrix;
/// the result of row r goes to `scores[r - first]`. `allowed` is a bitmap with
/// one bit a row of the whole matrix, lowest bit first, or NULL; the scores of
/// rows that are not allowed are left as they were.
void cvk_dot(cvk_isa isa, const float *query, const float *rows, size_t dimension, size_t first,
             size_t last, const uint64_t *allowed, float *scores);

/// As `cvk_dot`, squared Euclidean distances.
void cvk_squared_distance(cvk_isa isa, const float *query, const float *rows, size_t dimension,
                          size_t first, size_t last, const uint64_t *allowed, float *scores);

#endif
