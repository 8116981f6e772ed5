#ifndef CDIGEST_SHIM_H
#define CDIGEST_SHIM_H

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <xxhash.h>

#endif
