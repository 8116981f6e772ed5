// The table of ONNX Runtime's functions, addressed by position: the table only
// ever grows at its end, so the numbers hold for every version since 1.7.
#ifndef CORT_INTERNAL_H
#define CORT_INTERNAL_H

#include "COnnxRuntime.h"

typedef void *cort_status;

enum {
  SLOT_GetErrorMessage = 2,
  SLOT_CreateEnvWithCustomLogger = 4,
  SLOT_DisableTelemetryEvents = 6,
  SLOT_CreateSession = 7,
  SLOT_Run = 9,
  SLOT_CreateSessionOptions = 10,
  SLOT_SetSessionGraphOptimizationLevel = 23,
  SLOT_SetIntraOpNumThreads = 24,
  SLOT_SetInterOpNumThreads = 25,
  SLOT_SessionGetInputCount = 30,
  SLOT_SessionGetOutputCount = 31,
  SLOT_SessionGetInputTypeInfo = 33,
  SLOT_SessionGetOutputTypeInfo = 34,
  SLOT_SessionGetInputName = 36,
  SLOT_SessionGetOutputName = 37,
  SLOT_CreateTensorWithDataAsOrtValue = 49,
  SLOT_IsTensor = 50,
  SLOT_GetTensorMutableData = 51,
  SLOT_CastTypeInfoToTensorInfo = 55,
  SLOT_GetTensorElementType = 60,
  SLOT_GetDimensionsCount = 61,
  SLOT_GetDimensions = 62,
  SLOT_GetSymbolicDimensions = 63,
  SLOT_GetTensorShapeElementCount = 64,
  SLOT_GetTensorTypeAndShape = 65,
  SLOT_CreateCpuMemoryInfo = 69,
  SLOT_AllocatorFree = 76,
  SLOT_GetAllocatorWithDefaultOptions = 78,
  SLOT_ReleaseEnv = 92,
  SLOT_ReleaseStatus = 93,
  SLOT_ReleaseMemoryInfo = 94,
  SLOT_ReleaseSession = 95,
  SLOT_ReleaseValue = 96,
  SLOT_ReleaseTypeInfo = 98,
  SLOT_ReleaseTensorTypeAndShapeInfo = 99,
  SLOT_ReleaseSessionOptions = 100,
  SLOT_AddSessionConfigEntry = 130
};

// Calls the function in a slot, with the types of its parameters given first.
#define CORT_CALL(runtime, slot, types, ...) \
  (((cort_status(*) types)(runtime)->api[SLOT_##slot])(__VA_ARGS__))
#define CORT_RELEASE(runtime, slot, object) \
  (((void (*)(void *))(runtime)->api[SLOT_##slot])(object))

struct cort_runtime {
  void *const *api;
  void *env;
  void *memory_info;
  void *allocator;
  char version[32];
};

struct cort_session {
  const cort_runtime *runtime;
  void *session;
  size_t input_count;
  size_t output_count;
  cort_value_info *values;  // inputs, then outputs
};

// Writes `text`, cut to fit; returns 1.
int cort_fail(cort_message message, const char *text);
// Takes a status: 0 for success, otherwise its message is written and 1 returned.
int cort_check(const cort_runtime *runtime, cort_status status, cort_message message);

// Takes room from the system at once for the many small blocks that opening and loading make.
void cort_make_room(void);

#endif
