#ifndef CCURL_ADDRESS_H
#define CCURL_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/// As `ccurl_is_public`, of an address of a socket.
bool ccurl_is_public_address(const struct sockaddr *address);

#endif
