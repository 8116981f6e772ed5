// What the compiled shim exports. `scripts/setup --map` compiles shim.cpp with umappp's headers; loader.c finds
// these functions at run time.
#ifndef CUMAP_SHIM_H
#define CUMAP_SHIM_H

#include <stddef.h>
#include <stdint.h>

// Rises with every change of what a function takes, gives or computes.
#define CUMAP_SHIM_INTERFACE 1

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cumap_layout cumap_layout;

typedef struct {
  // Of each point; all points have as many.
  int32_t neighbours;
  // 0 for as many as suit the number of points.
  int32_t epochs;
  double minimum_distance;
  uint64_t seed;
} cumap_settings;

int parallax_umap_interface(void);
const char *parallax_umap_version(void);

// See cumap_begin and cumap_run, whose work these do.
int parallax_umap_begin(
  const int32_t *neighbours, const float *distances, size_t count, const cumap_settings *settings,
  cumap_layout **layout, int *epochs, char *message, size_t room);
int parallax_umap_run(cumap_layout *layout, int epochs, float *coordinates, char *message, size_t room);
void parallax_umap_end(cumap_layout *layout);

#ifdef __cplusplus
}
#endif

#endif
