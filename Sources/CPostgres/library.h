// The functions of libpq that are used, whose names and types its binary interface fixes.
#ifndef CPOSTGRES_LIBRARY_H
#define CPOSTGRES_LIBRARY_H

#include "CPostgres.h"

// Values of libpq's enumerations, fixed by its binary interface.
enum { CONNECTION_OK = 0, CONNECTION_BAD = 1 };
enum { POLLING_FAILED = 0, POLLING_READING = 1, POLLING_WRITING = 2, POLLING_OK = 3 };
enum { COMMAND_OK = 1, TUPLES_OK = 2, COPY_IN = 4 };
enum { FIELD_STATE = 'C', FIELD_PRIMARY = 'M', FIELD_DETAIL = 'D' };

struct cpostgres_library {
  void *(*connect_start)(const char *const *, const char *const *, int);
  int (*connect_poll)(void *);
  void (*finish)(void *);
  int (*status)(const void *);
  int (*socket)(const void *);
  int (*server_version)(const void *);
  char *(*error_message)(const void *);
  int (*set_nonblocking)(void *, int);
  void *(*set_notice_receiver)(void *, void (*)(void *, const void *), void *);
  int (*send_query)(
    void *, const char *, int, const uint32_t *, const char *const *, const int *, const int *, int);
  int (*flush)(void *);
  int (*consume)(void *);
  int (*is_busy)(void *);
  void *(*get_result)(void *);
  int (*result_status)(const void *);
  char *(*result_field)(const void *, int);
  char *(*result_message)(const void *);
  void (*clear)(void *);
  int (*tuples)(const void *);
  char *(*value)(const void *, int, int);
  int (*length)(const void *, int, int);
  int (*is_null)(const void *, int, int);
  char *(*changed)(void *);
  int (*put_data)(void *, const char *, int);
  int (*put_end)(void *, const char *);
  void *(*get_cancel)(void *);
  int (*cancel)(void *, char *, int);
  void (*free_cancel)(void *);
};

#endif
