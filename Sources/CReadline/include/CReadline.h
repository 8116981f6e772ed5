#ifndef CREADLINE_H
#define CREADLINE_H

#include <stdbool.h>
#include <stddef.h>

/// Owns every global of GNU readline, none of which Swift can touch safely.
/// All functions but those that forward signals are called from one thread: the one that
/// reads lines.

/// What `creadline_read` came back with.
enum { CREADLINE_LINE = 1, CREADLINE_END = 0, CREADLINE_INTERRUPTED = -1 };

/// What Tab offers. All strings and both arrays are malloc'ed; whoever receives them frees them.
typedef struct {
  /// Where the text to replace begins, as a byte of the line; it ends at the cursor.
  int start;
  size_t count;
  /// What takes its place, `count` of them.
  char **replacements;
  /// What a list shows, in the same order.
  char **labels;
  /// What takes its place while there are several; NULL to leave it as it is.
  char *partial;
  /// Whether a blank follows a single one.
  bool appends_space;
  /// Whether each label stands on a line of its own in a list.
  bool one_per_line;
} creadline_completion;

/// Columns that a line of a list may take.
int creadline_width(void);

/// Proposes completions for `line` (UTF-8) with the cursor at byte `cursor`.
typedef creadline_completion (*creadline_completer)(const char *line, int cursor);

/// The line with its colours, malloc'ed; NULL to leave it as readline draws it. `*before` gets the columns
/// of the prompt; `width` is that of the terminal.
typedef char *(*creadline_painter)(const char *prompt, const char *line, int width, int *before);

/// From now on lines are drawn over in colours while they are typed.
void creadline_paint(creadline_painter painter);

/// Prepares readline for `name` (as `~/.inputrc` tests it).
/// `uses_stderr` draws the prompt there, when stdout is not a terminal.
void creadline_setup(const char *name, bool uses_stderr, creadline_completer completer);

/// From now on Ctrl-C (SIGINT) writes a byte to `descriptor`, which must not block, and
/// does nothing else, whatever thread it hits.
void creadline_forward_interrupts(int descriptor);

/// Has a request to end (SIGTERM) do the same, or end the program as it does otherwise.
void creadline_forward_termination(bool forwards);

/// Reads one line. A byte on `interrupt_fd` clears the line and returns
/// CREADLINE_INTERRUPTED; `*was_empty` tells whether there was nothing to clear.
/// `*line` is malloc'ed and set only for CREADLINE_LINE.
int creadline_read(const char *prompt, int interrupt_fd, char **line, bool *was_empty);

/// Whether `count` bytes from the terminal hold the whole answer that is waited for.
typedef bool (*creadline_judge)(const char *bytes, size_t count);

/// Writes `question` to standard output, at the start of an empty line, and reads what the terminal answers, for `milliseconds` at most.
/// Keys that were typed come with it: `creadline_type_ahead` hands them on. After an answer that does not
/// come in time, the next lines leave it out.
///
/// Returns how many bytes came, at most `capacity`.
size_t creadline_ask(
    const char *question, int milliseconds, creadline_judge is_answered, char *answer,
    size_t capacity);

/// Bytes that the next lines read before those of the terminal.
void creadline_type_ahead(const char *bytes, size_t count);

/// Appends an entry, which may hold line feeds, to the list the arrow keys walk.
void creadline_add_history(const char *entry);

#endif
