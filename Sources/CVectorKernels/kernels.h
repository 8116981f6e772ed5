#ifndef CVK_KERNELS_H
#define CVK_KERNELS_H

#include "CVectorKernels.h"

#include <math.h>

// A product and a sum are rounded apart unless a kernel says otherwise: so no processor rounds other than the rest.
#pragma clang fp contract(off)

/// One number from a float query and a stored row, at any alignment.
typedef float (*cvk_pair)(const float *query, const void *row, size_t dimension);
/// Dot products of the query's integers, 256 × high + low - 32768, with rows of codes, one after another, whose codes add up to
/// `row_sums`.
typedef void (*cvk_code_rows)(const cvk_coded_query *query, const int8_t *rows,
                              const int32_t *row_sums, size_t dimension, size_t count,
                              int64_t *sums);
typedef uint32_t (*cvk_bit_pair)(const uint64_t *left, const uint64_t *right, size_t words);

/// What an instruction set offers.
typedef struct {
  /// By measure and type.
  cvk_pair pair[2][3];
  void (*encode_row)(const float *values, size_t row, const cvk_codes *codes);
  cvk_code_rows code_rows;
  cvk_bit_pair bit_pair;
  cvk_distance distance[3];
  cvk_distance code_distance;
  /// Every row of a part that stores floats, several queries at a time, at each of some cuts; after the part come `next`
  /// rows of the next one.
  void (*scan_rows)(cvk_measure, const cvk_part *, size_t next, const float *, size_t,
                    const size_t *, size_t, float *, size_t);
  void (*cosines)(float *scores, const double *factors, double factor, size_t count);
  /// One query and one row, at each of some cuts.
  void (*prefixes)(const float *query, const float *row, const size_t *cuts, size_t count,
                   float *scores, size_t stride);
  size_t (*select)(const float *, size_t, float, uint32_t *);
  /// As cvk_near.
  void (*near)(const cvk_panels *, size_t, size_t, const cvk_panels *, size_t, size_t, uint16_t *,
               size_t);
  /// As cvk_bound_placed.
  void (*placed_bounds)(const cvk_placed *, const cvk_placed_query *, size_t, size_t, float *);
} cvk_kernels;

extern const cvk_kernels cvk_scalar_kernels;
#if defined(__x86_64__)
extern const cvk_kernels cvk_avx2_kernels, cvk_avx512_kernels;
#elif defined(__aarch64__)
extern const cvk_kernels cvk_neon_kernels;
#endif

const cvk_kernels *cvk_kernels_of(cvk_isa isa);

/// What a dot product of `dimension` values in sixteen lanes is off by at most, as a share of the lengths (Higham, section 3.1).
static inline double cvk_dot_error(size_t dimension) {
  return ((double)(dimension / 16) + 6) * 0x1p-24 * 1.01;
}

static inline size_t cvk_size(cvk_type type) { return type == CVK_F32 ? 4 : 2; }

static inline const void *cvk_row(const cvk_part *part, size_t row) {
  return (const char *)part->rows + row * part->dimension * cvk_size(part->type);
}

static inline bool cvk_is_allowed(const uint64_t *allowed, size_t row) {
  return !allowed || (allowed[row >> 6] >> (row & 63) & 1);
}

float cvk_half_value(uint16_t half);
static inline float cvk_bfloat16_value(uint16_t value) {
  union {
    uint32_t bits;
    float value;
  } widened = {.bits = (uint32_t)value << 16};
  return widened.value;
}

#endif
