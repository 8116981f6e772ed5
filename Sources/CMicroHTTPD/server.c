#define _GNU_SOURCE

#include "CMicroHTTPD.h"
#include "connections.h"
#include "library.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/// Descriptors that the rest of the program keeps.
enum { OWN_DESCRIPTORS = 256 };

struct chttpd_server {
  struct MHD_Daemon *daemon;
  chttpd_calls calls;
  connection_list connections;
  int socket;
};

struct chttpd_request {
  struct MHD_Connection *connection;
  char *target;
  char method[16];
  char client[64];
  uint8_t *body;
  size_t body_size, body_room;
  int64_t limit;
  bool is_admitted, is_handed;
  unsigned status;
  struct MHD_Response *response;
  void *owner;
};

static connection *connection_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      mhd.get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

static void enter(chttpd_server *server, struct MHD_Connection *connection, connection_phase phase) {
  struct connection *one = connection_of(connection);
  if (one) connections_enter(&server->connections, one, phase);
}

// MARK: - Called by libmicrohttpd

static void on_connection(
    void *context, struct MHD_Connection *connection, void **socket_context,
    enum MHD_ConnectionNotificationCode code) {
  chttpd_server *server = context;
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    const union MHD_ConnectionInfo *info =
        mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *socket_context = info ? connections_add(&server->connections, info->connect_fd) : NULL;
  } else if (*socket_context) {
    // Called before the descriptor is closed, so that nobody ends another connection with its number.
    connections_remove(&server->connections, *socket_context);
    *socket_context = NULL;
  }
}

/// The first that is known of a request, before anything in it is decoded.
static void *on_target(void *context, const char *target, struct MHD_Connection *connection) {
  (void)context;
  chttpd_request *request = calloc(1, sizeof *request);
  if (!request) return NULL;
  request->target = strdup(target);
  request->connection = connection;
  return request;
}

static size_t keep_as_written(void *context, struct MHD_Connection *connection, char *text) {
  (void)context;
  (void)connection;
  return strlen(text);
}

static void note_client(chttpd_request *request) {
  const union MHD_ConnectionInfo *info =
      mhd.get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  const struct sockaddr *address = info ? info->client_addr : NULL;
  if (!address) return;
  if (address->sa_family == AF_INET) {
    inet_ntop(
        AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, request->client,
        sizeof request->client);
  } else if (address->sa_family == AF_INET6) {
    inet_ntop(
        AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, request->client,
        sizeof request->client);
  }
}

static bool keep_body(chttpd_request *request, const char *bytes, size_t size) {
  if (request->body_size + size > (size_t)request->limit) return false;
  if (request->body_size + size > request->body_room) {
    size_t room = request->body_room * 2;
    if (room < request->body_size + size) room = request->body_size + size;
    if (room > (size_t)request->limit) room = (size_t)request->limit;
    uint8_t *larger = realloc(request->body, room);
    if (!larger) return false;
    request->body = larger;
    request->body_room = room;
  }
  memcpy(request->body + request->body_size, bytes, size);
  request->body_size += size;
  return true;
}

static enum MHD_Result queue(chttpd_server *server, chttpd_request *request) {
  if (!request->response) return MHD_NO;
  enter(server, request->connection, CONNECTION_TAKING_ANSWER);
  enum MHD_Result result =
      mhd.queue_response(request->connection, request->status, request->response);
  mhd.destroy_response(request->response);
  request->response = NULL;
  return result;
}

static enum MHD_Result on_request(
    void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *upload, size_t *upload_size, void **state) {
  (void)url;
  (void)version;
  chttpd_server *server = context;
  chttpd_request *request = *state;
  if (!request || !request->target) return MHD_NO;
  if (!request->is_admitted) {
    request->is_admitted = true;
    request->connection = connection;
    strncpy(request->method, method, sizeof request->method - 1);
    note_client(request);
    request->limit = server->calls.admit(request, server->calls.context);
    if (request->limit < 0) return queue(server, request);
    enter(server, connection, CONNECTION_SENDING_BODY);
    return MHD_YES;
  }
  if (*upload_size) {
    if (!keep_body(request, upload, *upload_size)) return MHD_NO;
    *upload_size = 0;
    return MHD_YES;
  }
  if (!request->is_handed) {
    request->is_handed = true;
    enter(server, connection, CONNECTION_WAITING);
    mhd.suspend_connection(connection);
    server->calls.handle(request, server->calls.context);
    return MHD_YES;
  }
  return queue(server, request);
}

static void on_completed(
    void *context, struct MHD_Connection *connection, void **state,
    enum MHD_RequestTerminationCode code) {
  (void)code;
  chttpd_server *server = context;
  chttpd_request *request = *state;
  if (!request) return;
  *state = NULL;
  enter(server, connection, CONNECTION_ASKING);
  if (request->is_admitted) server->calls.ended(request->owner, server->calls.context);
  if (request->response) mhd.destroy_response(request->response);
  free(request->body);
  free(request->target);
  free(request);
}

// MARK: - Starting and ending

