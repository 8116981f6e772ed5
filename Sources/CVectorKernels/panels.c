#include "kernels.h"

#include <string.h>

/// A code of a row in its panel.
static int8_t *code_at(const cvk_panels *panels, size_t row, size_t axis) {
  return panels->codes + row / 16 * 16 * panels->width + axis / 4 * 64 + row % 16 * 4 + axis % 4;
}

/// Of rows that have no direction, or one that single precision does not see: near none.
static void encode_none(size_t row, const cvk_panels *panels) {
  for (size_t k = 0; k < panels->width; k++) *code_at(panels, row, k) = 0;
  panels->sums[row] = 0;
  panels->starts[row] = -(1 << 30);
  panels->rests[row] = 0;
  panels->least[row] = INFINITY;
}

/// What is the same for all rows.
typedef struct {
  /// How far the numbers on the axes may be from those of exact orthonormal axes, and the squared length from the exact one.
  double place, square;
  /// Least cosine of the exact vectors, as a distance from 1.
  double apart;
  /// What the float operations of a bound may round off, in squared scales.
  double slack;
} cvk_errors;

static cvk_errors errors_of(const cvk_axes *axes) {
  double dot = cvk_dot_error(axes->dimension);
  double mean = sqrt(axes->mean_square), scale = axes->scale;
  cvk_errors errors;
  // Of each axis' product with the row and with the mean, and of the row's length; then, of the axes themselves.
  errors.place = (2 * sqrt((double)axes->width) + 2) * dot * 1.1 + (2.1 + mean) * axes->deviation + 1e-9;
  errors.square = 4 * dot * mean * 1.1 + 1e-9;
  errors.apart = 1 - axes->floor + 2.5 * dot + 0x1p-22;
  errors.slack = 2 + 16 * 0x1p-24 * (1 + mean) * (1 + mean) / (scale * scale);
  return errors;
}

static void encode_row(const cvk_axes *axes, const cvk_errors *errors, const float *products,
                       size_t stride, double inverse, size_t row, const cvk_panels *panels) {
  double scale = axes->scale, placed[CVK_MOST_WIDTH], left_out = 0, squares = 0;
  int32_t sum = 0, code_squares = 0;
  for (size_t k = 0; k < axes->width; k++) {
    double value = placed[k] = products[k * stride] * inverse - axes->offsets[k];
    double whole = rint(value / scale);
    int32_t code = whole > 127 ? 127 : whole < -127 ? -127 : (int32_t)whole;
    *code_at(panels, row, k) = (int8_t)code;
    sum += code;
    code_squares += code * code;
    squares += value * value;
    left_out += (value - scale * code) * (value - scale * code);
  }
  if (scale * sqrt(code_squares) > axes->longest) {
    for (size_t k = 0; k < axes->width; k++) *code_at(panels, row, k) = 0;
    sum = 0;
    left_out = squares;
  }
  double error = sqrt(left_out) * (1 + 1e-9) + errors->place;
  double whole = 1 - 2 * products[axes->width * stride] * inverse + axes->mean_square;
  double on_axes = sqrt(squares) - errors->place;
  double beyond = whole + errors->square - (on_axes > 0 ? on_axes * on_axes : 0);
  double rest = beyond > 0 ? sqrt(beyond) : 0;
  // What the codes of this row and of any other leave out: |a|e' + |a'|e + ee', where ee' is at most half of both squares.
  double asked = (whole - errors->square - errors->apart) / 2 - axes->longest * error - error * error / 2;
  double units = asked / (scale * scale);
  panels->sums[row] = sum;
  panels->rests[row] = (float)(rest / scale * (1 + 1e-6));
  panels->starts[row] = (int32_t)ceil(-units);
  panels->least[row] = (float)(units - errors->slack - 1e-6 * fabs(units));
}

void cvk_encode_panels(const cvk_axes *axes, const float *products, size_t stride,
                       const double *inverses, size_t first, size_t last, const cvk_panels *panels) {
  cvk_errors errors = errors_of(axes);
  for (size_t row = first; row < last; row++) {
    double inverse = inverses[row - first];
    // Not a number is not above zero, either.
    if (inverse > 0) {
      encode_row(axes, &errors, products + (row - first), stride, inverse, row, panels);
    } else {
      encode_none(row, panels);
    }
  }
}

size_t cvk_count_near(const uint16_t *masks, size_t count) {
  size_t found = 0;
  for (size_t i = 0; i < count; i += 4) {
    uint64_t word;
    memcpy(&word, masks + i, sizeof word);
    found += (size_t)__builtin_popcountll(word);
  }
  return found;
}

size_t cvk_list_near(const uint16_t *masks, size_t count, uint32_t first, uint32_t *positions) {
  size_t found = 0;
  for (size_t i = 0; i < count; i += 4) {
    uint64_t word;
    memcpy(&word, masks + i, sizeof word);
    for (; word; word &= word - 1)
      positions[found++] = first + (uint32_t)(16 * i) + (uint32_t)__builtin_ctzll(word);
  }
  return found;
}

static double dot_of(const double *left, const double *right, size_t count) {
  double sums[8] = {0};
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (size_t l = 0; l < 8; l++) sums[l] += left[i + l] * right[i + l];
  for (; i < count; i++) sums[0] += left[i] * right[i];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

/// Makes a row a unit vector; zero where almost nothing is left of it.
static void normalize(double *row, size_t dimension, double before) {
  double length = sqrt(dot_of(row, row, dimension));
  double factor = length > before * 1e-6 && length > 1e-30 ? 1 / length : 0;
  for (size_t i = 0; i < dimension; i++) row[i] *= factor;
}

double cvk_orthonormalize(float *rows, size_t count, size_t dimension, double *work) {
  for (size_t i = 0; i < count * dimension; i++) work[i] = rows[i];
  for (size_t r = 0; r < count; r++) {
    double *row = work + r * dimension, before = sqrt(dot_of(row, row, dimension));
    for (int turn = 0; turn < 2; turn++) {
      for (size_t other = 0; other < r; other++) {
        const double *axis = work + other * dimension;
        double shared = dot_of(axis, row, dimension);
        for (size_t i = 0; i < dimension; i++) row[i] -= shared * axis[i];
      }
      // What rounding leaves of a row that had nothing of its own must not become an axis.
      normalize(row, dimension, turn ? 1e-3 : before);
    }
  }
  for (size_t i = 0; i < count * dimension; i++) work[i] = rows[i] = (float)work[i];
  double most = 0;
  for (size_t r = 0; r < count; r++) {
    const double *row = work + r * dimension;
    double square = dot_of(row, row, dimension);
    if (!(square > 0)) continue;
    double sum = fabs(square - 1);
    for (size_t other = 0; other < count; other++)
      if (other != r) sum += fabs(dot_of(row, work + other * dimension, dimension));
    most = sum > most ? sum : most;
  }
  return most + 1e-12;
}
