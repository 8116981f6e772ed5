#define _GNU_SOURCE
#include "library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name;
  size_t slot;
} symbols[] = {
#define SYMBOL(function, name) {name, offsetof(cpostgres_library, function)}
  SYMBOL(connect_start, "PQconnectStartParams"),
  SYMBOL(connect_poll, "PQconnectPoll"),
  SYMBOL(finish, "PQfinish"),
  SYMBOL(status, "PQstatus"),
  SYMBOL(socket, "PQsocket"),
  SYMBOL(server_version, "PQserverVersion"),
  SYMBOL(error_message, "PQerrorMessage"),
  SYMBOL(set_nonblocking, "PQsetnonblocking"),
  SYMBOL(set_notice_receiver, "PQsetNoticeReceiver"),
  SYMBOL(send_query, "PQsendQueryParams"),
  SYMBOL(flush, "PQflush"),
  SYMBOL(consume, "PQconsumeInput"),
  SYMBOL(is_busy, "PQisBusy"),
  SYMBOL(get_result, "PQgetResult"),
  SYMBOL(result_status, "PQresultStatus"),
  SYMBOL(result_field, "PQresultErrorField"),
  SYMBOL(result_message, "PQresultErrorMessage"),
  SYMBOL(clear, "PQclear"),
  SYMBOL(tuples, "PQntuples"),
  SYMBOL(value, "PQgetvalue"),
  SYMBOL(length, "PQgetlength"),
  SYMBOL(is_null, "PQgetisnull"),
  SYMBOL(changed, "PQcmdTuples"),
  SYMBOL(put_data, "PQputCopyData"),
  SYMBOL(put_end, "PQputCopyEnd"),
  SYMBOL(get_cancel, "PQgetCancel"),
  SYMBOL(cancel, "PQcancel"),
  SYMBOL(free_cancel, "PQfreeCancel"),
#undef SYMBOL
};

static int fail(cpostgres_message message, const char *text) {
  if (message.capacity > 0) snprintf(message.text, message.capacity, "%s", text);
  return CPOSTGRES_FAILED;
}

int cpostgres_open(const char *path, cpostgres_library **out, cpostgres_message message) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return fail(message, dlerror());
  cpostgres_library *library = calloc(1, sizeof *library);
  if (!library) return fail(message, "out of memory");
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
    void *address = dlsym(handle, symbols[i].name);
    if (!address) {
      free(library);
      if (message.capacity > 0)
        snprintf(message.text, message.capacity, "it has no '%s'", symbols[i].name);
      return CPOSTGRES_FAILED;
    }
    memcpy((char *)library + symbols[i].slot, &address, sizeof address);
  }
  *out = library;
  return CPOSTGRES_OK;
}

void cpostgres_close(cpostgres_library *library) { free(library); }

const char *cpostgres_own_path(void) {
  Dl_info info;
  return dladdr((void *)cpostgres_own_path, &info) ? info.dli_fname : NULL;
}
