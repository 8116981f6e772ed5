// What the compiled shim exports. `scripts/setup --geometry` compiles shim.cpp with OpenCV's headers;
// loader.c finds these functions at run time.
#ifndef CGEOMETRY_SHIM_H
#define CGEOMETRY_SHIM_H

#include <stddef.h>
#include <stdint.h>

// Rises with every change of what a function takes, gives or computes.
#define CGEOMETRY_SHIM_INTERFACE 1

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  float x;
  float y;
} cgeo_point;

// Bytes of a descriptor, whose 256 bits are compared one by one.
enum { CGEO_DESCRIPTOR = 32 };

int parallax_opencv_interface(void);
const char *parallax_opencv_version(void);

// See cgeo_describe and cgeo_estimate, whose work these do.
int parallax_opencv_describe(
  const uint8_t *grey, int width, int height, size_t stride, int doubled, int contrast,
  size_t capacity, cgeo_point *points, uint8_t *descriptors, size_t *count, char *message, size_t room);
int parallax_opencv_estimate(
  const cgeo_point *from, const cgeo_point *to, size_t count, double tolerance, int iterations,
  double matrix[6], uint8_t *agrees, int *found, char *message, size_t room);

#ifdef __cplusplus
}
#endif

#endif
