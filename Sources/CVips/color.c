#include "internal.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Little CMS, which libvips itself is linked with; the same functions Pillow's ImageCms calls.

typedef struct {
  double x, y, Y;
} xyY;

static struct {
  void *(*open_profile)(const void *, uint32_t);
  int (*close_profile)(void *);
  void *(*create_srgb)(void);
  void *(*create_lab)(const xyY *white);
  void *(*create_rgb)(const xyY *white, const xyY primaries[3], void *const curves[3]);
  void *(*build_curve)(void *context, uint32_t count, const float *values);
  void *(*build_gamma)(void *context, double gamma);
  void (*free_curve)(void *);
  uint32_t (*color_space)(void *);
  void *(*create_transform)(void *, uint32_t, void *, uint32_t, uint32_t intent, uint32_t flags);
  void (*delete_transform)(void *);
  void (*transform)(void *, const void *, void *, uint32_t);
} cms;

static const struct {
  const char *name;
  void *slot;
} symbols[] = {
    {"cmsOpenProfileFromMem", &cms.open_profile},
    {"cmsCloseProfile", &cms.close_profile},
    {"cmsCreate_sRGBProfile", &cms.create_srgb},
    {"cmsCreateLab4Profile", &cms.create_lab},
    {"cmsCreateRGBProfile", &cms.create_rgb},
    {"cmsBuildTabulatedToneCurveFloat", &cms.build_curve},
    {"cmsBuildGamma", &cms.build_gamma},
    {"cmsFreeToneCurve", &cms.free_curve},
    {"cmsGetColorSpace", &cms.color_space},
    {"cmsCreateTransform", &cms.create_transform},
    {"cmsDeleteTransform", &cms.delete_transform},
    {"cmsDoTransform", &cms.transform},
};

#if defined(__APPLE__)
static const char own_library[] = "liblcms2.2.dylib";
#else
static const char own_library[] = "liblcms2.so.2";
#endif

int cvips_start_color(void *library, char *error, size_t capacity) {
  void *own = NULL;
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
    void *address = dlsym(library, symbols[i].name);
    if (!address) {
      if (!own) own = dlopen(own_library, RTLD_NOW | RTLD_LOCAL);
      if (own) address = dlsym(own, symbols[i].name);
    }
    if (!address) {
      snprintf(error, capacity, "neither libvips nor %s has '%s'", own_library, symbols[i].name);
      return -1;
    }
    memcpy(symbols[i].slot, &address, sizeof address);
  }
  return 0;
}

// Values of Little CMS's interface.
enum {
  SPACE_GRAY = 0x47524159,
  SPACE_RGB = 0x52474220,
  SPACE_CMYK = 0x434D594B,
  PIXELS_GRAY = 3,
  PIXELS_RGB = 4,
  PIXELS_CMYK = 6,
  PIXELS_LAB = 10,
  RELATIVE_COLORIMETRIC = 1,
  FLOATS = 1 << 22,
};

static uint32_t pixel_type(int space, int channels, int depth) {
  return (uint32_t)space << 16 | (uint32_t)channels << 3 | (uint32_t)depth;
}

// A conversion is made in a fraction of a millisecond from a matrix and in tens
// from tables; pictures of one camera have one profile.
enum { KEPT = 8 };

typedef struct {
  uint8_t *key;
  size_t size;
  int colors;
  int depth;
  // None for values that are right already, and where there is no conversion.
  cvips_transform transform;
} kept_transform;

static kept_transform kept[KEPT];
static int oldest;

static const cvips_transform *usable(const cvips_transform *transform) {
  return transform->handle || transform->sums ? transform : NULL;
}

static kept_transform *find(const void *key, size_t size, int colors, int depth) {
  for (int i = 0; i < KEPT; i++) {
    kept_transform *k = &kept[i];
    if (k->key && k->size == size && k->colors == colors && k->depth == depth
        && !memcmp(k->key, key, size))
      return k;
  }
  return NULL;
}

static const cvips_transform *keep(
    const void *key, size_t size, int colors, int depth, cvips_transform transform) {
  kept_transform *k = &kept[oldest];
  oldest = (oldest + 1) % KEPT;
  if (k->transform.handle) cms.delete_transform(k->transform.handle);
  free(k->transform.sums);
  free(k->key);
  k->key = malloc(size ? size : 1);
  if (k->key) memcpy(k->key, key, size);
  k->size = size;
  k->colors = colors;
  k->depth = depth;
  k->transform = transform;
  return usable(&k->transform);
}

// Differences from sRGB that are those of rounding and of shortened tables: the values are then
// right already, and a conversion would cost time and a rounding.
enum { ROUNDING = 2 };

