#if defined(__x86_64__)

#include "kernels.h"

#include <immintrin.h>
#include <string.h>

#define AVX512                                                                                    \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx512vpopcntdq,f16c")))
#define INLINE AVX512 static inline __attribute__((always_inline))
#define KERNEL AVX512 static

typedef __m512 lanes;

/// Of 32 registers, 24 hold sums.
enum { STRIPS = 1, ROWS_AT_ONCE = 3, QUERIES_AT_ONCE = 8, ROWS_FOR_TWO = 4, ROWS_FOR_ONE = 4 };

INLINE lanes zeros(void) { return _mm512_setzero_ps(); }

INLINE __m512 widened(__m256i shorts) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(shorts), 16));
}

INLINE lanes load(cvk_type type, const void *row, size_t i) {
  const uint16_t *shorts = (const uint16_t *)row + i;
  switch (type) {
  case CVK_F32: return _mm512_loadu_ps((const float *)row + i);
  case CVK_F16: return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)shorts));
  case CVK_BF16: return widened(_mm256_loadu_si256((const __m256i *)shorts));
  }
}

INLINE __mmask16 mask_of(size_t count) { return (__mmask16)((1u << count) - 1); }

/// Fewer than sixteen, and zeros.
INLINE lanes load_rest(cvk_type type, const void *row, size_t i, size_t count) {
  const uint16_t *shorts = (const uint16_t *)row + i;
  __mmask16 mask = mask_of(count);
  switch (type) {
  case CVK_F32: return _mm512_maskz_loadu_ps(mask, (const float *)row + i);
  case CVK_F16: return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask, shorts));
  case CVK_BF16: return widened(_mm256_maskz_loadu_epi16(mask, shorts));
  }
}

INLINE lanes plus(lanes a, lanes b) { return _mm512_add_ps(a, b); }
INLINE lanes minus(lanes a, lanes b) { return _mm512_sub_ps(a, b); }
INLINE lanes fused(lanes a, lanes b, lanes sum) { return _mm512_fmadd_ps(a, b, sum); }

typedef lanes strip;
INLINE strip strip_zeros(void) { return zeros(); }
INLINE strip strip_load(const float *values) { return _mm512_loadu_ps(values); }
INLINE strip strip_minus(strip a, strip b) { return minus(a, b); }
INLINE strip strip_fused(strip a, strip b, strip sum) { return fused(a, b, sum); }
INLINE lanes joined(const strip *strips) { return strips[0]; }

INLINE float total(lanes sums) {
  __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(sums), _mm512_extractf32x8_ps(sums, 1));
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

#include "lanes.h"

INLINE __m512i tail_bytes(const void *bytes, size_t count) {
  return _mm512_maskz_loadu_epi8((__mmask64)((UINT64_C(1) << count) - 1), bytes);
}

/// A lane sums 4 products of at most 255 × 127 for each 64 values; 256 times that and the low bytes' own
/// stay below 2^31 up to here.
enum { MOST_JOINED = 4032 };

INLINE int64_t code_pair(const cvk_coded_query *query, const int8_t *row, size_t dimension) {
  __m512i high = _mm512_setzero_si512(), low = high;
  size_t i = 0;
  for (; i + 64 <= dimension; i += 64) {
    __m512i codes = _mm512_loadu_si512(row + i);
    high = _mm512_dpbusd_epi32(high, _mm512_loadu_si512(query->high + i), codes);
    low = _mm512_dpbusd_epi32(low, _mm512_loadu_si512(query->low + i), codes);
  }
  if (i < dimension) {
    size_t rest = dimension - i;
    __m512i codes = tail_bytes(row + i, rest);
    high = _mm512_dpbusd_epi32(high, tail_bytes(query->high + i, rest), codes);
    low = _mm512_dpbusd_epi32(low, tail_bytes(query->low + i, rest), codes);
  }
  if (dimension > MOST_JOINED) {
    return INT64_C(256) * _mm512_reduce_add_epi32(high) + _mm512_reduce_add_epi32(low);
  }
  // One reduction for both, in 64 bits: the lanes hold no more than 31 of them.
  __m512i both = _mm512_add_epi32(_mm512_slli_epi32(high, 8), low);
  __m512i wide = _mm512_add_epi64(_mm512_cvtepi32_epi64(_mm512_castsi512_si256(both)),
                                  _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(both, 1)));
  return _mm512_reduce_add_epi64(wide);
}

AVX512 static void code_rows(const cvk_coded_query *query, const int8_t *rows,
                             const int32_t *row_sums, size_t dimension, size_t count,
                             int64_t *sums) {
  // Bytes without a sign are 32768 too large; what that adds is known.
  for (size_t r = 0; r < count; r++) {
    sums[r] = code_pair(query, rows + r * dimension, dimension) - INT64_C(32768) * row_sums[r];
  }
}

