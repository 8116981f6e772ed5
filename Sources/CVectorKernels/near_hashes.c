#include "kernels.h"

// Hashes compared before any is looked at again: where few are near, that is all that is done.
enum { GROUP = 256 };

#define DEFINE_NEAR(NAME, ATTRIBUTES)                                                              \
  ATTRIBUTES static size_t NAME(uint64_t query, const uint64_t *hashes, size_t count,              \
                                uint64_t radius, uint32_t *positions) {                            \
    size_t found = 0;                                                                              \
    for (size_t start = 0; start < count; start += GROUP) {                                        \
      const uint64_t *group = hashes + start;                                                      \
      size_t size = count - start < GROUP ? count - start : GROUP;                                 \
      uint64_t near = 0;                                                                           \
      for (size_t i = 0; i < size; i++)                                                            \
        near += (uint64_t)__builtin_popcountll(query ^ group[i]) <= radius;                        \
      for (size_t i = 0; near; i++) {                                                              \
        if ((uint64_t)__builtin_popcountll(query ^ group[i]) > radius) continue;                   \
        positions[found++] = (uint32_t)(start + i);                                                \
        near--;                                                                                    \
      }                                                                                            \
    }                                                                                              \
    return found;                                                                                  \
  }

DEFINE_NEAR(near_scalar, )
#if defined(__x86_64__)
DEFINE_NEAR(near_avx2, __attribute__((target("avx2,popcnt"))))
DEFINE_NEAR(near_avx512,
            __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vpopcntdq,popcnt"))))
#endif

size_t cvk_near_hashes(cvk_isa isa, uint64_t query, const uint64_t *hashes, size_t count,
                       unsigned radius, uint32_t *positions) {
#if defined(__x86_64__)
  if (isa == CVK_AVX512 && cvk_has_isa(isa))
    return near_avx512(query, hashes, count, radius, positions);
  if (isa == CVK_AVX2 && cvk_has_isa(isa))
    return near_avx2(query, hashes, count, radius, positions);
#endif
  (void)isa;
  return near_scalar(query, hashes, count, radius, positions);
}
