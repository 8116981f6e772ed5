// What the parts of this target share: libvips' functions, and lines of pixels
// on their way from the loader to the target.

#ifndef CVIPS_INTERNAL_H
#define CVIPS_INTERNAL_H

#include "CVips.h"

// Values of vips enumerations, fixed by its binary interface.
enum {
  FORMAT_UCHAR = 0,
  FORMAT_USHORT = 2,
  FORMAT_FLOAT = 6,
  FORMAT_DOUBLE = 8,
  INTERPRETATION_MULTIBAND = 0,
  INTERPRETATION_B_W = 1,
  INTERPRETATION_LAB = 13,
  INTERPRETATION_CMYK = 15,
  INTERPRETATION_LABQ = 16,
  INTERPRETATION_RGB = 17,
  INTERPRETATION_LABS = 21,
  INTERPRETATION_SRGB = 22,
  INTERPRETATION_RGB16 = 25,
  INTERPRETATION_GREY16 = 26,
  INTERPRETATION_SCRGB = 28,
};

typedef int (*cvips_loader)(void *source, cvips_image **, ...);

typedef struct {
  int (*init)(const char *);
  const char *(*error_buffer)(void);
  void (*error_clear)(void);
  void (*concurrency_set)(int);
  void (*cache_set_max)(int);
  void (*block_untrusted_set)(int);
  void (*operation_block_set)(const char *, int);
  void *(*source_new_from_descriptor)(int);
  void *(*source_new_from_memory)(const void *, size_t);
  cvips_loader load[6];
  int (*colourspace)(cvips_image *, cvips_image **, int, ...);
  int (*cast)(cvips_image *, cvips_image **, int, ...);
  int (*extract_band)(cvips_image *, cvips_image **, int, ...);
  int (*bandjoin2)(cvips_image *, cvips_image *, cvips_image **, ...);
  int (*get_width)(cvips_image *);
  int (*get_height)(cvips_image *);
  int (*get_bands)(cvips_image *);
  int (*get_format)(cvips_image *);
  int (*guess_interpretation)(cvips_image *);
  int (*get_n_pages)(cvips_image *);
  int (*get_orientation)(cvips_image *);
  size_t (*get_typeof)(cvips_image *, const char *);
  int (*get_blob)(cvips_image *, const char *, const void **, size_t *);
  void *(*region_new)(cvips_image *);
  uint8_t *(*region_fetch)(void *, int, int, int, int, size_t *);
  cvips_image *(*new_from_memory)(const void *, size_t, int, int, int, int);
  int (*jpegsave_buffer)(cvips_image *, void **, size_t *, ...);
  int (*pngsave_buffer)(cvips_image *, void **, size_t *, ...);
  void *(*ref)(void *);
  void (*unref)(void *);
  void (*free)(void *);
} cvips_functions;

extern cvips_functions vips;

// Copies the end of libvips' error buffer, where the cause stands after the warnings; -1.
int cvips_fail(char *error, size_t capacity);

// --- Colour ---

// Finds Little CMS's functions in a library or its dependencies; -1 with the reason.
int cvips_start_color(void *library, char *error, size_t capacity);

// A conversion to 8-bit sRGB of samples of 1 or 2 bytes.
typedef struct cvips_sums cvips_sums;

typedef struct {
  void *handle;
  // Instead of a handle, for 16 bits.
  cvips_sums *sums;
  // Samples a pixel that it takes: 1, 3 or 4.
  int inputs;
} cvips_transform;

// The conversion of `colors` samples of `depth` bytes from a profile; NULL when the values are
// right already, or the profile cannot be read or is one for other samples.
const cvips_transform *cvips_profile_transform(
    const void *profile, size_t size, int colors, int depth);

// The same from primaries and a curve.
const cvips_transform *cvips_color_transform(const cvips_color *color, int depth);

void cvips_apply(const cvips_transform *transform, const void *from, uint8_t *to, int pixels);

// Lab under D50, the first three of `bands` floating-point numbers a pixel; -1 on failure.
int cvips_apply_lab(const float *from, int bands, uint8_t *to, int pixels);

// --- Lines ---

typedef struct cvips_resampler cvips_resampler;

// Takes the lines of a picture of `width` x `height` as it is stored, from top to bottom, and
// writes the window of the resize of the oriented picture. NULL when memory runs out.
cvips_resampler *cvips_resampler_new(
    int width, int height, int orientation, const cvips_resize *resize, uint8_t *target,
    size_t stride);
// Whether line `y` makes a difference.
int cvips_resampler_wants(const cvips_resampler *resampler, int y);
// `line` has three bytes a pixel.
void cvips_resampler_add(cvips_resampler *resampler, int y, const uint8_t *line);
void cvips_resampler_finish(cvips_resampler *resampler);

#endif
