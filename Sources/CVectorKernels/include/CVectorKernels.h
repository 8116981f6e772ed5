#ifndef CVECTORKERNELS_H
#define CVECTORKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The instruction sets a kernel may use; which ones this processor has is asked at run time.
typedef enum {
  CVK_SCALAR = 0,
  CVK_NEON = 1,
  CVK_AVX2 = 2,
  CVK_AVX512 = 3,
} cvk_isa;

/// How the values of a row are stored. Queries are float.
typedef enum {
  CVK_F32 = 0,
  CVK_F16 = 1,
  CVK_BF16 = 2,
} cvk_type;

typedef enum {
  CVK_DOT = 0,
  CVK_SQUARED_DISTANCE = 1,
} cvk_measure;

/// The widest instruction set of this processor.
cvk_isa cvk_best_isa(void);
bool cvk_has_isa(cvk_isa isa);
const char *cvk_isa_name(cvk_isa isa);

/// Part of a row-major matrix. `allowed` is a bitmap with one bit a row of the whole matrix, lowest
/// bit first, or NULL.
typedef struct {
  const void *rows;
  cvk_type type;
  size_t dimension;
  size_t first;
  size_t last;
  const uint64_t *allowed;
} cvk_part;

/// Compares `count` queries, one after another in memory, with the rows of a part.
///
/// The result of query q and row r goes to `scores[q * stride + r - first]`; rows that are not allowed
/// get -infinity. A pair's number depends on the pair alone, bit for bit: not on the instruction set nor on
/// what else is compared in the same call.
void cvk_scan(cvk_isa isa, cvk_measure measure, const cvk_part *part, const float *queries,
              size_t count, float *scores, size_t stride);

/// Dot products of `count` queries, one after another in memory, with the first `cuts[c]` values of each
/// float row, in one pass: `scores[(c * count + q) * stride + r - first]`, the numbers that scans of the
/// cut matrix with the cut queries give. `cuts` ascend and end at most at the dimension.
void cvk_scan_prefixes(cvk_isa isa, const cvk_part *part, const float *queries, size_t count,
                       const size_t *cuts, size_t cut_count, float *scores, size_t stride);

/// The positions of scores that are at least `least`, ascending; infinite ones are skipped.
/// `positions` has room for `count`. Returns how many there are.
size_t cvk_select(cvk_isa isa, const float *scores, size_t count, float least, uint32_t *positions);

/// Dot products of one query with some rows of a part, by their numbers: those that `cvk_scan` gives. The part's own range
/// and filter do not count.
void cvk_scan_at(cvk_isa isa, const cvk_part *part, const float *query, const uint32_t *rows,
                 size_t count, float *scores);

/// Turns dot products into cosines, each by its own factor and the query's: 1 / length of either. Between -1 and 1; what is
/// not finite stays so.
void cvk_cosines(cvk_isa isa, float *scores, const double *factors, double factor, size_t count);

/// Rows as int8 with a scale each: value ≈ scale × code.
typedef struct {
  int8_t *codes;
  float *scales;
  /// Sum of the codes of a row.
  int32_t *sums;
  /// Length of what the codes leave out of a row.
  float *residuals;
  /// Length of scale × codes.
  float *lengths;
  size_t dimension;
} cvk_codes;

/// Fills the codes of the rows first..<last of a float matrix.
void cvk_encode(cvk_isa isa, const float *rows, size_t first, size_t last,
                const cvk_codes *codes);

/// A query as 16-bit integers above zero, split into bytes: value ≈ step × (256 high + low - 32768).
typedef struct {
  uint8_t *high;
  uint8_t *low;
  float step;
  /// Length of what the integers leave out.
  float residual;
  float length;
} cvk_coded_query;

/// Fills `coded`, whose arrays have room for `dimension` bytes.
void cvk_encode_query(const float *query, size_t dimension, cvk_coded_query *coded);

/// Approximate dot products of a coded query with coded rows; as `cvk_scan` for one query.
void cvk_scan_codes(cvk_isa isa, const cvk_codes *codes, const cvk_coded_query *query, size_t first,
                    size_t last, const uint64_t *allowed, float *scores);

