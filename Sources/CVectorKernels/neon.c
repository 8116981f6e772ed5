#if defined(__aarch64__)

#include "kernels.h"

#include <arm_neon.h>
#include <string.h>
#if defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

#define INLINE static inline __attribute__((always_inline))
#define KERNEL static

typedef struct {
  float32x4_t part[4];
} lanes;

/// Of 32 registers, 24 hold sums.
enum { STRIPS = 4, ROWS_AT_ONCE = 4, QUERIES_AT_ONCE = 6, ROWS_FOR_TWO = 4, ROWS_FOR_ONE = 4 };

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

typedef float32x4_t strip;
INLINE strip strip_zeros(void) { return vdupq_n_f32(0); }
INLINE strip strip_load(const float *values) { return vld1q_f32(values); }
INLINE strip strip_minus(strip a, strip b) { return vsubq_f32(a, b); }
INLINE strip strip_fused(strip a, strip b, strip sum) { return vfmaq_f32(sum, a, b); }
INLINE lanes joined(const strip *strips) { EACH(strips[k]); }

INLINE float total(lanes sums) {
  float32x4_t sum = vaddq_f32(vaddq_f32(sums.part[0], sums.part[2]),
                              vaddq_f32(sums.part[1], sums.part[3]));
  float32x2_t two = vadd_f32(vget_low_f32(sum), vget_high_f32(sum));
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}

#include "lanes.h"

/// The compiler's own vectors do for integers here.
static void code_rows(const cvk_coded_query *query, const int8_t *rows, const int32_t *row_sums,
                      size_t dimension, size_t count, int64_t *sums) {
  cvk_scalar_kernels.code_rows(query, rows, row_sums, dimension, count, sums);
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

typedef struct {
  int32x4_t part[4];
} ints;
typedef struct {
  int8x16_t part[4];
} panel_type;
typedef int8x16_t quad;

enum { LEFT_AT_ONCE = 2, PANELS_AT_ONCE = 2 };

INLINE ints begun(const int32_t *starts, int32_t sum) {
  (void)sum;
  ints made;
  for (size_t k = 0; k < 4; k++) made.part[k] = vld1q_s32(starts + 4 * k);
  return made;
}
INLINE panel_type load_panel(const int8_t *codes) {
  panel_type made;
  for (size_t k = 0; k < 4; k++) made.part[k] = vld1q_s8(codes + 16 * k);
  return made;
}
INLINE quad load_quad(const int8_t *codes) {
  int32_t bits;
  memcpy(&bits, codes, sizeof bits);
  return vreinterpretq_s8_s32(vdupq_n_s32(bits));
}
INLINE uint16_t near_mask(ints sums, const float *rests, float rest, float least) {
  const uint32x4_t bits = {1, 2, 4, 8};
  unsigned mask = 0;
  for (size_t k = 0; k < 4; k++) {
    float32x4_t beyond = vmulq_f32(vld1q_f32(rests + 4 * k), vdupq_n_f32(rest));
    float32x4_t bound = vaddq_f32(vcvtq_f32_s32(sums.part[k]), beyond);
    uint32x4_t near = vcgeq_f32(bound, vdupq_n_f32(least));
    mask |= vaddvq_u32(vandq_u32(near, bits)) << 4 * k;
  }
  return (uint16_t)mask;
}

/// Two products of at most 127 × 127 fit into 16 bits.
INLINE ints dotted(ints sums, panel_type values, quad codes) {
  for (size_t k = 0; k < 4; k++) {
    int32x4_t low = vpaddlq_s16(vmull_s8(vget_low_s8(values.part[k]), vget_low_s8(codes)));
    int32x4_t high = vpaddlq_s16(vmull_high_s8(values.part[k], codes));
    sums.part[k] = vaddq_s32(sums.part[k], vpaddq_s32(low, high));
  }
  return sums;
}

INLINE void store_bounds(ints high, ints low, const float *errors, const float *rests,
                         const cvk_placed_query *query, float *bounds) {
  for (size_t k = 0; k < 4; k++) {
    int32x4_t total = vaddq_s32(vmulq_n_s32(high.part[k], 255), low.part[k]);
    float32x4_t on_axes = vmulq_n_f32(vcvtq_f32_s32(total), query->step);
    float32x4_t error = vmulq_n_f32(vld1q_f32(errors + 4 * k), query->length);
    float32x4_t rest = vmulq_n_f32(vld1q_f32(rests + 4 * k), query->rest);
    float32x4_t bound = vaddq_f32(vaddq_f32(on_axes, error), rest);
    vst1q_f32(bounds + 4 * k, vaddq_f32(bound, vdupq_n_f32(query->fixed)));
  }
}

#define NEAR near_by_products
#define NEAR_KERNEL static
#define placed_tile placed_tile_of_products
#define placed_bounds placed_bounds_by_products
#include "near.h"
#include "placed.h"
#undef NEAR
#undef NEAR_KERNEL
#undef placed_tile
#undef placed_bounds

// The same with the dot products of bytes that most of these processors have.
#define DOTS __attribute__((target("dotprod")))
#define near_tile near_tile_of_dots
#define dotted dotted_at_once
#undef INLINE
#define INLINE DOTS static inline __attribute__((always_inline))

INLINE ints dotted(ints sums, panel_type values, quad codes) {
  for (size_t k = 0; k < 4; k++) sums.part[k] = vdotq_s32(sums.part[k], values.part[k], codes);
  return sums;
}

#define NEAR near_by_dots
#define NEAR_KERNEL DOTS static
#define placed_bounds placed_bounds_by_dots
#include "near.h"
#include "placed.h"
#undef placed_bounds

static bool has_dots(void) {
#if defined(__APPLE__)
  return true;
#else
  return getauxval(AT_HWCAP) & HWCAP_ASIMDDP;
#endif
}

static void near(const cvk_panels *left, size_t left_first, size_t left_last,
                 const cvk_panels *right, size_t right_first, size_t right_last, uint16_t *masks,
                 size_t stride) {
  (has_dots() ? near_by_dots : near_by_products)(left, left_first, left_last, right, right_first,
                                                 right_last, masks, stride);
}

static void placed_bounds(const cvk_placed *rows, const cvk_placed_query *query, size_t first,
                          size_t last, float *bounds) {
  (has_dots() ? placed_bounds_by_dots : placed_bounds_by_products)(rows, query, first, last, bounds);
}

const cvk_kernels cvk_neon_kernels = {
    FLOAT_KERNELS,
    .code_rows = code_rows,
    .bit_pair = bit_pair,
    .code_distance = code_distance,
    .select = select_scores,
    .near = near,
    .placed_bounds = placed_bounds,
};

#endif
