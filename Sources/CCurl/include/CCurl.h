#ifndef CCURL_H
#define CCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// One thread that drives all transfers of a process through libcurl's multi interface, whose
/// variadic functions Swift cannot call. Requests may come from any thread.
typedef struct ccurl_pool ccurl_pool;

typedef struct {
  const char *method;
  const char *url;
  /// `Name: value` lines, NULL-terminated.
  const char *const *headers;
  const uint8_t *body;
  size_t body_size;
  /// Milliseconds; 0 for no limit.
  long timeout_ms;
  long connect_timeout_ms;
  /// A reply beyond this many bytes ends the transfer.
  size_t largest_reply;
  /// Over a new connection: where a kept one turns out to be closed, libcurl sends again by itself, though
  /// the server may have done what it was asked for.
  bool once;
  /// Whether the connection must lead to a public address, and no proxy hides where it leads.
  bool is_public_only;
  /// HTTP/2 from the first byte, also without TLS: what gRPC is spoken over.
  bool is_http2_only;
} ccurl_request;

/// Why a transfer brought no reply.
enum {
  CCURL_OK = 0,
  CCURL_CANCELLED,
  CCURL_UNRESOLVED,
  CCURL_UNREACHABLE,
  CCURL_TIMED_OUT,
  CCURL_UNTRUSTED,
  CCURL_BROKEN_OFF,
  CCURL_TOO_LARGE,
  CCURL_BAD_REQUEST,
  CCURL_PRIVATE_ADDRESS,
  CCURL_OTHER,
};

typedef struct {
  int outcome;
  /// libcurl's own words; empty for CCURL_OK.
  const char *message;
  long status;
  /// The lines of the last reply's header, with line breaks.
  const uint8_t *headers;
  size_t headers_size;
  const uint8_t *body;
  size_t body_size;
} ccurl_reply;

/// Called once a request, on the pool's thread; the reply is valid during the call.
typedef void (*ccurl_callback)(const ccurl_reply *reply, void *context);

/// Loads libcurl, once a process. NULL, or why it cannot be used.
const char *ccurl_load(void);

/// Loads libcurl where that has not happened; NULL where it cannot. `connections` at once to one host; `ca_file` may be NULL for the system's.
ccurl_pool *ccurl_pool_create(long connections, const char *ca_file, const char *agent);

/// Copies the request and starts it. 0 when that is impossible, and the callback is not called.
uint64_t ccurl_send(
    ccurl_pool *pool, const ccurl_request *request, ccurl_callback callback, void *context);

/// Ends a request early: its callback gets CCURL_CANCELLED, unless it has been called already.
void ccurl_cancel(ccurl_pool *pool, uint64_t number);

/// Whether an address, in numbers, is one that anybody on the internet reaches: not of this machine, of
/// a private network, or of a cloud's metadata service. False for what is no address.
bool ccurl_is_public(const char *address);

/// Ends every request and the thread.
void ccurl_pool_destroy(ccurl_pool *pool);

#endif