AVX512 static float code_distance(const void *left, const void *right, size_t dimension) {
  const int8_t *a = left, *b = right;
  __m512i sums = _mm512_setzero_si512();
  size_t i = 0;
  for (; i < dimension; i += 32) {
    __mmask32 mask =
        dimension - i >= 32 ? 0xFFFFFFFF : (__mmask32)((1u << (dimension - i)) - 1);
    __m512i left_codes = _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8(mask, a + i));
    __m512i right_codes = _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8(mask, b + i));
    __m512i apart = _mm512_sub_epi16(left_codes, right_codes);
    sums = _mm512_dpwssd_epi32(sums, apart, apart);
  }
  // Lanes hold less than 2^31 each, their sum may not.
  __m512i wide = _mm512_add_epi64(_mm512_cvtepi32_epi64(_mm512_castsi512_si256(sums)),
                                  _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(sums, 1)));
  return (float)_mm512_reduce_add_epi64(wide);
}

AVX512 static uint32_t bit_pair(const uint64_t *left, const uint64_t *right, size_t words) {
  __m512i counts = _mm512_setzero_si512();
  for (size_t i = 0; i < words; i += 8) {
    __mmask8 mask = words - i >= 8 ? 0xFF : (__mmask8)((1u << (words - i)) - 1);
    __m512i different = _mm512_xor_si512(_mm512_maskz_loadu_epi64(mask, left + i),
                                         _mm512_maskz_loadu_epi64(mask, right + i));
    counts = _mm512_add_epi64(counts, _mm512_popcnt_epi64(different));
  }
  return (uint32_t)_mm512_reduce_add_epi64(counts);
}

AVX512 static size_t select_scores(const float *scores, size_t count, float least,
                                   uint32_t *positions) {
  const __m512 bound = _mm512_set1_ps(least), infinite = _mm512_set1_ps(INFINITY);
  size_t found = 0;
  for (size_t i = 0; i < count; i += 16) {
    __mmask16 there = count - i >= 16 ? 0xFFFF : mask_of(count - i);
    __m512 values = _mm512_maskz_loadu_ps(there, scores + i);
    __mmask16 mask = _mm512_mask_cmp_ps_mask(there, values, bound, _CMP_GE_OQ);
    if (!mask) continue;
    mask = _mm512_mask_cmp_ps_mask(mask, _mm512_abs_ps(values), infinite, _CMP_LT_OQ);
    for (unsigned rest = mask; rest; rest &= rest - 1)
      positions[found++] = (uint32_t)(i + (size_t)__builtin_ctz(rest));
  }
  return found;
}

typedef __m512i ints, panel_type, quad;

enum { LEFT_AT_ONCE = 4, PANELS_AT_ONCE = 4 };

/// The codes of panels are multiplied as bytes without a sign, 128 too large; what that adds is taken off here.
INLINE ints begun(const int32_t *starts, int32_t sum) {
  return _mm512_sub_epi32(_mm512_loadu_si512(starts), _mm512_set1_epi32(128 * sum));
}
INLINE panel_type load_panel(const int8_t *codes) {
  return _mm512_xor_si512(_mm512_loadu_si512(codes), _mm512_set1_epi8(-128));
}
INLINE quad load_quad(const int8_t *codes) {
  int32_t bits;
  memcpy(&bits, codes, sizeof bits);
  return _mm512_set1_epi32(bits);
}
INLINE ints dotted(ints sums, panel_type values, quad codes) {
  return _mm512_dpbusd_epi32(sums, values, codes);
}
INLINE uint16_t near_mask(ints sums, const float *rests, float rest, float least) {
  __m512 beyond = _mm512_mul_ps(_mm512_loadu_ps(rests), _mm512_set1_ps(rest));
  __m512 bound = _mm512_add_ps(_mm512_cvtepi32_ps(sums), beyond);
  return _mm512_cmp_ps_mask(bound, _mm512_set1_ps(least), _CMP_GE_OQ);
}

INLINE void store_bounds(ints high, ints low, const float *errors, const float *rests,
                         const cvk_placed_query *query, float *bounds) {
  __m512i total = _mm512_add_epi32(_mm512_mullo_epi32(high, _mm512_set1_epi32(255)), low);
  __m512 on_axes = _mm512_mul_ps(_mm512_cvtepi32_ps(total), _mm512_set1_ps(query->step));
  __m512 error = _mm512_mul_ps(_mm512_loadu_ps(errors), _mm512_set1_ps(query->length));
  __m512 rest = _mm512_mul_ps(_mm512_loadu_ps(rests), _mm512_set1_ps(query->rest));
  __m512 bound = _mm512_add_ps(_mm512_add_ps(on_axes, error), rest);
  _mm512_storeu_ps(bounds, _mm512_add_ps(bound, _mm512_set1_ps(query->fixed)));
}

#define NEAR near
#define NEAR_KERNEL AVX512 static
#include "near.h"
#include "placed.h"

const cvk_kernels cvk_avx512_kernels = {
    FLOAT_KERNELS,
    .code_rows = code_rows,
    .bit_pair = bit_pair,
    .code_distance = code_distance,
    .select = select_scores,
    .near = near,
    .placed_bounds = placed_bounds,
};

#endif
