#include "internal.h"

#include <stdlib.h>

typedef struct {
  void *value;
  int64_t *dimensions;
  cort_tensor tensor;
} output;

struct cort_result {
  const cort_runtime *runtime;
  size_t count;
  output *outputs;
};

static size_t element_size(int type) {
  switch (type) {
  case CORT_FLOAT32:
  case CORT_INT32: return 4;
  case CORT_INT64: return 8;
  case CORT_FLOAT16: return 2;
  case CORT_UINT8:
  case CORT_BOOL: return 1;
  default: return 0;
  }
}

static int read_layout(
  const cort_runtime *runtime, const void *shape, output *out, cort_message message) {
  size_t elements = 0;
  cort_tensor *tensor = &out->tensor;
  if (cort_check(
        runtime,
        CORT_CALL(runtime, GetTensorElementType, (const void *, int *), shape, &tensor->type),
        message) ||
      cort_check(
        runtime,
        CORT_CALL(
          runtime, GetTensorShapeElementCount, (const void *, size_t *), shape, &elements),
        message) ||
      cort_check(
        runtime,
        CORT_CALL(runtime, GetDimensionsCount, (const void *, size_t *), shape, &tensor->rank),
        message)) {
    return 1;
  }
  out->dimensions = calloc(tensor->rank + 1, sizeof *out->dimensions);
  if (!out->dimensions) return cort_fail(message, "out of memory");
  tensor->dimensions = out->dimensions;
  tensor->byte_count = elements * element_size(tensor->type);
  return cort_check(
    runtime,
    CORT_CALL(
      runtime, GetDimensions, (const void *, int64_t *, size_t), shape, out->dimensions,
      tensor->rank),
    message);
}

static int read_output(const cort_runtime *runtime, output *out, cort_message message) {
  int is_tensor = 0;
  if (cort_check(
        runtime, CORT_CALL(runtime, IsTensor, (const void *, int *), out->value, &is_tensor),
        message)) {
    return 1;
  }
  if (!is_tensor) return cort_fail(message, "an output is not a tensor");
  void *shape = NULL;
  if (cort_check(
        runtime,
        CORT_CALL(runtime, GetTensorTypeAndShape, (const void *, void **), out->value, &shape),
        message)) {
    return 1;
  }
  int failed = read_layout(runtime, shape, out, message);
  CORT_RELEASE(runtime, ReleaseTensorTypeAndShapeInfo, shape);
  if (failed) return 1;
  if (element_size(out->tensor.type) == 0) {
    return cort_fail(message, "an output has an element type that is not read");
  }
  return cort_check(
    runtime,
    CORT_CALL(
      runtime, GetTensorMutableData, (void *, void **), out->value, (void **)&out->tensor.data),
    message);
}

static int wrap_inputs(
  const cort_runtime *runtime, const cort_tensor *inputs, size_t count, const char **names,
  void **values, cort_message message) {
  for (size_t index = 0; index < count; index++) {
    const cort_tensor *input = &inputs[index];
    names[index] = input->name;
    if (cort_check(
          runtime,
          CORT_CALL(
            runtime, CreateTensorWithDataAsOrtValue,
            (const void *, void *, size_t, const int64_t *, size_t, int, void **),
            runtime->memory_info, (void *)input->data, input->byte_count, input->dimensions,
            input->rank, input->type, &values[index]),
          message)) {
      return 1;
    }
  }
  return 0;
}

static cort_result *make_result(const cort_runtime *runtime, size_t count) {
  cort_result *result = calloc(1, sizeof *result);
  if (!result) return NULL;
  result->runtime = runtime;
  result->outputs = calloc(count + 1, sizeof *result->outputs);
  if (!result->outputs) {
    free(result);
    return NULL;
  }
  result->count = count;
  return result;
}

static int run_wrapped(
  const cort_session *session, const char *const *input_names, void *const *inputs,
  size_t input_count, const char *const *output_names, cort_result *result,
  cort_message message) {
  void **values = calloc(result->count + 1, sizeof *values);
  if (!values) return cort_fail(message, "out of memory");
  int failed = cort_check(
    session->runtime,
    CORT_CALL(
      session->runtime, Run,
      (void *, const void *, const char *const *, void *const *, size_t, const char *const *,
       size_t, void **),
      session->session, NULL, input_names, inputs, input_count, output_names, result->count,
      values),
    message);
  for (size_t index = 0; index < result->count; index++) {
    result->outputs[index].value = values[index];
  }
  free(values);
  for (size_t index = 0; !failed && index < result->count; index++) {
    failed = read_output(session->runtime, &result->outputs[index], message);
  }
  return failed;
}

int cort_run(
  const cort_session *session, const cort_tensor *inputs, size_t input_count,
  const char *const *output_names, size_t output_count, cort_result **out,
  cort_message message) {
  const cort_runtime *runtime = session->runtime;
  const char **names = calloc(input_count + 1, sizeof *names);
  void **values = calloc(input_count + 1, sizeof *values);
  cort_result *result = make_result(runtime, output_count);
  int failed = !names || !values || !result;
  if (failed) {
    cort_fail(message, "out of memory");
  } else {
    failed = wrap_inputs(runtime, inputs, input_count, names, values, message) ||
      run_wrapped(session, names, values, input_count, output_names, result, message);
  }
  for (size_t index = 0; values && index < input_count; index++) {
    if (values[index]) CORT_RELEASE(runtime, ReleaseValue, values[index]);
  }
  free(names);
  free(values);
  if (!failed) {
    *out = result;
  } else if (result) {
    cort_result_free(result);
  }
  return failed;
}

void cort_result_free(cort_result *result) {
  for (size_t index = 0; index < result->count; index++) {
    output *out = &result->outputs[index];
    if (out->value) CORT_RELEASE(result->runtime, ReleaseValue, out->value);
    free(out->dimensions);
  }
  free(result->outputs);
  free(result);
}

const cort_tensor *cort_result_tensor(const cort_result *result, size_t index) {
  return &result->outputs[index].tensor;
}
