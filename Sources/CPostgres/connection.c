#define _GNU_SOURCE
#include "library.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Milliseconds between two looks at whether anybody still waits.
enum { TICK = 20 };
// Milliseconds that connecting may take: libpq keeps no time itself where it is asked step by step.
enum { PATIENCE = 15000 };
// Milliseconds that the end of a connection waits for the server to be told to stop.
enum { FAREWELL = 100 };

struct cpostgres_connection {
  const cpostgres_library *library;
  void *handle;
  // Whether the server may be working for us.
  int is_working;
};

struct cpostgres_result {
  const cpostgres_library *library;
  void *handle;
};

// The server's words end with a line break.
static void say(cpostgres_message message, const char *text) {
  if (message.capacity == 0) return;
  snprintf(message.text, message.capacity, "%s", text && text[0] ? text : "no reason was given");
  size_t end = strlen(message.text);
  while (end > 0 && (message.text[end - 1] == '\n' || message.text[end - 1] == ' ')) end--;
  message.text[end] = 0;
}

static int fail(cpostgres_message message, const char *text) {
  say(message, text);
  return CPOSTGRES_FAILED;
}

// What went wrong with the connection.
static int fail_connection(cpostgres_connection *connection, cpostgres_message message) {
  const cpostgres_library *library = connection->library;
  say(message, library->error_message(connection->handle));
  return library->status(connection->handle) == CONNECTION_OK ? CPOSTGRES_FAILED : CPOSTGRES_LOST;
}

