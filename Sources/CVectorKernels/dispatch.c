#include "kernels.h"

cvk_isa cvk_best_isa(void) {
  if (cvk_has_isa(CVK_AVX512)) return CVK_AVX512;
  if (cvk_has_isa(CVK_AVX2)) return CVK_AVX2;
  if (cvk_has_isa(CVK_NEON)) return CVK_NEON;
  return CVK_SCALAR;
}

bool cvk_has_isa(cvk_isa isa) {
  switch (isa) {
  case CVK_SCALAR: return true;
#if defined(__x86_64__)
  case CVK_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("f16c") && __builtin_cpu_supports("popcnt");
  case CVK_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vpopcntdq");
#elif defined(__aarch64__)
  case CVK_NEON: return true;
#endif
  default: return false;
  }
}

const char *cvk_isa_name(cvk_isa isa) {
  switch (isa) {
  case CVK_NEON: return "NEON";
  case CVK_AVX2: return "AVX2";
  case CVK_AVX512: return "AVX-512";
  default: return "scalar";
  }
}

/// Function pointers rather than ifuncs: those crash under ThreadSanitizer.
const cvk_kernels *cvk_kernels_of(cvk_isa isa) {
  switch (cvk_has_isa(isa) ? isa : CVK_SCALAR) {
#if defined(__x86_64__)
  case CVK_AVX512: return &cvk_avx512_kernels;
  case CVK_AVX2: return &cvk_avx2_kernels;
#elif defined(__aarch64__)
  case CVK_NEON: return &cvk_neon_kernels;
#endif
  default: return &cvk_scalar_kernels;
  }
}

/// Rows that stay in the second cache while all queries pass over them.
enum { BLOCK_BYTES = 96 * 1024 };

/// Asks memory for the beginning of a row: rows far apart come without it only once they are read.
static void ask_for(const cvk_part *part, size_t row) {
  const char *start = cvk_row(part, row);
  size_t bytes = part->dimension * cvk_size(part->type), lines = bytes < 512 ? bytes : 512;
  for (size_t i = 0; i < lines; i += 64) __builtin_prefetch(start + i);
}

/// The next row that a filter lets through.
static void ask_for_next(const cvk_part *part, size_t row) {
  if (!part->allowed || ++row >= part->last) return;
  uint64_t word = part->allowed[row >> 6] >> (row & 63);
  if (!word) {
    row = (row | 63) + 1;
    if (row >= part->last) return;
    word = part->allowed[row >> 6];
    if (!word) return;
  }
  row += (size_t)__builtin_ctzll(word);
  if (row < part->last) ask_for(part, row);
}

static void scan_pairs(cvk_pair pair, const cvk_part *part, const float *queries, size_t count,
                       float *scores, size_t stride) {
  for (size_t row = part->first; row < part->last; row++) {
    bool allowed = cvk_is_allowed(part->allowed, row);
    const void *values = cvk_row(part, row);
    if (allowed) ask_for_next(part, row);
    for (size_t q = 0; q < count; q++) {
      scores[q * stride + row - part->first] =
          allowed ? pair(queries + q * part->dimension, values, part->dimension) : -INFINITY;
    }
  }
}

/// Every row of a part, in blocks that all queries pass over at a time; what tiles take at once divides them.
static void scan_blocks(const cvk_kernels *kernels, cvk_measure measure, const cvk_part *part,
                        const float *queries, size_t count, const size_t *cuts, size_t cut_count,
                        float *scores, size_t stride) {
  size_t rows = BLOCK_BYTES / (part->dimension * sizeof(float)) / 12 * 12;
  if (count == 1) rows = part->last - part->first;
  if (rows < 12) rows = 12;
  for (size_t first = part->first; first < part->last; first += rows) {
    cvk_part block = *part;
    block.first = first;
    if (first + rows < part->last) block.last = first + rows;
    size_t next = part->last - block.last;
    kernels->scan_rows(measure, &block, next, queries, count, cuts, cut_count,
                       scores + (first - part->first), stride);
  }
}

void cvk_scan(cvk_isa isa, cvk_measure measure, const cvk_part *part, const float *queries,
              size_t count, float *scores, size_t stride) {
  const cvk_kernels *kernels = cvk_kernels_of(isa);
  // Few rows of a filter are better met one by one.
  if (part->allowed || part->type != CVK_F32) {
    scan_pairs(kernels->pair[measure][part->type], part, queries, count, scores, stride);
  } else {
    scan_blocks(kernels, measure, part, queries, count, &part->dimension, 1, scores, stride);
  }
}

void cvk_scan_at(cvk_isa isa, const cvk_part *part, const float *query, const uint32_t *rows,
                 size_t count, float *scores) {
  cvk_pair pair = cvk_kernels_of(isa)->pair[CVK_DOT][part->type];
  for (size_t i = 0; i < count; i++) {
    if (i + 1 < count) ask_for(part, rows[i + 1]);
    scores[i] = pair(query, cvk_row(part, rows[i]), part->dimension);
  }
}

