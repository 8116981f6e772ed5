// Holds the kernels of every instruction set here against the scalar ones, bit for bit; scripts/check-neon runs it where the
// machine's own processor, which the Swift tests see, has no NEON.

#include "CVectorKernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 37, QUERIES = 15 };

static size_t cases, faults;

static void expect(bool holds, const char *what, size_t dimension) {
  cases++;
  if (holds) return;
  if (faults++ < 20) printf("  %s differ at dimension %zu\n", what, dimension);
}

/// Mostly usual numbers, and now and then one that shows another rounding: denormal, large, minus zero.
static float draw(void) {
  static const float odd[] = {1e-41f, -3e-45f, 1e-38f, -0.0f, 0, 3e15f, -2e15f, 1e-20f, 1 + 0x1p-23f};
  int number = rand();
  if (number % 23 == 0) return odd[(unsigned)rand() % (sizeof odd / sizeof *odd)];
  return (float)(number % 20001 - 10000) / 10007;
}

/// Bit for bit; what is no number is alike.
static bool same(const float *left, const float *right, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (memcmp(left + i, right + i, 4) && !(isnan(left[i]) && isnan(right[i]))) return false;
  return true;
}

static void *room(size_t bytes) {
  void *memory = malloc(bytes);
  if (!memory) abort();
  return memory;
}

typedef struct {
  size_t dimension;
  float *values, *queries;
  const void *stored[3];
  size_t size[3];
} sample;

static sample drawn(size_t dimension) {
  size_t count = ROWS * dimension;
  sample made = {.dimension = dimension, .size = {4, 2, 2}};
  made.values = room(count * 4);
  made.queries = room(QUERIES * dimension * 4);
  for (size_t i = 0; i < count; i++) made.values[i] = draw();
  for (size_t i = 0; i < QUERIES * dimension; i++) made.queries[i] = draw();
  uint16_t *halves = room(count * 2), *bfloats = room(count * 2);
  cvk_to_half(made.values, count, halves);
  cvk_to_bfloat16(made.values, count, bfloats);
  made.stored[CVK_F32] = made.values;
  made.stored[CVK_F16] = halves;
  made.stored[CVK_BF16] = bfloats;
  return made;
}

static void compare_scans(cvk_isa isa, const sample *given) {
  const uint64_t bitmap = 0x5DF3A96C1BULL;
  size_t dimension = given->dimension, first = 2, last = ROWS - 3, count = last - first;
  float found[QUERIES * ROWS], wanted[QUERIES * ROWS], alone[ROWS];
  for (int type = CVK_F32; type <= CVK_BF16; type++) {
    for (int measure = CVK_DOT; measure <= CVK_SQUARED_DISTANCE; measure++) {
      for (int filtered = 0; filtered < 2; filtered++) {
        cvk_part part = {given->stored[type], (cvk_type)type, dimension, first, last,
                         filtered ? &bitmap : NULL};
        cvk_scan(isa, (cvk_measure)measure, &part, given->queries, QUERIES, found, count);
        cvk_scan(CVK_SCALAR, (cvk_measure)measure, &part, given->queries, QUERIES, wanted, count);
        expect(same(found, wanted, QUERIES * count), "scores", dimension);
        for (size_t q = 0; q < QUERIES; q++) {
          cvk_scan(isa, (cvk_measure)measure, &part, given->queries + q * dimension, 1, alone, count);
          expect(same(alone, found + q * count, count), "a query alone and among others", dimension);
        }
      }
    }
    const char *rows = given->stored[type];
    float near = cvk_pair_distance(isa, (cvk_type)type)(rows, rows + dimension * given->size[type], dimension);
    float known = cvk_pair_distance(CVK_SCALAR, (cvk_type)type)(rows, rows + dimension * given->size[type], dimension);
    expect(same(&near, &known, 1), "pair distances", dimension);
  }
}

