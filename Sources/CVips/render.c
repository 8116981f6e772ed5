#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Lines of the loader's samples on their way to 8-bit sRGB on white: colour first, then alpha.
typedef struct {
  int width;
  // Samples a pixel, of which the first `colors` are colours.
  int bands;
  int colors;
  // The band that holds alpha, or -1.
  int alpha;
  int is_premultiplied;
  // Bytes of a sample as it comes: 1, 2, or 4 for floating point, which becomes 2.
  int depth;
  // Floating-point Lab of three bands.
  int is_lab;
  const cvips_transform *transform;
  uint16_t *integers;
  void *packed;
  uint8_t *line;
} converter;

static void free_converter(converter *c) {
  free(c->integers);
  free(c->packed);
  free(c->line);
}

static int prepare(converter *c) {
  size_t width = (size_t)c->width;
  c->line = malloc(width * 3);
  c->packed = malloc(width * 4 * sizeof(uint16_t));
  if (c->depth == 4) c->integers = malloc(width * (size_t)c->bands * sizeof(uint16_t));
  return !c->line || !c->packed || (c->depth == 4 && !c->integers) ? -1 : 0;
}

// Room for what arithmetic adds to 0 and 1.
static const float SLACK = 1.0F / 512;

// Floating-point samples are taken from 0 to 1; -1 for a scale that is not known.
static int to_integers(const float *from, uint16_t *to, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float value = from[i];
    if (!(value >= -SLACK && value <= 1 + SLACK)) return -1;
    to[i] = (uint16_t)(value <= 0 ? 0 : value >= 1 ? 65535 : value * 65535 + 0.5F);
  }
  return 0;
}

#define DEFINE_PACK(NAME, TYPE, MAXIMUM)                                                          \
  static void NAME(const converter *c, const TYPE *from, TYPE *to, int inputs) {                  \
    for (int x = 0; x < c->width; x++, from += c->bands)                                          \
      for (int k = 0; k < inputs; k++) {                                                          \
        uint32_t value = from[c->colors == 1 ? 0 : k];                                            \
        if (c->is_premultiplied) {                                                                \
          uint32_t alpha = from[c->alpha];                                                        \
          value = alpha ? (uint32_t)(((uint64_t)value * (MAXIMUM) + alpha / 2) / alpha) : 0;      \
          if (value > (MAXIMUM)) value = (MAXIMUM);                                               \
        }                                                                                         \
        *to++ = (TYPE)value;                                                                      \
      }                                                                                           \
  }

// Colours side by side, each divided by its alpha if it was multiplied with it; grey is repeated
// where three are taken.
DEFINE_PACK(pack_bytes, uint8_t, 255)
DEFINE_PACK(pack_words, uint16_t, 65535)

#define DEFINE_BLEND(NAME, TYPE, MAXIMUM)                                                         \
  static void NAME(const converter *c, const TYPE *from) {                                        \
    uint8_t *to = c->line;                                                                        \
    for (int x = 0; x < c->width; x++, from += c->bands)                                          \
      for (int k = 0; k < 3; k++, to++) {                                                         \
        uint32_t alpha = from[c->alpha];                                                          \
        *to = (uint8_t)((*to * alpha + 255 * ((MAXIMUM) - alpha) + (MAXIMUM) / 2) / (MAXIMUM));   \
      }                                                                                           \
  }

DEFINE_BLEND(blend_bytes, uint8_t, 255U)
DEFINE_BLEND(blend_words, uint16_t, 65535U)

// One line as 8-bit sRGB; NULL when its samples have no known scale.
static const uint8_t *convert(const converter *c, const void *samples) {
  int depth = c->depth;
  if (c->is_lab) return cvips_apply_lab(samples, c->bands, c->line, c->width) ? NULL : c->line;
  if (depth == 4) {
    if (to_integers(samples, c->integers, (size_t)c->width * (size_t)c->bands)) return NULL;
    samples = c->integers;
    depth = 2;
  }
  if (!c->transform && depth == 1 && c->bands == 3 && c->alpha < 0) return samples;
  int inputs = c->transform ? c->transform->inputs : 3;
  const void *colors = samples;
  if (c->bands != inputs || c->is_premultiplied) {
    if (depth == 1) pack_bytes(c, samples, c->packed, inputs);
    else pack_words(c, samples, c->packed, inputs);
    colors = c->packed;
  }
  if (c->transform) cvips_apply(c->transform, colors, c->line, c->width);
  else if (depth == 1) memcpy(c->line, colors, (size_t)c->width * 3);
  else
    for (int i = 0; i < c->width * 3; i++) c->line[i] = (uint8_t)(((const uint16_t *)colors)[i] >> 8);
  if (c->alpha >= 0) {
    if (depth == 1) blend_bytes(c, samples);
    else blend_words(c, samples);
  }
  return c->line;
}

