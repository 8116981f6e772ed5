// Local features of pictures and the transform between two, by OpenCV opened at run time: no header of
// OpenCV and no library are needed to build.
//
// Every function that can fail returns 0 for success; otherwise it writes a message into the caller's
// buffer. No C++ exception leaves the library.
#ifndef CGEOMETRY_H
#define CGEOMETRY_H

#include "../opencv/shim.h"

typedef struct cgeo_library cgeo_library;

// Where a message goes.
typedef struct {
  char *text;
  size_t capacity;
} cgeo_message;

// Opens the compiled shim, and with it OpenCV. Neither is ever unloaded.
int cgeo_open(const char *path, cgeo_library **library, cgeo_message message);
void cgeo_close(cgeo_library *library);
// OpenCV's, such as `4.6.0`.
const char *cgeo_version(const cgeo_library *library);

// The strongest ORB features of a grey picture, at most `capacity`.
//
// `doubled` looks at it in twice its size; points are in its own size all the same. `contrast` is how much
// darker or lighter the ring around a corner is, in grey values. `points` has room for `capacity`,
// `descriptors` for as many times CGEO_DESCRIPTOR.
int cgeo_describe(
  const cgeo_library *library, const uint8_t *grey, int width, int height, size_t stride,
  int doubled, int contrast, size_t capacity, cgeo_point *points, uint8_t *descriptors,
  size_t *count, cgeo_message message);

// The affine map on which most of `count` pairs of points agree, by RANSAC: x' = m0 x + m1 y + m2,
// y' = m3 x + m4 y + m5. `found` is 0 when there is none. `agrees` says of each pair whether it is within
// `tolerance` pixels.
int cgeo_estimate(
  const cgeo_library *library, const cgeo_point *from, const cgeo_point *to, size_t count,
  double tolerance, int iterations, double matrix[6], uint8_t *agrees, int *found,
  cgeo_message message);

// The pairs of descriptors that are each other's nearest, and nearer than `share` hundredths of the
// distance to the next, seen from `left`; of equally near ones the first counts. A distance is the number
// of bits that differ: the same on every processor.
//
// `partners` gets, for each of `left`, a position in `right` or -1. Returns 1 when memory runs out.
int cgeo_match(
  const uint8_t *left, size_t left_count, const uint8_t *right, size_t right_count, int share,
  int32_t *partners);

// The luma of Rec. 601 in whole numbers: (19595 R + 38470 G + 7471 B + 32768) / 65536, as Pillow has it.
void cgeo_grey(const uint8_t *rgb, size_t pixel_count, uint8_t *grey);

// The file that this code was loaded from, as the dynamic linker knows it.
const char *cgeo_own_path(void);

#endif
