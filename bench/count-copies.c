// Counts the bytes that a process moves, from outside: loaded before its libraries (LD_PRELOAD), whatever the process is. Counted are
// memcpy and memmove (also as _FORTIFY_SOURCE calls them), pixman's composites, and what goes through sockets; calls for less than
// LEAST bytes are left out. Not seen: copies that the compiler wrote out in place, libc's inside itself, shaders, the kernel.
//
// VIRTGPU_COUNT_COPIES names a folder; each process has a file there, named by its pid: the u64 of `Kind`, in the machine's order.
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LEAST = 512 };
typedef enum { COPIED, COMPOSED, SENT, RECEIVED, KINDS } Kind;

static uint64_t unread[KINDS];
static uint64_t *counts = unread;
// Within a composite, which is counted as a whole.
static _Thread_local bool is_composing;

static void count(Kind kind, size_t bytes) {
  if (bytes >= LEAST) __atomic_fetch_add(&counts[kind], bytes, __ATOMIC_RELAXED);
}

__attribute__((constructor)) static void open_counts(void) {
  const char *folder = getenv("VIRTGPU_COUNT_COPIES");
  if (folder == NULL) return;
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/%d", folder, (int)getpid());
  int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate(fd, sizeof unread) != 0) abort();
  void *shared = mmap(NULL, sizeof unread, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (shared == MAP_FAILED) abort();
  close(fd);
  counts = shared;
}

// The next definition of a function, looked up once. Not for memcpy and memmove: dlsym may call them.
#define NEXT(name)                                                                                                             \
  static __typeof__(&name) next;                                                                                               \
  if (next == NULL) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

typedef void *(*Copy)(void *, const void *, size_t);
static Copy next_memcpy, next_memmove;

__attribute__((constructor)) static void find_copies(void) {
  next_memcpy = (Copy)dlsym(RTLD_NEXT, "memcpy");
  next_memmove = (Copy)dlsym(RTLD_NEXT, "memmove");
}

// Before the constructors have run.
static void *copy_slowly(void *to, const void *from, size_t length) {
  volatile uint8_t *out = to;
  const volatile uint8_t *in = from;
  if ((uintptr_t)out - (uintptr_t)in >= length) {
    for (size_t i = 0; i < length; i++) out[i] = in[i];
  } else {
    for (size_t i = length; i > 0; i--) out[i - 1] = in[i - 1];
  }
  return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t length) {
  if (!is_composing) count(COPIED, length);
  return next_memcpy == NULL ? copy_slowly(to, from, length) : next_memcpy(to, from, length);
}

void *memmove(void *to, const void *from, size_t length) {
  if (!is_composing) count(COPIED, length);
  return next_memmove == NULL ? copy_slowly(to, from, length) : next_memmove(to, from, length);
}

void *__memcpy_chk(void *to, const void *from, size_t length, size_t room) {
  if (length > room) abort();
  return memcpy(to, from, length);
}

void *__memmove_chk(void *to, const void *from, size_t length, size_t room) {
  if (length > room) abort();
  return memmove(to, from, length);
}

// pixman.h need not be installed: images are opaque, operators and formats 32-bit numbers.
extern uint32_t pixman_image_get_format(void *image) __attribute__((weak));
void pixman_image_composite(uint32_t, void *, void *, void *, int16_t, int16_t, int16_t, int16_t, int16_t, int16_t, uint16_t, uint16_t);
void pixman_image_composite32(uint32_t, void *, void *, void *, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t);

// Bytes of the source's area. A format's highest byte is its bits per pixel, in units of what bits 22 and 23 say (PIXMAN_FORMAT_BPP).
static void count_composite(void *source, size_t pixels) {
  uint32_t format = pixman_image_get_format == NULL ? 0 : pixman_image_get_format(source);
  count(COMPOSED, pixels * ((format >> 24) << (format >> 22 & 3)) / 8);
}

void pixman_image_composite(uint32_t op, void *source, void *mask, void *target, int16_t sx, int16_t sy, int16_t mx, int16_t my,
                            int16_t tx, int16_t ty, uint16_t width, uint16_t height) {
  NEXT(pixman_image_composite);
  bool was_composing = is_composing;
  if (!was_composing) count_composite(source, (size_t)width * height);
  is_composing = true;
  next(op, source, mask, target, sx, sy, mx, my, tx, ty, width, height);
  is_composing = was_composing;
}

void pixman_image_composite32(uint32_t op, void *source, void *mask, void *target, int32_t sx, int32_t sy, int32_t mx, int32_t my,
                              int32_t tx, int32_t ty, int32_t width, int32_t height) {
  NEXT(pixman_image_composite32);
  bool was_composing = is_composing;
  if (!was_composing) count_composite(source, (size_t)width * (size_t)height);
  is_composing = true;
  next(op, source, mask, target, sx, sy, mx, my, tx, ty, width, height);
  is_composing = was_composing;
}

static ssize_t count_result(Kind kind, ssize_t result) {
  if (result > 0) count(kind, (size_t)result);
  return result;
}

// read and write are for all files: only sockets count.
static ssize_t count_if_socket(Kind kind, int fd, ssize_t result) {
  int type;
  socklen_t length = sizeof type;
  bool is_counted = result >= LEAST && getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0;
  return is_counted ? count_result(kind, result) : result;
}

ssize_t send(int fd, const void *bytes, size_t length, int flags) {
  NEXT(send);
  return count_result(SENT, next(fd, bytes, length, flags));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  NEXT(sendmsg);
  return count_result(SENT, next(fd, message, flags));
}

ssize_t recv(int fd, void *bytes, size_t length, int flags) {
  NEXT(recv);
  return count_result(RECEIVED, next(fd, bytes, length, flags));
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
  NEXT(recvmsg);
  return count_result(RECEIVED, next(fd, message, flags));
}

ssize_t write(int fd, const void *bytes, size_t length) {
  NEXT(write);
  return count_if_socket(SENT, fd, next(fd, bytes, length));
}

ssize_t writev(int fd, const struct iovec *pieces, int amount) {
  NEXT(writev);
  return count_if_socket(SENT, fd, next(fd, pieces, amount));
}

ssize_t read(int fd, void *bytes, size_t length) {
  NEXT(read);
  return count_if_socket(RECEIVED, fd, next(fd, bytes, length));
}

ssize_t readv(int fd, const struct iovec *pieces, int amount) {
  NEXT(readv);
  return count_if_socket(RECEIVED, fd, next(fd, pieces, amount));
}
