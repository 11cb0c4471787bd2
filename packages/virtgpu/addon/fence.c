// Fences: a thread without a GL context waits for EGL syncs in order and makes an eventfd readable. Replay never waits.
#include "gl.h"
#include "egl.h"
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  uint32_t id;
  EGLSync sync; // NULL: already signalled when its turn comes
  int fd;       // native fence, or -1
  uint64_t signalled_ns; // CLOCK_MONOTONIC when the wait for it returned
} Fence;

typedef struct {
  Fence *items;
  uint32_t head, count, capacity; // a ring
} Queue;

static Queue waiting, signalled;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_t thread;
static bool is_running, must_stop;
static int event_fd = -1;

static bool queue_push(Queue *queue, Fence fence) {
  if (queue->count == queue->capacity) {
    uint32_t capacity = queue->capacity == 0 ? 64 : queue->capacity * 2;
    Fence *items = malloc(capacity * sizeof *items);
    if (items == NULL) return false;
    for (uint32_t index = 0; index < queue->count; index++) items[index] = queue->items[(queue->head + index) % queue->capacity];
    free(queue->items);
    *queue = (Queue){items, 0, queue->count, capacity};
  }
  queue->items[(queue->head + queue->count++) % queue->capacity] = fence;
  return true;
}

static Fence queue_pop(Queue *queue) {
  Fence fence = queue->items[queue->head];
  queue->head = (queue->head + 1) % queue->capacity;
  queue->count--;
  return fence;
}

static void wait_for(const Fence *fence) {
  const uint64_t step_ns = 100000000;
  if (fence->fd >= 0) {
    struct pollfd entry = {fence->fd, POLLIN, 0};
    while (!__atomic_load_n(&must_stop, __ATOMIC_RELAXED) && poll(&entry, 1, 100) == 0) {}
  } else if (fence->sync != NULL) {
    while (!__atomic_load_n(&must_stop, __ATOMIC_RELAXED) && egl.ClientWaitSyncKHR(egl_display, fence->sync, 0, step_ns) == EGL_TIMEOUT_EXPIRED_) {}
  }
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// The record carries the time at which the fence was seen to have signalled.
static void report(uint32_t id, uint64_t signalled_ns) {
  gl_complete(COMPLETION_FENCE, (int32_t)id, (int32_t)(uint32_t)signalled_ns, (int32_t)(uint32_t)(signalled_ns >> 32));
}

static void release(Fence *fence) {
  if (fence->sync != NULL) egl.DestroySyncKHR(egl_display, fence->sync);
  if (fence->fd >= 0) close(fence->fd);
}

static void *fence_thread(void *unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  for (;;) {
    while (waiting.count == 0 && !must_stop) pthread_cond_wait(&changed, &lock);
    if (must_stop) break;
    Fence fence = waiting.items[waiting.head];
    pthread_mutex_unlock(&lock);
    wait_for(&fence);
    fence.signalled_ns = now_ns();
    release(&fence);
    pthread_mutex_lock(&lock);
    queue_pop(&waiting);
    queue_push(&signalled, fence);
    uint64_t one = 1;
    ssize_t ignored = write(event_fd, &one, sizeof one);
    (void)ignored;
    pthread_cond_broadcast(&changed);
  }
  pthread_mutex_unlock(&lock);
  return NULL;
}

int fence_start(void) {
  // One for the life of the process: event loops keep waiting for it when the context is opened anew.
  if (event_fd < 0) event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (event_fd < 0) return -errno;
  must_stop = false;
  int error = pthread_create(&thread, NULL, fence_thread, NULL);
  if (error != 0) return -error;
  is_running = true;
  return 0;
}

void fence_insert(uint32_t id) {
  Fence fence = {id, NULL, -1, 0};
  if (egl_display == NULL || !is_running) {
    report(id, now_ns());
    return;
  }
  if (egl_has_native_fence) {
    fence.sync = egl.CreateSyncKHR(egl_display, EGL_SYNC_NATIVE_FENCE_ANDROID_, NULL);
    // The descriptor exists once the commands before it are flushed.
    gl.Flush();
    if (fence.sync != NULL) fence.fd = egl.DupNativeFenceFDANDROID(egl_display, fence.sync);
  } else if (egl_has_fence_sync) {
    fence.sync = egl.CreateSyncKHR(egl_display, EGL_SYNC_FENCE_, NULL);
    gl.Flush();
  }
  if (fence.sync == NULL && fence.fd < 0) gl.Finish(); // no syncs here: the honest answer costs a wait
  pthread_mutex_lock(&lock);
  bool is_queued = queue_push(&waiting, fence);
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
  if (is_queued) return;
  gl.Finish();
  release(&fence);
  report(id, now_ns());
}

void fence_poll(void) {
  if (!is_running) return;
  pthread_mutex_lock(&lock);
  if (signalled.count > 0) {
    uint64_t count;
    ssize_t ignored = read(event_fd, &count, sizeof count);
    (void)ignored;
  }
  while (signalled.count > 0) {
    Fence fence = queue_pop(&signalled);
    report(fence.id, fence.signalled_ns);
  }
  pthread_mutex_unlock(&lock);
}

void fence_drain(void) {
  if (!is_running) return;
  pthread_mutex_lock(&lock);
  while (waiting.count > 0) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}

void fence_stop(void) {
  if (!is_running) return;
  pthread_mutex_lock(&lock);
  __atomic_store_n(&must_stop, true, __ATOMIC_RELAXED);
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
  pthread_join(thread, NULL);
  is_running = false;
  while (waiting.count > 0) {
    Fence fence = queue_pop(&waiting);
    release(&fence);
  }
  signalled.count = 0;
}

int fence_event_fd(void) {
  return event_fd;
}
