#if defined(__x86_64__)

#include "kernels.h"

#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2,fma,f16c,popcnt")))
#define INLINE AVX2 static inline __attribute__((always_inline))
#define KERNEL AVX2 static

typedef struct {
  __m256 low, high;
} lanes;

/// Of sixteen registers, twelve hold sums.
enum { STRIPS = 2, ROWS_AT_ONCE = 3, QUERIES_AT_ONCE = 4, ROWS_FOR_TWO = 4, ROWS_FOR_ONE = 1 };

INLINE lanes zeros(void) { return (lanes){_mm256_setzero_ps(), _mm256_setzero_ps()}; }

INLINE __m256 eight_halves(const uint16_t *halves) {
  return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)halves));
}
INLINE __m256 eight_bfloat16s(const uint16_t *shorts) {
  __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)shorts));
  return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}

INLINE lanes load(cvk_type type, const void *row, size_t i) {
  const float *floats = (const float *)row + i;
  const uint16_t *shorts = (const uint16_t *)row + i;
  switch (type) {
  case CVK_F32: return (lanes){_mm256_loadu_ps(floats), _mm256_loadu_ps(floats + 8)};
  case CVK_F16: return (lanes){eight_halves(shorts), eight_halves(shorts + 8)};
  case CVK_BF16: return (lanes){eight_bfloat16s(shorts), eight_bfloat16s(shorts + 8)};
  }
}

INLINE __m256i mask_of(size_t count) {
  const __m256i numbers = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), numbers);
}

/// Fewer than sixteen, and zeros.
INLINE lanes load_rest(cvk_type type, const void *row, size_t i, size_t count) {
  if (type == CVK_F32) {
    const float *floats = (const float *)row + i;
    __m256 low = _mm256_maskload_ps(floats, mask_of(count));
    // Nothing is read where the mask is empty, but no pointer past the end is made either.
    __m256 high = count > 8 ? _mm256_maskload_ps(floats + 8, mask_of(count - 8)) : _mm256_setzero_ps();
    return (lanes){low, high};
  }
  uint16_t rest[16] = {0};
  for (size_t k = 0; k < count; k++) rest[k] = ((const uint16_t *)row)[i + k];
  return load(type, rest, 0);
}

INLINE lanes plus(lanes a, lanes b) {
  return (lanes){_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)};
}
INLINE lanes minus(lanes a, lanes b) {
  return (lanes){_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)};
}
INLINE lanes fused(lanes a, lanes b, lanes sum) {
  return (lanes){_mm256_fmadd_ps(a.low, b.low, sum.low), _mm256_fmadd_ps(a.high, b.high, sum.high)};
}

typedef __m256 strip;
INLINE strip strip_zeros(void) { return _mm256_setzero_ps(); }
INLINE strip strip_load(const float *values) { return _mm256_loadu_ps(values); }
INLINE strip strip_minus(strip a, strip b) { return _mm256_sub_ps(a, b); }
INLINE strip strip_fused(strip a, strip b, strip sum) { return _mm256_fmadd_ps(a, b, sum); }
INLINE lanes joined(const strip *strips) { return (lanes){strips[0], strips[1]}; }

INLINE float total(lanes sums) {
  __m256 eight = _mm256_add_ps(sums.low, sums.high);
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

#include "lanes.h"

INLINE int64_t sum_lanes(__m256i sums) {
  int32_t lanes[8];
  _mm256_storeu_si256((__m256i *)lanes, sums);
  int64_t total = 0;
  for (int k = 0; k < 8; k++) total += lanes[k];
  return total;
}

/// Sixteen codes as 16-bit integers.
INLINE __m256i wide_codes(const int8_t *codes) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)codes));
}

/// Bytes without a sign times bytes with one: the sign of the one goes to the other. Two products of at most 128 × 127 fit
/// into 16 bits.
INLINE __m256i add_products(__m256i sums, __m256i codes, __m256i digits, __m256i sizes) {
  __m256i products = _mm256_maddubs_epi16(sizes, _mm256_sign_epi8(codes, digits));
  return _mm256_add_epi32(sums, _mm256_madd_epi16(products, _mm256_set1_epi16(1)));
}

