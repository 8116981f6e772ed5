#if defined(__x86_64__)

#include "encode_row.h"

#include <immintrin.h>

#define AVX512                                                                                    \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx512vpopcntdq,f16c")))
#define INLINE AVX512 static inline __attribute__((always_inline))

// Every sum of a pair is one chain of sixteen lanes, whatever else is computed beside it: so a number
// does not depend on how many queries or prefixes are asked for at once.

INLINE __mmask16 tail_mask(size_t count) { return (__mmask16)((1u << count) - 1); }

INLINE __m512 f32(const void *row, size_t i) { return _mm512_loadu_ps((const float *)row + i); }
INLINE __m512 f16(const void *row, size_t i) {
  return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)((const uint16_t *)row + i)));
}
INLINE __m512 widened(__m256i brains) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(brains), 16));
}
INLINE __m512 bf16(const void *row, size_t i) {
  return widened(_mm256_loadu_si256((const __m256i *)((const uint16_t *)row + i)));
}

INLINE __m512 tail_f32(const void *row, size_t i, __mmask16 mask) {
  return _mm512_maskz_loadu_ps(mask, (const float *)row + i);
}
INLINE __m512 tail_f16(const void *row, size_t i, __mmask16 mask) {
  return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask, (const uint16_t *)row + i));
}
INLINE __m512 tail_bf16(const void *row, size_t i, __mmask16 mask) {
  return widened(_mm256_maskz_loadu_epi16(mask, (const uint16_t *)row + i));
}

INLINE __m512 add_product(__m512 a, __m512 b, __m512 sum) { return _mm512_fmadd_ps(a, b, sum); }
INLINE __m512 add_square(__m512 a, __m512 b, __m512 sum) {
  __m512 difference = _mm512_sub_ps(a, b);
  return _mm512_fmadd_ps(difference, difference, sum);
}

#define PAIR(name, left_type, right_type, add)                                                    \
  AVX512 static float name(const void *left, const void *right, size_t dimension) {               \
    __m512 sum = _mm512_setzero_ps();                                                             \
    size_t i = 0;                                                                                 \
    for (; i + 16 <= dimension; i += 16) sum = add(left_type(left, i), right_type(right, i), sum); \
    if (i < dimension) {                                                                          \
      __mmask16 mask = tail_mask(dimension - i);                                                  \
      sum = add(tail_##left_type(left, i, mask), tail_##right_type(right, i, mask), sum);         \
    }                                                                                             \
    return _mm512_reduce_add_ps(sum);                                                             \
  }

/// For an index that calls back: four chains, since one pair at a time waits for its own sum.
#define QUICK_PAIR(name, type)                                                                    \
  AVX512 static float name(const void *left, const void *right, size_t dimension) {               \
    __m512 sums[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(),              \
                      _mm512_setzero_ps()};                                                       \
    size_t i = 0;                                                                                 \
    for (; i + 64 <= dimension; i += 64) {                                                        \
      for (size_t k = 0; k < 4; k++) {                                                            \
        sums[k] = add_product(type(left, i + 16 * k), type(right, i + 16 * k), sums[k]);          \
      }                                                                                           \
    }                                                                                             \
    for (; i + 16 <= dimension; i += 16) sums[0] = add_product(type(left, i), type(right, i), sums[0]); \
    if (i < dimension) {                                                                          \
      __mmask16 mask = tail_mask(dimension - i);                                                  \
      sums[1] = add_product(tail_##type(left, i, mask), tail_##type(right, i, mask), sums[1]);    \
    }                                                                                             \
    __m512 sum = _mm512_add_ps(_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3])); \
    return 1 - _mm512_reduce_add_ps(sum);                                                         \
  }

