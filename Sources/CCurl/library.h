#ifndef CCURL_LIBRARY_H
#define CCURL_LIBRARY_H

// The macros that check the types of options replace the functions' names.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/// What is used of libcurl, which is loaded when a request is first made: it brings two dozen other
/// libraries, which most commands do not need.
#define CCURL_FUNCTIONS(F)                                                                        \
  F(easy_cleanup) F(easy_getinfo) F(easy_init) F(easy_setopt) F(easy_strerror) F(global_init)     \
  F(multi_add_handle) F(multi_cleanup) F(multi_info_read) F(multi_init) F(multi_perform)          \
  F(multi_poll) F(multi_remove_handle) F(multi_setopt) F(multi_wakeup) F(slist_append)            \
  F(slist_free_all)

#define CCURL_MEMBER(name) __typeof__(&curl_##name) name;
typedef struct {
  CCURL_FUNCTIONS(CCURL_MEMBER)
} ccurl_library;
#undef CCURL_MEMBER

/// Valid once ccurl_load has returned NULL.
extern ccurl_library curl;

#endif
