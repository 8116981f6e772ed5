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
// `load_rest` by type of value, `minus`, `plus`, `fused`, `total`; `strip`, a part of the lanes that fills a register, with
// STRIPS, how many there are, `strip_zeros`, `strip_load` of floats, `strip_minus`, `strip_fused`, and `joined`, all of them
// as lanes; ROWS_AT_ONCE (at most 4) and QUERIES_AT_ONCE (at most 8), of which the registers hold a strip of each pair, and
// ROWS_FOR_TWO and ROWS_FOR_ONE, how many rows fewer queries read at a time.

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

/// Where the parts of a block of rows and queries lie, and at which cuts of the vectors the sums are taken.
typedef struct {
  const float *rows, *queries;
  size_t dimension;
  /// Ascending; of a whole scan, one: the dimension.
  const size_t *cuts;
  size_t cut_count;
  float *scores;
  /// From one query's scores to the next one's, and from a cut's to the next one's.
  size_t stride, cut_stride;
  /// Two rows that memory is asked for meanwhile; any that are near where none are to come.
  const float *ahead;
} cvk_block;

/// Written out in full, or the compiler keeps the sums of a tile in memory.
#define UNROLL _Pragma("clang loop unroll(full)")

/// Values of a tile that stay in the first cache while its strips pass over them.
enum { CHUNK = 512 };

/// What some strips of the lanes sum up over a whole number of sixteens.
INLINE void add_strips(cvk_measure measure, const cvk_block *block, size_t first, size_t count,
                       size_t start, size_t end, strip sums[STRIPS][4][8], size_t row_count,
                       size_t query_count) {
  strip own[STRIPS][4][8];
  UNROLL
  for (size_t s = 0; s < count; s++)
    UNROLL
    for (size_t r = 0; r < row_count; r++)
      UNROLL
      for (size_t q = 0; q < query_count; q++) own[s][r][q] = sums[first + s][r][q];
  for (size_t i = start; i < end; i += 16) {
    UNROLL
    for (size_t s = 0; s < count; s++) {
      size_t at = i + (first + s) * (16 / STRIPS);
      strip values[4];
      UNROLL
      for (size_t r = 0; r < row_count; r++)
        values[r] = strip_load(block->rows + r * block->dimension + at);
      if (query_count == QUERIES_AT_ONCE) {
        UNROLL
        for (size_t a = first + s; a < 2; a += STRIPS)
          __builtin_prefetch(block->ahead + a * block->dimension + i, 0, 2);
      }
      UNROLL
      for (size_t q = 0; q < query_count; q++) {
        strip query = strip_load(block->queries + q * block->dimension + at);
        UNROLL
        for (size_t r = 0; r < row_count; r++) {
          strip left = measure == CVK_DOT ? query : strip_minus(query, values[r]);
          strip right = measure == CVK_DOT ? values[r] : left;
          own[s][r][q] = strip_fused(left, right, own[s][r][q]);
        }
      }
    }
  }
  UNROLL
  for (size_t s = 0; s < count; s++)
    UNROLL
    for (size_t r = 0; r < row_count; r++)
      UNROLL
      for (size_t q = 0; q < query_count; q++) sums[first + s][r][q] = own[s][r][q];
}

