#ifndef CREADLINE_H
#define CREADLINE_H

#include <stdbool.h>

/// Owns every global of GNU readline, none of which Swift can touch safely.
/// All functions but `creadline_forward_interrupts` are called from one thread: the one that
/// reads lines.

/// What `creadline_read` came back with.
enum { CREADLINE_LINE = 1, CREADLINE_END = 0, CREADLINE_INTERRUPTED = -1 };

/// Proposes completions for `line` (UTF-8) with the cursor at byte `cursor`.
/// Returns a malloc'ed, NULL-terminated array of malloc'ed strings that replace
/// the bytes from `*start` to the cursor, or NULL for none. `*close` tells
/// whether a single match is followed by a blank.
typedef char **(*creadline_completer)(const char *line, int cursor, int *start, bool *close);

/// Prepares readline for `name` (as `~/.inputrc` tests it).
/// `uses_stderr` draws the prompt there, when stdout is not a terminal.
void creadline_setup(const char *name, bool uses_stderr, creadline_completer completer);

/// From now on Ctrl-C (SIGINT) writes a byte to `descriptor`, which must not block, and
/// does nothing else, whatever thread it hits.
void creadline_forward_interrupts(int descriptor);

/// Reads one line. A byte on `interrupt_fd` clears the line and returns
/// CREADLINE_INTERRUPTED; `*was_empty` tells whether there was nothing to clear.
/// `*line` is malloc'ed and set only for CREADLINE_LINE.
int creadline_read(const char *prompt, int interrupt_fd, char **line, bool *was_empty);

/// Appends an entry, which may hold line feeds, to the list the arrow keys walk.
void creadline_add_history(const char *entry);

#endif
