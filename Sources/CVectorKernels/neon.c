#if defined(__aarch64__)

#include "encode_row.h"

#include <arm_neon.h>

#define INLINE static inline __attribute__((always_inline))

INLINE float32x4_t f32(const void *row, size_t i) { return vld1q_f32((const float *)row + i); }
INLINE float32x4_t f16(const void *row, size_t i) {
  return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16((const uint16_t *)row + i)));
}
INLINE float32x4_t bf16(const void *row, size_t i) {
  return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16((const uint16_t *)row + i), 16));
}
INLINE float one_f32(const void *row, size_t i) { return ((const float *)row)[i]; }
INLINE float one_f16(const void *row, size_t i) {
  return cvk_half_value(((const uint16_t *)row)[i]);
}
INLINE float one_bf16(const void *row, size_t i) {
  return cvk_brain_value(((const uint16_t *)row)[i]);
}

INLINE float32x4_t add_product(float32x4_t a, float32x4_t b, float32x4_t sum) {
  return vfmaq_f32(sum, a, b);
}
INLINE float32x4_t add_square(float32x4_t a, float32x4_t b, float32x4_t sum) {
  float32x4_t difference = vsubq_f32(a, b);
  return vfmaq_f32(sum, difference, difference);
}
INLINE float one_product(float a, float b) { return a * b; }
INLINE float one_square(float a, float b) { return (a - b) * (a - b); }

#define PAIR(name, left_type, right_type, add, one)                                               \
  static float name(const void *left, const void *right, size_t dimension) {                      \
    float32x4_t sums[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};       \
    size_t i = 0;                                                                                 \
    for (; i + 16 <= dimension; i += 16) {                                                        \
      for (size_t k = 0; k < 4; k++) {                                                            \
        sums[k] = add(left_type(left, i + 4 * k), right_type(right, i + 4 * k), sums[k]);         \
      }                                                                                           \
    }                                                                                             \
    float sum = vaddvq_f32(vaddq_f32(vaddq_f32(sums[0], sums[1]), vaddq_f32(sums[2], sums[3])));  \
    for (; i < dimension; i++) sum += one(one_##left_type(left, i), one_##right_type(right, i));  \
    return sum;                                                                                   \
  }

#define PAIRS(type)                                                                               \
  PAIR(product_##type, f32, type, add_product, one_product)                                       \
  PAIR(square_##type, f32, type, add_square, one_square)                                          \
  PAIR(both_##type, type, type, add_product, one_product)                                         \
  static float dot_##type(const float *query, const void *row, size_t dimension) {                \
    return product_##type(query, row, dimension);                                                 \
  }                                                                                               \
  static float gap_##type(const float *query, const void *row, size_t dimension) {                \
    return square_##type(query, row, dimension);                                                  \
  }                                                                                               \
  static float distance_##type(const void *left, const void *right, size_t dimension) {           \
    return 1 - both_##type(left, right, dimension);                                               \
  }

PAIRS(f32)
PAIRS(f16)
PAIRS(bf16)

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

static void encode_row(const float *values, size_t row, const cvk_codes *codes) {
  cvk_encode_row(values, row, codes);
}

const cvk_kernels cvk_neon_kernels = {
    .pair = {{dot_f32, dot_f16, dot_bf16}, {gap_f32, gap_f16, gap_bf16}},
    .encode_row = encode_row,
    .code_rows = code_rows,
    .bit_pair = bit_pair,
    .distance = {distance_f32, distance_f16, distance_bf16},
    .code_distance = code_distance,
    .select = select_scores,
};

#endif
