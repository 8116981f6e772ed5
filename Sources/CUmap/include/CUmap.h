// Points of a plane that lie near one another as their neighbour lists say, by umappp opened at run time: no
// header of umappp and no library are needed to build.
//
// Every function that can fail returns 0 for success; otherwise it writes a message into the caller's buffer.
// No C++ exception leaves the library.
#ifndef CUMAP_H
#define CUMAP_H

#include "../umap/shim.h"

typedef struct cumap_library cumap_library;

// Where a message goes.
typedef struct {
  char *text;
  size_t capacity;
} cumap_message;

// Opens the compiled shim, which is never unloaded.
int cumap_open(const char *path, cumap_library **library, cumap_message message);
void cumap_close(cumap_library *library);
// umappp's, such as `3.2.0`.
const char *cumap_version(const cumap_library *library);

// Reads the lists of `count` points: `settings->neighbours` others of each, nearest first, with distances from 0
// on. `epochs` gets how many turns there are.
int cumap_begin(
  const cumap_library *library, const int32_t *neighbours, const float *distances, size_t count,
  const cumap_settings *settings, cumap_layout **layout, int *epochs, cumap_message message);

// Moves the points up to a turn. `coordinates` are x and y of each point; before the first turn they are where
// the points start.
int cumap_run(
  const cumap_library *library, cumap_layout *layout, int epochs, float *coordinates,
  cumap_message message);
void cumap_end(const cumap_library *library, cumap_layout *layout);

// The file that this code was loaded from, as the dynamic linker knows it.
const char *cumap_own_path(void);

#endif
