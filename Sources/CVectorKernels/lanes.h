// The float kernels, written once over lanes of sixteen: every instruction set compiles this text for its own registers, so
// that each adds the same numbers in the same order and rounds at the same places.
//
// The order, which the scores of a workspace rest on:
// * the vectors are taken as padded with zeros to a multiple of sixteen;
// * lane l sums the values l, l + 16, l + 32 …, from the first on, by fused multiplication and addition;
// * the lanes are added in halves: l and l + 8, then l and l + 4, l and l + 2, l and l + 1.
// So a pair's number depends on the pair alone: not on the processor, on the queries beside it, on threads or on its place.
//
// Who includes this has defined: INLINE and KERNEL, the types of functions; `lanes`, sixteen floats; `zeros`, `load` and
// `load_rest` by type of value, `minus`, `plus`, `fused`, `total`; ROWS_AT_ONCE and QUERIES_AT_ONCE, what the registers hold,
// and ROWS_FOR_ONE, how many rows one query reads at a time (1, 2 or 4).

#include "plain_loops.h"

INLINE lanes added(cvk_measure measure, lanes left, lanes right, lanes sum) {
  if (measure == CVK_DOT) return fused(left, right, sum);
  lanes difference = minus(left, right);
  return fused(difference, difference, sum);
}

INLINE float pair(cvk_measure measure, cvk_type type, const float *query, const void *row,
                  size_t dimension) {
  lanes sum = zeros();
  size_t i = 0;
  for (; i + 16 <= dimension; i += 16)
    sum = added(measure, load(CVK_F32, query, i), load(type, row, i), sum);
  if (i < dimension) {
    size_t rest = dimension - i;
    sum = added(measure, load_rest(CVK_F32, query, i, rest), load_rest(type, row, i, rest), sum);
  }
  return total(sum);
}

/// Squared distance, for a graph, which compares one pair at a time and would wait for its only chain of sums: an order of its
/// own, in which four chains take the sixteens in turn. Its numbers choose neighbours and are no scores.
INLINE float distance(cvk_type type, const void *left, const void *right, size_t dimension) {
  lanes sums[4] = {zeros(), zeros(), zeros(), zeros()};
  size_t i = 0;
  for (; i + 64 <= dimension; i += 64) {
    for (size_t k = 0; k < 4; k++) {
      sums[k] = added(CVK_SQUARED_DISTANCE, load(type, left, i + 16 * k),
                      load(type, right, i + 16 * k), sums[k]);
    }
  }
  for (size_t k = 0; k < 4; k++, i += 16) {
    if (i + 16 <= dimension) {
      sums[k] = added(CVK_SQUARED_DISTANCE, load(type, left, i), load(type, right, i), sums[k]);
    } else if (i < dimension) {
      size_t rest = dimension - i;
      sums[k] = added(CVK_SQUARED_DISTANCE, load_rest(type, left, i, rest),
                      load_rest(type, right, i, rest), sums[k]);
    }
  }
  return total(plus(plus(sums[0], sums[1]), plus(sums[2], sums[3])));
}

#define OF_TYPE(name, type)                                                                       \
  KERNEL float dot_##name(const float *query, const void *row, size_t dimension) {                \
    return pair(CVK_DOT, type, query, row, dimension);                                            \
  }                                                                                               \
  KERNEL float gap_##name(const float *query, const void *row, size_t dimension) {                \
    return pair(CVK_SQUARED_DISTANCE, type, query, row, dimension);                               \
  }                                                                                               \
  KERNEL float distance_##name(const void *left, const void *right, size_t dimension) {           \
    return distance(type, left, right, dimension);                                                \
  }

OF_TYPE(f32, CVK_F32)
OF_TYPE(f16, CVK_F16)
OF_TYPE(bf16, CVK_BF16)

/// Where the parts of a block of rows and queries lie.
typedef struct {
  const float *rows, *queries;
  size_t dimension;
  float *scores;
  size_t stride;
} cvk_block;

/// Written out in full, or the compiler keeps the sums of a tile in memory.
#define UNROLL _Pragma("clang loop unroll(full)")