#define PAIRS(type)                                                                               \
  PAIR(product_##type, f32, type, add_product)                                                    \
  PAIR(square_##type, f32, type, add_square)                                                      \
  AVX512 static float dot_##type(const float *query, const void *row, size_t dimension) {         \
    return product_##type(query, row, dimension);                                                 \
  }                                                                                               \
  AVX512 static float gap_##type(const float *query, const void *row, size_t dimension) {         \
    return square_##type(query, row, dimension);                                                  \
  }                                                                                               \
  QUICK_PAIR(distance_##type, type)

PAIRS(f32)
PAIRS(f16)
PAIRS(bf16)

/// The sums of 4 rows and up to 6 queries in registers: each value is loaded once for all of them.
#define TILE(name, add)                                                                           \
  INLINE void name(const float *rows, size_t row_count, const float *queries, size_t query_count, \
                   size_t dimension, float *scores, size_t stride) {                              \
    __m512 sums[4][6];                                                                            \
    for (size_t r = 0; r < row_count; r++)                                                        \
      for (size_t q = 0; q < query_count; q++) sums[r][q] = _mm512_setzero_ps();                  \
    size_t i = 0;                                                                                 \
    for (; i + 16 <= dimension; i += 16) {                                                        \
      __m512 values[4];                                                                           \
      for (size_t r = 0; r < row_count; r++) values[r] = f32(rows + r * dimension, i);            \
      for (size_t q = 0; q < query_count; q++) {                                                  \
        __m512 query = f32(queries + q * dimension, i);                                           \
        for (size_t r = 0; r < row_count; r++) sums[r][q] = add(query, values[r], sums[r][q]);    \
      }                                                                                           \
    }                                                                                             \
    if (i < dimension) {                                                                          \
      __mmask16 mask = tail_mask(dimension - i);                                                  \
      for (size_t q = 0; q < query_count; q++) {                                                  \
        __m512 query = tail_f32(queries + q * dimension, i, mask);                                \
        for (size_t r = 0; r < row_count; r++)                                                    \
          sums[r][q] = add(query, tail_f32(rows + r * dimension, i, mask), sums[r][q]);           \
      }                                                                                           \
    }                                                                                             \
    for (size_t r = 0; r < row_count; r++)                                                        \
      for (size_t q = 0; q < query_count; q++)                                                    \
        scores[q * stride + r] = _mm512_reduce_add_ps(sums[r][q]);                                \
  }                                                                                               \
  /* The counts are constants where the tile is inlined, so that its sums live in registers. */   \
  AVX512 static void name##_queries(const float *rows, size_t row_count, const float *queries,    \
                                    size_t count, size_t dimension, float *scores,                \
                                    size_t stride) {                                              \
    size_t q = 0;                                                                                 \
    for (; q + 6 <= count; q += 6) {                                                              \
      const float *six = queries + q * dimension;                                                 \
      for (size_t r = 0; r < row_count; r += 4)                                                   \
        name(rows + r * dimension, 4, six, 6, dimension, scores + q * stride + r, stride);        \
    }                                                                                             \
    for (; q + 2 <= count; q += 2) {                                                              \
      const float *two = queries + q * dimension;                                                 \
      for (size_t r = 0; r < row_count; r += 4)                                                   \
        name(rows + r * dimension, 4, two, 2, dimension, scores + q * stride + r, stride);        \
    }                                                                                             \
    if (q < count) {                                                                              \
      for (size_t r = 0; r < row_count; r += 4)                                                   \
        name(rows + r * dimension, 4, queries + q * dimension, 1, dimension,                      \
             scores + q * stride + r, stride);                                                    \
    }                                                                                             \
  }

TILE(product_tile, add_product)
TILE(square_tile, add_square)

AVX512 static void tile(cvk_measure measure, const cvk_part *part, const float *queries,
                        size_t count, float *scores, size_t stride) {
  size_t dimension = part->dimension, rows = part->last - part->first, whole = rows / 4 * 4;
  const float *values = (const float *)part->rows + part->first * dimension;
  if (measure == CVK_DOT) {
    product_tile_queries(values, whole, queries, count, dimension, scores, stride);
  } else {
    square_tile_queries(values, whole, queries, count, dimension, scores, stride);
  }
  for (size_t r = whole; r < rows; r++) {
    const float *row = values + r * dimension;
    for (size_t q = 0; q < count; q++) {
      const float *query = queries + q * dimension;
      scores[q * stride + r] = measure == CVK_DOT ? product_f32(query, row, dimension)
                                                  : square_f32(query, row, dimension);
    }
  }
}

AVX512 static void prefixes(const float *query, const float *row, const size_t *cuts, size_t count,
                            float *scores, size_t stride) {
  __m512 sum = _mm512_setzero_ps();
  size_t i = 0;
  for (size_t c = 0; c < count; c++) {
    for (; i + 16 <= cuts[c]; i += 16) sum = add_product(f32(query, i), f32(row, i), sum);
    __m512 cut = sum;
    if (i < cuts[c]) {
      __mmask16 mask = tail_mask(cuts[c] - i);
      cut = add_product(tail_f32(query, i, mask), tail_f32(row, i, mask), sum);
    }
    scores[c * stride] = _mm512_reduce_add_ps(cut);
  }
}

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

AVX512 static void code_rows(const cvk_coded_query *query, const int8_t *rows, size_t dimension,
                             size_t count, int64_t *sums) {
  for (size_t r = 0; r < count; r++) sums[r] = code_pair(query, rows + r * dimension, dimension);
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
    sums = _mm512_dpwssd_epi32(sums, left_codes, right_codes);
  }
  return -(float)_mm512_reduce_add_epi32(sums);
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
    __mmask16 there = count - i >= 16 ? 0xFFFF : tail_mask(count - i);
    __m512 values = _mm512_maskz_loadu_ps(there, scores + i);
    __mmask16 mask = _mm512_mask_cmp_ps_mask(there, values, bound, _CMP_GE_OQ);
    if (!mask) continue;
    mask = _mm512_mask_cmp_ps_mask(mask, _mm512_abs_ps(values), infinite, _CMP_LT_OQ);
    for (unsigned rest = mask; rest; rest &= rest - 1)
      positions[found++] = (uint32_t)(i + (size_t)__builtin_ctz(rest));
  }
  return found;
}

AVX512 static void encode_row(const float *values, size_t row, const cvk_codes *codes) {
  cvk_encode_row(values, row, codes);
}

const cvk_kernels cvk_avx512_kernels = {
    .pair = {{dot_f32, dot_f16, dot_bf16}, {gap_f32, gap_f16, gap_bf16}},
    .encode_row = encode_row,
    .code_rows = code_rows,
    .bit_pair = bit_pair,
    .distance = {distance_f32, distance_f16, distance_bf16},
    .code_distance = code_distance,
    .tile = tile,
    .prefixes = prefixes,
    .select = select_scores,
};

#endif
