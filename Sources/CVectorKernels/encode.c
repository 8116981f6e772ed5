#include "plain_loops.h"

#include <string.h>

void cvk_encode(cvk_isa isa, const float *rows, size_t first, size_t last,
                const cvk_codes *codes) {
  const cvk_kernels *kernels = cvk_kernels_of(isa);
  for (size_t row = first; row < last; row++) {
    kernels->encode_row(rows + row * codes->dimension, row, codes);
  }
}

void cvk_encode_query(const float *query, size_t dimension, cvk_coded_query *coded) {
  // 127 × 256: so that two digits with a sign hold every integer.
  float step = cvk_largest(query, dimension) / 32512;
  float inverse = step > 0 ? 1 / step : 0;
  if (!isfinite(inverse)) step = inverse = 0;
  double left = 0, squares = 0;
  for (size_t i = 0; i < dimension; i++) {
    int32_t code = (int32_t)rintf(query[i] * inverse);
    code = code > 32512 ? 32512 : code < -32512 ? -32512 : code;
    uint32_t shifted = (uint32_t)(code + 32768);
    coded->high[i] = (uint8_t)(shifted >> 8);
    coded->low[i] = (uint8_t)shifted;
    double rest = (double)query[i] - (double)step * code;
    left += rest * rest;
    squares += (double)query[i] * query[i];
  }
  coded->step = step;
  coded->residual = (float)(sqrt(left) * (1 + 1e-6));
  coded->length = (float)(sqrt(squares) * (1 + 1e-6));
}

void cvk_code_errors(const cvk_codes *codes, const cvk_coded_query *query, size_t first, size_t last,
                     float *errors) {
  // A float sum of n products is off by at most n × 2^-24 of the lengths (Higham, section 3.1); two
  // such sums and their factors are compared.
  float rounding = (float)(codes->dimension + 8) * 2 * 0x1p-24f;
  for (size_t row = first; row < last; row++) {
    float length = codes->lengths[row] + codes->residuals[row];
    errors[row - first] = (query->length * codes->residuals[row] +
                           query->residual * codes->lengths[row] +
                           rounding * query->length * length) *
                          (1 + 1e-5f);
  }
}

void cvk_to_codes(const float *values, size_t count, float scale, int8_t *codes) {
  cvk_code(values, scale > 0 ? 1 / scale : 0, count, codes);
}

void cvk_encode_bits(const float *rows, size_t first, size_t last, size_t dimension,
                     uint64_t *bits) {
  size_t words = (dimension + 63) / 64;
  for (size_t row = first; row < last; row++) {
    const float *values = rows + row * dimension;
    uint64_t *out = bits + row * words;
    memset(out, 0, words * sizeof *out);
    for (size_t i = 0; i < dimension; i++) out[i >> 6] |= (uint64_t)(values[i] > 0) << (i & 63);
  }
}

static uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static float value_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/// IEEE 754 binary16, to nearest even; too large a value becomes infinity.
static uint16_t half_of(float value) {
  uint32_t bits = bits_of(value), sign = bits >> 16 & 0x8000, size = bits & 0x7FFFFFFF;
  if (size > 0x7F800000) return (uint16_t)(sign | 0x7E00);
  if (size >= 0x477FF000) return (uint16_t)(sign | 0x7C00);
  if (size < 0x38800000) {
    // Below the normal halves: let float addition do the rounding.
    return (uint16_t)(sign | (bits_of(value_of(size) + 0.5f) - bits_of(0.5f)));
  }
  uint32_t odd = size >> 13 & 1;
  return (uint16_t)(sign | ((size - 0x38000000 + 0xFFF + odd) >> 13));
}

float cvk_half_value(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16, size = half & 0x7FFF;
  if (size >= 0x7C00) return value_of(sign | 0x7F800000 | (size & 0x3FF) << 13);
  if (size >= 0x400) return value_of(sign | ((size << 13) + 0x38000000));
  float small = (float)size * 0x1p-24f;
  return sign ? -small : small;
}

void cvk_to_half(const float *values, size_t count, uint16_t *halves) {
  for (size_t i = 0; i < count; i++) halves[i] = half_of(values[i]);
}

void cvk_to_bfloat16(const float *values, size_t count, uint16_t *bfloats) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = bits_of(values[i]);
    bool is_nan = (bits & 0x7FFFFFFF) > 0x7F800000;
    bfloats[i] = is_nan ? 0x7FC0 : (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
  }
}