static void compare_prefixes(cvk_isa isa, const sample *given) {
  size_t dimension = given->dimension;
  if (dimension < 4) return;
  size_t cuts[] = {1, dimension / 2, dimension - 1, dimension};
  const uint64_t bitmap = 0x5DF3A96C1BULL;
  float found[4 * QUERIES * ROWS], alone[4 * ROWS], wanted[ROWS];
  for (int filtered = 0; filtered < 2; filtered++) {
    const uint64_t *allowed = filtered ? &bitmap : NULL;
    cvk_part whole = {given->values, CVK_F32, dimension, 0, ROWS, allowed};
    cvk_scan_prefixes(isa, &whole, given->queries, QUERIES, cuts, 4, found, ROWS);
    for (size_t q = 0; q < QUERIES; q++) {
      const float *query = given->queries + q * dimension;
      cvk_scan_prefixes(isa, &whole, query, 1, cuts, 4, alone, ROWS);
      for (size_t c = 0; c < 4; c++) {
        float *cut = room(ROWS * cuts[c] * 4), *own = found + (c * QUERIES + q) * ROWS;
        for (size_t r = 0; r < ROWS; r++)
          memcpy(cut + r * cuts[c], given->values + r * dimension, cuts[c] * 4);
        cvk_part part = {cut, CVK_F32, cuts[c], 0, ROWS, allowed};
        cvk_scan(CVK_SCALAR, CVK_DOT, &part, query, 1, wanted, ROWS);
        expect(same(wanted, own, ROWS), "prefixes", dimension);
        expect(same(alone + c * ROWS, own, ROWS), "prefixes alone and among others", dimension);
        free(cut);
      }
    }
  }
}

static cvk_codes codes_for(size_t dimension) {
  return (cvk_codes){room(ROWS * dimension), room(ROWS * 4), room(ROWS * 4), room(ROWS * 4), room(ROWS * 4), dimension};
}

static void compare_codes(cvk_isa isa, const sample *given) {
  size_t dimension = given->dimension;
  cvk_codes own = codes_for(dimension), scalar = codes_for(dimension);
  cvk_encode(isa, given->values, 0, ROWS, &own);
  cvk_encode(CVK_SCALAR, given->values, 0, ROWS, &scalar);
  expect(!memcmp(own.codes, scalar.codes, ROWS * dimension), "codes", dimension);
  expect(same(own.scales, scalar.scales, ROWS) && same(own.residuals, scalar.residuals, ROWS) &&
             same(own.lengths, scalar.lengths, ROWS) && !memcmp(own.sums, scalar.sums, ROWS * 4),
         "what is known of codes", dimension);
  cvk_coded_query query = {.high = room(dimension), .low = room(dimension)};
  cvk_encode_query(given->queries, dimension, &query);
  float found[ROWS], wanted[ROWS], errors[ROWS], exact[ROWS];
  cvk_scan_codes(isa, &own, &query, 0, ROWS, NULL, found);
  cvk_scan_codes(CVK_SCALAR, &own, &query, 0, ROWS, NULL, wanted);
  expect(!memcmp(found, wanted, sizeof found), "coded scores", dimension);
  cvk_code_errors(&own, &query, 0, ROWS, errors);
  cvk_part part = {given->values, CVK_F32, dimension, 0, ROWS, NULL};
  cvk_scan(isa, CVK_DOT, &part, given->queries, 1, exact, ROWS);
  for (size_t r = 0; r < ROWS; r++) {
    // Bounds are of vectors whose squares neither vanish nor overflow: others are never searched by codes.
    if (query.length > 1e-9f && own.lengths[r] > 1e-9f)
      expect(fabsf(exact[r] - found[r]) <= errors[r], "scores and their bounds", dimension);
  }
  double factors[ROWS];
  for (size_t r = 0; r < ROWS; r++) factors[r] = 0.7 + 0.01 * (double)r;
  memcpy(found, exact, sizeof found);
  memcpy(wanted, exact, sizeof wanted);
  cvk_cosines(isa, found, factors, 0.3, ROWS);
  cvk_cosines(CVK_SCALAR, wanted, factors, 0.3, ROWS);
  expect(same(found, wanted, ROWS), "cosines", dimension);
  uint32_t positions[ROWS], known[ROWS];
  size_t count = cvk_select(isa, exact, ROWS, 0, positions);
  expect(count == cvk_select(CVK_SCALAR, exact, ROWS, 0, known) && !memcmp(positions, known, count * 4),
         "selected rows", dimension);
}

