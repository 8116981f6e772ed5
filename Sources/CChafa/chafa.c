#define _GNU_SOURCE
#include "CChafa.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Values of libchafa's enumerations, fixed by its binary interface.
enum { PIXEL_MODE_SIXELS = 1, CANVAS_MODE_TRUECOLOR = 0, PIXEL_RGBA8 = 4 };

// How GLib lays out a text.
typedef struct {
  char *text;
  size_t count;
  size_t allocated;
} glib_string;

struct cchafa_library {
  void *(*config_new)(void);
  void (*config_unref)(void *);
  void (*set_geometry)(void *, int, int);
  void (*set_cell_geometry)(void *, int, int);
  void (*set_canvas_mode)(void *, int);
  void (*set_pixel_mode)(void *, int);
  void *(*canvas_new)(const void *);
  void (*canvas_unref)(void *);
  void (*draw)(void *, int, const uint8_t *, int, int, int);
  glib_string *(*print)(void *, void *);
  void *(*terminals)(void);
  void *(*usual_terminal)(void *);
  void (*terminal_unref)(void *);
  char *(*string_free)(glib_string *, int);
};

static const struct {
  const char *name;
  size_t slot;
} symbols[] = {
#define SYMBOL(function, name) {name, offsetof(cchafa_library, function)}
  SYMBOL(config_new, "chafa_canvas_config_new"),
  SYMBOL(config_unref, "chafa_canvas_config_unref"),
  SYMBOL(set_geometry, "chafa_canvas_config_set_geometry"),
  SYMBOL(set_cell_geometry, "chafa_canvas_config_set_cell_geometry"),
  SYMBOL(set_canvas_mode, "chafa_canvas_config_set_canvas_mode"),
  SYMBOL(set_pixel_mode, "chafa_canvas_config_set_pixel_mode"),
  SYMBOL(canvas_new, "chafa_canvas_new"),
  SYMBOL(canvas_unref, "chafa_canvas_unref"),
  SYMBOL(draw, "chafa_canvas_draw_all_pixels"),
  SYMBOL(print, "chafa_canvas_print"),
  SYMBOL(terminals, "chafa_term_db_get_default"),
  SYMBOL(usual_terminal, "chafa_term_db_get_fallback_info"),
  SYMBOL(terminal_unref, "chafa_term_info_unref"),
  SYMBOL(string_free, "g_string_free"),
#undef SYMBOL
};

static int fail(cchafa_message message, const char *text) {
  if (message.capacity > 0) snprintf(message.text, message.capacity, "%s", text);
  return 1;
}

int cchafa_open(const char *path, cchafa_library **out, cchafa_message message) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return fail(message, dlerror());
  cchafa_library *library = calloc(1, sizeof *library);
  if (!library) return fail(message, "out of memory");
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
    void *address = dlsym(handle, symbols[i].name);
    if (!address) {
      free(library);
      if (message.capacity > 0)
        snprintf(message.text, message.capacity, "it has no '%s'", symbols[i].name);
      return 1;
    }
    memcpy((char *)library + symbols[i].slot, &address, sizeof address);
  }
  *out = library;
  return 0;
}

void cchafa_close(cchafa_library *library) { free(library); }

// The library takes rows whose bytes are a multiple of 4 only: others come out sheared.
static uint8_t *with_alpha(const uint8_t *pixels, size_t count) {
  uint8_t *wide = malloc(count * 4);
  for (size_t i = 0; wide && i < count; i++) {
    memcpy(wide + i * 4, pixels + i * 3, 3);
    wide[i * 4 + 3] = 255;
  }
  return wide;
}

int cchafa_sixel(
  const cchafa_library *library, const uint8_t *pixels, int width, int height, char **bytes,
  size_t *count, cchafa_message message) {
  uint8_t *wide = with_alpha(pixels, (size_t)width * (size_t)height);
  if (!wide) return fail(message, "out of memory");
  void *config = library->config_new();
  // A cell is a pixel: the canvas gets the size of the picture, and nothing is scaled.
  library->set_cell_geometry(config, 1, 1);
  library->set_geometry(config, width, height);
  library->set_canvas_mode(config, CANVAS_MODE_TRUECOLOR);
  library->set_pixel_mode(config, PIXEL_MODE_SIXELS);
  void *canvas = library->canvas_new(config);
  library->draw(canvas, PIXEL_RGBA8, wide, width, height, width * 4);
  free(wide);
  void *terminal = library->usual_terminal(library->terminals());
  glib_string *printed = library->print(canvas, terminal);
  char *copy = printed ? malloc(printed->count) : NULL;
  if (copy) {
    memcpy(copy, printed->text, printed->count);
    *bytes = copy;
    *count = printed->count;
  }
  if (printed) library->string_free(printed, 1);
  library->terminal_unref(terminal);
  library->canvas_unref(canvas);
  library->config_unref(config);
  return copy ? 0 : fail(message, "out of memory");
}

const char *cchafa_own_path(void) {
  Dl_info info;
  return dladdr((void *)cchafa_own_path, &info) ? info.dli_fname : NULL;
}
