#include "kernels.h"

float cvk_dot_scalar(const float *left, const float *right, size_t dimension) {
  float sums[4] = {0};
  size_t i = 0;
  for (; i + 4 <= dimension; i += 4) {
    for (size_t k = 0; k < 4; k++) sums[k] += left[i + k] * right[i + k];
  }
  float sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  for (; i < dimension; i++) sum += left[i] * right[i];
  return sum;
}

float cvk_distance_scalar(const float *left, const float *right, size_t dimension) {
  float sums[4] = {0};
  size_t i = 0;
  for (; i + 4 <= dimension; i += 4) {
    for (size_t k = 0; k < 4; k++) {
      float difference = left[i + k] - right[i + k];
      sums[k] += difference * difference;
    }
  }
  float sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  for (; i < dimension; i++) {
    float difference = left[i] - right[i];
    sum += difference * difference;
  }
  return sum;
}
