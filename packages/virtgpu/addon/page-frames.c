// Where in physical memory the pages of shared memory lie: Linux Documentation/admin-guide/mm/pagemap.rst.
#include "common.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENTRIES = 512, POPULATE_READ = 22 }; // MADV_POPULATE_READ, Linux 5.14
static const uint64_t PRESENT = 1ull << 63, FRAME = (1ull << 55) - 1;

typedef struct {
  double pages, unknown, highest; // highest: the last byte of the page that lies highest
} Frames;

// Pages that nobody touched yet have no entry: they are made present first. SIGBUS cannot come from madvise; older kernels get a guarded read.
static void make_present(volatile const uint8_t *bytes, size_t length, size_t page) {
  if (madvise((void *)bytes, length, POPULATE_READ) == 0) return;
  int slot = sigbus_install() == 0 ? sigbus_register((void *)bytes, length) : -1;
  if (slot < 0) return;
  for (size_t at = 0; at < length; at += page) (void)bytes[at];
  sigbus_unregister(slot);
}

static int count_frames(const uint8_t *bytes, size_t length, size_t page, Frames *frames) {
  int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  uint64_t entries[ENTRIES];
  size_t left = length / page;
  off_t at = (off_t)((uintptr_t)bytes / page * sizeof *entries);
  while (left > 0) {
    size_t want = left < ENTRIES ? left : ENTRIES;
    ssize_t got = pread(fd, entries, want * sizeof *entries, at);
    if (got <= 0 || got % (ssize_t)sizeof *entries != 0) {
      int error = got < 0 ? errno : EIO;
      close(fd);
      return -error;
    }
    size_t count = (size_t)got / sizeof *entries;
    for (size_t index = 0; index < count; index++) {
      uint64_t frame = entries[index] & FRAME;
      // Without CAP_SYS_ADMIN the kernel tells frame 0.
      if ((entries[index] & PRESENT) == 0 || frame == 0) frames->unknown++;
      else if ((double)(frame + 1) * (double)page - 1 > frames->highest) frames->highest = (double)(frame + 1) * (double)page - 1;
    }
    frames->pages += (double)count;
    left -= count;
    at += got;
  }
  close(fd);
  return 0;
}

static int look(int fd, double offset, double length, Frames *frames) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  struct stat info;
  if (!(offset >= 0) || !(length > 0) || offset + length > 9007199254740992.0) return -EINVAL;
  if (fstat(fd, &info) != 0) return -errno;
  // dma-bufs tell size 0 by fstat.
  off_t size = info.st_size > 0 ? info.st_size : lseek(fd, 0, SEEK_END);
  if (offset + length > (double)size) return -EINVAL;
  uint64_t from = (uint64_t)offset / page * page, to = ((uint64_t)offset + (uint64_t)length + page - 1) / page * page;
  void *bytes = mmap(NULL, to - from, PROT_READ, MAP_SHARED, fd, (off_t)from);
  if (bytes == MAP_FAILED) return -errno;
  make_present(bytes, to - from, page);
  int result = count_frames(bytes, to - from, page, frames);
  munmap(bytes, to - from);
  return result;
}

// pageFrames(fd, offset, length, out): fills [pages, pages whose frame is not known, highest physical address]. 0 or -errno.
static FUNCTION(js_page_frames) {
  ARGUMENTS(4);
  View out = to_view(env, args[3]);
  Frames frames = {0};
  int result = look(to_i32(env, args[0]), to_double(env, args[1]), to_double(env, args[2]), &frames);
  if (out.length < sizeof(double[3])) return from_i32(env, -EINVAL);
  double *values = (double *)out.bytes;
  values[0] = frames.pages;
  values[1] = frames.unknown;
  values[2] = frames.highest;
  return from_i32(env, result);
}

void page_frames_exports(napi_env env, napi_value exports) {
  export_function(env, exports, "pageFrames", js_page_frames);
}
