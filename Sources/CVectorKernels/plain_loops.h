#ifndef CVK_PLAIN_LOOPS_H
#define CVK_PLAIN_LOOPS_H

// Plain loops that every instruction set compiles for itself.

#include "kernels.h"

#define CVK_ROW static inline __attribute__((always_inline))

CVK_ROW float cvk_largest(const float *values, size_t count) {
  // The largest of some numbers is the same in any order.
  _Pragma("clang fp reassociate(on)")
  float most = 0;
  for (size_t i = 0; i < count; i++) most = fabsf(values[i]) > most ? fabsf(values[i]) : most;
  return most;
}

/// What the codes leave out, squared and summed, in sixteen lanes as the float kernels do.
CVK_ROW float cvk_left_out(const float *values, const int8_t *codes, float scale, size_t count) {
  float sums[16] = {0};
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (size_t l = 0; l < 16; l++) {
      float rest = values[i + l] - scale * (float)codes[i + l];
      sums[l] += rest * rest;
    }
  }
  for (size_t l = 0; i < count; i++, l++) {
    float rest = values[i] - scale * (float)codes[i];
    sums[l] += rest * rest;
  }
  for (size_t half = 8; half; half /= 2)
    for (size_t l = 0; l < half; l++) sums[l] += sums[l + half];
  return sums[0];
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

/// From dot products to cosines, in double precision, so that equal vectors come out as exactly 1; kept within -1 and 1
/// where rounding would leave them. What is no number or not finite stays so.
CVK_ROW void cvk_to_cosines(float *scores, const double *factors, double factor, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float score = (float)((double)scores[i] * (factors[i] * factor));
    score = score > 1 ? 1 : score;
    scores[i] = score < -1 && score >= -3.40282347e38f ? -1 : score;
  }
}

#endif
