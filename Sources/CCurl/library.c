#include "library.h"

#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#ifdef __APPLE__
#define LIBRARY "libcurl.4.dylib"
#else
#define LIBRARY "libcurl.so.4"
#endif

ccurl_library curl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char reason[512];

static void *find(void *handle, const char *symbol) {
  void *address = dlsym(handle, symbol);
  if (!address && !reason[0]) snprintf(reason, sizeof reason, LIBRARY " has no '%s'", symbol);
  return address;
}

static void load(void) {
  void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char *cause = dlerror();
    snprintf(reason, sizeof reason, "%s", cause ? cause : LIBRARY " cannot be loaded");
    return;
  }
  void *address;
#define CCURL_FIND(name)                    \
  address = find(handle, "curl_" #name);    \
  memcpy(&curl.name, &address, sizeof address);
  CCURL_FUNCTIONS(CCURL_FIND)
#undef CCURL_FIND
  if (!reason[0]) curl.global_init(CURL_GLOBAL_DEFAULT);
}

const char *ccurl_load(void) {
  pthread_once(&once, load);
  return reason[0] ? reason : NULL;
}
