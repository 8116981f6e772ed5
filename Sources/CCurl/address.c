#include "address.h"

#include "CCurl.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

typedef struct {
  uint32_t network;
  int bits;
} range;

/// Of IANA's registry of special addresses (RFC 6890 and its successors), and multicast.
static const range reserved[] = {
    {0x00000000, 8},   // this network
    {0x0A000000, 8},   // private
    {0x64400000, 10},  // shared by a carrier's customers, and a cloud's metadata (100.100.100.200)
    {0x7F000000, 8},   // loopback
    {0xA9FE0000, 16},  // link-local, and clouds' metadata (169.254.169.254)
    {0xAC100000, 12},  // private
    {0xC0000000, 24},  // protocol assignments
    {0xC0000200, 24},  // documentation
    {0xC0A80000, 16},  // private
    {0xC6120000, 15},  // benchmarks
    {0xC6336400, 24},  // documentation
    {0xCB007100, 24},  // documentation
    {0xE0000000, 4},   // multicast
    {0xF0000000, 4},   // reserved, broadcast
};

static bool is_public_v4(uint32_t address) {
  // Azure's platform service, reached from its machines alone.
  if (address == 0xA83F8110) return false;
  for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
    if ((address ^ reserved[i].network) >> (32 - reserved[i].bits) == 0) return false;
  }
  return true;
}

static uint32_t number(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool is_public_v6(const uint8_t *b) {
  static const uint8_t zeros[12];
  static const uint8_t translated[12] = {0x00, 0x64, 0xFF, 0x9B};
  // ::, ::1 and addresses of the older family within: embedded, mapped, translated, tunnelled.
  if (memcmp(b, zeros, 10) == 0 && ((b[10] == 0 && b[11] == 0) || (b[10] == 0xFF && b[11] == 0xFF))) {
    return is_public_v4(number(b + 12));
  }
  if (memcmp(b, translated, 12) == 0) return is_public_v4(number(b + 12));
  if (b[0] == 0x20 && b[1] == 0x02) return is_public_v4(number(b + 2));
  // Of all others only those that are given out for the internet, less documentation and Teredo.
  if ((b[0] & 0xE0) != 0x20) return false;
  if (b[0] == 0x20 && b[1] == 0x01 && (b[2] & 0xFE) == 0) return false;
  return !(b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D && b[3] == 0xB8);
}

bool ccurl_is_public_address(const struct sockaddr *address) {
  if (address->sa_family == AF_INET) {
    return is_public_v4(ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr));
  }
  if (address->sa_family == AF_INET6) {
    return is_public_v6(((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr);
  }
  return false;
}

bool ccurl_is_public(const char *address) {
  struct in_addr v4;
  if (inet_pton(AF_INET, address, &v4) == 1) return is_public_v4(ntohl(v4.s_addr));
  struct in6_addr v6;
  return inet_pton(AF_INET6, address, &v6) == 1 && is_public_v6(v6.s6_addr);
}
