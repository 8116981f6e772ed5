#ifndef CMICROHTTPD_H
#define CMICROHTTPD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A server of HTTP/1.1 over libmicrohttpd, whose variadic functions Swift cannot call.
///
/// A request waits suspended while it is answered, so that no thread does. Connections that take too long to ask,
/// or to take their answer, are ended, those that ask nothing first when there are many.
typedef struct chttpd_server chttpd_server;
typedef struct chttpd_request chttpd_request;

/// Where a server listens.
typedef struct {
  /// In numbers, such as `127.0.0.1`.
  char address[64];
  uint16_t port;
  bool is_ipv6;
  /// Whether only this machine reaches it.
  bool is_loopback;
  /// Whether it is every address of this machine.
  bool is_any;
} chttpd_endpoint;

typedef struct {
  unsigned threads;
  /// Open at once; fewer where the system allows fewer descriptors.
  unsigned connections;
  /// Bytes that a connection has for a request's line and header, and for those of its answer.
  size_t memory_bytes;
  /// Milliseconds until a request's header is there, its body, and its answer is taken.
  unsigned header_ms;
  unsigned body_ms;
  unsigned answer_ms;
} chttpd_options;

typedef struct {
  const char *name;
  const char *value;
} chttpd_field;

typedef struct {
  /// Called on a thread of the server when a request's header is there. Returns how many bytes its body may have,
  /// or -1 after it has answered.
  int64_t (*admit)(chttpd_request *request, void *context);
  /// Called on a thread of the server when the whole request is there; it is answered once, by any thread.
  void (*handle)(chttpd_request *request, void *context);
  /// The last call about a request that was admitted; `owner` may be NULL.
  void (*ended)(void *owner, void *context);
  void *context;
} chttpd_calls;

/// Loads libmicrohttpd, once a process. NULL, or why it cannot be used.
const char *chttpd_load(void);

/// What a host's name stands for, IPv4 first. 0, or a code for `chttpd_resolution_reason`.
int chttpd_resolve(const char *host, uint16_t port, chttpd_endpoint *endpoint);
const char *chttpd_resolution_reason(int code);

/// Starts a server; port 0 takes a free one and writes it to `endpoint`. NULL with `*error` set to the system's
/// number where that is impossible.
chttpd_server *chttpd_start(
    chttpd_endpoint *endpoint, const chttpd_options *options, const chttpd_calls *calls, int *error);

/// Takes no further connections.
void chttpd_close_entrance(chttpd_server *server);

/// Ends the server after every request was answered: waits at most so long until the answers are taken.
void chttpd_stop(chttpd_server *server, unsigned wait_ms);

/// Connections that are open.
unsigned chttpd_connections(chttpd_server *server);

const char *chttpd_method(const chttpd_request *request);
/// As it was written, with nothing decoded.
const char *chttpd_target(const chttpd_request *request);
/// In numbers, without the port; empty where it is not known.
const char *chttpd_client(const chttpd_request *request);
const uint8_t *chttpd_body(const chttpd_request *request, size_t *size);
/// Calls `body` with each field of the header, while the request is admitted.
void chttpd_each_field(
    chttpd_request *request, void (*body)(const char *name, const char *value, void *context), void *context);

/// What goes with a request until `ended`.
void chttpd_set_owner(chttpd_request *request, void *owner);
void *chttpd_owner(const chttpd_request *request);

/// Answers a request, once; everything is copied.
void chttpd_answer(
    chttpd_request *request, unsigned status, const chttpd_field *fields, size_t count, const uint8_t *body,
    size_t size);

/// Bytes that nobody can guess; false where the system has none.
bool chttpd_random(uint8_t *bytes, size_t count);

#endif