/// The sums of some rows and queries, each value loaded once for all of them. The lanes are summed a strip at a time, so that
/// the registers hold the same strip of more pairs than whole lanes. The counts are constants where this is inlined.
INLINE void tile(cvk_measure measure, cvk_block block, size_t row_count, size_t query_count) {
  strip sums[STRIPS][4][8];
  UNROLL
  for (size_t s = 0; s < STRIPS; s++)
    UNROLL
    for (size_t r = 0; r < row_count; r++)
      UNROLL
      for (size_t q = 0; q < query_count; q++) sums[s][r][q] = strip_zeros();
  size_t start = 0;
  for (size_t c = 0; c < block.cut_count; c++, block.scores += block.cut_stride) {
    size_t rest = block.cuts[c] % 16, whole = block.cuts[c] - rest;
    while (start < whole) {
      size_t end = whole - start > CHUNK ? start + CHUNK : whole;
      // One query leaves room for all strips, and reads each row in one go.
      size_t at_once = query_count == 1 ? STRIPS : 1;
      UNROLL
      for (size_t s = 0; s < STRIPS; s += at_once)
        add_strips(measure, &block, s, at_once, start, end, sums, row_count, query_count);
      start = end;
    }
    UNROLL
    for (size_t q = 0; q < query_count; q++) {
      UNROLL
      for (size_t r = 0; r < row_count; r++) {
        strip own[STRIPS];
        UNROLL
        for (size_t s = 0; s < STRIPS; s++) own[s] = sums[s][r][q];
        lanes sum = joined(own);
        if (rest) {
          sum = added(measure, load_rest(CVK_F32, block.queries + q * block.dimension, whole, rest),
                      load_rest(CVK_F32, block.rows + r * block.dimension, whole, rest), sum);
        }
        block.scores[q * block.stride + r] = total(sum);
      }
    }
  }
}

/// Some queries over all rows of a block; those that are left over one by one.
INLINE void tiles(cvk_measure measure, cvk_block block, size_t rows, size_t rows_at_once,
                  size_t queries_at_once) {
  for (; rows >= rows_at_once; rows -= rows_at_once) {
    tile(measure, block, rows_at_once, queries_at_once);
    block.rows += rows_at_once * block.dimension;
    block.ahead += rows_at_once * block.dimension;
    block.scores += rows_at_once;
  }
  for (; rows_at_once > 1 && rows > 0; rows--) {
    tile(measure, block, 1, queries_at_once);
    block.rows += block.dimension;
    block.scores++;
  }
}

/// The first queries also ask for the rows after these, two of a tile's each: memory works while sums are made.
INLINE void scan(cvk_measure measure, cvk_block block, size_t rows, size_t next, size_t count) {
  size_t ahead = 0;
  for (; count >= QUERIES_AT_ONCE; count -= QUERIES_AT_ONCE, ahead += 2) {
    bool is_there = next >= rows + 2 && ahead < ROWS_AT_ONCE;
    block.ahead = block.rows + (is_there ? rows + ahead : 0) * block.dimension;
    tiles(measure, block, rows, ROWS_AT_ONCE, QUERIES_AT_ONCE);
    block.queries += QUERIES_AT_ONCE * block.dimension;
    block.scores += QUERIES_AT_ONCE * block.stride;
  }
  for (; count >= 2; count -= 2) {
    tiles(measure, block, rows, ROWS_FOR_TWO, 2);
    block.queries += 2 * block.dimension;
    block.scores += 2 * block.stride;
  }
  if (count) tiles(measure, block, rows, ROWS_FOR_ONE, 1);
}

KERNEL void scan_rows(cvk_measure measure, const cvk_part *part, size_t next, const float *queries,
                      size_t count, const size_t *cuts, size_t cut_count, float *scores,
                      size_t stride) {
  const float *rows = (const float *)part->rows + part->first * part->dimension;
  cvk_block block = {rows,   queries, part->dimension, cuts, cut_count,
                     scores, stride,  count * stride,  rows};
  size_t row_count = part->last - part->first;
  if (measure == CVK_DOT) {
    scan(CVK_DOT, block, row_count, next, count);
  } else {
    scan(CVK_SQUARED_DISTANCE, block, row_count, next, count);
  }
}

KERNEL void prefixes(const float *query, const float *row, const size_t *cuts, size_t count,
                     float *scores, size_t stride) {
  tile(CVK_DOT, (cvk_block){row, query, cuts[count - 1], cuts, count, scores, 0, stride, row}, 1, 1);
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
  .prefixes = prefixes, .encode_row = encode_row, .cosines = cosines
