#include "internal.h"

#include <stdlib.h>
#include <string.h>

// What is found out about a whole picture in memory: its margins, how its values spread, and its
// luminance made small.

// How far a sample may be from the colour of its margin, which JPEG does not keep exactly.
enum { TOLERANCE = 16 };

typedef struct {
  int low[3];
  int high[3];
} range;

// What counts as the mean colour of `count` pixels that lie `step` bytes apart.
static range around(const uint8_t *from, size_t step, int count) {
  uint64_t sum[3] = {0, 0, 0};
  for (int i = 0; i < count; i++, from += step)
    for (int c = 0; c < 3; c++) sum[c] += from[c];
  range r;
  for (int c = 0; c < 3; c++) {
    int mean = (int)((sum[c] + (uint64_t)count / 2) / (uint64_t)count);
    r.low[c] = mean - TOLERANCE;
    r.high[c] = mean + TOLERANCE;
  }
  return r;
}

static int has(const range *r, const uint8_t *pixel) {
  for (int c = 0; c < 3; c++)
    if (pixel[c] < r->low[c] || pixel[c] > r->high[c]) return 0;
  return 1;
}

// How many of `count` pixels, from the first one on, lie within a range.
static int run_length(const range *r, const uint8_t *from, ptrdiff_t step, int count) {
  int run = 0;
  while (run < count && has(r, from + run * step)) run++;
  return run;
}

static void find_rows(const uint8_t *pixels, int width, int height, cvips_survey *survey) {
  size_t stride = (size_t)width * 3;
  const uint8_t *last = pixels + stride * (size_t)(height - 1);
  range top = around(pixels, 3, width), bottom = around(last, 3, width);
  int above = 0, below = 0;
  while (above < height && run_length(&top, pixels + stride * (size_t)above, 3, width) == width)
    above++;
  while (below < height && run_length(&bottom, last - stride * (size_t)below, 3, width) == width)
    below++;
  if (above + below >= height) return;
  survey->top = above;
  survey->bottom = below;
}

// Row by row: a column belongs to the margin as far as all rows say so.
static void find_columns(const uint8_t *pixels, int width, int height, cvips_survey *survey) {
  size_t stride = (size_t)width * 3;
  const uint8_t *end = pixels + stride - 3;
  range left = around(pixels, stride, height), right = around(end, stride, height);
  int before = width, after = width;
  for (int y = 0; y < height && (before || after); y++) {
    before = run_length(&left, pixels + stride * (size_t)y, 3, before);
    after = run_length(&right, end + stride * (size_t)y, -3, after);
  }
  if (before + after >= width) return;
  survey->left = before;
  survey->right = after;
}

void cvips_survey_pixels(const uint8_t *pixels, int width, int height, cvips_survey *survey) {
  memset(survey, 0, sizeof *survey);
  size_t row = (size_t)width * 3;
  for (int y = 0; y < height; y++) {
    const uint8_t *from = pixels + row * (size_t)y;
    // Of one row, at most 100,000 pixels: 32 bits hold the sums, not those of squares.
    uint32_t sum[3] = {0, 0, 0};
    uint64_t squares[3] = {0, 0, 0};
    for (int x = 0; x < width; x++, from += 3)
      for (int c = 0; c < 3; c++) {
        uint32_t value = from[c];
        sum[c] += value;
        squares[c] += value * value;
      }
    for (int c = 0; c < 3; c++) {
      survey->sum[c] += sum[c];
      survey->squares[c] += squares[c];
    }
  }
  find_rows(pixels, width, height, survey);
  find_columns(pixels, width, height, survey);
}

int cvips_resize_pixels(
    const uint8_t *pixels, int width, int height, cvips_kernel kernel, int is_luminance,
    uint8_t *target, int target_width, int target_height) {
  cvips_resize resize = {
      .box_width = width,
      .box_height = height,
      .width = target_width,
      .height = target_height,
      .window_width = target_width,
      .window_height = target_height,
      .kernel = kernel,
  };
  size_t stride = (size_t)width * 3;
  uint8_t *grey = is_luminance ? malloc(stride) : NULL;
  cvips_resampler *resampler =
      is_luminance && !grey
          ? NULL
          : cvips_resampler_new(
                width, height, 1, &resize, target, (size_t)target_width * 3);
  for (int y = 0; resampler && y < height; y++) {
    const uint8_t *line = pixels + stride * (size_t)y;
    for (int x = 0; grey && x < width; x++, line += 3) {
      // Pillow's `convert("L")`, ITU-R BT.601 in 16 bits.
      uint32_t sum = line[0] * 19595U + line[1] * 38470U + line[2] * 7471U + 0x8000U;
      memset(grey + (size_t)x * 3, (int)(sum >> 16), 3);
    }
    cvips_resampler_add(resampler, y, grey ? grey : line);
  }
  int status = resampler ? 0 : -1;
  if (resampler) cvips_resampler_finish(resampler);
  free(grey);
  return status;
}