static int changes_little(void *handle, int inputs) {
  enum { STEPS = 9, COUNT = STEPS * STEPS * STEPS };
  uint8_t from[COUNT * 3], to[COUNT * 3];
  int count = 0;
  if (inputs == 1)
    for (; count < 256; count++) from[count] = (uint8_t)count;
  else
    for (; count < COUNT; count++) {
      int steps[3] = {count / (STEPS * STEPS), count / STEPS % STEPS, count % STEPS};
      for (int c = 0; c < 3; c++) {
        int value = steps[c] * 32;
        from[count * 3 + c] = (uint8_t)(value > 255 ? 255 : value);
      }
    }
  cms.transform(handle, from, to, (uint32_t)count);
  for (int i = 0; i < count * 3; i++) {
    int gap = to[i] - from[inputs == 1 ? i / 3 : i];
    if (gap > ROUNDING || gap < -ROUNDING) return 0;
  }
  return 1;
}

// --- 16 bits ---

// Little CMS samples a matrix with 16-bit input into a coarse table, which is wrong by several steps
// in the dark, or computes it exactly, thirty times slower. In linear light each of the three values
// adds its own part: the parts are tabulated, exactly computed.
enum { PARTS = 4096, LEVELS = 65536 };

struct cvips_sums {
  float part[3][PARTS][3];
};

static uint8_t encoded[LEVELS];

static void fill_encoded(void) {
  if (encoded[LEVELS - 1]) return;
  for (int i = 0; i < LEVELS; i++) {
    double light = (double)i / (LEVELS - 1);
    double value = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055;
    encoded[i] = (uint8_t)(value * 255 + 0.5);
  }
}

static void *linear_srgb(void) {
  void *curve = cms.build_gamma(NULL, 1);
  if (!curve) return NULL;
  static const xyY white = {0.3127, 0.3290, 1};
  static const xyY primaries[3] = {{0.64, 0.33, 1}, {0.30, 0.60, 1}, {0.15, 0.06, 1}};
  void *curves[3] = {curve, curve, curve};
  void *profile = cms.create_rgb(&white, primaries, curves);
  cms.free_curve(curve);
  return profile;
}

static int fill_parts(void *handle, cvips_sums *sums) {
  static float from[PARTS][3];
  float black[3];
  memset(from, 0, sizeof from);
  cms.transform(handle, from, black, 1);
  for (int c = 0; c < 3; c++) {
    memset(from, 0, sizeof from);
    for (int i = 0; i < PARTS; i++) from[i][c] = (float)i / (PARTS - 1);
    cms.transform(handle, from, sums->part[c], PARTS);
    for (int i = 0; i < PARTS; i++)
      for (int k = 0; k < 3; k++) sums->part[c][i][k] -= c ? black[k] : 0;
  }
  // A profile of tables does not add up.
  static const int probes[] = {0, 400, 1500, 2900, PARTS - 1};
  for (int p = 0; p < 125; p++) {
    int at[3] = {probes[p / 25], probes[p / 5 % 5], probes[p % 5]};
    float asked[3], whole[3];
    for (int c = 0; c < 3; c++) asked[c] = (float)at[c] / (PARTS - 1);
    cms.transform(handle, asked, whole, 1);
    for (int k = 0; k < 3; k++) {
      float sum = 0;
      for (int c = 0; c < 3; c++) sum += sums->part[c][at[c]][k];
      if (!(fabsf(sum - whole[k]) < 1e-3F)) return -1;
    }
  }
  return 0;
}

static cvips_sums *sums_of(void *profile) {
  void *linear = linear_srgb();
  if (!linear) return NULL;
  uint32_t type = FLOATS | pixel_type(PIXELS_RGB, 3, 4);
  void *handle = cms.create_transform(profile, type, linear, type, RELATIVE_COLORIMETRIC, 0);
  cms.close_profile(linear);
  if (!handle) return NULL;
  fill_encoded();
  cvips_sums *sums = malloc(sizeof *sums);
  if (sums && fill_parts(handle, sums)) {
    free(sums);
    sums = NULL;
  }
  cms.delete_transform(handle);
  return sums;
}

static void add_up(const cvips_sums *sums, const uint16_t *from, uint8_t *to, int pixels) {
  for (int x = 0; x < pixels; x++, from += 3, to += 3) {
    const float *red = sums->part[0][from[0] >> 4], *green = sums->part[1][from[1] >> 4],
                *blue = sums->part[2][from[2] >> 4];
    for (int k = 0; k < 3; k++) {
      float light = red[k] + green[k] + blue[k];
      light = light < 0 ? 0 : light > 1 ? 1 : light;
      to[k] = encoded[(int)(light * (LEVELS - 1) + 0.5F)];
    }
  }
}

