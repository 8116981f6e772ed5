#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

// Declares the hook below, which most builds of the library have.
#ifndef SQLITE_ENABLE_PREUPDATE_HOOK
#define SQLITE_ENABLE_PREUPDATE_HOOK
#endif

#include <sqlite3.h>

/// `SQLITE_TRANSIENT` is a cast macro, which Swift cannot import.
static inline sqlite3_destructor_type csqlite_transient(void) { return SQLITE_TRANSIENT; }

/// Closing the last connection does not write the log back; Swift cannot call variadic functions.
static inline int csqlite_skip_checkpoint(sqlite3 *connection) {
  return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

#pragma weak sqlite3_preupdate_hook

typedef void (*csqlite_row_hook)(void *context, sqlite3 *connection, int operation,
                                 const char *database, const char *table, sqlite3_int64 old_key,
                                 sqlite3_int64 new_key);

/// Has `hook` called before each change of a row; false where the library was built without.
static inline int csqlite_watch_rows(sqlite3 *connection, csqlite_row_hook hook, void *context) {
  if (!sqlite3_preupdate_hook) return 0;
  sqlite3_preupdate_hook(connection, hook, context);
  return 1;
}

#endif
