#include "encode_row.h"

static float f32(const void *row, size_t i) { return ((const float *)row)[i]; }
static float f16(const void *row, size_t i) { return cvk_half_value(((const uint16_t *)row)[i]); }
static float bf16(const void *row, size_t i) { return cvk_brain_value(((const uint16_t *)row)[i]); }

#define PAIRS(type)                                                                               \
  static float dot_##type(const float *query, const void *row, size_t dimension) {                \
    float sums[4] = {0};                                                                          \
    for (size_t i = 0; i < dimension; i++) sums[i & 3] += query[i] * type(row, i);                \
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);                                             \
  }                                                                                               \
  static float gap_##type(const float *query, const void *row, size_t dimension) {                \
    float sums[4] = {0};                                                                          \
    for (size_t i = 0; i < dimension; i++) {                                                      \
      float difference = query[i] - type(row, i);                                                 \
      sums[i & 3] += difference * difference;                                                     \
    }                                                                                             \
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);                                             \
  }                                                                                               \
  static float distance_##type(const void *left, const void *right, size_t dimension) {           \
    float sums[4] = {0};                                                                          \
    for (size_t i = 0; i < dimension; i++) sums[i & 3] += type(left, i) * type(right, i);         \
    return 1 - ((sums[0] + sums[1]) + (sums[2] + sums[3]));                                       \
  }

PAIRS(f32)
PAIRS(f16)
PAIRS(bf16)

static void code_rows(const cvk_coded_query *query, const int8_t *rows, size_t dimension,
                      size_t count, int64_t *sums) {
  for (size_t r = 0; r < count; r++, rows += dimension) {
    int64_t high = 0, low = 0;
    for (size_t i = 0; i < dimension; i++) {
      high += query->high[i] * rows[i];
      low += query->low[i] * rows[i];
    }
    sums[r] = 256 * high + low;
  }
}

static float code_distance(const void *left, const void *right, size_t dimension) {
  const int8_t *a = left, *b = right;
  int64_t sum = 0;
  for (size_t i = 0; i < dimension; i++) sum += a[i] * b[i];
  return -(float)sum;
}

static uint32_t bit_pair(const uint64_t *left, const uint64_t *right, size_t words) {
  uint32_t count = 0;
  for (size_t i = 0; i < words; i++) count += (uint32_t)__builtin_popcountll(left[i] ^ right[i]);
  return count;
}

static size_t select_scores(const float *scores, size_t count, float least, uint32_t *positions) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    positions[found] = (uint32_t)i;
    found += scores[i] >= least && !isinf(scores[i]);
  }
  return found;
}

static void encode_row(const float *values, size_t row, const cvk_codes *codes) {
  cvk_encode_row(values, row, codes);
}

const cvk_kernels cvk_scalar_kernels = {
    .pair = {{dot_f32, dot_f16, dot_bf16}, {gap_f32, gap_f16, gap_bf16}},
    .encode_row = encode_row,
    .code_rows = code_rows,
    .bit_pair = bit_pair,
    .distance = {distance_f32, distance_f16, distance_bf16},
    .code_distance = code_distance,
    .select = select_scores,
};
