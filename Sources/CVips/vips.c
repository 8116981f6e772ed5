// For setenv, which strict C17 hides.
#define _DEFAULT_SOURCE
#include "CVips.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Values of vips enumerations, fixed by its binary interface.
enum {
  ACCESS_SEQUENTIAL = 1,
  FAIL_ON_TRUNCATED = 1,
  FORMAT_UCHAR = 0,
  INTERPRETATION_SRGB = 22,
  SUBSAMPLE_OFF = 2,
};

typedef int (*loader)(void *source, cvips_image **, ...);
typedef int (*filter)(cvips_image *, cvips_image **, ...);

static struct {
  int (*init)(const char *);
  const char *(*error_buffer)(void);
  void (*error_clear)(void);
  void (*concurrency_set)(int);
  void (*cache_set_max)(int);
  void (*block_untrusted_set)(int);
  void (*operation_block_set)(const char *, int);
  void *(*source_new_from_descriptor)(int);
  void *(*source_new_from_memory)(const void *, size_t);
  loader load[6];
  filter flatten;
  int (*colourspace)(cvips_image *, cvips_image **, int, ...);
  int (*icc_transform)(cvips_image *, cvips_image **, const char *, ...);
  int (*cast)(cvips_image *, cvips_image **, int, ...);
  int (*extract_band)(cvips_image *, cvips_image **, int, ...);
  int (*get_width)(cvips_image *);
  int (*get_height)(cvips_image *);
  int (*get_bands)(cvips_image *);
  int (*get_format)(cvips_image *);
  int (*get_n_pages)(cvips_image *);
  int (*get_orientation)(cvips_image *);
  int (*hasalpha)(cvips_image *);
  size_t (*get_typeof)(cvips_image *, const char *);
  int (*get_blob)(cvips_image *, const char *, const void **, size_t *);
  void *(*write_to_memory)(cvips_image *, size_t *);
  cvips_image *(*new_from_memory)(const void *, size_t, int, int, int, int);
  int (*jpegsave_buffer)(cvips_image *, void **, size_t *, ...);
  void *(*array_double_new)(const double *, int);
  void (*area_unref)(void *);
  void *(*ref)(void *);
  void (*unref)(void *);
  void (*free)(void *);
} vips;

static const struct {
  const char *name;
  void *slot;
} symbols[] = {
    {"vips_init", &vips.init},
    {"vips_error_buffer", &vips.error_buffer},
    {"vips_error_clear", &vips.error_clear},
    {"vips_concurrency_set", &vips.concurrency_set},
    {"vips_cache_set_max", &vips.cache_set_max},
    {"vips_block_untrusted_set", &vips.block_untrusted_set},
    {"vips_operation_block_set", &vips.operation_block_set},
    {"vips_source_new_from_descriptor", &vips.source_new_from_descriptor},
    {"vips_source_new_from_memory", &vips.source_new_from_memory},
    {"vips_jpegload_source", &vips.load[CVIPS_JPEG]},
    {"vips_pngload_source", &vips.load[CVIPS_PNG]},
    {"vips_webpload_source", &vips.load[CVIPS_WEBP]},
    {"vips_heifload_source", &vips.load[CVIPS_HEIF]},
    {"vips_gifload_source", &vips.load[CVIPS_GIF]},
    {"vips_tiffload_source", &vips.load[CVIPS_TIFF]},
    {"vips_flatten", &vips.flatten},
    {"vips_colourspace", &vips.colourspace},
    {"vips_icc_transform", &vips.icc_transform},
    {"vips_cast", &vips.cast},
    {"vips_extract_band", &vips.extract_band},
    {"vips_image_get_width", &vips.get_width},
    {"vips_image_get_height", &vips.get_height},
    {"vips_image_get_bands", &vips.get_bands},
    {"vips_image_get_format", &vips.get_format},
    {"vips_image_get_n_pages", &vips.get_n_pages},
    {"vips_image_get_orientation", &vips.get_orientation},
    {"vips_image_hasalpha", &vips.hasalpha},
    {"vips_image_get_typeof", &vips.get_typeof},
    {"vips_image_get_blob", &vips.get_blob},
    {"vips_image_write_to_memory", &vips.write_to_memory},
    {"vips_image_new_from_memory", &vips.new_from_memory},
    {"vips_jpegsave_buffer", &vips.jpegsave_buffer},
    {"vips_array_double_new", &vips.array_double_new},
    {"vips_area_unref", &vips.area_unref},
    {"g_object_ref", &vips.ref},
    {"g_object_unref", &vips.unref},
    {"g_free", &vips.free},
};

