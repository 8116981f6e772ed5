#include "COnnxRuntime.h"

#include <string.h>

#define PACK(type)                                                              \
  do {                                                                          \
    const type *red = table, *green = red + 256, *blue = green + 256;           \
    type *to = output;                                                          \
    size_t step = planar ? 1 : 3, plane = planar ? pixel_count : 1;             \
    for (size_t index = 0; index < pixel_count; index++, rgb += 3, to += step) { \
      to[0] = red[rgb[0]];                                                      \
      to[plane] = green[rgb[1]];                                                \
      to[2 * plane] = blue[rgb[2]];                                             \
    }                                                                           \
  } while (0)

void cort_pack_pixels(
  const uint8_t *rgb, size_t pixel_count, int planar, const void *table, size_t element_size,
  void *output) {
  switch (element_size) {
  case 1: PACK(uint8_t); break;
  case 2: PACK(uint16_t); break;
  case 4: PACK(uint32_t); break;
  }
}

static uint16_t half_from_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
  uint32_t magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000) return sign | 0x7E00;   // not a number
  if (magnitude >= 0x477FF000) return sign | 0x7C00;  // rounds beyond 65504
  if (magnitude < 0x38800000) {                       // below the normal range
    // Adding 0.5 leaves multiples of 2^-24 in the low bits, rounded by the hardware.
    float positive, half = 0.5f;
    memcpy(&positive, &magnitude, sizeof positive);
    positive += half;
    uint32_t shifted;
    memcpy(&shifted, &positive, sizeof shifted);
    return sign | (uint16_t)(shifted - 0x3F000000);
  }
  uint32_t odd = magnitude >> 13 & 1;
  return sign | (uint16_t)((magnitude + 0xFFF + odd - 0x38000000) >> 13);
}

static float float_from_half(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16, magnitude = half & 0x7FFF, bits;
  float value;
  if (magnitude >= 0x7C00) {
    bits = sign | 0x7F800000 | (magnitude & 0x3FF) << 13;
  } else if (magnitude >= 0x400) {
    bits = sign | ((magnitude << 13) + 0x38000000);
  } else {
    value = (float)magnitude * 0x1p-24f;
    memcpy(&bits, &value, sizeof bits);
    bits |= sign;
  }
  memcpy(&value, &bits, sizeof value);
  return value;
}

void cort_halves_from_floats(const float *floats, size_t count, uint16_t *halves) {
  for (size_t index = 0; index < count; index++) halves[index] = half_from_float(floats[index]);
}

void cort_floats_from_halves(const uint16_t *halves, size_t count, float *floats) {
  for (size_t index = 0; index < count; index++) floats[index] = float_from_half(halves[index]);
}
