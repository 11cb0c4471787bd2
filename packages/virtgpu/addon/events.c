// eventfds, poll(2), and one watcher thread that tells the event loop which descriptors became readable.
#include "common.h"
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

static FUNCTION(create_event_fd) {
  ARGUMENTS(1);
  return from_result(env, eventfd(0, EFD_CLOEXEC | (to_bool(env, args[0]) ? EFD_NONBLOCK : 0)));
}

static FUNCTION(signal_event_fd) {
  ARGUMENTS(1);
  uint64_t one = 1;
  ssize_t result;
  do result = write(to_i32(env, args[0]), &one, sizeof one);
  while (result < 0 && errno == EINTR);
  return from_result(env, (double)result);
}

static FUNCTION(drain_event_fd) {
  ARGUMENTS(1);
  uint64_t value = 0;
  ssize_t result;
  do result = read(to_i32(env, args[0]), &value, sizeof value);
  while (result < 0 && errno == EINTR);
  if (result < 0 && errno != EAGAIN) return from_result(env, -1);
  return from_double(env, (double)value);
}

enum { MAX_POLL = 256 };

static int poll_within(struct pollfd *fds, nfds_t count, double timeout_us) {
  if (timeout_us < 0) return ppoll(fds, count, NULL, NULL);
  if (!is_amount(timeout_us)) {
    errno = EINVAL;
    return -1;
  }
  struct timespec timeout = {(time_t)(timeout_us / 1e6), 0};
  timeout.tv_nsec = (long)((timeout_us - (double)timeout.tv_sec * 1e6) * 1e3);
  return ppoll(fds, count, &timeout, NULL);
}

static FUNCTION(poll_fds) {
  ARGUMENTS(5);
  View fds = to_view(env, args[0]), events = to_view(env, args[1]), revents = to_view(env, args[2]);
  uint32_t count = to_u32(env, args[3]);
  if (count > MAX_POLL || fds.length < count * 4 || events.length < count * 2 || revents.length < count * 2) {
    errno = EINVAL;
    return from_result(env, -1);
  }
  struct pollfd list[MAX_POLL];
  for (uint32_t index = 0; index < count; index++)
    list[index] = (struct pollfd){((int32_t *)fds.bytes)[index], ((int16_t *)events.bytes)[index], 0};
  int result = poll_within(list, count, to_double(env, args[4]));
  // A signal: let the caller look around, as if the time were over.
  if (result < 0 && errno == EINTR) result = 0;
  for (uint32_t index = 0; index < count; index++) ((int16_t *)revents.bytes)[index] = result > 0 ? list[index].revents : 0;
  return from_result(env, result);
}

static FUNCTION(thread_cpu_microseconds) {
  (void)info;
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return from_double(env, (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3);
}

// ---- the watcher: one thread, one epoll set of one-shot descriptors ----

static int watch_epoll = -1;
static napi_threadsafe_function watch_function;

static void *watch_thread(void *unused) {
  (void)unused;
  for (;;) {
    struct epoll_event events[32];
    int count = epoll_wait(watch_epoll, events, 32, -1);
    if (count < 0 && errno != EINTR) return NULL;
    for (int index = 0; index < count; index++) {
      // The descriptor stays in the set, disarmed, until JavaScript removes it: only one thread changes the set.
      uintptr_t ticket = (uintptr_t)events[index].data.u64;
      if (napi_call_threadsafe_function(watch_function, (void *)ticket, napi_tsfn_nonblocking) == napi_closing) return NULL;
    }
  }
}

static void watch_call(napi_env env, napi_value callback, void *context, void *data) {
  (void)context;
  if (env == NULL || callback == NULL) return;
  napi_value receiver, ticket = from_double(env, (double)(uintptr_t)data);
  napi_get_undefined(env, &receiver);
  napi_call_function(env, receiver, callback, 1, &ticket, NULL);
}

static FUNCTION(watch_start) {
  ARGUMENTS(1);
  // One JavaScript thread of the process may watch.
  if (watch_epoll >= 0) return from_i32(env, -EBUSY);
  watch_epoll = epoll_create1(EPOLL_CLOEXEC);
  if (watch_epoll < 0) return from_result(env, -1);
  napi_value name = from_text(env, "virtgpu watcher");
  if (napi_create_threadsafe_function(env, args[0], NULL, name, 0, 1, NULL, NULL, NULL, watch_call, &watch_function) != napi_ok) {
    errno = ENOMEM;
    return from_result(env, -1);
  }
  napi_unref_threadsafe_function(env, watch_function);
  pthread_t thread;
  errno = pthread_create(&thread, NULL, watch_thread, NULL);
  if (errno != 0) return from_result(env, -1);
  pthread_detach(thread);
  return from_i32(env, 0);
}

static FUNCTION(watch_add) {
  ARGUMENTS(2);
  struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data.u64 = to_u32(env, args[1])};
  return from_result(env, epoll_ctl(watch_epoll, EPOLL_CTL_ADD, to_i32(env, args[0]), &event));
}

static FUNCTION(watch_remove) {
  ARGUMENTS(1);
  return from_result(env, epoll_ctl(watch_epoll, EPOLL_CTL_DEL, to_i32(env, args[0]), NULL));
}

// Whether a pending watch keeps the event loop alive.
static FUNCTION(watch_keep_alive) {
  ARGUMENTS(1);
  if (to_bool(env, args[0])) napi_ref_threadsafe_function(env, watch_function);
  else napi_unref_threadsafe_function(env, watch_function);
  return NULL;
}

void event_exports(napi_env env, napi_value exports) {
  export_function(env, exports, "createEventFd", create_event_fd);
  export_function(env, exports, "signalEventFd", signal_event_fd);
  export_function(env, exports, "drainEventFd", drain_event_fd);
  export_function(env, exports, "pollFds", poll_fds);
  export_function(env, exports, "threadCpuMicroseconds", thread_cpu_microseconds);
  export_function(env, exports, "watchStart", watch_start);
  export_function(env, exports, "watchAdd", watch_add);
  export_function(env, exports, "watchRemove", watch_remove);
  export_function(env, exports, "watchKeepAlive", watch_keep_alive);
}
