#if defined(__x86_64__)

#include "encode_row.h"

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,fma,f16c,popcnt")))
#define INLINE AVX2 static inline __attribute__((always_inline))

INLINE float sum8(__m256 values) {
  __m128 half = _mm_add_ps(_mm256_castps256_ps128(values), _mm256_extractf128_ps(values, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

INLINE __m256i tail_mask(size_t count) {
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lanes);
}

INLINE __m256 f32(const void *row, size_t i) { return _mm256_loadu_ps((const float *)row + i); }
INLINE __m256 f16(const void *row, size_t i) {
  return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)((const uint16_t *)row + i)));
}
INLINE __m256 bf16(const void *row, size_t i) {
  __m128i brains = _mm_loadu_si128((const __m128i *)((const uint16_t *)row + i));
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(brains), 16));
}

INLINE __m256 tail_f32(const void *row, size_t i, size_t count) {
  return _mm256_maskload_ps((const float *)row + i, tail_mask(count));
}
INLINE __m256 tail_f16(const void *row, size_t i, size_t count) {
  uint16_t rest[8] = {0};
  for (size_t k = 0; k < count; k++) rest[k] = ((const uint16_t *)row)[i + k];
  return f16(rest, 0);
}
INLINE __m256 tail_bf16(const void *row, size_t i, size_t count) {
  uint16_t rest[8] = {0};
  for (size_t k = 0; k < count; k++) rest[k] = ((const uint16_t *)row)[i + k];
  return bf16(rest, 0);
}

INLINE __m256 add_product(__m256 a, __m256 b, __m256 sum) { return _mm256_fmadd_ps(a, b, sum); }
INLINE __m256 add_square(__m256 a, __m256 b, __m256 sum) {
  __m256 difference = _mm256_sub_ps(a, b);
  return _mm256_fmadd_ps(difference, difference, sum);
}

#define PAIR(name, left_type, right_type, add)                                                    \
  AVX2 static float name(const void *left, const void *right, size_t dimension) {                 \
    __m256 sums[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(),              \
                      _mm256_setzero_ps()};                                                       \
    size_t i = 0;                                                                                 \
    for (; i + 32 <= dimension; i += 32) {                                                        \
      for (size_t k = 0; k < 4; k++) {                                                            \
        sums[k] = add(left_type(left, i + 8 * k), right_type(right, i + 8 * k), sums[k]);         \
      }                                                                                           \
    }                                                                                             \
    for (; i + 8 <= dimension; i += 8) sums[0] = add(left_type(left, i), right_type(right, i), sums[0]); \
    if (i < dimension) {                                                                          \
      size_t rest = dimension - i;                                                                \
      sums[0] = add(tail_##left_type(left, i, rest), tail_##right_type(right, i, rest), sums[0]); \
    }                                                                                             \
    return sum8(_mm256_add_ps(_mm256_add_ps(sums[0], sums[1]), _mm256_add_ps(sums[2], sums[3]))); \
  }

#define PAIRS(type)                                                                               \
  PAIR(product_##type, f32, type, add_product)                                                    \
  PAIR(square_##type, f32, type, add_square)                                                      \
  PAIR(both_##type, type, type, add_product)                                                      \
  AVX2 static float dot_##type(const float *query, const void *row, size_t dimension) {           \
    return product_##type(query, row, dimension);                                                 \
  }                                                                                               \
  AVX2 static float gap_##type(const float *query, const void *row, size_t dimension) {           \
    return square_##type(query, row, dimension);                                                  \
  }                                                                                               \
  AVX2 static float distance_##type(const void *left, const void *right, size_t dimension) {      \
    return 1 - both_##type(left, right, dimension);                                               \
  }

PAIRS(f32)
PAIRS(f16)
PAIRS(bf16)

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
INLINE __m256i wide_bytes(const uint8_t *bytes) {
  return _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)bytes));
}

INLINE int64_t code_pair(const cvk_coded_query *query, const int8_t *row, size_t dimension) {
  __m256i high = _mm256_setzero_si256(), low = high;
  size_t i = 0;
  for (; i + 16 <= dimension; i += 16) {
    __m256i codes = wide_codes(row + i);
    high = _mm256_add_epi32(high, _mm256_madd_epi16(wide_bytes(query->high + i), codes));
    low = _mm256_add_epi32(low, _mm256_madd_epi16(wide_bytes(query->low + i), codes));
  }
  int64_t total = 256 * sum_lanes(high) + sum_lanes(low);
  for (; i < dimension; i++) total += (int64_t)(256 * query->high[i] + query->low[i]) * row[i];
  return total;
}

AVX2 static void code_rows(const cvk_coded_query *query, const int8_t *rows, size_t dimension,
                           size_t count, int64_t *sums) {
  for (size_t r = 0; r < count; r++) sums[r] = code_pair(query, rows + r * dimension, dimension);
}

AVX2 static float code_distance(const void *left, const void *right, size_t dimension) {
  const int8_t *a = left, *b = right;
  __m256i sums = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 16 <= dimension; i += 16) {
    sums = _mm256_add_epi32(sums, _mm256_madd_epi16(wide_codes(a + i), wide_codes(b + i)));
  }
  int64_t total = sum_lanes(sums);
  for (; i < dimension; i++) total += a[i] * b[i];
  return -(float)total;
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

AVX2 static void encode_row(const float *values, size_t row, const cvk_codes *codes) {
  cvk_encode_row(values, row, codes);
}

const cvk_kernels cvk_avx2_kernels = {
    .pair = {{dot_f32, dot_f16, dot_bf16}, {gap_f32, gap_f16, gap_bf16}},
    .encode_row = encode_row,
    .code_rows = code_rows,
    .bit_pair = bit_pair,
    .distance = {distance_f32, distance_f16, distance_bf16},
    .code_distance = code_distance,
    .select = select_scores,
};

#endif