// --- Lab ---

// Lab of pictures is measured under D50, as in profiles, while libvips' own conversion takes D65.
int cvips_apply_lab(const float *from, int bands, uint8_t *to, int pixels) {
  static void *handle;
  if (!handle) {
    void *lab = cms.create_lab(NULL), *srgb = cms.create_srgb();
    if (lab && srgb)
      handle = cms.create_transform(
          lab, FLOATS | pixel_type(PIXELS_LAB, 3, 4), srgb, FLOATS | pixel_type(PIXELS_RGB, 3, 4),
          RELATIVE_COLORIMETRIC, 0);
    if (lab) cms.close_profile(lab);
    if (srgb) cms.close_profile(srgb);
  }
  if (!handle) return -1;
  for (int x = 0; x < pixels; x++, from += bands, to += 3) {
    float color[3];
    cms.transform(handle, from, color, 1);
    for (int k = 0; k < 3; k++) {
      float value = color[k] < 0 ? 0 : color[k] > 1 ? 1 : color[k];
      to[k] = (uint8_t)(value * 255 + 0.5F);
    }
  }
  return 0;
}

// --- Profiles ---

static void *create(void *profile, int space, int inputs, int depth) {
  void *srgb = cms.create_srgb();
  if (!srgb) return NULL;
  void *handle = cms.create_transform(
      profile, pixel_type(space, inputs, depth), srgb, pixel_type(PIXELS_RGB, 3, 1),
      RELATIVE_COLORIMETRIC, 0);
  cms.close_profile(srgb);
  return handle;
}

static cvips_transform make(void *profile, int colors, int depth) {
  cvips_transform none = {NULL, NULL, 0};
  uint32_t space = cms.color_space(profile);
  int pixels, inputs;
  // The values of a grey picture under a profile for colours are those of a neutral colour.
  if (space == SPACE_RGB && colors <= 3) pixels = PIXELS_RGB, inputs = 3;
  else if (space == SPACE_GRAY && colors == 1) pixels = PIXELS_GRAY, inputs = 1;
  else if (space == SPACE_CMYK && colors == 4) pixels = PIXELS_CMYK, inputs = 4;
  else return none;
  if (inputs != 4) {
    void *probe = create(profile, pixels, inputs, 1);
    if (!probe) return none;
    int is_srgb = changes_little(probe, inputs);
    if (is_srgb || depth != 1) cms.delete_transform(probe);
    if (is_srgb) return none;
    if (depth == 1) return (cvips_transform){probe, NULL, inputs};
  }
  if (inputs == 3) {
    cvips_sums *sums = sums_of(profile);
    if (sums) return (cvips_transform){NULL, sums, inputs};
  }
  return (cvips_transform){create(profile, pixels, inputs, depth), NULL, inputs};
}

const cvips_transform *cvips_profile_transform(
    const void *profile, size_t size, int colors, int depth) {
  kept_transform *known = find(profile, size, colors, depth);
  if (known) return usable(&known->transform);
  cvips_transform transform = {NULL, NULL, 0};
  void *opened = size <= UINT32_MAX ? cms.open_profile(profile, (uint32_t)size) : NULL;
  if (opened) {
    transform = make(opened, colors, depth);
    cms.close_profile(opened);
  }
  return keep(profile, size, colors, depth, transform);
}

static void *rgb_profile(const cvips_color *color) {
  void *curve = cms.build_curve(NULL, CVIPS_CURVE_COUNT, color->curve);
  if (!curve) return NULL;
  const double *at = color->primaries;
  xyY white = {at[0], at[1], 1};
  xyY primaries[3] = {{at[2], at[3], 1}, {at[4], at[5], 1}, {at[6], at[7], 1}};
  void *curves[3] = {curve, curve, curve};
  void *profile = cms.create_rgb(&white, primaries, curves);
  cms.free_curve(curve);
  return profile;
}

const cvips_transform *cvips_color_transform(const cvips_color *color, int depth) {
  kept_transform *known = find(color, sizeof *color, 3, depth);
  if (known) return usable(&known->transform);
  cvips_transform transform = {NULL, NULL, 0};
  void *profile = rgb_profile(color);
  if (profile) {
    transform = make(profile, 3, depth);
    cms.close_profile(profile);
  }
  return keep(color, sizeof *color, 3, depth, transform);
}

void cvips_apply(const cvips_transform *transform, const void *from, uint8_t *to, int pixels) {
  if (transform->sums) add_up(transform->sums, from, to, pixels);
  else cms.transform(transform->handle, from, to, (uint32_t)pixels);
}
