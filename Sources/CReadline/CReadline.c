#define _GNU_SOURCE

#include "CReadline.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

static creadline_completer completer;

static char *finished_line;
static bool has_finished;

static volatile sig_atomic_t stop_requested;
static volatile sig_atomic_t resized;
/// What a signal wakes the reading of a line through: it may hit any thread, and that one alone.
static int wake[2] = {-1, -1};

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

void creadline_forward_termination(bool forwards) {
  struct sigaction action = {.sa_handler = forwards ? on_interrupt : SIG_DFL, .sa_flags = SA_RESTART};
  sigaction(SIGTERM, &action, NULL);
}

static void on_line(char *line) {
  finished_line = line;
  has_finished = true;
  rl_callback_handler_remove();
}

static void wake_up(void) {
  int before = errno;
  (void)!write(wake[1], "s", 1);
  errno = before;
}

static void on_stop(int number) {
  (void)number;
  stop_requested = 1;
  wake_up();
}

static void on_resize(int number) {
  (void)number;
  resized = 1;
  wake_up();
}

/// The labels of the candidates found last, for `display`.
static char **labels;
static size_t label_count;
static bool one_per_line;

static void forget_labels(void) {
  for (size_t i = 0; i < label_count; i++) free(labels[i]);
  free(labels);
  labels = NULL;
  label_count = 0;
}

/// The line up to `from`, then `text`. readline replaces the whole line up to the cursor, so
/// that each match carries the untouched part in front.
static char *with_line_before(int from, const char *text) {
  char *line = malloc((size_t)from + strlen(text) + 1);
  if (!line) return NULL;
  memcpy(line, rl_line_buffer, (size_t)from);
  strcpy(line + from, text);
  return line;
}

/// The words between `rl_line_buffer` offsets are decided by the completer, which
/// runs the real lexer; readline's own word breaking is switched off.
static char **attempt(const char *text, int start, int end) {
  (void)start;
  rl_attempted_completion_over = 1;
  forget_labels();
  if (!completer) return NULL;
  creadline_completion found = completer(rl_line_buffer, end);
  labels = found.labels;
  label_count = found.count;
  one_per_line = found.one_per_line;
  char **matches = found.count > 0 ? calloc(found.count + 2, sizeof(char *)) : NULL;
  if (matches && found.count == 1) {
    matches[0] = with_line_before(found.start, found.replacements[0]);
  } else if (matches) {
    matches[0] = found.partial ? with_line_before(found.start, found.partial) : strdup(text);
    for (size_t i = 0; i < found.count; i++)
      matches[i + 1] = with_line_before(found.start, found.replacements[i]);
  }
  for (size_t i = 0; i < found.count; i++) free(found.replacements[i]);
  free(found.replacements);
  free(found.partial);
  rl_completion_append_character = found.appends_space ? ' ' : '\0';
  return matches;
}

/// Candidates in one list.
enum { MOST_SHOWN = 100 };

/// Shows labels in place of whole lines.
static void display(char **matches, int count, int longest) {
  (void)matches;
  (void)longest;
  (void)count;
  size_t shown = label_count < MOST_SHOWN ? label_count : MOST_SHOWN;
  if (one_per_line) {
    rl_crlf();
    for (size_t i = 0; i < shown; i++) fprintf(rl_outstream, "%s\n", labels[i]);
    if (shown < label_count) fputs("and more: type on\n", rl_outstream);
    rl_forced_update_display();
    return;
  }
  // The list has a head, which is not shown.
  char **list = calloc(shown + 2, sizeof(char *));
  if (!list) return;
  int width = 0;
  list[0] = "";
  for (size_t i = 0; i < shown; i++) {
    list[i + 1] = labels[i];
    int length = (int)strlen(labels[i]);
    if (length > width) width = length;
  }
  rl_crlf();
  rl_display_match_list(list, (int)shown, width);
  free(list);
  if (shown < label_count) fputs("and more: type on\n", rl_outstream);
  rl_forced_update_display();
}

int creadline_width(void) {
  int rows = 0, columns = 0;
  rl_get_screen_size(&rows, &columns);
  // The last column is left free: a terminal may break a line that fills it.
  return columns > 20 ? columns - 1 : 79;
}

static creadline_painter painter;

/// Draws the line as usual, then its colours over it: both take the same columns.
static void redisplay(void) {
  rl_redisplay();
  // A search has a prompt and a text of its own.
  if (RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG)) return;
  if (rl_display_prompt != rl_prompt) return;
  int before = 0;
  char *painted = painter(rl_prompt, rl_line_buffer, creadline_width(), &before);
  if (!painted) return;
  fputs("\0337\r", rl_outstream);
  if (before > 0) fprintf(rl_outstream, "\033[%dC", before);
  fprintf(rl_outstream, "%s\0338", painted);
  fflush(rl_outstream);
  free(painted);
}

