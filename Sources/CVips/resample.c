// For M_PI, which strict C17 hides.
#define _DEFAULT_SOURCE
#include "internal.h"

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

// For each pixel of the window: the first source pixel, how many, and their weights; without
// weights it is one pixel that is taken as it is.
typedef struct {
  int *first;
  int *count;
  int32_t *weights;
  int taps;
  int window;
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

// One axis of a resize: where the box begins and how long it is, of how many source pixels.
typedef struct {
  int source;
  double origin;
  double box;
  int64_t size;
  int64_t start;
  int window;
} axis;

static int make_weights(plan *p, const axis *a, const kernel *k) {
  double scale = a->box / (double)a->size, widening = scale < 1 ? 1 : scale;
  p->taps = (int)ceil(k->support * widening) * 2 + 1;
  p->weights = calloc((size_t)a->window * p->taps, sizeof *p->weights);
  double *scratch = calloc(p->taps, sizeof *scratch);
  int failed = !p->weights || !scratch;
  for (int i = 0; i < a->window && !failed; i++)
    fill_weights(
        p, i, a->origin + ((double)(a->start + i) + 0.5) * scale, widening, k, a->source, scratch);
  free(scratch);
  return failed ? -1 : 0;
}

// The source pixel of each pixel of the window. Positions are summed up step by
// step as Pillow does, so that ties between two pixels fall to the same side.
static void pick_nearest(plan *p, const axis *a) {
  double step = a->box / (double)a->size, at = a->origin + step * 0.5;
  p->taps = 1;
  for (int64_t i = 0; i < a->start + a->window; i++, at += step) {
    int position = (int)at;
    if (i < a->start) continue;
    p->first[i - a->start] = position < a->source ? position : a->source - 1;
    p->count[i - a->start] = 1;
  }
}

// Without a kernel, the nearest pixels.
static int make_plan(plan *p, const axis *a, const kernel *k) {
  p->window = a->window;
  p->first = calloc((size_t)a->window, sizeof *p->first);
  p->count = calloc((size_t)a->window, sizeof *p->count);
  if (!p->first || !p->count) return -1;
  if (k) return make_weights(p, a, k);
  pick_nearest(p, a);
  return 0;
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

// The pixels of a line that a plan asks for.
static void narrow(const plan *p, const uint8_t *line, uint8_t *to, size_t step) {
  for (int i = 0; i < p->window; i++, to += step) {
    const uint8_t *from = line + (size_t)p->first[i] * 3;
    if (p->weights) sum_pixel(from, 3, p->weights + (size_t)i * p->taps, p->count[i], to);
    else memcpy(to, from, 3);
  }
}

struct cvips_resampler {
  int height;
  // How the stored lines lie in the oriented picture: as columns, from the right, from the bottom.
  int swap;
  int from_right;
  int from_bottom;
  plan across;
  plan down;
  uint8_t *target;
  size_t stride;
  // The lines the next outputs need, by position modulo `capacity`.
  uint8_t *ring;
  int capacity;
  // Pixels of a stored line, and of a line in the ring.
  int width;
  int ring_width;
  // A line put the right way round; a column before it is narrowed.
  uint8_t *scratch;
  // The first output that is not written, from the top or, if lines come from the bottom, from it.
  int next;
  // The part of the streamed axis that makes a difference.
  int low;
  int high;
};

// The plan along which lines arrive, and the one along each of them.
static const plan *streamed(const cvips_resampler *r) { return r->swap ? &r->across : &r->down; }
static const plan *inline_plan(const cvips_resampler *r) { return r->swap ? &r->down : &r->across; }

static void sum_lines(const cvips_resampler *r, int output, uint8_t *to) {
  const plan *p = streamed(r);
  int first = p->first[output], count = p->count[output], bytes = r->ring_width * 3;
  if (!p->weights) {
    memcpy(to, r->ring + (size_t)(first % r->capacity) * bytes, bytes);
    return;
  }
  const int32_t *weights = p->weights + (size_t)output * p->taps;
  for (int start = 0; start < bytes; start += 96) {
    int32_t sums[96];
    int length = bytes - start < 96 ? bytes - start : 96;
    for (int i = 0; i < length; i++) sums[i] = 1 << (PRECISION_BITS - 1);
    for (int y = 0; y < count; y++) {
      const uint8_t *line = r->ring + (size_t)((first + y) % r->capacity) * bytes + start;
      int32_t weight = weights[y];
      for (int i = 0; i < length; i++) sums[i] += line[i] * weight;
    }
    for (int i = 0; i < length; i++) to[start + i] = clip(sums[i]);
  }
}

// The horizontal pass is always the first, rounded to bytes, whichever way lines arrive.
static void emit(cvips_resampler *r, int output) {
  if (!r->swap) {
    sum_lines(r, output, r->target + (size_t)output * r->stride);
    return;
  }
  sum_lines(r, output, r->scratch);
  narrow(inline_plan(r), r->scratch, r->target + (size_t)output * 3, r->stride);
}

cvips_resampler *cvips_resampler_new(
    int width, int height, int orientation, const cvips_resize *resize, uint8_t *target,
    size_t stride) {
  cvips_resampler *r = calloc(1, sizeof *r);
  if (!r) return NULL;
  int o = orientation;
  r->swap = o >= 5 && o <= 8;
  r->from_right = o == 2 || o == 3 || o == 7 || o == 8;
  r->from_bottom = o == 3 || o == 4 || o == 6 || o == 7;
  r->width = width;
  r->height = height;
  r->target = target;
  r->stride = stride;
  axis x = {
      r->swap ? height : width, resize->box_left, resize->box_width, resize->width,
      resize->window_left, resize->window_width,
  };
  axis y = {
      r->swap ? width : height, resize->box_top, resize->box_height, resize->height,
      resize->window_top, resize->window_height,
  };
  int unchanged = x.size == x.source && y.size == y.source && x.box == x.source && y.box == y.source;
  kernel named = kernel_for(resize->kernel);
  const kernel *k = resize->kernel == CVIPS_NEAREST || unchanged ? NULL : &named;
  int failed = make_plan(&r->across, &x, k) || make_plan(&r->down, &y, k);
  if (!failed) {
    const plan *p = streamed(r);
    r->low = height;
    for (int i = 0; i < p->window; i++) {
      if (p->count[i] > r->capacity) r->capacity = p->count[i];
      if (p->first[i] < r->low) r->low = p->first[i];
      if (p->first[i] + p->count[i] > r->high) r->high = p->first[i] + p->count[i];
    }
    if (r->capacity < 1) r->capacity = 1;
    r->ring_width = r->swap ? width : resize->window_width;
    r->ring = calloc((size_t)r->capacity * (size_t)r->ring_width, 3);
    r->scratch = calloc((size_t)width, 3);
    r->next = r->from_bottom ? p->window - 1 : 0;
    failed = !r->ring || !r->scratch;
  }
  if (!failed) return r;
  r->next = r->from_bottom ? -1 : streamed(r)->window;
  cvips_resampler_finish(r);
  return NULL;
}

static int position(const cvips_resampler *r, int y) { return r->from_bottom ? r->height - 1 - y : y; }

int cvips_resampler_wants(const cvips_resampler *r, int y) {
  int at = position(r, y);
  return at >= r->low && at < r->high;
}

static void turn_round(const uint8_t *line, int width, uint8_t *to) {
  for (int x = 0; x < width; x++) memcpy(to + (size_t)(width - 1 - x) * 3, line + (size_t)x * 3, 3);
}

void cvips_resampler_add(cvips_resampler *r, int y, const uint8_t *line) {
  int at = position(r, y);
  uint8_t *slot = r->ring + (size_t)(at % r->capacity) * (size_t)r->ring_width * 3;
  if (r->swap) {
    if (r->from_right) turn_round(line, r->width, slot);
    else memcpy(slot, line, (size_t)r->width * 3);
  } else {
    if (r->from_right) {
      turn_round(line, r->width, r->scratch);
      line = r->scratch;
    }
    narrow(&r->across, line, slot, 3);
  }
  const plan *p = streamed(r);
  if (r->from_bottom)
    while (r->next >= 0 && p->first[r->next] >= at) emit(r, r->next--);
  else
    while (r->next < p->window && p->first[r->next] + p->count[r->next] - 1 <= at)
      emit(r, r->next++);
}

void cvips_resampler_finish(cvips_resampler *r) {
  if (r->from_bottom)
    while (r->next >= 0) emit(r, r->next--);
  else
    while (r->next < streamed(r)->window) emit(r, r->next++);
  free_plan(&r->across);
  free_plan(&r->down);
  free(r->ring);
  free(r->scratch);
  free(r);
}