/// The sums of some rows and queries in registers: each value is loaded once for all of them. The counts are constants
/// where this is inlined.
INLINE void tile(cvk_measure measure, cvk_block block, size_t row_count, size_t query_count) {
  lanes sums[4][6];
  UNROLL
  for (size_t r = 0; r < row_count; r++)
    UNROLL
    for (size_t q = 0; q < query_count; q++) sums[r][q] = zeros();
  size_t dimension = block.dimension, i = 0;
  for (; i + 16 <= dimension; i += 16) {
    lanes values[4];
    UNROLL
    for (size_t r = 0; r < row_count; r++)
      values[r] = load(CVK_F32, block.rows + r * dimension, i);
    UNROLL
    for (size_t q = 0; q < query_count; q++) {
      lanes query = load(CVK_F32, block.queries + q * dimension, i);
      UNROLL
      for (size_t r = 0; r < row_count; r++)
        sums[r][q] = added(measure, query, values[r], sums[r][q]);
    }
  }
  if (i < dimension) {
    size_t rest = dimension - i;
    UNROLL
    for (size_t q = 0; q < query_count; q++) {
      lanes query = load_rest(CVK_F32, block.queries + q * dimension, i, rest);
      UNROLL
      for (size_t r = 0; r < row_count; r++) {
        lanes values = load_rest(CVK_F32, block.rows + r * dimension, i, rest);
        sums[r][q] = added(measure, query, values, sums[r][q]);
      }
    }
  }
  UNROLL
  for (size_t r = 0; r < row_count; r++)
    UNROLL
    for (size_t q = 0; q < query_count; q++)
      block.scores[q * block.stride + r] = total(sums[r][q]);
}

/// Some queries over a number of rows that four divides.
INLINE void tiles(cvk_measure measure, cvk_block block, size_t rows, size_t rows_at_once,
                  size_t queries_at_once) {
  for (size_t r = 0; r < rows; r += rows_at_once) {
    tile(measure, block, rows_at_once, queries_at_once);
    block.rows += rows_at_once * block.dimension;
    block.scores += rows_at_once;
  }
}

INLINE void scan(cvk_measure measure, const cvk_part *part, const float *queries, size_t count,
                 float *scores, size_t stride) {
  size_t dimension = part->dimension, rows = part->last - part->first, whole = rows / 4 * 4;
  const float *values = (const float *)part->rows + part->first * dimension;
  cvk_block block = {values, queries, dimension, scores, stride};
  size_t left = count;
  for (; left >= QUERIES_AT_ONCE; left -= QUERIES_AT_ONCE) {
    tiles(measure, block, whole, ROWS_AT_ONCE, QUERIES_AT_ONCE);
    block.queries += QUERIES_AT_ONCE * dimension;
    block.scores += QUERIES_AT_ONCE * stride;
  }
  for (; left >= 2; left -= 2) {
    tiles(measure, block, whole, ROWS_AT_ONCE, 2);
    block.queries += 2 * dimension;
    block.scores += 2 * stride;
  }
  if (left) tiles(measure, block, whole, ROWS_FOR_ONE, 1);
  for (size_t r = whole; r < rows; r++) {
    for (size_t q = 0; q < count; q++) {
      scores[q * stride + r] =
          pair(measure, CVK_F32, queries + q * dimension, values + r * dimension, dimension);
    }
  }
}

KERNEL void scan_rows(cvk_measure measure, const cvk_part *part, const float *queries,
                      size_t count, float *scores, size_t stride) {
  if (measure == CVK_DOT) {
    scan(CVK_DOT, part, queries, count, scores, stride);
  } else {
    scan(CVK_SQUARED_DISTANCE, part, queries, count, scores, stride);
  }
}

KERNEL void prefixes(const float *query, const float *row, const size_t *cuts, size_t count,
                     float *scores, size_t stride) {
  lanes sum = zeros();
  size_t i = 0;
  for (size_t c = 0; c < count; c++) {
    for (; i + 16 <= cuts[c]; i += 16)
      sum = fused(load(CVK_F32, query, i), load(CVK_F32, row, i), sum);
    lanes cut = sum;
    if (i < cuts[c]) {
      size_t rest = cuts[c] - i;
      cut = fused(load_rest(CVK_F32, query, i, rest), load_rest(CVK_F32, row, i, rest), sum);
    }
    scores[c * stride] = total(cut);
  }
}