static int listen_at(chttpd_endpoint *endpoint) {
  union {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
  } address = {0};
  socklen_t size;
  if (endpoint->is_ipv6) {
    address.six.sin6_family = AF_INET6;
    address.six.sin6_port = htons(endpoint->port);
    inet_pton(AF_INET6, endpoint->address, &address.six.sin6_addr);
    size = sizeof address.six;
  } else {
    address.four.sin_family = AF_INET;
    address.four.sin_port = htons(endpoint->port);
    inet_pton(AF_INET, endpoint->address, &address.four.sin_addr);
    size = sizeof address.four;
  }
  int descriptor = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return -1;
  int yes = 1;
  // A server that has just ended leaves connections that would hold the port for a minute.
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(descriptor, &address.any, size) || listen(descriptor, SOMAXCONN)
      || getsockname(descriptor, &address.any, &size)) {
    int error = errno;
    close(descriptor);
    errno = error;
    return -1;
  }
  endpoint->port = ntohs(endpoint->is_ipv6 ? address.six.sin6_port : address.four.sin_port);
  return descriptor;
}

/// As many connections as the system has descriptors for, which are asked for.
static unsigned affordable(unsigned connections) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit)) return connections;
  rlim_t wanted = (rlim_t)connections + OWN_DESCRIPTORS;
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (getrlimit(RLIMIT_NOFILE, &limit)) return connections;
  }
  if (limit.rlim_cur >= wanted) return connections;
  return limit.rlim_cur > 2 * OWN_DESCRIPTORS ? (unsigned)(limit.rlim_cur - OWN_DESCRIPTORS) : OWN_DESCRIPTORS / 4;
}

chttpd_server *chttpd_start(
    chttpd_endpoint *endpoint, const chttpd_options *options, const chttpd_calls *calls, int *error) {
  if (chttpd_load()) {
    *error = ENOSYS;
    return NULL;
  }
  chttpd_server *server = calloc(1, sizeof *server);
  if (!server) {
    *error = ENOMEM;
    return NULL;
  }
  server->calls = *calls;
  server->connections.most = affordable(options->connections);
  server->connections.header_ms = options->header_ms;
  server->connections.body_ms = options->body_ms;
  server->connections.answer_ms = options->answer_ms;
  server->socket = listen_at(endpoint);
  if (server->socket < 0) {
    *error = errno;
    free(server);
    return NULL;
  }
  *error = connections_start(&server->connections);
  if (!*error) {
    server->daemon = mhd.start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (endpoint->is_ipv6 ? MHD_USE_IPv6 : 0), 0, NULL,
        NULL, on_request, server,  //
        MHD_OPTION_LISTEN_SOCKET, server->socket,  //
        MHD_OPTION_THREAD_POOL_SIZE, options->threads,  //
        MHD_OPTION_CONNECTION_LIMIT, server->connections.most,  //
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->memory_bytes,  //
        MHD_OPTION_STRICT_FOR_CLIENT, 1,  //
        MHD_OPTION_URI_LOG_CALLBACK, on_target, server,  //
        MHD_OPTION_UNESCAPE_CALLBACK, keep_as_written, NULL,  //
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,  //
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,  //
        MHD_OPTION_END);
    if (!server->daemon) *error = errno ? errno : EAGAIN;
  }
  if (*error) {
    connections_stop(&server->connections);
    close(server->socket);
    free(server);
    return NULL;
  }
  return server;
}

void chttpd_close_entrance(chttpd_server *server) {
  if (server->socket < 0) return;
  mhd.quiesce_daemon(server->daemon);
  close(server->socket);
  server->socket = -1;
}

void chttpd_stop(chttpd_server *server, unsigned wait_ms) {
  chttpd_close_entrance(server);
  connections_wait(&server->connections, wait_ms);
  mhd.stop_daemon(server->daemon);
  connections_stop(&server->connections);
  free(server);
}

unsigned chttpd_connections(chttpd_server *server) {
  pthread_mutex_lock(&server->connections.mutex);
  unsigned count = server->connections.count;
  pthread_mutex_unlock(&server->connections.mutex);
  return count;
}

// MARK: - Requests

const char *chttpd_method(const chttpd_request *request) { return request->method; }

const char *chttpd_target(const chttpd_request *request) { return request->target; }

const char *chttpd_client(const chttpd_request *request) { return request->client; }

const uint8_t *chttpd_body(const chttpd_request *request, size_t *size) {
  *size = request->body_size;
  return request->body;
}

typedef struct {
  void (*body)(const char *name, const char *value, void *context);
  void *context;
} field_visit;

static enum MHD_Result visit_field(
    void *context, enum MHD_ValueKind kind, const char *name, const char *value) {
  (void)kind;
  const field_visit *visit = context;
  visit->body(name, value ? value : "", visit->context);
  return MHD_YES;
}

void chttpd_each_field(
    chttpd_request *request, void (*body)(const char *name, const char *value, void *context), void *context) {
  field_visit visit = {.body = body, .context = context};
  mhd.get_connection_values(request->connection, MHD_HEADER_KIND, visit_field, &visit);
}

void chttpd_set_owner(chttpd_request *request, void *owner) { request->owner = owner; }

void *chttpd_owner(const chttpd_request *request) { return request->owner; }

void chttpd_answer(
    chttpd_request *request, unsigned status, const chttpd_field *fields, size_t count, const uint8_t *body,
    size_t size) {
  struct MHD_Response *response =
      mhd.create_response_from_buffer(size, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
  for (size_t place = 0; response && place < count; place++) {
    mhd.add_response_header(response, fields[place].name, fields[place].value);
  }
  request->status = status;
  request->response = response;
  if (request->is_handed) mhd.resume_connection(request->connection);
}
