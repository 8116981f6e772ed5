#define _POSIX_C_SOURCE 200809L
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { OPTIMIZE_ALL = 99 };

static int make_options(
  const cort_runtime *runtime, int threads, void **options, cort_message message) {
  if (cort_check(
        runtime, CORT_CALL(runtime, CreateSessionOptions, (void **), options), message)) {
    return 1;
  }
  // Spinning would take the processor from decoding between two batches.
  int failed =
    cort_check(
      runtime,
      CORT_CALL(
        runtime, SetSessionGraphOptimizationLevel, (void *, int), *options, OPTIMIZE_ALL),
      message) ||
    cort_check(
      runtime, CORT_CALL(runtime, SetIntraOpNumThreads, (void *, int), *options, threads),
      message) ||
    cort_check(
      runtime, CORT_CALL(runtime, SetInterOpNumThreads, (void *, int), *options, 1), message) ||
    cort_check(
      runtime,
      CORT_CALL(
        runtime, AddSessionConfigEntry, (void *, const char *, const char *), *options,
        "session.intra_op.allow_spinning", "0"),
      message);
  if (failed) CORT_RELEASE(runtime, ReleaseSessionOptions, *options);
  return failed;
}

// Copies a string that the library's allocator made, and frees that one.
static char *adopt(const cort_runtime *runtime, char *text) {
  char *copy = strdup(text);
  CORT_CALL(runtime, AllocatorFree, (void *, void *), runtime->allocator, text);
  return copy;
}

static int read_shape(
  const cort_runtime *runtime, const void *shape, cort_value_info *info, cort_message message) {
  if (cort_check(
        runtime,
        CORT_CALL(runtime, GetTensorElementType, (const void *, int *), shape, &info->type),
        message) ||
      cort_check(
        runtime,
        CORT_CALL(runtime, GetDimensionsCount, (const void *, size_t *), shape, &info->rank),
        message)) {
    return 1;
  }
  int64_t *dimensions = calloc(info->rank + 1, sizeof *dimensions);
  const char **symbols = calloc(info->rank + 1, sizeof *symbols);
  info->dimensions = dimensions;
  info->symbols = symbols;
  if (!dimensions || !symbols) return cort_fail(message, "out of memory");
  if (cort_check(
        runtime,
        CORT_CALL(
          runtime, GetDimensions, (const void *, int64_t *, size_t), shape, dimensions,
          info->rank),
        message) ||
      cort_check(
        runtime,
        CORT_CALL(
          runtime, GetSymbolicDimensions, (const void *, const char **, size_t), shape, symbols,
          info->rank),
        message)) {
    memset(symbols, 0, info->rank * sizeof *symbols);
    return 1;
  }
  // The names belong to the type, which is released before they are read.
  for (size_t axis = 0; axis < info->rank; axis++) {
    symbols[axis] = symbols[axis] ? strdup(symbols[axis]) : NULL;
  }
  return 0;
}

static int describe(
  const cort_session *session, int is_output, size_t index, cort_value_info *info,
  cort_message message) {
  const cort_runtime *runtime = session->runtime;
  char *name = NULL;
  int name_slot = is_output ? SLOT_SessionGetOutputName : SLOT_SessionGetInputName;
  cort_status (*get_name)(void *, size_t, void *, char **) =
    (cort_status(*)(void *, size_t, void *, char **))runtime->api[name_slot];
  if (cort_check(
        runtime, get_name(session->session, index, runtime->allocator, &name), message)) {
    return 1;
  }
  info->name = adopt(runtime, name);
  if (!info->name) return cort_fail(message, "out of memory");

  void *type = NULL;
  int type_slot = is_output ? SLOT_SessionGetOutputTypeInfo : SLOT_SessionGetInputTypeInfo;
  cort_status (*get_type)(void *, size_t, void **) =
    (cort_status(*)(void *, size_t, void **))runtime->api[type_slot];
  if (cort_check(runtime, get_type(session->session, index, &type), message)) return 1;
  const void *shape = NULL;
  int failed = cort_check(
    runtime,
    CORT_CALL(runtime, CastTypeInfoToTensorInfo, (const void *, const void **), type, &shape),
    message);
  if (!failed && shape) failed = read_shape(runtime, shape, info, message);
  CORT_RELEASE(runtime, ReleaseTypeInfo, type);
  return failed;
}

static int read_values(cort_session *session, cort_message message) {
  const cort_runtime *runtime = session->runtime;
  size_t inputs = 0, outputs = 0;
  if (cort_check(
        runtime,
        CORT_CALL(
          runtime, SessionGetInputCount, (void *, size_t *), session->session, &inputs),
        message) ||
      cort_check(
        runtime,
        CORT_CALL(
          runtime, SessionGetOutputCount, (void *, size_t *), session->session, &outputs),
        message)) {
    return 1;
  }
  session->values = calloc(inputs + outputs + 1, sizeof *session->values);
  if (!session->values) return cort_fail(message, "out of memory");
  session->input_count = inputs;
  session->output_count = outputs;
  for (size_t index = 0; index < inputs + outputs; index++) {
    int is_output = index >= inputs;
    if (describe(
          session, is_output, is_output ? index - inputs : index, &session->values[index],
          message)) {
      return 1;
    }
  }
  return 0;
}

int cort_session_create(
  const cort_runtime *runtime, const char *model_path, int threads, cort_session **out,
  cort_message message) {
  cort_make_room();
  cort_session *session = calloc(1, sizeof *session);
  if (!session) return cort_fail(message, "out of memory");
  session->runtime = runtime;
  void *options = NULL;
  if (make_options(runtime, threads, &options, message)) {
    free(session);
    return 1;
  }
  int failed = cort_check(
    runtime,
    CORT_CALL(
      runtime, CreateSession, (void *, const char *, const void *, void **), runtime->env,
      model_path, options, &session->session),
    message);
  CORT_RELEASE(runtime, ReleaseSessionOptions, options);
  if (failed || read_values(session, message)) {
    cort_session_free(session);
    return 1;
  }
  *out = session;
  return 0;
}

void cort_session_free(cort_session *session) {
  size_t count = session->values ? session->input_count + session->output_count : 0;
  for (size_t index = 0; index < count; index++) {
    cort_value_info *info = &session->values[index];
    for (size_t axis = 0; info->symbols && axis < info->rank; axis++) {
      free((void *)info->symbols[axis]);
    }
    free((void *)info->name);
    free((void *)info->dimensions);
    free((void *)info->symbols);
  }
  free(session->values);
  if (session->session) CORT_RELEASE(session->runtime, ReleaseSession, session->session);
  free(session);
}

size_t cort_input_count(const cort_session *session) { return session->input_count; }

size_t cort_output_count(const cort_session *session) { return session->output_count; }

const cort_value_info *cort_input(const cort_session *session, size_t index) {
  return &session->values[index];
}

const cort_value_info *cort_output(const cort_session *session, size_t index) {
  return &session->values[session->input_count + index];
}
