#ifndef CDIGEST_SHIM_H
#define CDIGEST_SHIM_H

#include <openssl/evp.h>
#include <xxhash.h>

#endif
