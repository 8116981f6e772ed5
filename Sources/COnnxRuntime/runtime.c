#define _GNU_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The newest version of the interface asked for; older libraries get their own.
enum { NEWEST_API = 23, LOG_FATAL = 4, DEVICE_ALLOCATOR = 0, MEMORY_DEFAULT = 0 };

// The library reports to its maker from the moment it is opened, so the variable that forbids it
// is set before `main`: no other thread can be reading the environment then. A value that was
// inherited is written over.
__attribute__((constructor)) static void forbid_telemetry(void) {
  setenv("ORT_DISABLE_TELEMETRY", "1", 1);
}

typedef struct {
  const void *(*get_api)(uint32_t version);
  const char *(*version)(void);
} api_base;

int cort_fail(cort_message message, const char *text) {
  if (message.capacity > 0) snprintf(message.text, message.capacity, "%s", text);
  return 1;
}

int cort_check(const cort_runtime *runtime, cort_status status, cort_message message) {
  if (!status) return 0;
  const char *(*text)(void *) = (const char *(*)(void *))runtime->api[SLOT_GetErrorMessage];
  cort_fail(message, text(status));
  CORT_RELEASE(runtime, ReleaseStatus, status);
  return 1;
}

// The library makes very many small blocks as it opens and as it loads a model. The allocator asks the
// system for room 128 KiB at a time, and each time the other threads' page faults wait: about a third
// of the time to the first answer. A block that is freed unused raises what the allocator keeps, and
// the next leaves its room in this thread's heap; pages that stay unused cost nothing.
void cort_make_room(void) {
  enum { KEPT = 16 << 20, ROOM = 12 << 20 };
  void *volatile block = malloc(KEPT);
  free(block);
  block = malloc(ROOM);
  free(block);
}

static void discard_log(
  void *parameter, int severity, const char *category, const char *log_id,
  const char *location, const char *text) {
  (void)parameter, (void)severity, (void)category, (void)log_id, (void)location, (void)text;
}

static int start(cort_runtime *runtime, cort_message message) {
  return cort_check(
           runtime,
           CORT_CALL(
             runtime, CreateEnvWithCustomLogger,
             (void (*)(void *, int, const char *, const char *, const char *, const char *),
              void *, int, const char *, void **),
             discard_log, NULL, LOG_FATAL, "parallax", &runtime->env),
           message) ||
    cort_check(
           runtime,
           CORT_CALL(runtime, DisableTelemetryEvents, (const void *), runtime->env), message) ||
    cort_check(
           runtime,
           CORT_CALL(
             runtime, CreateCpuMemoryInfo, (int, int, void **), DEVICE_ALLOCATOR, MEMORY_DEFAULT,
             &runtime->memory_info),
           message) ||
    cort_check(
           runtime,
           CORT_CALL(runtime, GetAllocatorWithDefaultOptions, (void **), &runtime->allocator),
           message);
}

int cort_open(const char *path, cort_runtime **out, cort_message message) {
  const char *forbidden = getenv("ORT_DISABLE_TELEMETRY");
  if (!forbidden || strcmp(forbidden, "1")) {
    return cort_fail(message, "its reports to its maker could not be switched off");
  }
  cort_make_room();
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) return cort_fail(message, dlerror());
  const api_base *(*get_base)(void) =
    (const api_base *(*)(void))dlsym(library, "OrtGetApiBase");
  if (!get_base) return cort_fail(message, "it has no OrtGetApiBase");

  cort_runtime *runtime = calloc(1, sizeof *runtime);
  if (!runtime) return cort_fail(message, "out of memory");
  snprintf(runtime->version, sizeof runtime->version, "%s", get_base()->version());
  const char *point = strchr(runtime->version, '.');
  int minor = point ? atoi(point + 1) : 0;
  runtime->api = get_base()->get_api((uint32_t)(minor < NEWEST_API ? minor : NEWEST_API));
  if (!runtime->api) {
    free(runtime);
    return cort_fail(message, "its version is too old");
  }
  if (start(runtime, message)) {
    cort_close(runtime);
    return 1;
  }
  *out = runtime;
  return 0;
}

void cort_close(cort_runtime *runtime) {
  if (runtime->memory_info) CORT_RELEASE(runtime, ReleaseMemoryInfo, runtime->memory_info);
  if (runtime->env) CORT_RELEASE(runtime, ReleaseEnv, runtime->env);
  free(runtime);
}

const char *cort_version(const cort_runtime *runtime) { return runtime->version; }

const char *cort_own_path(void) {
  Dl_info info;
  return dladdr((void *)cort_own_path, &info) ? info.dli_fname : NULL;
}

ptrdiff_t cort_find(const void *bytes, size_t count, const void *sought, size_t sought_count) {
  const char *found = memmem(bytes, count, sought, sought_count);
  return found ? found - (const char *)bytes : -1;
}
