#include "kernels.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define KERNEL static

typedef struct {
  float lane[16];
} lanes;

enum { STRIPS = 1, ROWS_AT_ONCE = 1, QUERIES_AT_ONCE = 2, ROWS_FOR_TWO = 1, ROWS_FOR_ONE = 1 };

#define EACH(expression)                                                                          \
  lanes made;                                                                                     \
  for (size_t l = 0; l < 16; l++) made.lane[l] = (expression);                                    \
  return made

INLINE lanes zeros(void) { EACH(0); }

INLINE float value(cvk_type type, const void *row, size_t i) {
  switch (type) {
  case CVK_F32: return ((const float *)row)[i];
  case CVK_F16: return cvk_half_value(((const uint16_t *)row)[i]);
  case CVK_BF16: return cvk_bfloat16_value(((const uint16_t *)row)[i]);
  }
}

INLINE lanes load(cvk_type type, const void *row, size_t i) { EACH(value(type, row, i + l)); }

INLINE lanes load_rest(cvk_type type, const void *row, size_t i, size_t count) {
  EACH(l < count ? value(type, row, i + l) : 0);
}

/// a × b + sum, rounded once, by processors without an instruction for it. The product is exact in double precision. The
/// sum is rounded to odd there (Boldo and Melquiond, 2008): its last bit says whether something was left out, and rounding
/// it to float gives what rounding the exact sum does.
INLINE float fused_once(float a, float b, float sum) {
  double product = (double)a * b, wide = product + sum;
  double given = wide - product, left_out = (product - (wide - given)) + (sum - given);
  int64_t bits;
  memcpy(&bits, &wide, sizeof bits);
  bool is_outward = (left_out > 0) == (wide > 0);
  bool is_even = !(bits & 1), is_rounded = left_out < 0 || left_out > 0;
  if (is_even && is_rounded) bits += is_outward ? 1 : -1;
  memcpy(&wide, &bits, sizeof bits);
  return (float)wide;
}

INLINE lanes plus(lanes a, lanes b) { EACH(a.lane[l] + b.lane[l]); }
INLINE lanes minus(lanes a, lanes b) { EACH(a.lane[l] - b.lane[l]); }
INLINE lanes fused(lanes a, lanes b, lanes sum) {
  EACH(fused_once(a.lane[l], b.lane[l], sum.lane[l]));
}

typedef lanes strip;
INLINE strip strip_zeros(void) { return zeros(); }
INLINE strip strip_load(const float *values) { return load(CVK_F32, values, 0); }
INLINE strip strip_minus(strip a, strip b) { return minus(a, b); }
INLINE strip strip_fused(strip a, strip b, strip sum) { return fused(a, b, sum); }
INLINE lanes joined(const strip *strips) { return strips[0]; }

INLINE float total(lanes sums) {
  for (size_t half = 8; half; half /= 2)
    for (size_t l = 0; l < half; l++) sums.lane[l] += sums.lane[l + half];
  return sums.lane[0];
}

#include "lanes.h"

static void code_rows(const cvk_coded_query *query, const int8_t *rows, const int32_t *row_sums,
                      size_t dimension, size_t count, int64_t *sums) {
  for (size_t r = 0; r < count; r++, rows += dimension) {
    int64_t high = 0, low = 0;
    for (size_t i = 0; i < dimension; i++) {
      high += query->high[i] * rows[i];
      low += query->low[i] * rows[i];
    }
    sums[r] = 256 * high + low - INT64_C(32768) * row_sums[r];
  }
}

static float code_distance(const void *left, const void *right, size_t dimension) {
  const int8_t *a = left, *b = right;
  int64_t sum = 0;
  for (size_t i = 0; i < dimension; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return (float)sum;
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

typedef struct {
  int32_t lane[16];
} ints;
typedef const int8_t *panel_type, *quad;

enum { LEFT_AT_ONCE = 1, PANELS_AT_ONCE = 1 };

INLINE ints begun(const int32_t *starts, int32_t sum) {
  (void)sum;
  ints made;
  memcpy(made.lane, starts, sizeof made.lane);
  return made;
}
INLINE panel_type load_panel(const int8_t *codes) { return codes; }
INLINE quad load_quad(const int8_t *codes) { return codes; }
INLINE ints dotted(ints sums, panel_type values, quad codes) {
  for (size_t l = 0; l < 16; l++)
    for (size_t k = 0; k < 4; k++) sums.lane[l] += values[4 * l + k] * codes[k];
  return sums;
}
INLINE uint16_t near_mask(ints sums, const float *rests, float rest, float least) {
  unsigned mask = 0;
  for (size_t l = 0; l < 16; l++) {
    float beyond = rests[l] * rest, bound = (float)sums.lane[l] + beyond;
    mask |= (unsigned)(bound >= least) << l;
  }
  return (uint16_t)mask;
}

INLINE void store_bounds(ints high, ints low, const float *errors, const float *rests,
                         const cvk_placed_query *query, float *bounds) {
  for (size_t l = 0; l < 16; l++) {
    float on_axes = (float)(255 * high.lane[l] + low.lane[l]) * query->step;
    float error = errors[l] * query->length, rest = rests[l] * query->rest;
    bounds[l] = on_axes + error + rest + query->fixed;
  }
}

#define NEAR near
#define NEAR_KERNEL static
#include "near.h"
#include "placed.h"

const cvk_kernels cvk_scalar_kernels = {
    FLOAT_KERNELS,
    .code_rows = code_rows,
    .bit_pair = bit_pair,
    .code_distance = code_distance,
    .select = select_scores,
    .near = near,
    .placed_bounds = placed_bounds,
};