// How many of the samples of a pixel are colours, as libvips understands them.
static int colors_of(cvips_image *image) {
  int bands = vips.get_bands(image);
  switch (vips.guess_interpretation(image)) {
  case INTERPRETATION_B_W:
  case INTERPRETATION_GREY16: return 1;
  case INTERPRETATION_CMYK: return bands < 4 ? bands : 4;
  default: return bands < 3 ? 1 : 3;
  }
}

static int has_plain_samples(int format) {
  return format == FORMAT_UCHAR || format == FORMAT_USHORT || format == FORMAT_FLOAT;
}

static int is_plain(cvips_image *image) {
  if (!has_plain_samples(vips.get_format(image))) return 0;
  switch (vips.guess_interpretation(image)) {
  case INTERPRETATION_MULTIBAND:
  case INTERPRETATION_B_W:
  case INTERPRETATION_GREY16:
  case INTERPRETATION_RGB:
  case INTERPRETATION_SRGB:
  case INTERPRETATION_RGB16:
  case INTERPRETATION_SCRGB: return 1;
  default: return 0;
  }
}

// Each step consumes `image` and returns the next one, or NULL.
static cvips_image *replace(cvips_image *image, cvips_image *next, int status) {
  vips.unref(image);
  return status ? NULL : next;
}

static int is_lab(cvips_image *image) {
  switch (vips.guess_interpretation(image)) {
  case INTERPRETATION_LAB:
  case INTERPRETATION_LABQ:
  case INTERPRETATION_LABS: return 1;
  default: return 0;
  }
}

// Colours that are neither grey nor RGB, such as inks without a profile, become 8-bit sRGB;
// an alpha band stays behind them.
static cvips_image *with_plain_colors(cvips_image *image, int colors, int alpha) {
  cvips_image *color = NULL, *bytes = NULL, *both = NULL;
  if (alpha < 0) {
    int status = vips.colourspace(image, &bytes, INTERPRETATION_SRGB, NULL);
    return replace(image, bytes, status);
  }
  cvips_image *opacity = NULL, *opacity_bytes = NULL;
  int status = vips.extract_band(image, &color, 0, "n", colors, NULL)
      || vips.colourspace(color, &bytes, INTERPRETATION_SRGB, NULL)
      || vips.extract_band(image, &opacity, alpha, NULL)
      || vips.cast(opacity, &opacity_bytes, FORMAT_UCHAR, "shift", 1, NULL)
      || vips.bandjoin2(bytes, opacity_bytes, &both, NULL);
  cvips_image *done[] = {color, bytes, opacity, opacity_bytes};
  for (size_t i = 0; i < sizeof done / sizeof *done; i++)
    if (done[i]) vips.unref(done[i]);
  return replace(image, both, status);
}

static const cvips_transform *transform_for(
    cvips_image *image, const cvips_rendering *rendering, int colors, int depth) {
  int samples = depth == 1 ? 1 : 2;
  const void *profile = NULL;
  size_t size = 0;
  int has_profile = vips.get_typeof(image, "icc-profile-data")
      && !vips.get_blob(image, "icc-profile-data", &profile, &size);
  if (rendering->has_color && (rendering->color_comes_first || !has_profile))
    return colors <= 3 ? cvips_color_transform(&rendering->color, samples) : NULL;
  return has_profile ? cvips_profile_transform(profile, size, colors, samples) : NULL;
}

static int depth_of(int format) {
  return format == FORMAT_UCHAR ? 1 : format == FORMAT_USHORT ? 2 : 4;
}

