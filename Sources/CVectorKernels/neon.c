#if defined(__aarch64__)

#include "kernels.h"

#include <arm_neon.h>

#define INLINE static inline __attribute__((always_inline))
#define KERNEL static

typedef struct {
  float32x4_t part[4];
} lanes;

/// Of 32 registers, 16 hold sums.
enum { ROWS_AT_ONCE = 2, QUERIES_AT_ONCE = 2, ROWS_FOR_ONE = 1 };

#define EACH(expression)                                                                          \
  lanes made;                                                                                     \
  for (size_t k = 0; k < 4; k++) made.part[k] = (expression);                                     \
  return made

INLINE lanes zeros(void) { EACH(vdupq_n_f32(0)); }

INLINE float32x4_t four(cvk_type type, const void *row, size_t i) {
  const uint16_t *shorts = (const uint16_t *)row + i;
  switch (type) {
  case CVK_F32: return vld1q_f32((const float *)row + i);
  case CVK_F16: return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(shorts)));
  case CVK_BF16: return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(shorts), 16));
  }
}

INLINE lanes load(cvk_type type, const void *row, size_t i) { EACH(four(type, row, i + 4 * k)); }

/// Fewer than sixteen, and zeros.
INLINE lanes load_rest(cvk_type type, const void *row, size_t i, size_t count) {
  if (type == CVK_F32) {
    float rest[16] = {0};
    for (size_t k = 0; k < count; k++) rest[k] = ((const float *)row)[i + k];
    return load(type, rest, 0);
  }
  uint16_t rest[16] = {0};
  for (size_t k = 0; k < count; k++) rest[k] = ((const uint16_t *)row)[i + k];
  return load(type, rest, 0);
}

INLINE lanes plus(lanes a, lanes b) { EACH(vaddq_f32(a.part[k], b.part[k])); }
INLINE lanes minus(lanes a, lanes b) { EACH(vsubq_f32(a.part[k], b.part[k])); }
INLINE lanes fused(lanes a, lanes b, lanes sum) {
  EACH(vfmaq_f32(sum.part[k], a.part[k], b.part[k]));
}

INLINE float total(lanes sums) {
  float32x4_t sum = vaddq_f32(vaddq_f32(sums.part[0], sums.part[2]),
                              vaddq_f32(sums.part[1], sums.part[3]));
  float32x2_t two = vadd_f32(vget_low_f32(sum), vget_high_f32(sum));
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}

#include "lanes.h"

/// The compiler's own vectors do for integers here.
static void code_rows(const cvk_coded_query *query, const int8_t *rows, size_t dimension,
                      size_t count, int64_t *sums) {
  cvk_scalar_kernels.code_rows(query, rows, dimension, count, sums);
}
static float code_distance(const void *left, const void *right, size_t dimension) {
  return cvk_scalar_kernels.code_distance(left, right, dimension);
}
static uint32_t bit_pair(const uint64_t *left, const uint64_t *right, size_t words) {
  return cvk_scalar_kernels.bit_pair(left, right, words);
}
static size_t select_scores(const float *scores, size_t count, float least, uint32_t *positions) {
  return cvk_scalar_kernels.select(scores, count, least, positions);
}

const cvk_kernels cvk_neon_kernels = {
    FLOAT_KERNELS,
    .code_rows = code_rows,
    .bit_pair = bit_pair,
    .code_distance = code_distance,
    .select = select_scores,
};

#endif
