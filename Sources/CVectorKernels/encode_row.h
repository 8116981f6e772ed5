#ifndef CVK_ENCODE_ROW_H
#define CVK_ENCODE_ROW_H

// Plain loops that every instruction set compiles for itself.

#include "kernels.h"

#define CVK_ROW static inline __attribute__((always_inline))

CVK_ROW float cvk_largest(const float *values, size_t count) {
  _Pragma("clang fp reassociate(on)")
  float most = 0;
  for (size_t i = 0; i < count; i++) most = fabsf(values[i]) > most ? fabsf(values[i]) : most;
  return most;
}

/// What the codes leave out, squared and summed: in any order, for the sake of vectors.
CVK_ROW float cvk_left_out(const float *values, const int8_t *codes, float scale, size_t count) {
  _Pragma("clang fp reassociate(on) contract(fast)")
  float sum = 0;
  for (size_t i = 0; i < count; i++) {
    float rest = values[i] - scale * (float)codes[i];
    sum += rest * rest;
  }
  return sum;
}

CVK_ROW void cvk_code(const float *values, float inverse, size_t count, int8_t *codes) {
  for (size_t i = 0; i < count; i++) {
    // Half is added away from zero and cut off: rounding that compilers know how to do in vectors.
    float scaled = values[i] * inverse;
    int32_t whole = (int32_t)(scaled + (scaled < 0 ? -0.5f : 0.5f));
    codes[i] = (int8_t)(whole > 127 ? 127 : whole < -127 ? -127 : whole);
  }
}

/// The codes of one row and what is known of them.
CVK_ROW void cvk_encode_row(const float *values, size_t row, const cvk_codes *codes) {
  size_t dimension = codes->dimension;
  int8_t *out = codes->codes + row * dimension;
  // Float sums of n squares and of their rounded terms, see cvk_code_errors.
  float slack = 1 + (float)(dimension + 8) * 0x1p-23f;
  float size = cvk_largest(values, dimension), scale = size / 127;
  float inverse = scale > 0 ? 1 / scale : 0;
  if (!isfinite(inverse)) scale = inverse = 0;
  cvk_code(values, inverse, dimension, out);
  int32_t sum = 0;
  // At most 127 squared each: room for 130,000 values.
  uint32_t squares = 0;
  for (size_t i = 0; i < dimension; i++) {
    sum += out[i];
    squares += (uint32_t)(out[i] * out[i]);
  }
  codes->scales[row] = scale;
  codes->sums[row] = sum;
  // The products scale x code are rounded, too: each by at most 2^-24 of the largest value.
  float rounded = size * sqrtf((float)dimension) * 0x1p-23f;
  codes->residuals[row] = sqrtf(cvk_left_out(values, out, scale, dimension)) * slack + rounded;
  codes->lengths[row] = scale * sqrtf((float)squares) * slack;
}

#endif