/// As `tile` for dot products, with the sums taken at each cut.
INLINE void cut_tile(cvk_block block, const size_t *cuts, size_t cut_count, size_t cut_stride,
                     size_t row_count, size_t query_count) {
  lanes sums[4][6];
  UNROLL
  for (size_t r = 0; r < row_count; r++)
    UNROLL
    for (size_t q = 0; q < query_count; q++) sums[r][q] = zeros();
  size_t dimension = block.dimension, i = 0;
  float *scores = block.scores;
  for (size_t c = 0; c < cut_count; c++, scores += cut_stride) {
    for (; i + 16 <= cuts[c]; i += 16) {
      lanes values[4];
      UNROLL
      for (size_t r = 0; r < row_count; r++)
        values[r] = load(CVK_F32, block.rows + r * dimension, i);
      UNROLL
      for (size_t q = 0; q < query_count; q++) {
        lanes query = load(CVK_F32, block.queries + q * dimension, i);
        UNROLL
        for (size_t r = 0; r < row_count; r++) sums[r][q] = fused(query, values[r], sums[r][q]);
      }
    }
    size_t rest = cuts[c] - i;
    UNROLL
    for (size_t q = 0; q < query_count; q++) {
      UNROLL
      for (size_t r = 0; r < row_count; r++) {
        lanes cut = sums[r][q];
        if (rest) {
          cut = fused(load_rest(CVK_F32, block.queries + q * dimension, i, rest),
                      load_rest(CVK_F32, block.rows + r * dimension, i, rest), cut);
        }
        scores[q * block.stride + r] = total(cut);
      }
    }
  }
}

/// Some queries over a number of rows that four divides, at each cut.
INLINE void cut_tiles(cvk_block block, const size_t *cuts, size_t cut_count, size_t cut_stride,
                      size_t rows, size_t rows_at_once, size_t queries_at_once) {
  for (size_t r = 0; r < rows; r += rows_at_once) {
    cut_tile(block, cuts, cut_count, cut_stride, rows_at_once, queries_at_once);
    block.rows += rows_at_once * block.dimension;
    block.scores += rows_at_once;
  }
}

KERNEL void prefix_rows(const cvk_part *part, const float *queries, size_t count,
                        const size_t *cuts, size_t cut_count, float *scores, size_t stride) {
  size_t dimension = part->dimension, rows = part->last - part->first, whole = rows / 4 * 4;
  const float *values = (const float *)part->rows + part->first * dimension;
  cvk_block block = {values, queries, dimension, scores, stride};
  size_t left = count, cut_stride = count * stride;
  for (; left >= QUERIES_AT_ONCE; left -= QUERIES_AT_ONCE) {
    cut_tiles(block, cuts, cut_count, cut_stride, whole, ROWS_AT_ONCE, QUERIES_AT_ONCE);
    block.queries += QUERIES_AT_ONCE * dimension;
    block.scores += QUERIES_AT_ONCE * stride;
  }
  for (; left >= 2; left -= 2) {
    cut_tiles(block, cuts, cut_count, cut_stride, whole, ROWS_AT_ONCE, 2);
    block.queries += 2 * dimension;
    block.scores += 2 * stride;
  }
  if (left) cut_tiles(block, cuts, cut_count, cut_stride, whole, ROWS_FOR_ONE, 1);
  for (size_t r = whole; r < rows; r++) {
    for (size_t q = 0; q < count; q++) {
      prefixes(queries + q * dimension, values + r * dimension, cuts, cut_count,
               scores + q * stride + r, cut_stride);
    }
  }
}

KERNEL void encode_row(const float *values, size_t row, const cvk_codes *codes) {
  cvk_encode_row(values, row, codes);
}

KERNEL void cosines(float *scores, const double *factors, double factor, size_t count) {
  cvk_to_cosines(scores, factors, factor, count);
}

#define FLOAT_KERNELS                                                                             \
  .pair = {{dot_f32, dot_f16, dot_bf16}, {gap_f32, gap_f16, gap_bf16}},                           \
  .distance = {distance_f32, distance_f16, distance_bf16}, .scan_rows = scan_rows,                \
  .prefixes = prefixes, .prefix_rows = prefix_rows, .encode_row = encode_row, .cosines = cosines
