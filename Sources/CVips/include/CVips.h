// libvips opened at run time, a resampler that equals Pillow's, and what the
// processes need in which both run.
//
// No vips or glib header is needed: objects are opaque, and the variadic calls
// stay in C. Functions that can fail return 0 for success; those that take a
// buffer write the reason into it. Decoding is not thread-safe: a worker has
// one thread that does it.

#ifndef CVIPS_H
#define CVIPS_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
  CVIPS_JPEG = 0,
  CVIPS_PNG = 1,
  CVIPS_WEBP = 2,
  CVIPS_HEIF = 3,
  CVIPS_GIF = 4,
  CVIPS_TIFF = 5,
} cvips_format;

/// What the header says; width and height are as stored, before orientation.
typedef struct {
  int width;
  int height;
  int pages;
  int orientation;
} cvips_header;

typedef struct cvips_image cvips_image;

/// Opens the library at `path`, or at its usual places when `path` is NULL, and
/// prepares it for decoding untrusted files.
int cvips_start(const char *path, char *error, size_t capacity);

/// A file: its bytes, which must outlive the image, or where they are NULL a
/// descriptor that can be read at any position.
typedef struct {
  const void *bytes;
  size_t size;
  int descriptor;
} cvips_file;

/// Which picture of a file, and how: `shrink` is 1, or 2, 4 or 8 for a JPEG that
/// is to be decoded smaller; a page of a TIFF, and one of its sub-directories or -1.
typedef struct {
  int shrink;
  int page;
  int subdirectory;
} cvips_part;

/// Opens a file of a known format lazily.
cvips_image *cvips_open(
    cvips_format format, cvips_file file, cvips_part part, char *error, size_t capacity);
void cvips_close(cvips_image *image);

cvips_header cvips_read_header(cvips_image *image);

/// Encodes interleaved 8-bit sRGB with no metadata: as JPEG of `quality` 1 to 100, or as PNG where it is 0.
/// `*bytes` is to be freed with `free`.
int cvips_encode(
    const uint8_t *pixels, int width, int height, int quality, uint8_t **bytes, size_t *size,
    char *error, size_t capacity);

typedef enum {
  CVIPS_NEAREST = 0,
  CVIPS_BILINEAR = 1,
  CVIPS_BICUBIC = 2,
  CVIPS_LANCZOS = 3,
} cvips_kernel;

/// A resize of a box of the source to `width` x `height`, of which only the
/// window is computed.
typedef struct {
  double box_left;
  double box_top;
  double box_width;
  double box_height;
  int64_t width;
  int64_t height;
  int64_t window_left;
  int64_t window_top;
  int window_width;
  int window_height;
  cvips_kernel kernel;
} cvips_resize;

enum { CVIPS_CURVE_COUNT = 4096 };

/// What RGB values mean: chromaticities x and y of white, red, green and blue, and
/// the light, from 0 to 1, of values in equal steps from 0 to 1.
typedef struct {
  double primaries[8];
  float curve[CVIPS_CURVE_COUNT];
} cvips_color;

/// What is made of a picture. `alpha` is its band after the colours, or -1.
typedef struct {
  int orientation;
  int alpha;
  int is_premultiplied;
  int has_color;
  /// Whether `color` counts also where there is a profile.
  int color_comes_first;
  cvips_color color;
  cvips_resize resize;
} cvips_rendering;

/// Decodes line by line: to sRGB, onto white, 8 bits, oriented, resized. Writes
/// the window into `target`, whose rows are `stride` bytes apart.
///
/// The resize equals `Image.resize` of Pillow bit for bit: two passes in fixed
/// point, kernels widened when shrinking. The horizontal pass is always the
/// first, as it was in Pillow before version 13.
int cvips_render(
    cvips_image *image, const cvips_rendering *rendering, uint8_t *target, size_t stride,
    char *error, size_t capacity);

/// What is found out about a whole picture. The sums are of red, green and blue.
typedef struct {
  uint64_t sum[3];
  uint64_t squares[3];
  /// Columns and rows at each edge that have one colour, within 16 of 255; all 0 where all of them have.
  int left;
  int top;
  int right;
  int bottom;
} cvips_survey;

/// Looks at interleaved 8-bit pixels, at least one.
void cvips_survey_pixels(const uint8_t *pixels, int width, int height, cvips_survey *survey);

/// Resizes interleaved 8-bit pixels as `cvips_render` does. `is_luminance` turns them into grey
/// first, as Pillow's `convert("L")`. -1 when memory runs out.
int cvips_resize_pixels(
    const uint8_t *pixels, int width, int height, cvips_kernel kernel, int is_luminance,
    uint8_t *target, int target_width, int target_height);

/// Starts `executable` with one argument, its standard input and output being
/// one socket whose other end is returned in `descriptor`.
///
/// The process is the leader of its own group, so that no key at the terminal
/// reaches it, and inherits nothing else. Returns an errno value on failure.
int cvips_spawn(
    const char *executable, const char *argument, char *const environment[], int *process,
    int *descriptor);

/// Ends a process and waits for it; the signal that ended it, 0 after an exit.
int cvips_reap(int process);

/// `send` that never raises SIGPIPE; the count sent, or -1.
ptrdiff_t cvips_send(int descriptor, const void *bytes, size_t count);

/// Confines the calling worker: it ends with the process that started it,
/// leaves no core files and ignores Ctrl-C.
void cvips_confine(void);

/// Lets the calling worker take `memory` bytes of address space more than it
/// had when it was confined.
void cvips_limit_memory(uint64_t memory);

#endif
