#include "CGeometry.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  int32_t position;
  int32_t distance;
} neighbour;

// The nearest and the second distance of one descriptor to all of `right`; `nearest` gets what is nearest
// to each of those.
typedef struct {
  neighbour best;
  int32_t second;
} ranking;

static inline __attribute__((always_inline)) ranking rank(
  const uint8_t *left, int32_t row, const uint8_t *right, size_t count, neighbour *nearest) {
  ranking found = {{-1, INT32_MAX}, INT32_MAX};
  uint64_t words[CGEO_DESCRIPTOR / 8];
  memcpy(words, left, sizeof words);
  for (size_t column = 0; column < count; column++, right += CGEO_DESCRIPTOR) {
    uint64_t others[CGEO_DESCRIPTOR / 8];
    memcpy(others, right, sizeof others);
    const int32_t distance = (int32_t)(
      __builtin_popcountll(words[0] ^ others[0]) + __builtin_popcountll(words[1] ^ others[1]) +
      __builtin_popcountll(words[2] ^ others[2]) + __builtin_popcountll(words[3] ^ others[3]));
    if (distance < found.best.distance) {
      found.second = found.best.distance;
      found.best = (neighbour){(int32_t)column, distance};
    } else if (distance < found.second) {
      found.second = distance;
    }
    if (distance < nearest[column].distance) nearest[column] = (neighbour){row, distance};
  }
  return found;
}

typedef ranking (*ranker)(const uint8_t *, int32_t, const uint8_t *, size_t, neighbour *);

static ranking rank_anywhere(
  const uint8_t *left, int32_t row, const uint8_t *right, size_t count, neighbour *nearest) {
  return rank(left, row, right, count, nearest);
}

#if defined(__x86_64__)
// Bits are counted by one instruction, which the oldest processors lack.
__attribute__((target("popcnt"))) static ranking rank_counting(
  const uint8_t *left, int32_t row, const uint8_t *right, size_t count, neighbour *nearest) {
  return rank(left, row, right, count, nearest);
}

static ranker chosen(void) {
  return __builtin_cpu_supports("popcnt") ? rank_counting : rank_anywhere;
}
#else
static ranker chosen(void) { return rank_anywhere; }
#endif

int cgeo_match(
  const uint8_t *left, size_t left_count, const uint8_t *right, size_t right_count, int share,
  int32_t *partners) {
  neighbour *nearest = malloc((right_count + 1) * sizeof *nearest);
  if (!nearest) return 1;
  for (size_t column = 0; column < right_count; column++) {
    nearest[column] = (neighbour){-1, INT32_MAX};
  }
  const ranker ranks = chosen();
  for (size_t row = 0; row < left_count; row++) {
    const ranking found =
      ranks(left + row * CGEO_DESCRIPTOR, (int32_t)row, right, right_count, nearest);
    const int is_clear = (int64_t)found.best.distance * 100 < (int64_t)found.second * share;
    partners[row] = is_clear ? found.best.position : -1;
  }
  for (size_t row = 0; row < left_count; row++) {
    const int32_t partner = partners[row];
    if (partner >= 0 && nearest[partner].position != (int32_t)row) partners[row] = -1;
  }
  free(nearest);
  return 0;
}

void cgeo_grey(const uint8_t *rgb, size_t pixel_count, uint8_t *grey) {
  for (size_t pixel = 0; pixel < pixel_count; pixel++, rgb += 3) {
    grey[pixel] = (uint8_t)((19595u * rgb[0] + 38470u * rgb[1] + 7471u * rgb[2] + 32768u) >> 16);
  }
}
