// PostgreSQL's protocol by libpq opened at run time: no header of it and no library are needed to build.
//
// Every function that can wait asks `stop` every few milliseconds whether anybody still does, and gives
// CPOSTGRES_STOPPED when nobody does; the connection is of no use then.
#ifndef CPOSTGRES_H
#define CPOSTGRES_H

#include <stddef.h>
#include <stdint.h>

typedef struct cpostgres_library cpostgres_library;
typedef struct cpostgres_connection cpostgres_connection;
typedef struct cpostgres_result cpostgres_result;

// Whether to stop, called on the thread that waits.
typedef int (*cpostgres_stop)(void);

enum {
  CPOSTGRES_OK = 0,
  // The server refused, or an argument was wrong.
  CPOSTGRES_FAILED,
  // The connection is gone.
  CPOSTGRES_LOST,
  CPOSTGRES_STOPPED,
};

// Where a message goes.
typedef struct {
  char *text;
  size_t capacity;
  // SQLSTATE with a zero behind it, empty where there is none.
  char *state;
} cpostgres_message;

// A parameter of a query, in binary form; `value` is NULL for SQL's null.
typedef struct {
  uint32_t type;
  const uint8_t *value;
  int32_t length;
} cpostgres_parameter;

// Opens the library at `path`, which is never unloaded.
int cpostgres_open(const char *path, cpostgres_library **library, cpostgres_message message);
void cpostgres_close(cpostgres_library *library);

// Connects. `keywords` and `values` end with NULL; the value of `dbname` may be an address.
int cpostgres_connect(
  const cpostgres_library *library, const char *const *keywords, const char *const *values,
  cpostgres_stop stop, cpostgres_connection **connection, cpostgres_message message);

// Ends a connection, and what the server does for it.
void cpostgres_disconnect(cpostgres_connection *connection);

// As 160014.
int cpostgres_server_version(const cpostgres_connection *connection);

// Runs one statement; the columns of its rows come in binary form.
int cpostgres_run(
  cpostgres_connection *connection, const char *sql, const cpostgres_parameter *parameters,
  int count, cpostgres_stop stop, cpostgres_result **result, cpostgres_message message);

int cpostgres_row_count(const cpostgres_result *result);
// Rows that a statement changed.
int64_t cpostgres_changed(const cpostgres_result *result);
// NULL for SQL's null; valid until the result is freed.
const uint8_t *cpostgres_value(const cpostgres_result *result, int row, int column, int *length);
void cpostgres_free(cpostgres_result *result);

// Begins `copy … from stdin`.
int cpostgres_copy_begin(
  cpostgres_connection *connection, const char *sql, cpostgres_stop stop,
  cpostgres_message message);
int cpostgres_copy_send(
  cpostgres_connection *connection, const uint8_t *bytes, size_t count, cpostgres_stop stop,
  cpostgres_message message);
int cpostgres_copy_end(
  cpostgres_connection *connection, cpostgres_stop stop, cpostgres_message message);

// The file that this code was loaded from, as the dynamic linker knows it.
const char *cpostgres_own_path(void);

#endif
