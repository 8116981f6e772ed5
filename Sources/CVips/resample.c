// For M_PI, which strict C17 hides.
#define _DEFAULT_SOURCE
#include "CVips.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Pillow's ImagingResample for three bytes a pixel: coefficients are normalised
// in double precision and rounded to fixed point, sums are rounded and clipped
// to a byte after each pass. Its constants and its order of operations are kept,
// because a space's identity promises the same pixels.
enum { PRECISION_BITS = 32 - 8 - 2 };

typedef struct {
  double (*function)(double);
  double support;
} kernel;

static double triangle(double x) {
  x = fabs(x);
  return x < 1 ? 1 - x : 0;
}

// Keys' cubic with a = -0.5.
static double cubic(double x) {
  x = fabs(x);
  if (x < 1) return ((-0.5 + 2) * x - (-0.5 + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * -0.5;
  return 0;
}

static double sinc(double x) {
  if (x == 0) return 1;
  x *= M_PI;
  return sin(x) / x;
}

static double lanczos3(double x) {
  return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

static kernel kernel_for(cvips_kernel name) {
  switch (name) {
  case CVIPS_BILINEAR: return (kernel){triangle, 1};
  case CVIPS_BICUBIC: return (kernel){cubic, 2};
  default: return (kernel){lanczos3, 3};
  }
}

// For each pixel of the window: the first source pixel, how many, and their weights.
typedef struct {
  int *first;
  int *count;
  int32_t *weights;
  int taps;
} plan;

static void free_plan(plan *p) {
  free(p->first);
  free(p->count);
  free(p->weights);
}

static void fill_weights(
    plan *p, int i, double center, double widening, const kernel *k, int source, double *scratch) {
  double support = k->support * widening, sum = 0;
  int first = (int)(center - support + 0.5), end = (int)(center + support + 0.5);
  if (first < 0) first = 0;
  if (end > source) end = source;
  int count = end > first ? end - first : 0;
  for (int x = 0; x < count; x++) {
    scratch[x] = k->function((x + first - center + 0.5) * (1 / widening));
    sum += scratch[x];
  }
  for (int x = 0; x < count; x++) {
    double weight = (sum != 0 ? scratch[x] / sum : scratch[x]) * (1 << PRECISION_BITS);
    p->weights[(size_t)i * p->taps + x] = (int32_t)(weight < 0 ? weight - 0.5 : weight + 0.5);
  }
  p->first[i] = first;
  p->count[i] = count;
}

static int make_plan(
    plan *p, int source, double origin, double box, int64_t size, int64_t start, int window,
    const kernel *k) {
  double scale = box / (double)size, widening = scale < 1 ? 1 : scale;
  p->taps = (int)ceil(k->support * widening) * 2 + 1;
  p->first = calloc(window, sizeof *p->first);
  p->count = calloc(window, sizeof *p->count);
  p->weights = calloc((size_t)window * p->taps, sizeof *p->weights);
  double *scratch = calloc(p->taps, sizeof *scratch);
  int failed = !p->first || !p->count || !p->weights || !scratch;
  for (int i = 0; i < window && !failed; i++)
    fill_weights(
        p, i, origin + ((double)(start + i) + 0.5) * scale, widening, k, source, scratch);
  free(scratch);
  return failed ? -1 : 0;
}

static inline uint8_t clip(int32_t sum) {
  int32_t value = sum >> PRECISION_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
}

// One output pixel: `step` bytes lie between the source pixels that are summed.
static inline void sum_pixel(
    const uint8_t *from, size_t step, const int32_t *weights, int count, uint8_t *to) {
  int32_t red = 1 << (PRECISION_BITS - 1), green = red, blue = red;
  for (int x = 0; x < count; x++, from += step) {
    red += from[0] * weights[x];
    green += from[1] * weights[x];
    blue += from[2] * weights[x];
  }
  to[0] = clip(red);
  to[1] = clip(green);
  to[2] = clip(blue);
}

static void sum_row(
    const uint8_t *from, size_t step, const int32_t *weights, int count, uint8_t *to, int bytes) {
  for (int start = 0; start < bytes; start += 96) {
    int32_t sums[96];
    int length = bytes - start < 96 ? bytes - start : 96;
    for (int i = 0; i < length; i++) sums[i] = 1 << (PRECISION_BITS - 1);
    for (int y = 0; y < count; y++) {
      const uint8_t *row = from + (size_t)y * step + start;
      int32_t weight = weights[y];
      for (int i = 0; i < length; i++) sums[i] += row[i] * weight;
    }
    for (int i = 0; i < length; i++) to[start + i] = clip(sums[i]);
  }
}

// Horizontal pass over the source rows that the vertical pass will read, then the vertical pass.
static int two_passes(
    const cvips_pixels *source, const cvips_resize *r, const plan *across, const plan *down,
    uint8_t *target, size_t stride) {
  int top = source->height, bottom = 0;
  for (int y = 0; y < r->window_height; y++) {
    if (down->first[y] < top) top = down->first[y];
    if (down->first[y] + down->count[y] > bottom) bottom = down->first[y] + down->count[y];
  }
  if (bottom <= top) return 0;
  size_t source_stride = (size_t)source->width * 3, row_bytes = (size_t)r->window_width * 3;
  uint8_t *middle = malloc(row_bytes * (size_t)(bottom - top));
  if (!middle) return -1;
  for (int y = top; y < bottom; y++) {
    const uint8_t *row = source->bytes + (size_t)y * source_stride;
    uint8_t *to = middle + (size_t)(y - top) * row_bytes;
    for (int x = 0; x < r->window_width; x++)
      sum_pixel(
          row + (size_t)across->first[x] * 3, 3, across->weights + (size_t)x * across->taps,
          across->count[x], to + (size_t)x * 3);
  }
  for (int y = 0; y < r->window_height; y++)
    sum_row(
        middle + (size_t)(down->first[y] - top) * row_bytes, row_bytes,
        down->weights + (size_t)y * down->taps, down->count[y], target + (size_t)y * stride,
        r->window_width * 3);
  free(middle);
  return 0;
}

// The source pixel of each pixel of the window. Positions are summed up step by
// step as Pillow does, so that ties between two pixels fall to the same side.
static int *nearest_positions(
    int source, double origin, double box, int64_t size, int64_t start, int window) {
  int *positions = calloc((size_t)window, sizeof *positions);
  double step = box / (double)size, at = origin + step * 0.5;
  for (int64_t i = 0; positions && i < start + window; i++, at += step) {
    int position = (int)at;
    if (i >= start) positions[i - start] = position < source ? position : source - 1;
  }
  return positions;
}

static int pick_nearest(
    const cvips_pixels *source, const cvips_resize *r, uint8_t *target, size_t stride) {
  int *columns = nearest_positions(
      source->width, r->box_left, r->box_width, r->width, r->window_left, r->window_width);
  int *rows = nearest_positions(
      source->height, r->box_top, r->box_height, r->height, r->window_top, r->window_height);
  for (int y = 0; columns && rows && y < r->window_height; y++) {
    const uint8_t *from = source->bytes + (size_t)rows[y] * (size_t)source->width * 3;
    for (int x = 0; x < r->window_width; x++)
      memcpy(target + (size_t)y * stride + (size_t)x * 3, from + (size_t)columns[x] * 3, 3);
  }
  int status = columns && rows ? 0 : -1;
  free(columns);
  free(rows);
  return status;
}

int cvips_resample(
    const cvips_pixels *source, const cvips_resize *r, uint8_t *target, size_t stride) {
  int unchanged = r->width == source->width && r->height == source->height
      && r->box_width == source->width && r->box_height == source->height;
  if (r->kernel == CVIPS_NEAREST || unchanged) return pick_nearest(source, r, target, stride);
  kernel k = kernel_for(r->kernel);
  plan across = {0}, down = {0};
  int status = make_plan(
      &across, source->width, r->box_left, r->box_width, r->width, r->window_left,
      r->window_width, &k);
  if (!status)
    status = make_plan(
        &down, source->height, r->box_top, r->box_height, r->height, r->window_top,
        r->window_height, &k);
  if (!status) status = two_passes(source, r, &across, &down, target, stride);
  free_plan(&across);
  free_plan(&down);
  return status;
}

// Orientation as three independent steps: mirror, flip, then swap the axes.
int cvips_orient(cvips_pixels *pixels, int orientation) {
  if (orientation < 2 || orientation > 8) return 0;
  int swap = orientation >= 5;
  int from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  int from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  int width = pixels->width, height = pixels->height;
  uint8_t *turned = malloc((size_t)width * (size_t)height * 3);
  if (!turned) return -1;
  for (int y = 0; y < height; y++) {
    const uint8_t *from = pixels->bytes + (size_t)y * (size_t)width * 3;
    size_t row = (size_t)(from_bottom ? height - 1 - y : y);
    for (int x = 0; x < width; x++, from += 3) {
      size_t column = (size_t)(from_right ? width - 1 - x : x);
      size_t index = swap ? column * (size_t)height + row : row * (size_t)width + column;
      memcpy(turned + index * 3, from, 3);
    }
  }
  free(pixels->bytes);
  pixels->bytes = turned;
  pixels->width = swap ? height : width;
  pixels->height = swap ? width : height;
  return 0;
}