static const char *const places[] = {
#if defined(__APPLE__)
    "libvips.42.dylib",
    "/opt/homebrew/lib/libvips.42.dylib",
    "/usr/local/lib/libvips.42.dylib",
#else
    "libvips.so.42",
#endif
};

// Copies the end of the error buffer, where the cause stands after the warnings.
static int fail(char *error, size_t capacity) {
  const char *text = vips.error_buffer();
  size_t length = strlen(text);
  if (length >= capacity) text += length - capacity + 1;
  snprintf(error, capacity, "%s", text);
  vips.error_clear();
  return -1;
}

// Blocks the base class and allows six names, which covers the loaders of later versions too.
static void allow_known_loaders(void) {
  static const char *const allowed[] = {
      "VipsForeignLoadJpeg", "VipsForeignLoadPng",   "VipsForeignLoadWebp",
      "VipsForeignLoadHeif", "VipsForeignLoadNsgif", "VipsForeignLoadTiff",
  };
  vips.block_untrusted_set(1);
  vips.operation_block_set("VipsForeignLoad", 1);
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
    vips.operation_block_set(allowed[i], 0);
}

static void *open_library(const char *path) {
  if (path) return dlopen(path, RTLD_NOW | RTLD_LOCAL);
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    void *library = dlopen(places[i], RTLD_NOW | RTLD_LOCAL);
    if (library) return library;
  }
  return NULL;
}

int cvips_start(const char *path, char *error, size_t capacity) {
  void *library = open_library(path);
  if (!library) {
    snprintf(error, capacity, "%s", dlerror());
    return -1;
  }
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
    void *address = dlsym(library, symbols[i].name);
    if (!address) {
      snprintf(error, capacity, "libvips has no '%s'", symbols[i].name);
      return -1;
    }
    memcpy(symbols[i].slot, &address, sizeof address);
  }
  // Pixels stay in memory, where the limit on the address space sees them.
  setenv("VIPS_DISC_THRESHOLD", "100g", 1);
  if (vips.init("parallax")) return fail(error, capacity);
  vips.concurrency_set(1);
  vips.cache_set_max(0);
  allow_known_loaders();
  return 0;
}

cvips_image *cvips_open(
    cvips_format format, cvips_file file, int shrink, char *error, size_t capacity) {
  cvips_image *image = NULL;
  vips.error_clear();
  void *source = file.bytes ? vips.source_new_from_memory(file.bytes, file.size)
                            : vips.source_new_from_descriptor(file.descriptor);
  if (!source) {
    fail(error, capacity);
    return NULL;
  }
  int status = format == CVIPS_JPEG
      ? vips.load[format](
            source, &image, "access", ACCESS_SEQUENTIAL, "fail_on", FAIL_ON_TRUNCATED, "shrink",
            shrink, NULL)
      : vips.load[format](
            source, &image, "access", ACCESS_SEQUENTIAL, "fail_on", FAIL_ON_TRUNCATED, NULL);
  vips.unref(source);
  if (status) {
    fail(error, capacity);
    return NULL;
  }
  return image;
}

void cvips_close(cvips_image *image) {
  vips.unref(image);
}

cvips_header cvips_read_header(cvips_image *image) {
  cvips_header header = {
      .width = vips.get_width(image),
      .height = vips.get_height(image),
      .pages = vips.get_n_pages(image),
      .orientation = vips.get_orientation(image),
  };
  return header;
}

static uint32_t big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

// The letters of an ICC profile's description: ASCII ('desc') or the first UTF-16 text ('mluc').
static void read_description(const uint8_t *data, size_t size, char *text, size_t capacity) {
  size_t used = 0;
  uint32_t tags = size >= 132 ? big_endian(data + 128) : 0;
  for (uint32_t i = 0; i < tags && 132 + 12 * (size_t)(i + 1) <= size; i++) {
    const uint8_t *tag = data + 132 + 12 * (size_t)i;
    size_t offset = big_endian(tag + 4), length = big_endian(tag + 8);
    if (memcmp(tag, "desc", 4) || offset > size || length > size - offset || length < 28) continue;
    const uint8_t *entry = data + offset;
    int localized = !memcmp(entry, "mluc", 4);
    size_t start = localized ? big_endian(entry + 24) : 12;
    size_t end = start + big_endian(entry + (localized ? 20 : 8));
    for (size_t at = start; at < end && at < length && used + 1 < capacity; at++)
      if (entry[at] >= ' ' && entry[at] < 127) text[used++] = (char)entry[at];
    break;
  }
  text[used] = 0;
}