void creadline_paint(creadline_painter chosen) {
  painter = chosen;
  rl_redisplay_function = redisplay;
}

/// Lists the candidates when Tab is pressed again and nothing could be added.
static int tab(int count, int key) {
  (void)count;
  (void)key;
  static bool has_changed;
  bool lists = rl_last_func == tab && !has_changed;
  char *before = strdup(rl_line_buffer);
  rl_completer_word_break_characters = "";
  int status = rl_complete_internal(lists ? '?' : '\t');
  has_changed = !before || strcmp(before, rl_line_buffer) != 0;
  free(before);
  return status;
}

/// Keys that were typed while the terminal was asked something.
static unsigned char *ahead;
static size_t ahead_count, ahead_read;

static int next_key(FILE *stream) {
  if (ahead_read < ahead_count) return ahead[ahead_read++];
  return rl_getc(stream);
}

void creadline_type_ahead(const char *bytes, size_t count) {
  size_t left = ahead_count - ahead_read;
  unsigned char *longer = malloc(left + count + 1);
  if (!longer) return;
  if (left > 0) memcpy(longer, ahead + ahead_read, left);
  memcpy(longer + left, bytes, count);
  free(ahead);
  ahead = longer;
  ahead_count = left + count;
  ahead_read = 0;
}

/// Reads an answer of the terminal to its end: a final byte, or the two that end a string of its own.
static int leave_out_answer(int count, int key) {
  (void)count;
  // What ends no later than this is no answer.
  enum { LONGEST = 64 };
  int before = 0;
  for (int i = 0; i < LONGEST; i++) {
    int next = rl_read_key();
    if (key == 'G' ? before == 033 && next == '\\' : next >= 0x40 && next <= 0x7E) break;
    before = next;
  }
  return 0;
}

static int terminal_input(void) { return fileno(rl_instream ? rl_instream : stdin); }

static long milliseconds_since(const struct timespec *start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000;
}

static void write_all(const char *text) {
  size_t left = strlen(text);
  while (left > 0) {
    ssize_t written = write(STDOUT_FILENO, text, left);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text += written;
    left -= (size_t)written;
  }
}

size_t creadline_ask(
    const char *question, int milliseconds, creadline_judge is_answered, char *answer,
    size_t capacity) {
  int input = terminal_input();
  struct termios usual, asking;
  if (tcgetattr(input, &usual) != 0) return 0;
  // Ctrl-C stays what it is, and nothing that was typed is thrown away.
  asking = usual;
  asking.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
  asking.c_cc[VMIN] = 0;
  asking.c_cc[VTIME] = 0;
  if (tcsetattr(input, TCSANOW, &asking) != 0) return 0;
  write_all(question);
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  size_t count = 0;
  bool has_answer = false;
  while (!has_answer && count < capacity) {
    long left = milliseconds - milliseconds_since(&start);
    struct pollfd entry = {.fd = input, .events = POLLIN};
    int ready = left > 0 ? poll(&entry, 1, (int)left) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) break;
    ssize_t got = read(input, answer + count, capacity - count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    count += (size_t)got;
    has_answer = is_answered(answer, count);
  }
  tcsetattr(input, TCSANOW, &usual);
  // A terminal that knows none of it may have left something on the line.
  write_all("\r\033[K");
  if (!has_answer) {
    rl_bind_keyseq("\\e[?", leave_out_answer);
    rl_bind_keyseq("\\e[6;", leave_out_answer);
    rl_bind_keyseq("\\e_G", leave_out_answer);
  }
  return count;
}

void creadline_setup(const char *name, bool uses_stderr, creadline_completer chosen) {
  completer = chosen;
  // Without it a signal is noticed with the next key.
  if (pipe(wake) != 0) wake[0] = wake[1] = -1;
  for (int end = 0; end < 2; end++) {
    fcntl(wake[end], F_SETFD, FD_CLOEXEC);
    fcntl(wake[end], F_SETFL, O_NONBLOCK);
  }
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
  // The list has an end of its own.
  rl_variable_bind("page-completions", "off");
  rl_bind_key('\t', tab);
  rl_getc_function = next_key;
  using_history();
  // A session of months stays bounded; as many commands does the session itself keep.
  stifle_history(10000);
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
    struct pollfd fds[3] = {
        {.fd = terminal_input(), .events = POLLIN},
        {.fd = interrupt_fd, .events = POLLIN},
        {.fd = wake[0], .events = POLLIN},
    };
    bool has_ahead = ahead_read < ahead_count;
    int ready = poll(fds, 3, has_ahead ? 0 : -1);
    if (ready > 0 && fds[2].revents) {
      char drained[64];
      (void)!read(wake[0], drained, sizeof drained);
    }
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
    if (has_ahead || fds[0].revents) rl_callback_read_char();
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
