// For setenv, which strict C17 hides.
#define _DEFAULT_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  ACCESS_SEQUENTIAL = 1,
  FAIL_ON_TRUNCATED = 1,
  SUBSAMPLE_OFF = 2,
};

cvips_functions vips;

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
    {"vips_colourspace", &vips.colourspace},
    {"vips_cast", &vips.cast},
    {"vips_extract_band", &vips.extract_band},
    {"vips_bandjoin2", &vips.bandjoin2},
    {"vips_image_get_width", &vips.get_width},
    {"vips_image_get_height", &vips.get_height},
    {"vips_image_get_bands", &vips.get_bands},
    {"vips_image_get_format", &vips.get_format},
    {"vips_image_guess_interpretation", &vips.guess_interpretation},
    {"vips_image_get_n_pages", &vips.get_n_pages},
    {"vips_image_get_orientation", &vips.get_orientation},
    {"vips_image_get_typeof", &vips.get_typeof},
    {"vips_image_get_blob", &vips.get_blob},
    {"vips_region_new", &vips.region_new},
    {"vips_region_fetch", &vips.region_fetch},
    {"vips_image_new_from_memory", &vips.new_from_memory},
    {"vips_jpegsave_buffer", &vips.jpegsave_buffer},
    {"vips_pngsave_buffer", &vips.pngsave_buffer},
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

int cvips_fail(char *error, size_t capacity) {
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
  if (vips.init("parallax")) return cvips_fail(error, capacity);
  vips.concurrency_set(1);
  vips.cache_set_max(0);
  allow_known_loaders();
  return cvips_start_color(library, error, capacity);
}

static int load(cvips_format format, void *source, cvips_part part, cvips_image **image) {
  cvips_loader loader = vips.load[format];
  switch (format) {
  case CVIPS_JPEG:
    return loader(
        source, image, "access", ACCESS_SEQUENTIAL, "fail_on", FAIL_ON_TRUNCATED, "shrink",
        part.shrink, NULL);
  case CVIPS_TIFF:
    return loader(
        source, image, "access", ACCESS_SEQUENTIAL, "fail_on", FAIL_ON_TRUNCATED, "page",
        part.page, "subifd", part.subdirectory, NULL);
  default:
    return loader(
        source, image, "access", ACCESS_SEQUENTIAL, "fail_on", FAIL_ON_TRUNCATED, NULL);
  }
}

cvips_image *cvips_open(
    cvips_format format, cvips_file file, cvips_part part, char *error, size_t capacity) {
  cvips_image *image = NULL;
  vips.error_clear();
  void *source = file.bytes ? vips.source_new_from_memory(file.bytes, file.size)
                            : vips.source_new_from_descriptor(file.descriptor);
  if (!source) {
    cvips_fail(error, capacity);
    return NULL;
  }
  int status = load(format, source, part, &image);
  vips.unref(source);
  if (status) {
    cvips_fail(error, capacity);
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

int cvips_encode(
    const uint8_t *pixels, int width, int height, int quality, uint8_t **bytes, size_t *size,
    char *error, size_t capacity) {
  vips.error_clear();
  size_t count = (size_t)width * (size_t)height * 3;
  cvips_image *image = vips.new_from_memory(pixels, count, width, height, 3, FORMAT_UCHAR);
  if (!image) return cvips_fail(error, capacity);
  void *encoded = NULL;
  // Without chroma subsampling: what is sent should be what was decoded, as nearly as JPEG can.
  int status =
      quality == 0
          ? vips.pngsave_buffer(image, &encoded, size, "strip", 1, NULL)
          : vips.jpegsave_buffer(
                image, &encoded, size, "Q", quality, "strip", 1, "optimize_coding", 1,
                "subsample_mode", SUBSAMPLE_OFF, NULL);
  vips.unref(image);
  if (status) return cvips_fail(error, capacity);
  *bytes = encoded;
  return 0;
}
