#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <zlib.h>

/* A macro in zlib, which Swift cannot call. 31: 15 bits of window, and gzip's own header. */
static inline int czlib_begin_gunzip(z_stream *stream) { return inflateInit2(stream, 31); }

#endif