/// How far an approximate dot product may be from the one that `cvk_scan` computes, by Cauchy and
/// Schwarz on what the codes leave out, rounding included: one number a row.
void cvk_code_errors(const cvk_codes *codes, const cvk_coded_query *query, size_t first, size_t last,
                     float *errors);

/// Both of some rows, by their numbers.
void cvk_scan_codes_at(cvk_isa isa, const cvk_codes *codes, const cvk_coded_query *query,
                       const uint32_t *rows, size_t count, float *scores, float *errors);

/// One bit a value, 1 where it is above zero, lowest bit first; rows are padded to 64 bits.
void cvk_encode_bits(const float *rows, size_t first, size_t last, size_t dimension, uint64_t *bits);

/// The lower and the upper bound of scores with errors, in place of both.
void cvk_bounds(float *scores_to_upper, float *errors_to_lower, size_t count);

/// How far the signs of a query and each row agree: 1 - 2 × Hamming distance / dimension, from -1 to 1.
void cvk_scan_bits(cvk_isa isa, const uint64_t *query, const uint64_t *bits, size_t dimension,
                   size_t first, size_t last, const uint64_t *allowed, float *scores);

/// Where of `count` hashes those stand of which at most `radius` bits differ from `query`, ascending. `positions` has room for
/// `count`. Returns how many there are.
size_t cvk_near_hashes(cvk_isa isa, uint64_t query, const uint64_t *hashes, size_t count,
                       unsigned radius, uint32_t *positions);

/// How many codes a row of panels has at most.
enum { CVK_MOST_WIDTH = 256 };

/// Rows that are looked for pairs: on some axes as int8 codes in one scale for all rows, and how much of them lies off those
/// axes. Sixteen rows are a panel: four codes of each row, then the next four of each.
typedef struct {
  int8_t *codes;
  /// Sum of the codes of a row.
  int32_t *sums;
  /// What the right row of a pair adds to the dot product of the codes.
  int32_t *starts;
  /// Length off the axes.
  float *rests;
  /// What a left row asks for at least.
  float *least;
  /// Codes of a row; 16 divides it.
  size_t width;
} cvk_panels;

/// The axes of panels, and what is known of them and of the rows. Rows are taken as unit vectors, less their mean.
typedef struct {
  size_t dimension;
  size_t width;
  /// Dot product of each axis with the mean.
  const double *offsets;
  /// The mean's dot product with itself.
  double mean_square;
  /// How far the axes are from being orthonormal: a bound of the spectral norm of what their Gram matrix has beside ones.
  double deviation;
  /// What a code counts.
  double scale;
  /// Length of scale × codes, at most; longer ones are taken as zeros.
  double longest;
  /// The least score of a pair.
  double floor;
} cvk_axes;

/// Fills the rows first..<last of panels.
///
/// `products` are what `cvk_scan` gives for the axes and then the mean as queries: `products[axis * stride + row - first]`.
/// `inverses` are 1 / length of each row, from `first` on; rows without one (0 or not a number) are near no other.
void cvk_encode_panels(const cvk_axes *axes, const float *products, size_t stride,
                       const double *inverses, size_t first, size_t last, const cvk_panels *panels);

/// Which pairs of a left and a right row may have a score of at least the floor, with proof: for each left row a bit for
/// each right one, `masks[(left - left_first) * stride + panel - right_first]` for a panel of right rows.
///
/// No pair is lost: with x and y less the mean, x·y is at most the dot product of their codes and the product of their
/// lengths off the axes (Cauchy and Schwarz), apart from what the codes leave out and what was rounded, which the rows'
/// numbers hold. 16 divides `left_first` and `left_last`; right rows are counted in panels. The bits are the same by every
/// instruction set.
void cvk_near(cvk_isa isa, const cvk_panels *left, size_t left_first, size_t left_last,
              const cvk_panels *right, size_t right_first, size_t right_last, uint16_t *masks,
              size_t stride);