/// Rows one by one, which is how a filter is met.
static void prefix_pairs(const cvk_kernels *kernels, const cvk_part *part, const float *queries,
                         size_t count, const size_t *cuts, size_t cut_count, float *scores,
                         size_t stride) {
  for (size_t row = part->first; row < part->last; row++) {
    float *out = scores + (row - part->first);
    const float *values = cvk_row(part, row);
    if (!cvk_is_allowed(part->allowed, row)) {
      for (size_t i = 0; i < cut_count * count; i++) out[i * stride] = -INFINITY;
      continue;
    }
    ask_for_next(part, row);
    for (size_t q = 0; q < count; q++) {
      kernels->prefixes(queries + q * part->dimension, values, cuts, cut_count, out + q * stride,
                        count * stride);
    }
  }
}

void cvk_scan_prefixes(cvk_isa isa, const cvk_part *part, const float *queries, size_t count,
                       const size_t *cuts, size_t cut_count, float *scores, size_t stride) {
  const cvk_kernels *kernels = cvk_kernels_of(isa);
  if (part->allowed) {
    prefix_pairs(kernels, part, queries, count, cuts, cut_count, scores, stride);
    return;
  }
  scan_blocks(kernels, CVK_DOT, part, queries, count, cuts, cut_count, scores, stride);
}

size_t cvk_select(cvk_isa isa, const float *scores, size_t count, float least,
                  uint32_t *positions) {
  return cvk_kernels_of(isa)->select(scores, count, least, positions);
}

void cvk_cosines(cvk_isa isa, float *scores, const double *factors, double factor, size_t count) {
  cvk_kernels_of(isa)->cosines(scores, factors, factor, count);
}

/// Rows whose sums are held at a time.
enum { CODE_ROWS = 128 };

void cvk_bounds(float *upper, float *lower, size_t count) {
  const float most = 3.40282347e38f;
  for (size_t i = 0; i < count; i++) {
    float score = upper[i], error = lower[i], above = score + error, below = score - error;
    // What overflows is unknown, and not out of the question.
    bool is_allowed = score > -INFINITY || score != score;
    upper[i] = !is_allowed ? -INFINITY : above <= most ? above : most;
    lower[i] = !is_allowed ? -INFINITY : below >= -most ? below : -most;
  }
}

void cvk_scan_codes(cvk_isa isa, const cvk_codes *codes, const cvk_coded_query *query, size_t first,
                    size_t last, const uint64_t *allowed, float *scores) {
  cvk_code_rows rows = cvk_kernels_of(isa)->code_rows;
  int64_t sums[CODE_ROWS] = {0};
  for (size_t from = first; from < last; from += CODE_ROWS) {
    size_t count = last - from < CODE_ROWS ? last - from : CODE_ROWS;
    const int8_t *own = codes->codes + from * codes->dimension;
    if (!allowed) {
      rows(query, own, codes->sums + from, codes->dimension, count, sums);
    } else {
      for (size_t i = 0; i < count; i++) {
        if (cvk_is_allowed(allowed, from + i))
          rows(query, own + i * codes->dimension, codes->sums + from + i, codes->dimension, 1, sums + i);
      }
    }
    for (size_t i = 0; i < count; i++)
      scores[from - first + i] = (float)((double)sums[i] * query->step * codes->scales[from + i]);
    for (size_t i = 0; allowed && i < count; i++) {
      if (!cvk_is_allowed(allowed, from + i)) scores[from - first + i] = -INFINITY;
    }
  }
}

void cvk_scan_codes_at(cvk_isa isa, const cvk_codes *codes, const cvk_coded_query *query,
                       const uint32_t *rows, size_t count, float *scores, float *errors) {
  for (size_t i = 0; i < count; i++) {
    const int8_t *next = codes->codes + rows[i + 1 < count ? i + 1 : i] * codes->dimension;
    for (size_t k = 0; k < codes->dimension && k < 512; k += 64) __builtin_prefetch(next + k);
    cvk_scan_codes(isa, codes, query, rows[i], rows[i] + (size_t)1, NULL, scores + i);
    cvk_code_errors(codes, query, rows[i], rows[i] + (size_t)1, errors + i);
  }
}

void cvk_scan_bits(cvk_isa isa, const uint64_t *query, const uint64_t *bits, size_t dimension,
                   size_t first, size_t last, const uint64_t *allowed, float *scores) {
  cvk_bit_pair pair = cvk_kernels_of(isa)->bit_pair;
  size_t words = (dimension + 63) / 64;
  for (size_t row = first; row < last; row++) {
    scores[row - first] =
        cvk_is_allowed(allowed, row)
            ? 1 - 2 * (float)pair(query, bits + row * words, words) / (float)dimension
            : -INFINITY;
  }
}

void cvk_near(cvk_isa isa, const cvk_panels *left, size_t left_first, size_t left_last,
              const cvk_panels *right, size_t right_first, size_t right_last, uint16_t *masks,
              size_t stride) {
  cvk_kernels_of(isa)->near(left, left_first, left_last, right, right_first, right_last, masks, stride);
}

cvk_distance cvk_pair_distance(cvk_isa isa, cvk_type type) {
  return cvk_kernels_of(isa)->distance[type];
}

cvk_distance cvk_pair_distance_codes(cvk_isa isa) { return cvk_kernels_of(isa)->code_distance; }