// The image as the converter takes it, and how; consumes `image`.
static cvips_image *plan_conversion(
    cvips_image *image, const cvips_rendering *rendering, converter *c) {
  if (is_lab(image)) {
    cvips_image *next = NULL;
    int status = vips.colourspace(image, &next, INTERPRETATION_LAB, NULL);
    image = replace(image, next, status);
    if (!image) return NULL;
    *c = (converter){.colors = 3, .bands = vips.get_bands(image), .alpha = -1, .depth = 4};
    c->width = vips.get_width(image);
    c->is_lab = 1;
    return image;
  }
  if (vips.get_format(image) == FORMAT_DOUBLE) {
    cvips_image *next = NULL;
    int status = vips.cast(image, &next, FORMAT_FLOAT, NULL);
    image = replace(image, next, status);
    if (!image) return NULL;
  }
  c->colors = colors_of(image);
  c->bands = vips.get_bands(image);
  c->alpha = rendering->alpha < 0 ? -1 : c->colors + rendering->alpha;
  if (c->alpha >= c->bands) c->alpha = -1;
  c->depth = depth_of(vips.get_format(image));
  int is_ink = c->colors == 4 && has_plain_samples(vips.get_format(image)) && c->depth != 4;
  if (is_ink || is_plain(image))
    c->transform = transform_for(image, rendering, c->colors, c->depth);
  if (!is_plain(image) && !(is_ink && c->transform)) {
    image = with_plain_colors(image, c->colors, c->alpha);
    if (!image) return NULL;
    c->colors = vips.get_bands(image) < 3 ? 1 : 3;
    c->bands = vips.get_bands(image);
    if (c->alpha >= 0) c->alpha = c->colors;
    c->depth = 1;
    c->transform = NULL;
  }
  c->is_premultiplied = c->alpha >= 0 && rendering->is_premultiplied;
  c->width = vips.get_width(image);
  return image;
}

// Lines fetched at a time: what loaders keep of a sequential read.
enum { STRIP = 16 };

static int run(
    cvips_image *image, const converter *c, cvips_resampler *resampler, char *error,
    size_t capacity) {
  int height = vips.get_height(image);
  size_t sample = (size_t)c->depth, line = (size_t)c->width * (size_t)c->bands * sample;
  void *region = vips.region_new(image);
  int status = region ? 0 : cvips_fail(error, capacity);
  for (int top = 0; top < height && !status; top += STRIP) {
    int count = height - top < STRIP ? height - top : STRIP;
    size_t size = 0;
    uint8_t *lines = vips.region_fetch(region, 0, top, c->width, count, &size);
    if (!lines) {
      status = cvips_fail(error, capacity);
    } else if (size != line * (size_t)count) {
      snprintf(error, capacity, "decoding gave %zu bytes instead of %zu", size, line * (size_t)count);
      status = -1;
    }
    for (int y = 0; y < count && !status; y++) {
      if (!cvips_resampler_wants(resampler, top + y)) continue;
      const uint8_t *rgb = convert(c, lines + line * (size_t)y);
      if (rgb) {
        cvips_resampler_add(resampler, top + y, rgb);
        continue;
      }
      snprintf(error, capacity, "floating-point samples below 0 or above 1 are not supported");
      status = -1;
    }
    if (lines) vips.free(lines);
  }
  if (region) vips.unref(region);
  return status;
}

int cvips_render(
    cvips_image *opened, const cvips_rendering *rendering, uint8_t *target, size_t stride,
    char *error, size_t capacity) {
  vips.error_clear();
  converter c = {0};
  cvips_image *image = plan_conversion(vips.ref(opened), rendering, &c);
  if (!image) return cvips_fail(error, capacity);
  cvips_resampler *resampler = cvips_resampler_new(
      c.width, vips.get_height(image), rendering->orientation, &rendering->resize, target, stride);
  int status = resampler ? prepare(&c) : -1;
  if (status) snprintf(error, capacity, "out of memory");
  else status = run(image, &c, resampler, error, capacity);
  if (resampler) cvips_resampler_finish(resampler);
  free_converter(&c);
  vips.unref(image);
  return status;
}
