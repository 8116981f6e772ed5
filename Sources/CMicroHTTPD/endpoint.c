#define _GNU_SOURCE

#include "CMicroHTTPD.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

static void describe(const struct addrinfo *found, chttpd_endpoint *endpoint) {
  endpoint->is_ipv6 = found->ai_family == AF_INET6;
  if (endpoint->is_ipv6) {
    struct in6_addr address = ((const struct sockaddr_in6 *)(const void *)found->ai_addr)->sin6_addr;
    endpoint->is_loopback = IN6_IS_ADDR_LOOPBACK(&address);
    endpoint->is_any = IN6_IS_ADDR_UNSPECIFIED(&address);
    inet_ntop(AF_INET6, &address, endpoint->address, sizeof endpoint->address);
  } else {
    struct in_addr address = ((const struct sockaddr_in *)(const void *)found->ai_addr)->sin_addr;
    endpoint->is_loopback = (ntohl(address.s_addr) >> 24) == 127;
    endpoint->is_any = address.s_addr == INADDR_ANY;
    inet_ntop(AF_INET, &address, endpoint->address, sizeof endpoint->address);
  }
}

int chttpd_resolve(const char *host, uint16_t port, chttpd_endpoint *endpoint) {
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
  struct addrinfo *found = NULL;
  int code = getaddrinfo(host, NULL, &hints, &found);
  if (code) return code;
  const struct addrinfo *chosen = found;
  for (const struct addrinfo *one = found; one; one = one->ai_next) {
    if (one->ai_family == AF_INET) {
      chosen = one;
      break;
    }
  }
  memset(endpoint, 0, sizeof *endpoint);
  endpoint->port = port;
  describe(chosen, endpoint);
  freeaddrinfo(found);
  return 0;
}

const char *chttpd_resolution_reason(int code) { return gai_strerror(code); }

bool chttpd_random(uint8_t *bytes, size_t count) {
  return getrandom(bytes, count, 0) == (ssize_t)count;
}
