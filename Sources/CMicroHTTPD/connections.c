#define _GNU_SOURCE

#include "connections.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

/// Milliseconds between two looks at what takes too long.
enum { LOOK_MS = 250 };
/// Where connections become scarce, those that have asked nothing for so long make room.
enum { PATIENCE_MS = 1000 };

static int64_t now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void unlink_one(connection_list *list, connection *one) {
  if (one->before) one->before->after = one->after;
  else list->first = one->after;
  if (one->after) one->after->before = one->before;
  else list->last = one->before;
}

static void append_one(connection_list *list, connection *one) {
  one->before = list->last;
  one->after = NULL;
  if (list->last) list->last->after = one;
  else list->first = one;
  list->last = one;
}

static unsigned limit_of(const connection_list *list, connection_phase phase) {
  switch (phase) {
  case CONNECTION_ASKING: return list->header_ms;
  case CONNECTION_SENDING_BODY: return list->body_ms;
  case CONNECTION_TAKING_ANSWER: return list->answer_ms;
  default: return 0;
  }
}

/// Ends what has taken too long: the server then finds the connection closed, and forgets it.
static void end_overdue(connection_list *list) {
  int64_t now = now_ms();
  unsigned open = list->count;
  unsigned enough = list->most - list->most / 4;
  for (connection *one = list->first; one; one = one->after) {
    if (one->descriptor < 0) continue;
    unsigned limit = limit_of(list, one->phase);
    bool is_overdue = limit && now - one->since >= limit;
    bool makes_room =
        open > enough && one->phase == CONNECTION_ASKING && now - one->since >= PATIENCE_MS;
    if (!is_overdue && !makes_room) continue;
    shutdown(one->descriptor, SHUT_RDWR);
    one->descriptor = -1;
    open -= 1;
  }
}

static struct timespec deadline(unsigned wait_ms) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  time.tv_sec += wait_ms / 1000;
  time.tv_nsec += (long)(wait_ms % 1000) * 1000000;
  if (time.tv_nsec >= 1000000000) {
    time.tv_sec += 1;
    time.tv_nsec -= 1000000000;
  }
  return time;
}

static void *watch(void *argument) {
  connection_list *list = argument;
  pthread_mutex_lock(&list->mutex);
  while (!list->is_stopping) {
    struct timespec until = deadline(LOOK_MS);
    while (!list->is_stopping
           && pthread_cond_timedwait(&list->changed, &list->mutex, &until) != ETIMEDOUT) {
    }
    if (!list->is_stopping) end_overdue(list);
  }
  pthread_mutex_unlock(&list->mutex);
  return NULL;
}

int connections_start(connection_list *list) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&list->changed, &attributes);
  pthread_condattr_destroy(&attributes);
  pthread_mutex_init(&list->mutex, NULL);
  int error = pthread_create(&list->thread, NULL, watch, list);
  list->is_running = error == 0;
  return error;
}

void connections_stop(connection_list *list) {
  pthread_mutex_lock(&list->mutex);
  list->is_stopping = true;
  pthread_cond_broadcast(&list->changed);
  pthread_mutex_unlock(&list->mutex);
  if (list->is_running) pthread_join(list->thread, NULL);
  while (list->first) connections_remove(list, list->first);
  pthread_cond_destroy(&list->changed);
  pthread_mutex_destroy(&list->mutex);
}

connection *connections_add(connection_list *list, int descriptor) {
  connection *one = calloc(1, sizeof *one);
  if (!one) return NULL;
  one->descriptor = descriptor;
  one->since = now_ms();
  pthread_mutex_lock(&list->mutex);
  append_one(list, one);
  list->count += 1;
  pthread_mutex_unlock(&list->mutex);
  return one;
}

void connections_remove(connection_list *list, connection *one) {
  pthread_mutex_lock(&list->mutex);
  unlink_one(list, one);
  list->count -= 1;
  pthread_cond_broadcast(&list->changed);
  pthread_mutex_unlock(&list->mutex);
  free(one);
}

void connections_enter(connection_list *list, connection *one, connection_phase phase) {
  pthread_mutex_lock(&list->mutex);
  unlink_one(list, one);
  one->phase = phase;
  one->since = now_ms();
  append_one(list, one);
  if (phase == CONNECTION_ASKING) pthread_cond_broadcast(&list->changed);
  pthread_mutex_unlock(&list->mutex);
}

static bool has_answers_to_take(const connection_list *list) {
  for (connection *one = list->first; one; one = one->after) {
    if (one->phase == CONNECTION_TAKING_ANSWER || one->phase == CONNECTION_WAITING) return true;
  }
  return false;
}

void connections_wait(connection_list *list, unsigned wait_ms) {
  struct timespec until = deadline(wait_ms);
  pthread_mutex_lock(&list->mutex);
  while (has_answers_to_take(list)
         && pthread_cond_timedwait(&list->changed, &list->mutex, &until) != ETIMEDOUT) {
  }
  pthread_mutex_unlock(&list->mutex);
}
