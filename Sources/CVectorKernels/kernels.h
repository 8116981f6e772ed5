#ifndef CVK_KERNELS_H
#define CVK_KERNELS_H

#include <stddef.h>

/// One number from two vectors of the same dimension, at any alignment.
typedef float (*cvk_pair)(const float *left, const float *right, size_t dimension);

float cvk_dot_scalar(const float *left, const float *right, size_t dimension);
float cvk_distance_scalar(const float *left, const float *right, size_t dimension);
#if defined(__x86_64__)
float cvk_dot_avx2(const float *left, const float *right, size_t dimension);
float cvk_distance_avx2(const float *left, const float *right, size_t dimension);
float cvk_dot_avx512(const float *left, const float *right, size_t dimension);
float cvk_distance_avx512(const float *left, const float *right, size_t dimension);
#elif defined(__aarch64__)
float cvk_dot_neon(const float *left, const float *right, size_t dimension);
float cvk_distance_neon(const float *left, const float *right, size_t dimension);
#endif

#endif
