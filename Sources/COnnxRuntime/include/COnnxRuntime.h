// ONNX Runtime opened at run time: no header and no library are needed to build.
//
// Every function that can fail returns 0 for success; otherwise it writes a
// message into the caller's buffer. No C++ exception leaves the library, whose
// own interface is C.
#ifndef CONNXRUNTIME_H
#define CONNXRUNTIME_H

#include <stddef.h>
#include <stdint.h>

typedef struct cort_runtime cort_runtime;
typedef struct cort_session cort_session;
typedef struct cort_result cort_result;

// Values of ONNXTensorElementDataType, which are part of the file format.
enum {
  CORT_FLOAT32 = 1,
  CORT_UINT8 = 2,
  CORT_INT32 = 6,
  CORT_INT64 = 7,
  CORT_BOOL = 9,
  CORT_FLOAT16 = 10
};

// Where a message goes.
typedef struct {
  char *text;
  size_t capacity;
} cort_message;

// An input or output as the model declares it; `type` is 0 when it is no
// tensor. A dimension below 0 is free and may have a name. Lives as long as
// its session.
typedef struct {
  const char *name;
  int type;
  size_t rank;
  const int64_t *dimensions;
  const char *const *symbols;
} cort_value_info;

// A tensor's memory, borrowed from whoever made it.
typedef struct {
  const char *name;
  int type;
  size_t rank;
  const int64_t *dimensions;
  const void *data;
  size_t byte_count;
} cort_tensor;

// Opens the library, silences its log and switches its telemetry off. The library is never
// unloaded.
int cort_open(const char *path, cort_runtime **runtime, cort_message message);
void cort_close(cort_runtime *runtime);
const char *cort_version(const cort_runtime *runtime);

// Loads a model; the runtime must outlive it.
int cort_session_create(
  const cort_runtime *runtime, const char *model_path, int threads,
  cort_session **session, cort_message message);
void cort_session_free(cort_session *session);
size_t cort_input_count(const cort_session *session);
size_t cort_output_count(const cort_session *session);
const cort_value_info *cort_input(const cort_session *session, size_t index);
const cort_value_info *cort_output(const cort_session *session, size_t index);

// Computes the named outputs; may be called from several threads at once.
int cort_run(
  const cort_session *session, const cort_tensor *inputs, size_t input_count,
  const char *const *output_names, size_t output_count, cort_result **result,
  cort_message message);
void cort_result_free(cort_result *result);
// An output, valid until the result is freed; its name is NULL.
const cort_tensor *cort_result_tensor(const cort_result *result, size_t index);

// Looks every byte of interleaved RGB up in `table` (three times 256 elements of
// `element_size` 1, 2 or 4 bytes) and writes the elements plane by plane, or
// interleaved.
void cort_pack_pixels(
  const uint8_t *rgb, size_t pixel_count, int planar, const void *table,
  size_t element_size, void *output);

// IEEE binary16, rounded to nearest even.
void cort_halves_from_floats(const float *floats, size_t count, uint16_t *halves);
void cort_floats_from_halves(const uint16_t *halves, size_t count, float *floats);

// The offset of the first occurrence of some bytes in others; -1 when there is none.
ptrdiff_t cort_find(const void *bytes, size_t count, const void *sought, size_t sought_count);

// The file that this code was loaded from, as the dynamic linker knows it.
const char *cort_own_path(void);

#endif