/// Four sums of lanes in 64 bits: the lanes hold no more than 31 of them.
INLINE int64_t joined_lanes(__m256i high, __m256i low) {
  __m256i wide[2];
  for (int half = 0; half < 2; half++) {
    __m128i highs = half ? _mm256_extracti128_si256(high, 1) : _mm256_castsi256_si128(high);
    __m128i lows = half ? _mm256_extracti128_si256(low, 1) : _mm256_castsi256_si128(low);
    wide[half] = _mm256_add_epi64(_mm256_slli_epi64(_mm256_cvtepi32_epi64(highs), 8),
                                  _mm256_cvtepi32_epi64(lows));
  }
  __m256i four = _mm256_add_epi64(wide[0], wide[1]);
  __m128i two = _mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
  return _mm_extract_epi64(two, 0) + _mm_extract_epi64(two, 1);
}

/// Some rows at once, by the query's integers as two digits with a sign, 256 × upper + lower.
INLINE void code_tile(const cvk_coded_query *query, const int8_t *rows, size_t dimension,
                      size_t count, int64_t *sums) {
  __m256i high[4], low[4];
  for (size_t r = 0; r < count; r++) high[r] = low[r] = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 32 <= dimension; i += 32) {
    __m256i lower = _mm256_loadu_si256((const __m256i *)(query->low + i));
    __m256i above = _mm256_loadu_si256((const __m256i *)(query->high + i));
    __m256i carry = _mm256_cmpgt_epi8(_mm256_setzero_si256(), lower);
    __m256i upper = _mm256_sub_epi8(_mm256_xor_si256(above, _mm256_set1_epi8(-128)), carry);
    __m256i upper_sizes = _mm256_abs_epi8(upper), lower_sizes = _mm256_abs_epi8(lower);
    for (size_t r = 0; r < count; r++) {
      __m256i codes = _mm256_loadu_si256((const __m256i *)(rows + r * dimension + i));
      high[r] = add_products(high[r], codes, upper, upper_sizes);
      low[r] = add_products(low[r], codes, lower, lower_sizes);
    }
  }
  for (size_t r = 0; r < count; r++) {
    const int8_t *row = rows + r * dimension;
    int64_t sum = joined_lanes(high[r], low[r]);
    for (size_t k = i; k < dimension; k++)
      sum += (int64_t)(256 * query->high[k] + query->low[k] - 32768) * row[k];
    sums[r] = sum;
  }
}

AVX2 static void code_rows(const cvk_coded_query *query, const int8_t *rows,
                           const int32_t *row_sums, size_t dimension, size_t count, int64_t *sums) {
  (void)row_sums;
  size_t r = 0;
  for (; r + 4 <= count; r += 4) code_tile(query, rows + r * dimension, dimension, 4, sums + r);
  for (; r < count; r++) code_tile(query, rows + r * dimension, dimension, 1, sums + r);
}

AVX2 static float code_distance(const void *left, const void *right, size_t dimension) {
  const int8_t *a = left, *b = right;
  __m256i sums = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 16 <= dimension; i += 16) {
    __m256i apart = _mm256_sub_epi16(wide_codes(a + i), wide_codes(b + i));
    sums = _mm256_add_epi32(sums, _mm256_madd_epi16(apart, apart));
  }
  int64_t total = sum_lanes(sums);
  for (; i < dimension; i++) total += (a[i] - b[i]) * (a[i] - b[i]);
  return (float)total;
}

AVX2 static uint32_t bit_pair(const uint64_t *left, const uint64_t *right, size_t words) {
  uint64_t count = 0;
  for (size_t i = 0; i < words; i++) count += (uint64_t)_mm_popcnt_u64(left[i] ^ right[i]);
  return (uint32_t)count;
}

