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

/// Pixels in interleaved 8-bit sRGB without padding, to be freed with `cvips_free_pixels`.
typedef struct {
  int width;
  int height;
  uint8_t *bytes;
} cvips_pixels;

typedef struct cvips_image cvips_image;

/// Opens the library at `path`, or at its usual places when `path` is NULL, and
/// prepares it for decoding files nobody vouches for.
int cvips_start(const char *path, char *error, size_t capacity);

/// A file: its bytes, which must outlive the image, or where they are NULL a
/// descriptor that can be read at any position.
typedef struct {
  const void *bytes;
  size_t size;
  int descriptor;
} cvips_file;

/// Opens a file of a known format lazily; `shrink` is 1, or 2, 4 or 8 for a
/// JPEG that is to be decoded smaller.
cvips_image *cvips_open(
    cvips_format format, cvips_file file, int shrink, char *error, size_t capacity);
void cvips_close(cvips_image *image);

cvips_header cvips_read_header(cvips_image *image);

/// Decodes: to sRGB, flattened on white, 8 bits; orientation is not applied.
int cvips_decode(cvips_image *image, cvips_pixels *pixels, char *error, size_t capacity);
void cvips_free_pixels(cvips_pixels *pixels);

/// Encodes interleaved 8-bit sRGB as JPEG of `quality` 1 to 100, with no metadata. `*bytes` is to be
/// freed with `free`.
int cvips_encode_jpeg(
    const uint8_t *pixels, int width, int height, int quality, uint8_t **bytes, size_t *size,
    char *error, size_t capacity);

/// Turns `pixels` as EXIF orientation 2 to 8 says; -1 when memory runs out.
int cvips_orient(cvips_pixels *pixels, int orientation);

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

/// Writes the window into `target`, whose rows are `stride` bytes apart.
///
/// Equals `Image.resize` of Pillow bit for bit: two passes in fixed point,
/// kernels widened when shrinking. The horizontal pass is always the first, as
/// it was in Pillow before version 13. -1 when memory runs out.
int cvips_resample(
    const cvips_pixels *source, const cvips_resize *resize, uint8_t *target, size_t stride);

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

/// Calls `body` with `argument` on a new detached thread; an errno value on failure.
int cvips_start_thread(void (*body)(void *), void *argument);

/// `send` that never raises SIGPIPE; the count sent, or -1.
ptrdiff_t cvips_send(int descriptor, const void *bytes, size_t count);

/// Confines the calling worker: it ends with the process that started it,
/// leaves no core files and ignores Ctrl-C.
void cvips_confine(void);

/// Lets the calling worker take `memory` bytes of address space more than it
/// had when it was confined.
void cvips_limit_memory(uint64_t memory);

#endif
