#if defined(__aarch64__)

#include "kernels.h"

#include <arm_neon.h>

float cvk_dot_neon(const float *left, const float *right, size_t dimension) {
  float32x4_t sums[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
  size_t i = 0;
  for (; i + 16 <= dimension; i += 16) {
    for (int k = 0; k < 4; k++) {
      sums[k] = vfmaq_f32(sums[k], vld1q_f32(left + i + 4 * k), vld1q_f32(right + i + 4 * k));
    }
  }
  float sum = vaddvq_f32(vaddq_f32(vaddq_f32(sums[0], sums[1]), vaddq_f32(sums[2], sums[3])));
  for (; i < dimension; i++) sum += left[i] * right[i];
  return sum;
}

float cvk_distance_neon(const float *left, const float *right, size_t dimension) {
  float32x4_t sums[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
  size_t i = 0;
  for (; i + 16 <= dimension; i += 16) {
    for (int k = 0; k < 4; k++) {
      float32x4_t difference =
          vsubq_f32(vld1q_f32(left + i + 4 * k), vld1q_f32(right + i + 4 * k));
      sums[k] = vfmaq_f32(sums[k], difference, difference);
    }
  }
  float sum = vaddvq_f32(vaddq_f32(vaddq_f32(sums[0], sums[1]), vaddq_f32(sums[2], sums[3])));
  for (; i < dimension; i++) {
    float difference = left[i] - right[i];
    sum += difference * difference;
  }
  return sum;
}

#endif
