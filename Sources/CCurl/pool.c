#define _GNU_SOURCE

#include "CCurl.h"
#include "address.h"
#include "library.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

typedef struct {
  uint8_t *bytes;
  size_t size;
  size_t capacity;
} buffer;

typedef struct transfer {
  struct transfer *next;
  uint64_t number;
  CURL *handle;
  struct curl_slist *headers;
  uint8_t *sent;
  buffer head, body;
  size_t largest;
  bool is_too_large, is_head_too_large, is_cancelled, is_running, met_private;
  char message[CURL_ERROR_SIZE];
  ccurl_callback callback;
  void *context;
} transfer;

struct ccurl_pool {
  pthread_t thread;
  pthread_mutex_t lock;
  CURLM *multi;
  /// Waiting and running transfers, guarded by the lock.
  transfer *transfers;
  uint64_t last_number;
  bool is_ending;
  char *ca_file, *agent;
};

static bool append(buffer *to, const void *bytes, size_t size) {
  if (to->size + size > to->capacity) {
    size_t capacity = to->capacity ? to->capacity : 4096;
    while (capacity < to->size + size) capacity *= 2;
    uint8_t *grown = realloc(to->bytes, capacity);
    if (!grown) return false;
    to->bytes = grown;
    to->capacity = capacity;
  }
  memcpy(to->bytes + to->size, bytes, size);
  to->size += size;
  return true;
}

static size_t on_body(char *bytes, size_t one, size_t count, void *context) {
  transfer *t = context;
  (void)one;
  if (t->body.size + count > t->largest) {
    t->is_too_large = true;
    return 0;
  }
  return append(&t->body, bytes, count) ? count : 0;
}

static size_t on_header(char *bytes, size_t one, size_t count, void *context) {
  transfer *t = context;
  (void)one;
  // Each reply of a chain (100 Continue, proxies) begins again.
  if (count >= 5 && memcmp(bytes, "HTTP/", 5) == 0) t->head.size = 0;
  if (t->head.size + count > (1 << 18)) {
    t->is_head_too_large = true;
    return 0;
  }
  return append(&t->head, bytes, count) ? count : 0;
}

/// Looks at the address itself, whatever its name stood for a moment ago.
static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *to) {
  transfer *t = context;
  (void)purpose;
  if (!ccurl_is_public_address(&to->addr)) {
    t->met_private = true;
    return CURL_SOCKET_BAD;
  }
  return socket(to->family, to->socktype, to->protocol);
}

static void release(transfer *t) {
  if (t->handle) curl.easy_cleanup(t->handle);
  curl.slist_free_all(t->headers);
  free(t->sent);
  free(t->head.bytes);
  free(t->body.bytes);
  free(t);
}

static int outcome_of(CURLcode code, const transfer *t) {
  // A reply that is there counts, also when it was no longer waited for.
  if (code == CURLE_OK) return CCURL_OK;
  if (t->is_cancelled) return CCURL_CANCELLED;
  if (t->is_too_large || t->is_head_too_large) return CCURL_TOO_LARGE;
  if (t->met_private) return CCURL_PRIVATE_ADDRESS;
  switch (code) {
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE: return CCURL_TOO_LARGE;
#endif
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return CCURL_UNRESOLVED;
    case CURLE_COULDNT_CONNECT: return CCURL_UNREACHABLE;
    case CURLE_OPERATION_TIMEDOUT: return CCURL_TIMED_OUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return CCURL_UNTRUSTED;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_WEIRD_SERVER_REPLY: return CCURL_BROKEN_OFF;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return CCURL_BAD_REQUEST;
    default: return CCURL_OTHER;
  }
}

/// Takes a transfer out of the pool, answers it and frees it.
static void finish(ccurl_pool *pool, transfer *t, CURLcode code) {
  pthread_mutex_lock(&pool->lock);
  for (transfer **at = &pool->transfers; *at; at = &(*at)->next) {
    if (*at == t) {
      *at = t->next;
      break;
    }
  }
  pthread_mutex_unlock(&pool->lock);
  if (t->is_running) curl.multi_remove_handle(pool->multi, t->handle);
  // What libcurl says of a line of the head that is longer than it takes.
  if (code == CURLE_OUT_OF_MEMORY && t->head.size > 0 && t->body.size == 0) {
    t->is_head_too_large = true;
  }
  ccurl_reply reply = {
      .outcome = outcome_of(code, t),
      .headers = t->head.bytes, .headers_size = t->head.size,
      .body = t->body.bytes, .body_size = t->body.size,
  };
  reply.message = reply.outcome == CCURL_OK ? ""
                  : t->is_head_too_large   ? "its header is longer than any header should be"
                  : t->is_too_large || t->met_private ? ""
                  : t->message[0]          ? t->message
                                            : curl.easy_strerror(code);
  curl.easy_getinfo(t->handle, CURLINFO_RESPONSE_CODE, &reply.status);
  t->callback(&reply, t->context);
  release(t);
}

/// Starts what waits and finds one that is to end; the lock is held for the search only.
static transfer *next_to_end(ccurl_pool *pool) {
  transfer *found = NULL;
  pthread_mutex_lock(&pool->lock);
  for (transfer *t = pool->transfers; t && !found; t = t->next) {
    if (pool->is_ending) t->is_cancelled = true;
    if (t->is_cancelled) {
      found = t;
    } else if (!t->is_running) {
      t->is_running = true;
      curl.multi_add_handle(pool->multi, t->handle);
    }
  }
  pthread_mutex_unlock(&pool->lock);
  return found;
}

