#define _GNU_SOURCE
#include "CGeometry.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

struct cgeo_library {
  const char *(*version)(void);
  int (*describe)(
    const uint8_t *, int, int, size_t, int, int, size_t, cgeo_point *, uint8_t *, size_t *, char *,
    size_t);
  int (*estimate)(
    const cgeo_point *, const cgeo_point *, size_t, double, int, double *, uint8_t *, int *, char *,
    size_t);
};

static int fail(cgeo_message message, const char *text) {
  if (message.capacity > 0) snprintf(message.text, message.capacity, "%s", text);
  return 1;
}

int cgeo_open(const char *path, cgeo_library **out, cgeo_message message) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return fail(message, dlerror());
  int (*interface)(void) = (int (*)(void))dlsym(handle, "parallax_opencv_interface");
  if (!interface) return fail(message, "it has no parallax_opencv_interface");
  if (interface() != CGEOMETRY_SHIM_INTERFACE) {
    return fail(message, "it was compiled for another version of this program");
  }
  cgeo_library *library = calloc(1, sizeof *library);
  if (!library) return fail(message, "out of memory");
  *(void **)&library->version = dlsym(handle, "parallax_opencv_version");
  *(void **)&library->describe = dlsym(handle, "parallax_opencv_describe");
  *(void **)&library->estimate = dlsym(handle, "parallax_opencv_estimate");
  if (!library->version || !library->describe || !library->estimate) {
    free(library);
    return fail(message, "it lacks a function");
  }
  *out = library;
  return 0;
}

void cgeo_close(cgeo_library *library) { free(library); }

const char *cgeo_version(const cgeo_library *library) { return library->version(); }

int cgeo_describe(
  const cgeo_library *library, const uint8_t *grey, int width, int height, size_t stride,
  int doubled, int contrast, size_t capacity, cgeo_point *points, uint8_t *descriptors,
  size_t *count, cgeo_message message) {
  return library->describe(
    grey, width, height, stride, doubled, contrast, capacity, points, descriptors, count,
    message.text, message.capacity);
}

int cgeo_estimate(
  const cgeo_library *library, const cgeo_point *from, const cgeo_point *to, size_t count,
  double tolerance, int iterations, double matrix[6], uint8_t *agrees, int *found,
  cgeo_message message) {
  return library->estimate(
    from, to, count, tolerance, iterations, matrix, agrees, found, message.text, message.capacity);
}

const char *cgeo_own_path(void) {
  Dl_info info;
  return dladdr((void *)cgeo_own_path, &info) ? info.dli_fname : NULL;
}