AVX2 static size_t select_scores(const float *scores, size_t count, float least,
                                 uint32_t *positions) {
  const __m256 bound = _mm256_set1_ps(least);
  size_t found = 0, i = 0;
  for (; i + 8 <= count; i += 8) {
    __m256 values = _mm256_loadu_ps(scores + i);
    unsigned mask = (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(values, bound, _CMP_GE_OQ));
    for (; mask; mask &= mask - 1) {
      size_t at = i + (size_t)__builtin_ctz(mask);
      if (!isinf(scores[at])) positions[found++] = (uint32_t)at;
    }
  }
  for (; i < count; i++) {
    if (scores[i] >= least && !isinf(scores[i])) positions[found++] = (uint32_t)i;
  }
  return found;
}

typedef struct {
  __m256i low, high;
} ints, panel_type;
typedef struct {
  __m256i codes, sizes;
} quad;

enum { LEFT_AT_ONCE = 2, PANELS_AT_ONCE = 2 };

INLINE ints begun(const int32_t *starts, int32_t sum) {
  (void)sum;
  return (ints){_mm256_loadu_si256((const __m256i *)starts),
                _mm256_loadu_si256((const __m256i *)(starts + 8))};
}
INLINE panel_type load_panel(const int8_t *codes) {
  return (panel_type){_mm256_loadu_si256((const __m256i *)codes),
                 _mm256_loadu_si256((const __m256i *)(codes + 32))};
}
INLINE quad load_quad(const int8_t *codes) {
  int32_t bits;
  memcpy(&bits, codes, sizeof bits);
  __m256i all = _mm256_set1_epi32(bits);
  return (quad){all, _mm256_abs_epi8(all)};
}
INLINE __m256i dotted_half(__m256i sums, __m256i values, quad codes) {
  return add_products(sums, values, codes.codes, codes.sizes);
}
INLINE ints dotted(ints sums, panel_type values, quad codes) {
  return (ints){dotted_half(sums.low, values.low, codes), dotted_half(sums.high, values.high, codes)};
}
INLINE unsigned near_half(__m256i sums, const float *rests, float rest, float least) {
  __m256 beyond = _mm256_mul_ps(_mm256_loadu_ps(rests), _mm256_set1_ps(rest));
  __m256 bound = _mm256_add_ps(_mm256_cvtepi32_ps(sums), beyond);
  return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(bound, _mm256_set1_ps(least), _CMP_GE_OQ));
}
INLINE uint16_t near_mask(ints sums, const float *rests, float rest, float least) {
  return (uint16_t)(near_half(sums.low, rests, rest, least) |
                    near_half(sums.high, rests + 8, rest, least) << 8);
}

INLINE void store_half(__m256i high, __m256i low, const float *errors, const float *rests,
                       const cvk_placed_query *query, float *bounds) {
  __m256i total = _mm256_add_epi32(_mm256_mullo_epi32(high, _mm256_set1_epi32(255)), low);
  __m256 on_axes = _mm256_mul_ps(_mm256_cvtepi32_ps(total), _mm256_set1_ps(query->step));
  __m256 error = _mm256_mul_ps(_mm256_loadu_ps(errors), _mm256_set1_ps(query->length));
  __m256 rest = _mm256_mul_ps(_mm256_loadu_ps(rests), _mm256_set1_ps(query->rest));
  __m256 bound = _mm256_add_ps(_mm256_add_ps(on_axes, error), rest);
  _mm256_storeu_ps(bounds, _mm256_add_ps(bound, _mm256_set1_ps(query->fixed)));
}
INLINE void store_bounds(ints high, ints low, const float *errors, const float *rests,
                         const cvk_placed_query *query, float *bounds) {
  store_half(high.low, low.low, errors, rests, query, bounds);
  store_half(high.high, low.high, errors + 8, rests + 8, query, bounds + 8);
}

#define NEAR near
#define NEAR_KERNEL AVX2 static
#include "near.h"
#include "placed.h"

const cvk_kernels cvk_avx2_kernels = {
    FLOAT_KERNELS,
    .code_rows = code_rows,
    .bit_pair = bit_pair,
    .code_distance = code_distance,
    .select = select_scores,
    .near = near,
    .placed_bounds = placed_bounds,
};

#endif