// Waits for the socket at most a moment. The events that came, 0 for none, -1 for a fault.
static int wait_for(const cpostgres_library *library, void *handle, short events) {
  struct pollfd wanted = {.fd = library->socket(handle), .events = events};
  if (wanted.fd < 0) return -1;
  int count = poll(&wanted, 1, TICK);
  if (count < 0) return errno == EINTR ? 0 : -1;
  return count == 0 ? 0 : wanted.revents;
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static void ignore_notice(void *context, const void *result) {
  (void)context;
  (void)result;
}

int cpostgres_connect(
  const cpostgres_library *library, const char *const *keywords, const char *const *values,
  cpostgres_stop stop, cpostgres_connection **out, cpostgres_message message) {
  cpostgres_connection *connection = calloc(1, sizeof *connection);
  if (!connection) return fail(message, "out of memory");
  connection->library = library;
  connection->handle = library->connect_start(keywords, values, 1);
  if (!connection->handle) {
    free(connection);
    return fail(message, "out of memory");
  }
  int state = library->status(connection->handle) == CONNECTION_BAD ? POLLING_FAILED : POLLING_WRITING;
  const int64_t end = now() + PATIENCE;
  while (state != POLLING_OK && state != POLLING_FAILED) {
    if (stop()) {
      cpostgres_disconnect(connection);
      return CPOSTGRES_STOPPED;
    }
    if (now() > end) {
      say(message, "no answer within 15 s");
      cpostgres_disconnect(connection);
      return CPOSTGRES_LOST;
    }
    int ready =
      wait_for(library, connection->handle, state == POLLING_READING ? POLLIN : POLLOUT);
    if (ready != 0) state = library->connect_poll(connection->handle);
  }
  if (state == POLLING_FAILED) {
    say(message, library->error_message(connection->handle));
    cpostgres_disconnect(connection);
    return CPOSTGRES_LOST;
  }
  library->set_notice_receiver(connection->handle, ignore_notice, NULL);
  library->set_nonblocking(connection->handle, 1);
  *out = connection;
  return CPOSTGRES_OK;
}

typedef struct {
  const cpostgres_library *library;
  void *request;
  pthread_mutex_t mutex;
  pthread_cond_t done;
  int is_done;
  // Whoever comes second frees it.
  int is_left;
} farewell;

static void free_farewell(farewell *last) {
  pthread_mutex_destroy(&last->mutex);
  pthread_cond_destroy(&last->done);
  free(last);
}

static void *send_farewell(void *argument) {
  farewell *last = argument;
  char reason[256];
  last->library->cancel(last->request, reason, sizeof reason);
  last->library->free_cancel(last->request);
  pthread_mutex_lock(&last->mutex);
  last->is_done = 1;
  int is_left = last->is_left;
  pthread_cond_signal(&last->done);
  pthread_mutex_unlock(&last->mutex);
  if (is_left) free_farewell(last);
  return NULL;
}

// Tells the server to stop. That takes a connection of its own, which may hang as the first one does: so a
// thread does it, and is not waited for long.
static void stop_server(cpostgres_connection *connection) {
  void *request = connection->library->get_cancel(connection->handle);
  farewell *last = request ? calloc(1, sizeof *last) : NULL;
  if (!last) {
    if (request) connection->library->free_cancel(request);
    return;
  }
  last->library = connection->library;
  last->request = request;
  pthread_mutex_init(&last->mutex, NULL);
  pthread_cond_init(&last->done, NULL);
  pthread_t thread;
  if (pthread_create(&thread, NULL, send_farewell, last) != 0) {
    connection->library->free_cancel(request);
    free_farewell(last);
    return;
  }
  pthread_detach(thread);
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_nsec += FAREWELL * 1000000L;
  if (end.tv_nsec >= 1000000000L) {
    end.tv_nsec -= 1000000000L;
    end.tv_sec++;
  }
  pthread_mutex_lock(&last->mutex);
  int code = 0;
  while (!last->is_done && code == 0) code = pthread_cond_timedwait(&last->done, &last->mutex, &end);
  int is_done = last->is_done;
  last->is_left = 1;
  pthread_mutex_unlock(&last->mutex);
  if (is_done) free_farewell(last);
}

void cpostgres_disconnect(cpostgres_connection *connection) {
  if (!connection) return;
  if (connection->is_working) stop_server(connection);
  connection->library->finish(connection->handle);
  free(connection);
}

int cpostgres_server_version(const cpostgres_connection *connection) {
  return connection->library->server_version(connection->handle);
}

// Sends what is in the buffer; reads meanwhile, since a server that cannot write does not read either.
static int flush(cpostgres_connection *connection, cpostgres_stop stop, cpostgres_message message) {
  const cpostgres_library *library = connection->library;
  for (;;) {
    int left = library->flush(connection->handle);
    if (left == 0) return CPOSTGRES_OK;
    if (left < 0) return fail_connection(connection, message);
    if (stop()) return CPOSTGRES_STOPPED;
    int ready = wait_for(library, connection->handle, POLLIN | POLLOUT);
    if (ready < 0) return fail_connection(connection, message);
    if ((ready & POLLIN) && !library->consume(connection->handle))
      return fail_connection(connection, message);
  }
}

// The next result in `out`, NULL when there is no further one.
static int next(
  cpostgres_connection *connection, cpostgres_stop stop, void **out, cpostgres_message message) {
  const cpostgres_library *library = connection->library;
  while (library->is_busy(connection->handle)) {
    if (stop()) return CPOSTGRES_STOPPED;
    int ready = wait_for(library, connection->handle, POLLIN);
    if (ready < 0) return fail_connection(connection, message);
    if (ready != 0 && !library->consume(connection->handle))
      return fail_connection(connection, message);
  }
  *out = library->get_result(connection->handle);
  return CPOSTGRES_OK;
}

// Of a refused statement.
static int refuse(
  cpostgres_connection *connection, const void *result, cpostgres_message message) {
  const cpostgres_library *library = connection->library;
  const char *state = library->result_field(result, FIELD_STATE);
  if (message.state && state) snprintf(message.state, 6, "%s", state);
  const char *primary = library->result_field(result, FIELD_PRIMARY);
  say(message, primary ? primary : library->result_message(result));
  return library->status(connection->handle) == CONNECTION_OK ? CPOSTGRES_FAILED : CPOSTGRES_LOST;
}

// Reads results to the end, or to the one that begins a copy; keeps the last one.
static int collect(
  cpostgres_connection *connection, cpostgres_stop stop, void **last, cpostgres_message message) {
  const cpostgres_library *library = connection->library;
  int code = CPOSTGRES_OK;
  *last = NULL;
  for (;;) {
    void *result = NULL;
    int step = next(connection, stop, &result, message);
    if (step != CPOSTGRES_OK) {
      if (*last) library->clear(*last);
      *last = NULL;
      return step;
    }
    if (!result) break;
    int status = library->result_status(result);
    if (status != COMMAND_OK && status != TUPLES_OK && status != COPY_IN && code == CPOSTGRES_OK)
      code = refuse(connection, result, message);
    if (*last) library->clear(*last);
    *last = result;
    if (status == COPY_IN) return code;
  }
  connection->is_working = 0;
  if (code != CPOSTGRES_OK && *last) {
    library->clear(*last);
    *last = NULL;
  }
  if (code == CPOSTGRES_OK && !*last) return fail_connection(connection, message);
  return code;
}

static int send_statement(
  cpostgres_connection *connection, const char *sql, const cpostgres_parameter *parameters,
  int count, cpostgres_stop stop, cpostgres_message message) {
  size_t room = count > 0 ? (size_t)count : 1;
  uint32_t *types = calloc(room, sizeof *types);
  const char **values = calloc(room, sizeof *values);
  int *lengths = calloc(room, sizeof *lengths);
  int *formats = calloc(room, sizeof *formats);
  int code = CPOSTGRES_OK;
  if (!types || !values || !lengths || !formats) {
    code = fail(message, "out of memory");
  } else {
    for (int i = 0; i < count; i++) {
      types[i] = parameters[i].type;
      values[i] = (const char *)parameters[i].value;
      lengths[i] = parameters[i].length;
      formats[i] = 1;
    }
    connection->is_working = 1;
    if (!connection->library->send_query(
          connection->handle, sql, count, types, values, lengths, formats, 1)) {
      connection->is_working = 0;
      code = fail_connection(connection, message);
    }
  }
  free(types);
  free(values);
  free(lengths);
  free(formats);
  return code == CPOSTGRES_OK ? flush(connection, stop, message) : code;
}

int cpostgres_run(
  cpostgres_connection *connection, const char *sql, const cpostgres_parameter *parameters,
  int count, cpostgres_stop stop, cpostgres_result **out, cpostgres_message message) {
  int code = send_statement(connection, sql, parameters, count, stop, message);
  void *last = NULL;
  if (code == CPOSTGRES_OK) code = collect(connection, stop, &last, message);
  if (code != CPOSTGRES_OK) return code;
  cpostgres_result *result = calloc(1, sizeof *result);
  if (!result) {
    connection->library->clear(last);
    return fail(message, "out of memory");
  }
  result->library = connection->library;
  result->handle = last;
  *out = result;
  return CPOSTGRES_OK;
}

int cpostgres_row_count(const cpostgres_result *result) {
  return result->library->tuples(result->handle);
}

int64_t cpostgres_changed(const cpostgres_result *result) {
  return strtoll(result->library->changed(result->handle), NULL, 10);
}

const uint8_t *cpostgres_value(const cpostgres_result *result, int row, int column, int *length) {
  if (result->library->is_null(result->handle, row, column)) return NULL;
  *length = result->library->length(result->handle, row, column);
  return (const uint8_t *)result->library->value(result->handle, row, column);
}

void cpostgres_free(cpostgres_result *result) {
  if (!result) return;
  result->library->clear(result->handle);
  free(result);
}

int cpostgres_copy_begin(
  cpostgres_connection *connection, const char *sql, cpostgres_stop stop,
  cpostgres_message message) {
  int code = send_statement(connection, sql, NULL, 0, stop, message);
  void *last = NULL;
  if (code == CPOSTGRES_OK) code = collect(connection, stop, &last, message);
  if (code != CPOSTGRES_OK) return code;
  int status = connection->library->result_status(last);
  connection->library->clear(last);
  return status == COPY_IN ? CPOSTGRES_OK : fail(message, "the statement begins no copy");
}

// Of a copy that the server ended: its reason is in the results.
static int fail_copy(
  cpostgres_connection *connection, cpostgres_stop stop, cpostgres_message message) {
  void *last = NULL;
  if (connection->library->status(connection->handle) != CONNECTION_OK)
    return fail_connection(connection, message);
  int code = collect(connection, stop, &last, message);
  if (last) connection->library->clear(last);
  return code == CPOSTGRES_OK ? fail(message, "the server ended the copy") : code;
}

int cpostgres_copy_send(
  cpostgres_connection *connection, const uint8_t *bytes, size_t count, cpostgres_stop stop,
  cpostgres_message message) {
  const size_t piece = 1 << 20;
  for (size_t start = 0; start < count; start += piece) {
    size_t size = count - start < piece ? count - start : piece;
    for (;;) {
      int taken =
        connection->library->put_data(connection->handle, (const char *)bytes + start, (int)size);
      if (taken < 0) return fail_copy(connection, stop, message);
      if (taken > 0) break;
      int code = flush(connection, stop, message);
      if (code != CPOSTGRES_OK) return code;
    }
    // The buffer would grow to the size of all that is copied.
    int code = flush(connection, stop, message);
    if (code != CPOSTGRES_OK) return code;
  }
  return CPOSTGRES_OK;
}

int cpostgres_copy_end(
  cpostgres_connection *connection, cpostgres_stop stop, cpostgres_message message) {
  for (;;) {
    int taken = connection->library->put_end(connection->handle, NULL);
    if (taken < 0) return fail_copy(connection, stop, message);
    if (taken > 0) break;
    int code = flush(connection, stop, message);
    if (code != CPOSTGRES_OK) return code;
  }
  int code = flush(connection, stop, message);
  void *last = NULL;
  if (code == CPOSTGRES_OK) code = collect(connection, stop, &last, message);
  if (last) connection->library->clear(last);
  return code;
}
