#include "library.h"

#include "CMicroHTTPD.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#ifdef __APPLE__
#define LIBRARY "libmicrohttpd.12.dylib"
#else
#define LIBRARY "libmicrohttpd.so.12"
#endif

chttpd_library mhd;

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
#define CHTTPD_FIND(name)                  \
  address = find(handle, "MHD_" #name);    \
  memcpy(&mhd.name, &address, sizeof address);
  CHTTPD_FUNCTIONS(CHTTPD_FIND)
#undef CHTTPD_FIND
}

const char *chttpd_load(void) {
  pthread_once(&once, load);
  return reason[0] ? reason : NULL;
}