static cvk_panels panels_for(size_t rows, size_t width) {
  return (cvk_panels){room(rows * width), room(rows * 4), room(rows * 4), room(rows * 4), room(rows * 4), width};
}

static void compare_panels(cvk_isa isa, size_t width) {
  enum { PANELS = 7, COUNT = 16 * PANELS };
  cvk_panels given = panels_for(COUNT, width);
  for (size_t i = 0; i < COUNT * width; i++) given.codes[i] = (int8_t)(rand() % 255 - 127);
  for (size_t r = 0; r < COUNT; r++) {
    given.sums[r] = 0;
    for (size_t k = 0; k < width; k++)
      given.sums[r] += given.codes[r / 16 * 16 * width + k / 4 * 64 + r % 16 * 4 + k % 4];
    given.starts[r] = rand() % 200001 - 100000;
    given.rests[r] = (float)(rand() % 5000) / 13;
    given.least[r] = (float)(rand() % 400001 - 100000) / 3;
  }
  uint16_t found[COUNT * PANELS] = {0}, wanted[COUNT * PANELS] = {0};
  cvk_near(isa, &given, 0, COUNT, &given, 0, PANELS, found, PANELS);
  cvk_near(CVK_SCALAR, &given, 0, COUNT, &given, 0, PANELS, wanted, PANELS);
  expect(!memcmp(found, wanted, sizeof found), "near pairs", width);
}

static void compare_placed(cvk_isa isa, size_t width) {
  enum { PANELS = 5, COUNT = 16 * PANELS };
  cvk_placed given = {room(COUNT * width), room(COUNT * 4), room(COUNT * 4), width};
  int8_t *high = room(width), *low = room(width);
  cvk_placed_query query = {high, low, 0, 0, 1e-5f, 0.1f, 0.9f, 0.4f};
  for (size_t k = 0; k < width; k++) {
    query.high_sum += high[k] = (int8_t)(rand() % 255 - 127);
    query.low_sum += low[k] = (int8_t)(rand() % 255 - 127);
  }
  for (size_t i = 0; i < COUNT * width; i++) given.codes[i] = (int8_t)(rand() % 255 - 127);
  for (size_t r = 0; r < COUNT; r++) {
    given.errors[r] = (float)(rand() % 5000) / 1e5f;
    given.rests[r] = (float)(rand() % 5000) / 5e3f;
  }
  float found[COUNT], wanted[COUNT];
  cvk_bound_placed(isa, &given, &query, 0, PANELS, found);
  cvk_bound_placed(CVK_SCALAR, &given, &query, 0, PANELS, wanted);
  expect(same(found, wanted, COUNT), "bounds on axes", width);
}

int main(void) {
  const size_t dimensions[] = {1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 33, 64, 65, 100, 127, 255, 256, 768, 1025, 4095, 4096};
  int status = 0;
  for (int isa = CVK_NEON; isa <= CVK_AVX512; isa++) {
    if (!cvk_has_isa((cvk_isa)isa)) continue;
    cases = faults = 0;
    for (size_t i = 0; i < sizeof dimensions / sizeof *dimensions; i++) {
      sample given = drawn(dimensions[i]);
      compare_scans((cvk_isa)isa, &given);
      compare_prefixes((cvk_isa)isa, &given);
      compare_codes((cvk_isa)isa, &given);
    }
    for (size_t width = 16; width <= CVK_MOST_WIDTH; width += 16) {
      compare_panels((cvk_isa)isa, width);
      compare_placed((cvk_isa)isa, width);
    }
    printf("%s: %zu comparisons, %zu differ\n", cvk_isa_name((cvk_isa)isa), cases, faults);
    if (faults) status = 1;
  }
  return status;
}
