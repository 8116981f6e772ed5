#include "CVectorKernels.h"
#include "kernels.h"

cvk_isa cvk_best_isa(void) {
  if (cvk_has_isa(CVK_AVX512)) return CVK_AVX512;
  if (cvk_has_isa(CVK_AVX2)) return CVK_AVX2;
  if (cvk_has_isa(CVK_NEON)) return CVK_NEON;
  return CVK_SCALAR;
}

bool cvk_has_isa(cvk_isa isa) {
  switch (isa) {
  case CVK_SCALAR: return true;
#if defined(__x86_64__)
  case CVK_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case CVK_AVX512: return __builtin_cpu_supports("avx512f");
#elif defined(__aarch64__)
  case CVK_NEON: return true;
#endif
  default: return false;
  }
}

const char *cvk_isa_name(cvk_isa isa) {
  switch (isa) {
  case CVK_NEON: return "NEON";
  case CVK_AVX2: return "AVX2";
  case CVK_AVX512: return "AVX-512";
  default: return "scalar";
  }
}

/// Function pointers rather than ifuncs: those crash under ThreadSanitizer.
static cvk_pair kernel(cvk_isa isa, bool squared) {
  switch (cvk_has_isa(isa) ? isa : CVK_SCALAR) {
#if defined(__x86_64__)
  case CVK_AVX512: return squared ? cvk_distance_avx512 : cvk_dot_avx512;
  case CVK_AVX2: return squared ? cvk_distance_avx2 : cvk_dot_avx2;
#elif defined(__aarch64__)
  case CVK_NEON: return squared ? cvk_distance_neon : cvk_dot_neon;
#endif
  default: return squared ? cvk_distance_scalar : cvk_dot_scalar;
  }
}

static void scan(cvk_pair pair, const float *query, const float *rows, size_t dimension,
                 size_t first, size_t last, const uint64_t *allowed, float *scores) {
  for (size_t row = first; row < last; row++) {
    if (allowed) {
      uint64_t word = allowed[row >> 6] >> (row & 63);
      if (!word) {
        // Nothing more in this word: go to the first row of the next.
        row |= 63;
        continue;
      }
      row += (size_t)__builtin_ctzll(word);
      if (row >= last) break;
    }
    scores[row - first] = pair(query, rows + row * dimension, dimension);
  }
}

void cvk_dot(cvk_isa isa, const float *query, const float *rows, size_t dimension, size_t first,
             size_t last, const uint64_t *allowed, float *scores) {
  scan(kernel(isa, false), query, rows, dimension, first, last, allowed, scores);
}

void cvk_squared_distance(cvk_isa isa, const float *query, const float *rows, size_t dimension,
                          size_t first, size_t last, const uint64_t *allowed, float *scores) {
  scan(kernel(isa, true), query, rows, dimension, first, last, allowed, scores);
}
