#if defined(__x86_64__)

#include "kernels.h"

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,fma")))
#define AVX512 __attribute__((target("avx512f")))

AVX2 static inline float sum8(__m256 values) {
  __m128 half = _mm_add_ps(_mm256_castps256_ps128(values), _mm256_extractf128_ps(values, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

AVX2 static inline __m256i tail_mask8(size_t count) {
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lanes);
}

AVX2 float cvk_dot_avx2(const float *left, const float *right, size_t dimension) {
  __m256 sums[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(),
                    _mm256_setzero_ps()};
  size_t i = 0;
  for (; i + 32 <= dimension; i += 32) {
    for (int k = 0; k < 4; k++) {
      sums[k] = _mm256_fmadd_ps(_mm256_loadu_ps(left + i + 8 * k),
                                _mm256_loadu_ps(right + i + 8 * k), sums[k]);
    }
  }
  for (; i < dimension; i += 8) {
    __m256i mask = tail_mask8(dimension - i);
    sums[0] = _mm256_fmadd_ps(_mm256_maskload_ps(left + i, mask),
                              _mm256_maskload_ps(right + i, mask), sums[0]);
  }
  return sum8(_mm256_add_ps(_mm256_add_ps(sums[0], sums[1]), _mm256_add_ps(sums[2], sums[3])));
}

AVX2 float cvk_distance_avx2(const float *left, const float *right, size_t dimension) {
  __m256 sums[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(),
                    _mm256_setzero_ps()};
  size_t i = 0;
  for (; i + 32 <= dimension; i += 32) {
    for (int k = 0; k < 4; k++) {
      __m256 difference = _mm256_sub_ps(_mm256_loadu_ps(left + i + 8 * k),
                                        _mm256_loadu_ps(right + i + 8 * k));
      sums[k] = _mm256_fmadd_ps(difference, difference, sums[k]);
    }
  }
  for (; i < dimension; i += 8) {
    __m256i mask = tail_mask8(dimension - i);
    __m256 difference =
        _mm256_sub_ps(_mm256_maskload_ps(left + i, mask), _mm256_maskload_ps(right + i, mask));
    sums[0] = _mm256_fmadd_ps(difference, difference, sums[0]);
  }
  return sum8(_mm256_add_ps(_mm256_add_ps(sums[0], sums[1]), _mm256_add_ps(sums[2], sums[3])));
}

AVX512 static inline __mmask16 tail_mask16(size_t count) {
  return count >= 16 ? (__mmask16)0xFFFF : (__mmask16)((1u << count) - 1);
}

AVX512 float cvk_dot_avx512(const float *left, const float *right, size_t dimension) {
  __m512 sums[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(),
                    _mm512_setzero_ps()};
  size_t i = 0;
  for (; i + 64 <= dimension; i += 64) {
    for (int k = 0; k < 4; k++) {
      sums[k] = _mm512_fmadd_ps(_mm512_loadu_ps(left + i + 16 * k),
                                _mm512_loadu_ps(right + i + 16 * k), sums[k]);
    }
  }
  for (; i < dimension; i += 16) {
    __mmask16 mask = tail_mask16(dimension - i);
    sums[0] = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(mask, left + i),
                              _mm512_maskz_loadu_ps(mask, right + i), sums[0]);
  }
  return _mm512_reduce_add_ps(
      _mm512_add_ps(_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3])));
}

AVX512 float cvk_distance_avx512(const float *left, const float *right, size_t dimension) {
  __m512 sums[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(),
                    _mm512_setzero_ps()};
  size_t i = 0;
  for (; i + 64 <= dimension; i += 64) {
    for (int k = 0; k < 4; k++) {
      __m512 difference = _mm512_sub_ps(_mm512_loadu_ps(left + i + 16 * k),
                                        _mm512_loadu_ps(right + i + 16 * k));
      sums[k] = _mm512_fmadd_ps(difference, difference, sums[k]);
    }
  }
  for (; i < dimension; i += 16) {
    __mmask16 mask = tail_mask16(dimension - i);
    __m512 difference = _mm512_sub_ps(_mm512_maskz_loadu_ps(mask, left + i),
                                      _mm512_maskz_loadu_ps(mask, right + i));
    sums[0] = _mm512_fmadd_ps(difference, difference, sums[0]);
  }
  return _mm512_reduce_add_ps(
      _mm512_add_ps(_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3])));
}

#endif
