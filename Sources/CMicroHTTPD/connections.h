#ifndef CONNECTIONS_H
#define CONNECTIONS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/// What a connection is doing.
typedef enum {
  /// Nothing of a request is there, or not all of its header.
  CONNECTION_ASKING,
  CONNECTION_SENDING_BODY,
  /// The server's turn.
  CONNECTION_WAITING,
  CONNECTION_TAKING_ANSWER,
} connection_phase;

typedef struct connection {
  int descriptor;
  connection_phase phase;
  /// When the phase began, in milliseconds of a clock that is never set.
  int64_t since;
  struct connection *before, *after;
} connection;

/// The connections of a server, that of the oldest phase first, and the thread that ends those that take too long.
typedef struct {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  pthread_t thread;
  bool is_running, is_stopping;
  connection *first, *last;
  unsigned count, most;
  unsigned header_ms, body_ms, answer_ms;
} connection_list;

/// 0, or the system's number.
int connections_start(connection_list *list);
void connections_stop(connection_list *list);

/// NULL where there is no memory.
connection *connections_add(connection_list *list, int descriptor);
void connections_remove(connection_list *list, connection *one);
void connections_enter(connection_list *list, connection *one, connection_phase phase);

/// Waits until no connection has an answer to take, at most so long.
void connections_wait(connection_list *list, unsigned wait_ms);

#endif
