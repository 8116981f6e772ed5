#include "kernels.h"

#include <float.h>

/// How far the places of a row may be from those of exact sums: a bound of their vector's length.
static double place_error(const cvk_frame *frame) {
  return sqrt((double)frame->width) * 1.05 * cvk_dot_error(frame->dimension) + 1e-9;
}

/// A bound of what lies off the axes, from the length of what lies on them.
static double beyond(const cvk_frame *frame, double on_axes, bool has_direction) {
  double least = on_axes - place_error(frame);
  double square = has_direction ? 1 + 2.2 * cvk_dot_error(frame->dimension) : 0;
  square += 1.2 * frame->deviation + 1e-9 - (least > 0 ? least * least : 0);
  return square > 0 ? sqrt(square) : 0;
}

/// Never below the number.
static float above(double number) { return (float)(number * (1 + 1e-6)); }

double cvk_place(const cvk_frame *frame, const float *products, size_t stride,
                 const double *inverses, size_t first, size_t last, const cvk_placed *rows) {
  double longest = 0;
  for (size_t row = first; row < last; row++) {
    double inverse = inverses[row - first], left_out = 0, squares = 0, code_squares = 0;
    int8_t *codes = rows->codes + row / 16 * 16 * frame->width + row % 16 * 4;
    for (size_t k = 0; k < frame->width; k++) {
      double place = products[k * stride + row - first] * inverse;
      double whole = rint((place - frame->offsets[k]) / frame->scales[k]);
      double code = whole > 127 ? 127 : whole < -127 ? -127 : whole;
      double rest = place - frame->offsets[k] - frame->scales[k] * code;
      codes[k / 4 * 64 + k % 4] = (int8_t)code;
      left_out += rest * rest;
      squares += place * place;
      code_squares += code * code;
    }
    rows->errors[row] = above(sqrt(left_out) + 1e-9);
    rows->rests[row] = above(beyond(frame, sqrt(squares), inverse > 0));
    if (code_squares > longest) longest = code_squares;
  }
  return sqrt(longest);
}

void cvk_place_query(const cvk_frame *frame, const float *products, double factor, double longest,
                     cvk_placed_query *query) {
  double squares = 0, fixed = 0, largest = 0, left_out = 0;
  for (size_t k = 0; k < frame->width; k++) {
    double place = products[k] * factor, weight = fabs(place * frame->scales[k]);
    squares += place * place;
    fixed += place * frame->offsets[k];
    largest = weight > largest ? weight : largest;
  }
  float step = (float)(largest / 32512);
  if (!(step >= FLT_MIN)) step = 0;
  query->high_sum = query->low_sum = 0;
  for (size_t k = 0; k < frame->width; k++) {
    double weight = products[k] * factor * frame->scales[k];
    double whole = step > 0 ? rint(weight / step) : 0, high = rint(whole / 255);
    high = high > 127 ? 127 : high < -127 ? -127 : high;
    double low = whole - 255 * high;
    low = low > 127 ? 127 : low < -127 ? -127 : low;
    query->high[k] = (int8_t)high;
    query->low[k] = (int8_t)low;
    query->high_sum += (int32_t)high;
    query->low_sum += (int32_t)low;
    double rest = weight - (double)step * (255 * high + low);
    left_out += rest * rest;
  }
  double place = place_error(frame);
  query->step = step;
  query->length = above(sqrt(squares) + 1e-9);
  query->rest = above(beyond(frame, sqrt(squares), true));
  // The products' own errors, the axes' and the score's, what the digits leave out, and what the float operations round off.
  double errors = 2.3 * place + place * place + 1.2 * frame->deviation +
                  2.2 * cvk_dot_error(frame->dimension) + 0x1p-22;
  query->fixed = (float)(fixed + longest * sqrt(left_out) * (1 + 1e-9) + errors + 4e-6);
}

void cvk_bound_placed(cvk_isa isa, const cvk_placed *rows, const cvk_placed_query *query,
                      size_t first, size_t last, float *bounds) {
  cvk_kernels_of(isa)->placed_bounds(rows, query, first, last, bounds);
}
