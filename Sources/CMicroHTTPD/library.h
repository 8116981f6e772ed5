#ifndef CMICROHTTPD_LIBRARY_H
#define CMICROHTTPD_LIBRARY_H

#include <microhttpd.h>

/// What is used of libmicrohttpd, which is loaded when a server is first started: it brings a dozen other
/// libraries, which most commands do not need.
#define CHTTPD_FUNCTIONS(F)                                                                       \
  F(add_response_header) F(create_response_from_buffer) F(destroy_response)                       \
  F(get_connection_info) F(get_connection_values) F(queue_response) F(quiesce_daemon)             \
  F(resume_connection) F(start_daemon) F(stop_daemon) F(suspend_connection)

#define CHTTPD_MEMBER(name) __typeof__(&MHD_##name) name;
typedef struct {
  CHTTPD_FUNCTIONS(CHTTPD_MEMBER)
} chttpd_library;
#undef CHTTPD_MEMBER

/// Valid once chttpd_load has returned NULL.
extern chttpd_library mhd;

#endif