// Whether the embedded profile is sRGB by another name: then the values are
// already right, and a conversion would cost time and a rounding.
static int is_srgb(cvips_image *image) {
  static const char *const names[] = {
      "sRGB", "sRGB built-in", "sRGB2014", "GIMP built-in sRGB", "uRGB", "c2",
  };
  static const char standard[] = "sRGB IEC61966-2";
  const void *data = NULL;
  size_t size = 0;
  char text[64];
  if (vips.get_blob(image, "icc-profile-data", &data, &size)) return 0;
  read_description(data, size, text, sizeof text);
  if (!strncmp(text, standard, sizeof standard - 1)) return 1;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcmp(text, names[i])) return 1;
  return 0;
}

// Each step consumes `image` and returns the next one, or NULL.

static cvips_image *replace(cvips_image *image, cvips_image *next, int status) {
  vips.unref(image);
  return status ? NULL : next;
}

static cvips_image *to_srgb(cvips_image *image) {
  cvips_image *next = NULL;
  if (vips.get_typeof(image, "icc-profile-data") && !is_srgb(image)) {
    // A profile that does not fit its image is ignored, as viewers do.
    if (!vips.icc_transform(image, &next, "srgb", "embedded", 1, NULL))
      return replace(image, next, 0);
    vips.error_clear();
    next = NULL;
  }
  int status = vips.colourspace(image, &next, INTERPRETATION_SRGB, NULL);
  return replace(image, next, status);
}

static cvips_image *onto_white(cvips_image *image) {
  if (!vips.hasalpha(image)) return image;
  const double white[] = {255};
  void *background = vips.array_double_new(white, 1);
  cvips_image *next = NULL;
  int status = vips.flatten(image, &next, "background", background, NULL);
  vips.area_unref(background);
  return replace(image, next, status);
}

static cvips_image *to_three_bytes(cvips_image *image) {
  cvips_image *next = NULL;
  if (vips.get_bands(image) > 3) {
    int status = vips.extract_band(image, &next, 0, "n", 3, NULL);
    image = replace(image, next, status);
  }
  if (image && vips.get_format(image) != FORMAT_UCHAR) {
    next = NULL;
    int status = vips.cast(image, &next, FORMAT_UCHAR, NULL);
    image = replace(image, next, status);
  }
  return image;
}

int cvips_decode(cvips_image *image, cvips_pixels *pixels, char *error, size_t capacity) {
  vips.error_clear();
  cvips_image *steps = to_srgb(vips.ref(image));
  if (steps) steps = onto_white(steps);
  if (steps) steps = to_three_bytes(steps);
  if (!steps) return fail(error, capacity);
  size_t size = 0;
  pixels->width = vips.get_width(steps);
  pixels->height = vips.get_height(steps);
  pixels->bytes = NULL;
  size_t expected = (size_t)pixels->width * (size_t)pixels->height * 3;
  uint8_t *bytes = vips.write_to_memory(steps, &size);
  vips.unref(steps);
  if (!bytes) return fail(error, capacity);
  if (size != expected) {
    vips.free(bytes);
    snprintf(error, capacity, "decoding gave %zu bytes instead of %zu", size, expected);
    return -1;
  }
  // Pixels are freed with `free`; g_free and free are the same since glib 2.46.
  pixels->bytes = bytes;
  return 0;
}

void cvips_free_pixels(cvips_pixels *pixels) {
  free(pixels->bytes);
  pixels->bytes = NULL;
}

int cvips_encode_jpeg(
    const uint8_t *pixels, int width, int height, int quality, uint8_t **bytes, size_t *size,
    char *error, size_t capacity) {
  vips.error_clear();
  size_t count = (size_t)width * (size_t)height * 3;
  cvips_image *image = vips.new_from_memory(pixels, count, width, height, 3, FORMAT_UCHAR);
  if (!image) return fail(error, capacity);
  void *encoded = NULL;
  // Without chroma subsampling: what is sent should be what was decoded, as nearly as JPEG can.
  int status = vips.jpegsave_buffer(
      image, &encoded, size, "Q", quality, "strip", 1, "optimize_coding", 1, "subsample_mode",
      SUBSAMPLE_OFF, NULL);
  vips.unref(image);
  if (status) return fail(error, capacity);
  *bytes = encoded;
  return 0;
}