static void *drive(void *context) {
  ccurl_pool *pool = context;
  // A connection that the other side closed must not end the program.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  bool is_ending = false;
  while (!is_ending) {
    transfer *ended;
    while ((ended = next_to_end(pool))) finish(pool, ended, CURLE_ABORTED_BY_CALLBACK);
    int running = 0, left = 0;
    curl.multi_perform(pool->multi, &running);
    CURLMsg *message;
    while ((message = curl.multi_info_read(pool->multi, &left))) {
      if (message->msg != CURLMSG_DONE) continue;
      transfer *t = NULL;
      curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&t);
      finish(pool, t, message->data.result);
    }
    pthread_mutex_lock(&pool->lock);
    is_ending = pool->is_ending && !pool->transfers;
    pthread_mutex_unlock(&pool->lock);
    if (!is_ending) curl.multi_poll(pool->multi, NULL, 0, 1000, NULL);
  }
  return NULL;
}

ccurl_pool *ccurl_pool_create(long connections, const char *ca_file, const char *agent) {
  if (ccurl_load()) return NULL;
  ccurl_pool *pool = calloc(1, sizeof *pool);
  if (!pool) return NULL;
  pthread_mutex_init(&pool->lock, NULL);
  pool->multi = curl.multi_init();
  pool->ca_file = ca_file ? strdup(ca_file) : NULL;
  pool->agent = strdup(agent);
  curl.multi_setopt(pool->multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections);
  curl.multi_setopt(pool->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  if (pthread_create(&pool->thread, NULL, drive, pool) != 0) {
    curl.multi_cleanup(pool->multi);
    free(pool->ca_file);
    free(pool->agent);
    free(pool);
    return NULL;
  }
  return pool;
}

static bool prepare(transfer *t, const ccurl_request *request, const ccurl_pool *pool) {
  CURL *handle = t->handle;
  for (const char *const *line = request->headers; *line; line++) {
    struct curl_slist *longer = curl.slist_append(t->headers, *line);
    if (!longer) return false;
    t->headers = longer;
  }
  if (request->body_size > 0) {
    t->sent = malloc(request->body_size);
    if (!t->sent) return false;
    memcpy(t->sent, request->body, request->body_size);
    curl.easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size);
    curl.easy_setopt(handle, CURLOPT_POSTFIELDS, t->sent);
  }
  t->largest = request->largest_reply;
  curl.easy_setopt(handle, CURLOPT_URL, request->url);
  // Names of objects may hold '..'; what was signed is what is asked for.
  curl.easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
  curl.easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
  curl.easy_setopt(handle, CURLOPT_HTTPHEADER, t->headers);
  curl.easy_setopt(handle, CURLOPT_PRIVATE, t);
  curl.easy_setopt(handle, CURLOPT_ERRORBUFFER, t->message);
  curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl.easy_setopt(handle, CURLOPT_WRITEDATA, t);
  curl.easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl.easy_setopt(handle, CURLOPT_HEADERDATA, t);
  curl.easy_setopt(handle, CURLOPT_TIMEOUT_MS, request->timeout_ms);
  curl.easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, request->connect_timeout_ms);
  curl.easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl.easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  curl.easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
  // With TLS both sides agree on it.
  bool is_bare_http2 = request->is_http2_only && strncmp(request->url, "http:", 5) == 0;
  curl.easy_setopt(
      handle, CURLOPT_HTTP_VERSION,
      is_bare_http2 ? (long)CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE : (long)CURL_HTTP_VERSION_2TLS);
  // libcurl 7.88 begins such a connection anew where it is used again, and fails ("framing layer").
  if (is_bare_http2) curl.easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
  curl.easy_setopt(handle, CURLOPT_PIPEWAIT, 1L);
  if (request->once) curl.easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
  // A redirection would carry the key to another host.
  curl.easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl.easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl.easy_setopt(handle, CURLOPT_USERAGENT, pool->agent);
  if (request->is_public_only) {
    curl.easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl.easy_setopt(handle, CURLOPT_OPENSOCKETDATA, t);
    // The address of a proxy says nothing of where it leads.
    curl.easy_setopt(handle, CURLOPT_PROXY, "");
  }
  if (pool->ca_file) curl.easy_setopt(handle, CURLOPT_CAINFO, pool->ca_file);
  return true;
}

uint64_t ccurl_send(
    ccurl_pool *pool, const ccurl_request *request, ccurl_callback callback, void *context) {
  transfer *t = calloc(1, sizeof *t);
  if (!t) return 0;
  t->callback = callback;
  t->context = context;
  t->handle = curl.easy_init();
  if (!t->handle || !prepare(t, request, pool)) {
    release(t);
    return 0;
  }
  pthread_mutex_lock(&pool->lock);
  if (pool->is_ending) {
    pthread_mutex_unlock(&pool->lock);
    release(t);
    return 0;
  }
  uint64_t number = t->number = ++pool->last_number;
  t->next = pool->transfers;
  pool->transfers = t;
  pthread_mutex_unlock(&pool->lock);
  curl.multi_wakeup(pool->multi);
  return number;
}

void ccurl_cancel(ccurl_pool *pool, uint64_t number) {
  pthread_mutex_lock(&pool->lock);
  for (transfer *t = pool->transfers; t; t = t->next) {
    if (t->number == number) t->is_cancelled = true;
  }
  pthread_mutex_unlock(&pool->lock);
  curl.multi_wakeup(pool->multi);
}

void ccurl_pool_destroy(ccurl_pool *pool) {
  pthread_mutex_lock(&pool->lock);
  pool->is_ending = true;
  pthread_mutex_unlock(&pool->lock);
  curl.multi_wakeup(pool->multi);
  pthread_join(pool->thread, NULL);
  curl.multi_cleanup(pool->multi);
  pthread_mutex_destroy(&pool->lock);
  free(pool->ca_file);
  free(pool->agent);
  free(pool);
}
