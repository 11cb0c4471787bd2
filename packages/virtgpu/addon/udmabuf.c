// Memory as dma-bufs: /dev/udmabuf (linux/udmabuf.h), dma-heaps (linux/dma-heap.h), cache maintenance (linux/dma-buf.h), seals of memory files.
#include "common.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

typedef struct {
  uint32_t memfd, unused;
  uint64_t offset, size;
} ListItem;

typedef struct {
  uint32_t flags, count;
  ListItem items[];
} List;

typedef struct {
  uint32_t memfd, flags;
  uint64_t offset, size;
} Single;

enum { CLOEXEC = 1, MAX_ITEMS = 1 << 20 };
#define UDMABUF_CREATE_ _IOW('u', 0x42, Single)
#define UDMABUF_CREATE_LIST_ _IOW('u', 0x43, List)

// One descriptor for the process: opening the device costs more than the ioctl.
static int open_device(void) {
  static int device = -1;
  if (device < 0) device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
  return device;
}

static int create_list(int device, const double *pieces, uint32_t count) {
  List *list = calloc(1, sizeof *list + count * sizeof list->items[0]);
  if (list == NULL) return -ENOMEM;
  list->flags = CLOEXEC;
  list->count = count;
  for (uint32_t index = 0; index < count; index++) {
    const double *piece = pieces + (size_t)index * 3;
    list->items[index] = (ListItem){(uint32_t)piece[0], 0, (uint64_t)piece[1], (uint64_t)piece[2]};
  }
  int fd = ioctl(device, UDMABUF_CREATE_LIST_, list);
  int result = fd < 0 ? -errno : fd;
  free(list);
  return result;
}

// (Float64Array of fd, offset, size; count): a dma-buf of these pages, or -errno.
static FUNCTION(create_dma_buf) {
  ARGUMENTS(2);
  View view = to_view(env, args[0]);
  uint32_t count = to_u32(env, args[1]);
  const double *pieces = (const double *)view.bytes;
  if (count == 0 || count > MAX_ITEMS || view.length / 24 < count) return from_i32(env, -EINVAL);
  for (uint32_t index = 0; index < count * 3; index++)
    if (!is_amount(pieces[index])) return from_i32(env, -EINVAL);
  for (uint32_t index = 0; index < count; index++)
    if (!is_descriptor(pieces[(size_t)index * 3])) return from_i32(env, -EBADF);
  int device = open_device();
  if (device < 0) return from_i32(env, -errno);
  if (count > 1) return from_i32(env, create_list(device, pieces, count));
  Single single = {(uint32_t)pieces[0], CLOEXEC, (uint64_t)pieces[1], (uint64_t)pieces[2]};
  return from_result(env, ioctl(device, UDMABUF_CREATE_, &single));
}

// (heap, size): a dma-buf of `size` bytes, filled with zeros, from an open /dev/dma_heap/NAME (linux/dma-heap.h), or -errno.
static FUNCTION(allocate_heap) {
  ARGUMENTS(2);
  struct {
    uint64_t len;
    uint32_t fd, fd_flags;
    uint64_t heap_flags;
  } allocation = {.fd_flags = O_RDWR | O_CLOEXEC};
#define DMA_HEAP_IOCTL_ALLOC_ _IOWR('H', 0, allocation)
  double size = to_double(env, args[1]);
  if (!(size >= 1 && size < 9e15)) return from_i32(env, -EINVAL);
  allocation.len = (uint64_t)size;
  int result;
  do result = ioctl(to_i32(env, args[0]), DMA_HEAP_IOCTL_ALLOC_, &allocation);
  while (result < 0 && errno == EINTR);
  return result < 0 ? from_result(env, -1) : from_i32(env, (int32_t)allocation.fd);
}

bool dma_buf_sync(int fd, uint32_t flags) {
  struct {
    uint64_t flags;
  } sync;
  enum { END = 4 };
#define DMA_BUF_IOCTL_SYNC_ _IOW('b', 0, sync)
  for (int end = 0; end < 2; end++) {
    sync.flags = (flags & 3) | (end ? END : 0);
    int result;
    do result = ioctl(fd, DMA_BUF_IOCTL_SYNC_, &sync);
    while (result < 0 && (errno == EINTR || errno == EAGAIN));
    if (result < 0) return false;
  }
  return true;
}

// Starts and ends an access of the processor.
static FUNCTION(sync_dma_buf) {
  ARGUMENTS(2);
  return from_result(env, dma_buf_sync(to_i32(env, args[0]), to_u32(env, args[1])) ? 0 : -1);
}

// Seals of a file, or -errno: EINVAL for files that know none.
static FUNCTION(file_seals) {
  ARGUMENTS(1);
  return from_result(env, fcntl(to_i32(env, args[0]), F_GET_SEALS));
}

static FUNCTION(add_seals) {
  ARGUMENTS(2);
  return from_result(env, fcntl(to_i32(env, args[0]), F_ADD_SEALS, to_i32(env, args[1])));
}

// Bytes of a page of the file: huge pages for hugetlbfs, else the system's.
static FUNCTION(file_page_bytes) {
  ARGUMENTS(1);
  enum { HUGETLBFS = 0x958458f6 };
  struct statfs status;
  if (fstatfs(to_i32(env, args[0]), &status) == 0 && status.f_type == HUGETLBFS) return from_double(env, (double)status.f_bsize);
  return from_double(env, (double)sysconf(_SC_PAGESIZE));
}

// Gives pages of a file back (fallocate(2) PUNCH_HOLE): what a guest's balloon does. For tests.
static FUNCTION(punch_hole) {
  ARGUMENTS(3);
  double offset = to_double(env, args[1]), length = to_double(env, args[2]);
  if (!is_amount(offset) || !is_amount(length)) return from_double(env, -EINVAL);
  return from_result(env, fallocate(to_i32(env, args[0]), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)length));
}

void udmabuf_exports(napi_env env, napi_value exports) {
  export_function(env, exports, "createDmaBuf", create_dma_buf);
  export_function(env, exports, "allocateHeap", allocate_heap);
  export_function(env, exports, "syncDmaBuf", sync_dma_buf);
  export_function(env, exports, "fileSeals", file_seals);
  export_function(env, exports, "addSeals", add_seals);
  export_function(env, exports, "filePageBytes", file_page_bytes);
  export_function(env, exports, "punchHole", punch_hole);
}
