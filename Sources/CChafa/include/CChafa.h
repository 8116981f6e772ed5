// Pictures as sixel, by libchafa opened at run time: no header of it and no library are needed to build.
//
// Every function that can fail returns 0 for success; otherwise it writes a message into the caller's
// buffer.
#ifndef CCHAFA_H
#define CCHAFA_H

#include <stddef.h>
#include <stdint.h>

typedef struct cchafa_library cchafa_library;

// Where a message goes.
typedef struct {
  char *text;
  size_t capacity;
} cchafa_message;

// Opens the library at `path`, which is never unloaded.
int cchafa_open(const char *path, cchafa_library **library, cchafa_message message);
void cchafa_close(cchafa_library *library);

// The sequence that draws interleaved 8-bit sRGB in its own size, the height rounded down to a multiple of
// 6, which is what a sixel is high. Sides are at least 1. `*bytes` is to be freed with `free`.
int cchafa_sixel(
  const cchafa_library *library, const uint8_t *pixels, int width, int height, char **bytes,
  size_t *count, cchafa_message message);

// The file that this code was loaded from, as the dynamic linker knows it.
const char *cchafa_own_path(void);

#endif
