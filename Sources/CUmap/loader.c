#define _GNU_SOURCE
#include "CUmap.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

struct cumap_library {
  const char *(*version)(void);
  int (*begin)(
    const int32_t *, const float *, size_t, const cumap_settings *, cumap_layout **, int *, char *, size_t);
  int (*run)(cumap_layout *, int, float *, char *, size_t);
  void (*end)(cumap_layout *);
};

static int fail(cumap_message message, const char *text) {
  if (message.capacity > 0) snprintf(message.text, message.capacity, "%s", text);
  return 1;
}

int cumap_open(const char *path, cumap_library **out, cumap_message message) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return fail(message, dlerror());
  int (*interface)(void) = (int (*)(void))dlsym(handle, "parallax_umap_interface");
  if (!interface) return fail(message, "it has no parallax_umap_interface");
  if (interface() != CUMAP_SHIM_INTERFACE) {
    return fail(message, "it was compiled for another version of this program");
  }
  cumap_library *library = calloc(1, sizeof *library);
  if (!library) return fail(message, "out of memory");
  *(void **)&library->version = dlsym(handle, "parallax_umap_version");
  *(void **)&library->begin = dlsym(handle, "parallax_umap_begin");
  *(void **)&library->run = dlsym(handle, "parallax_umap_run");
  *(void **)&library->end = dlsym(handle, "parallax_umap_end");
  if (!library->version || !library->begin || !library->run || !library->end) {
    free(library);
    return fail(message, "it lacks a function");
  }
  *out = library;
  return 0;
}

void cumap_close(cumap_library *library) { free(library); }

const char *cumap_version(const cumap_library *library) { return library->version(); }

int cumap_begin(
  const cumap_library *library, const int32_t *neighbours, const float *distances, size_t count,
  const cumap_settings *settings, cumap_layout **layout, int *epochs, cumap_message message) {
  return library->begin(
    neighbours, distances, count, settings, layout, epochs, message.text, message.capacity);
}

int cumap_run(
  const cumap_library *library, cumap_layout *layout, int epochs, float *coordinates,
  cumap_message message) {
  return library->run(layout, epochs, coordinates, message.text, message.capacity);
}

void cumap_end(const cumap_library *library, cumap_layout *layout) { library->end(layout); }

const char *cumap_own_path(void) {
  Dl_info info;
  return dladdr((void *)cumap_own_path, &info) ? info.dli_fname : NULL;
}