/// How many bits of masks are set; four divides the number of masks.
size_t cvk_count_near(const uint16_t *masks, size_t count);

/// The set bits of some masks, ascending, by their numbers and `first`; four divides the number of masks. `positions` has
/// room for sixteen a mask. Returns how many there are.
size_t cvk_list_near(const uint16_t *masks, size_t count, uint32_t first, uint32_t *positions);

/// Rows on some axes, as unit vectors, for one query at a time: a code in each axis' own scale, and how much of a row the codes
/// leave out. Sixteen rows are a panel, laid out as in cvk_panels.
typedef struct {
  int8_t *codes;
  /// Length of what the codes leave out of a row's places on the axes.
  float *errors;
  /// Length off the axes.
  float *rests;
  /// Codes of a row; 16 divides it, and CVK_MOST_WIDTH is the most.
  size_t width;
} cvk_placed;

/// What a code of each axis means: place ≈ offset + scale × code.
typedef struct {
  size_t dimension;
  size_t width;
  const double *offsets;
  /// Above zero.
  const double *scales;
  /// As in cvk_axes.
  double deviation;
} cvk_frame;

/// Fills the rows first..<last. `products` are what `cvk_scan` gives for the axes as queries: `products[axis * stride + row -
/// first]`; `inverses` are 1 / length of each row, from `first` on, 0 for a zero row.
///
/// Returns the length of the longest row of codes.
double cvk_place(const cvk_frame *frame, const float *products, size_t stride,
                 const double *inverses, size_t first, size_t last, const cvk_placed *rows);

/// A query on the axes, times their scales, as integers of two digits: weight ≈ step × (255 high + low).
typedef struct {
  int8_t *high, *low;
  int32_t high_sum, low_sum;
  float step;
  /// What all bounds have in common: the offsets' part, and every error that is not a row's own.
  float fixed;
  /// Length on the axes, and off them.
  float length, rest;
} cvk_placed_query;

/// Fills `query`, whose digits have room for `width` bytes each. `products` are those of the axes with it, `factor` is 1 /
/// its length, `longest` the longest row of codes that it meets.
void cvk_place_query(const cvk_frame *frame, const float *products, double factor, double longest,
                     cvk_placed_query *query);

/// An upper bound of the cosine of a query with each row of the panels first..<last, sixteen a panel: never below what
/// `cvk_scan` and `cvk_cosines` compute.
///
/// With a and b the places of row and query on the axes, a·b is that of the codes and at most |b| times what the codes leave out
/// of a; off the axes, the product is at most that of the lengths (Cauchy and Schwarz, twice). The bounds are the same by
/// every instruction set.
void cvk_bound_placed(cvk_isa isa, const cvk_placed *rows, const cvk_placed_query *query,
                      size_t first, size_t last, float *bounds);

/// Makes rows orthonormal, each by the part of it that the rows before it lack (Gram and Schmidt, twice, in double
/// precision); a row without such a part becomes zero. `work` has room for all values.
///
/// Returns how far they are from it once rounded, as `deviation` of cvk_axes, zero rows left aside.
double cvk_orthonormalize(float *rows, size_t count, size_t dimension, double *work);

/// Shortens floats, to nearest even.
void cvk_to_half(const float *values, size_t count, uint16_t *halves);
void cvk_to_bfloat16(const float *values, size_t count, uint16_t *bfloats);

/// Values as int8 that count `scale` each, cut off at 127.
void cvk_to_codes(const float *values, size_t count, float scale, int8_t *codes);

/// Squared distance of two vectors stored alike, for a graph: of unit vectors, 2 - 2 × cosine, and unlike that exact between
/// near copies, however the lengths were rounded.
typedef float (*cvk_distance)(const void *left, const void *right, size_t dimension);
cvk_distance cvk_pair_distance(cvk_isa isa, cvk_type type);
/// The same for two int8 vectors, of their integers.
cvk_distance cvk_pair_distance_codes(cvk_isa isa);

#endif
