// For the Linux calls that strict C17 hides.
#define _GNU_SOURCE
#include "CVips.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <malloc.h>
#include <sys/prctl.h>
#endif

// Both ends close on exec, so that no other child keeps a worker's socket open.
static int make_socket_pair(int ends[2]) {
#if defined(__linux__)
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) ? errno : 0;
#else
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) return errno;
  int on = 1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  setsockopt(ends[0], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
  return 0;
#endif
}

static void prepare_attributes(posix_spawnattr_t *attributes) {
  short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
#if defined(__APPLE__)
  flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_init(attributes);
  posix_spawnattr_setflags(attributes, flags);
  posix_spawnattr_setpgroup(attributes, 0);
  posix_spawnattr_setsigmask(attributes, &none);
  posix_spawnattr_setsigdefault(attributes, &all);
}

enum { BUSY_ATTEMPTS = 20 };

int cvips_spawn(
    const char *executable, const char *argument, char *const environment[], int *process,
    int *descriptor) {
  int ends[2];
  int status = make_socket_pair(ends);
  if (status) return status;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  prepare_attributes(&attributes);
  char *const arguments[] = {(char *)executable, (char *)argument, NULL};
  pid_t child = 0;
  // While a file is being replaced, a process forked in between holds it open for a moment.
  for (int attempt = 0; attempt < BUSY_ATTEMPTS; attempt++) {
    status = posix_spawn(&child, executable, &actions, &attributes, arguments, environment);
    if (status != ETXTBSY) break;
    nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
  }
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (status) {
    close(ends[0]);
    return status;
  }
  *process = child;
  *descriptor = ends[0];
  return 0;
}

int cvips_reap(int process) {
  int status = 0;
  // A process that is already ending keeps the status it ends with.
  kill(process, SIGKILL);
  while (waitpid(process, &status, 0) < 0)
    if (errno != EINTR) return 0;
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

ptrdiff_t cvips_send(int descriptor, const void *bytes, size_t count) {
#if defined(MSG_NOSIGNAL)
  return send(descriptor, bytes, count, MSG_NOSIGNAL);
#else
  return send(descriptor, bytes, count, 0);
#endif
}

#if defined(__linux__)
static uint64_t address_space(void) {
  unsigned long long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file) return 0;
  if (fscanf(file, "%llu", &pages) != 1) pages = 0;
  fclose(file);
  return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t space_at_start;
#endif

void cvips_confine(void) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  signal(SIGINT, SIG_IGN);
#if defined(__linux__)
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NAME, "parallax-decode");
  // Each arena reserves address space that the limit would count.
  mallopt(M_ARENA_MAX, 2);
  space_at_start = address_space();
#endif
}

void cvips_limit_memory(uint64_t memory) {
#if defined(__linux__)
  struct rlimit space;
  if (getrlimit(RLIMIT_AS, &space)) return;
  rlim_t limit = space_at_start + memory;
  if (limit < memory) limit = space.rlim_max;
  space.rlim_cur = limit < space.rlim_max ? limit : space.rlim_max;
  setrlimit(RLIMIT_AS, &space);
#else
  // macOS does not enforce a limit on the address space; the limit on pixels has to do there.
  (void)memory;
#endif
}
