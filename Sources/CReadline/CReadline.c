#define _GNU_SOURCE

#include "CReadline.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

static creadline_completer completer;
static bool close_single_match;

static char *finished_line;
static bool has_finished;

static volatile sig_atomic_t stop_requested;
static volatile sig_atomic_t resized;

static int interrupt_descriptor = -1;

static void on_interrupt(int number) {
  (void)number;
  int before = errno;
  (void)!write(interrupt_descriptor, "c", 1);
  errno = before;
}

void creadline_forward_interrupts(int descriptor) {
  interrupt_descriptor = descriptor;
  struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};
  sigaction(SIGINT, &action, NULL);
}

static void on_line(char *line) {
  finished_line = line;
  has_finished = true;
  rl_callback_handler_remove();
}

static void on_stop(int number) {
  (void)number;
  stop_requested = 1;
}

static void on_resize(int number) {
  (void)number;
  resized = 1;
}

/// The words between `rl_line_buffer` offsets are decided by the completer, which
/// runs the real lexer; readline's own word breaking is switched off.
static char **attempt(const char *text, int start, int end) {
  (void)text;
  (void)start;
  rl_attempted_completion_over = 1;
  if (!completer) return NULL;
  int from = end;
  bool close = true;
  char **found = completer(rl_line_buffer, end, &from, &close);
  close_single_match = close;
  if (!found || !found[0]) {
    free(found);
    return NULL;
  }
  size_t count = 0;
  while (found[count]) count++;
  // readline replaces from `start`, which is the line's beginning here: each
  // match carries the untouched part in front, the display hides it again.
  char **matches = calloc(count + 2, sizeof(char *));
  size_t shared = strlen(found[0]);
  for (size_t i = 0; i < count; i++) {
    size_t n = 0;
    while (n < shared && found[i][n] == found[0][n]) n++;
    shared = n;
    matches[i + 1] = malloc((size_t)from + strlen(found[i]) + 1);
    memcpy(matches[i + 1], rl_line_buffer, (size_t)from);
    strcpy(matches[i + 1] + from, found[i]);
  }
  // Never split a UTF-8 sequence.
  while (shared > 0 && ((unsigned char)found[0][shared] & 0xC0) == 0x80) shared--;
  matches[0] = malloc((size_t)from + shared + 1);
  memcpy(matches[0], rl_line_buffer, (size_t)from);
  memcpy(matches[0] + from, found[0], shared);
  matches[0][(size_t)from + shared] = '\0';
  if (count == 1) {
    free(matches[1]);
    matches[1] = NULL;
  }
  for (size_t i = 0; i < count; i++) free(found[i]);
  free(found);
  rl_completion_append_character = close_single_match ? ' ' : '\0';
  return matches;
}

/// Shows only what follows the last blank or '/' that all matches share.
static void display(char **matches, int count, int longest) {
  const char *common = matches[0];
  size_t from = 0;
  for (size_t i = 0; common[i]; i++) {
    if (common[i] == ' ' || common[i] == '/') from = i + 1;
  }
  char **shown = calloc((size_t)count + 2, sizeof(char *));
  for (int i = 0; i <= count; i++) {
    size_t length = strlen(matches[i]);
    shown[i] = matches[i] + (from < length ? from : length);
  }
  longest = 0;
  for (int i = 1; i <= count; i++) {
    int length = (int)strlen(shown[i]);
    if (length > longest) longest = length;
  }
  rl_crlf();
  rl_display_match_list(shown, count, longest);
  free(shown);
  rl_forced_update_display();
}

static int tab(int count, int key) {
  (void)count;
  (void)key;
  rl_completer_word_break_characters = "";
  return rl_complete_internal(rl_last_func == tab ? '?' : '\t');
}

void creadline_setup(const char *name, bool uses_stderr, creadline_completer chosen) {
  completer = chosen;
  rl_readline_name = name;
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  if (uses_stderr) rl_outstream = stderr;
  rl_attempted_completion_function = attempt;
  rl_completion_display_matches_hook = display;
  rl_completer_word_break_characters = "";
  rl_completer_quote_characters = "";
  rl_sort_completion_matches = 0;
  rl_initialize();
  rl_variable_bind("enable-bracketed-paste", "on");
  rl_bind_key('\t', tab);
  using_history();
}

static void stop_and_resume(void) {
  stop_requested = 0;
  rl_deprep_terminal();
  raise(SIGSTOP);
  rl_prep_terminal(1);
  rl_forced_update_display();
}

int creadline_read(const char *prompt, int interrupt_fd, char **line, bool *was_empty) {
  struct sigaction stop = {.sa_handler = on_stop}, resize = {.sa_handler = on_resize};
  struct sigaction old_stop, old_resize;
  sigaction(SIGTSTP, &stop, &old_stop);
  sigaction(SIGWINCH, &resize, &old_resize);

  int result = CREADLINE_END;
  has_finished = false;
  finished_line = NULL;
  rl_callback_handler_install(prompt, on_line);
  while (!has_finished) {
    struct pollfd fds[2] = {
        {.fd = fileno(rl_instream ? rl_instream : stdin), .events = POLLIN},
        {.fd = interrupt_fd, .events = POLLIN},
    };
    int ready = poll(fds, 2, -1);
    if (stop_requested) stop_and_resume();
    if (resized) {
      resized = 0;
      rl_resize_terminal();
    }
    if (ready < 0) {
      if (errno == EINTR) continue;
      break;
    }
    if (fds[1].revents & POLLIN) {
      char drained[64];
      (void)!read(interrupt_fd, drained, sizeof drained);
      *was_empty = rl_end == 0;
      rl_free_line_state();
      rl_callback_sigcleanup();
      rl_replace_line("", 0);
      rl_crlf();
      rl_callback_handler_remove();
      result = CREADLINE_INTERRUPTED;
      has_finished = true;
      break;
    }
    if (fds[0].revents) rl_callback_read_char();
  }
  if (result != CREADLINE_INTERRUPTED && finished_line) {
    *line = finished_line;
    result = CREADLINE_LINE;
  }
  sigaction(SIGTSTP, &old_stop, NULL);
  sigaction(SIGWINCH, &old_resize, NULL);
  return result;
}

void creadline_add_history(const char *entry) { add_history(entry); }
