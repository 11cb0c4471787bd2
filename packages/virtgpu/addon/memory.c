// Shared memory: memfds with seals, mappings as ArrayBuffers that are released by hand.
#include "common.h"
#include "gl.h"
#include <fcntl.h>
#include <malloc.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  void *address; // NULL once unmapped
  size_t length;
  int slot; // of the SIGBUS guard
  int32_t handle;
} Mapping;

// Living mappings of all JavaScript threads by handle; NULL: free.
static Mapping **table;
static int32_t *free_handles;
static int32_t table_size, free_count, mapping_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool grow_table(void) {
  int32_t size = table_size == 0 ? 256 : table_size * 2;
  Mapping **grown = realloc(table, (size_t)size * sizeof *table);
  if (grown != NULL) table = grown;
  int32_t *handles = realloc(free_handles, (size_t)size * sizeof *free_handles);
  if (handles != NULL) free_handles = handles;
  if (grown == NULL || handles == NULL) return false;
  for (int32_t handle = size - 1; handle >= table_size; handle--) {
    table[handle] = NULL;
    free_handles[free_count++] = handle;
  }
  table_size = size;
  return true;
}

static bool link_mapping(Mapping *mapping) {
  pthread_mutex_lock(&lock);
  bool has_room = free_count > 0 || grow_table();
  if (has_room) {
    mapping->handle = free_handles[--free_count];
    table[mapping->handle] = mapping;
    mapping_count++;
  }
  pthread_mutex_unlock(&lock);
  return has_room;
}

static void release_mapping(Mapping *mapping) {
  if (mapping->address == NULL) return;
  sigbus_unregister(mapping->slot);
  munmap(mapping->address, mapping->length);
  mapping->address = NULL;
  pthread_mutex_lock(&lock);
  table[mapping->handle] = NULL;
  free_handles[free_count++] = mapping->handle;
  mapping_count--;
  pthread_mutex_unlock(&lock);
}

// Runs some time after `unmap`, or for a buffer that its owner leaked: memory that C may still use stays mapped then.
static void finalize_mapping(napi_env env, void *data, void *hint) {
  (void)env;
  (void)data;
  Mapping *mapping = hint;
  if (mapping->address != NULL && gl_uses_memory(mapping->address, mapping->length)) return;
  release_mapping(mapping);
  free(mapping);
}

static Mapping *mapping_of(napi_env env, napi_value handle) {
  int32_t index = to_i32(env, handle);
  pthread_mutex_lock(&lock);
  Mapping *mapping = index >= 0 && index < table_size ? table[index] : NULL;
  pthread_mutex_unlock(&lock);
  return mapping;
}

static FUNCTION(create_memfd) {
  ARGUMENTS(3);
  char name[128];
  to_text(env, args[0], name, sizeof name);
  double size = to_double(env, args[1]);
  if (!is_amount(size)) return from_double(env, -EINVAL);
  int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0) return from_result(env, -1);
  int seals = to_i32(env, args[2]);
  if (ftruncate(fd, (off_t)size) != 0 || (seals != 0 && fcntl(fd, F_ADD_SEALS, seals) != 0)) {
    int error = errno;
    close(fd);
    errno = error;
    return from_result(env, -1);
  }
  return from_i32(env, fd);
}

static FUNCTION(fd_size) {
  ARGUMENTS(1);
  struct stat status;
  if (fstat(to_i32(env, args[0]), &status) != 0) return from_result(env, -1);
  return from_double(env, (double)status.st_size);
}

static FUNCTION(close_fd) {
  ARGUMENTS(1);
  return from_result(env, close(to_i32(env, args[0])));
}

static FUNCTION(duplicate_fd) {
  ARGUMENTS(1);
  return from_result(env, fcntl(to_i32(env, args[0]), F_DUPFD_CLOEXEC, 3));
}

static napi_value failed(napi_env env, int error) {
  return from_double(env, -error);
}

// Makes an ArrayBuffer of mapped memory, which is unmapped when that fails; the handle goes to `handle`.
static napi_value adopt(napi_env env, void *address, size_t length, bool is_shared, View handle) {
  Mapping *mapping = calloc(1, sizeof *mapping);
  if (mapping != NULL) {
    mapping->address = address;
    mapping->length = length;
  }
  if (mapping == NULL || !link_mapping(mapping)) {
    munmap(address, length);
    free(mapping);
    return failed(env, ENOMEM);
  }
  mapping->slot = is_shared ? sigbus_register(address, length) : -1;
  memcpy(handle.bytes, &mapping->handle, sizeof mapping->handle);
  napi_value buffer;
  // On failure (over 4 GiB on Node 20) Node-API has already run the finaliser: nothing is left to free.
  if (napi_create_external_arraybuffer(env, address, length, finalize_mapping, mapping, &buffer) != napi_ok) {
    napi_value ignored;
    napi_get_and_clear_last_exception(env, &ignored);
    return failed(env, E2BIG);
  }
  return buffer;
}

static FUNCTION(map_fd) {
  ARGUMENTS(5);
  View handle = to_view(env, args[4]);
  int fd = to_i32(env, args[0]);
  double offset = to_double(env, args[1]), size = to_double(env, args[2]);
  if (handle.length < sizeof(int32_t) || !(size >= 1) || !(offset >= 0) || size > 9e15 || offset > 9e15) return failed(env, EINVAL);
  struct stat status;
  if (fstat(fd, &status) != 0) return failed(env, errno);
  if (S_ISREG(status.st_mode) && (double)status.st_size < offset + size) return failed(env, EOVERFLOW);
  if (sigbus_install() != 0) return failed(env, errno);
  int protection = to_bool(env, args[3]) ? PROT_READ | PROT_WRITE : PROT_READ;
  void *address = mmap(NULL, (size_t)size, protection, MAP_SHARED, fd, (off_t)offset);
  return address == MAP_FAILED ? failed(env, errno) : adopt(env, address, (size_t)size, true, handle);
}

// (length, handle out): memory of this process alone, zeroed. No file that somebody could cut short: the guard need not know it.
static FUNCTION(map_private) {
  ARGUMENTS(2);
  View handle = to_view(env, args[1]);
  double size = to_double(env, args[0]);
  if (handle.length < sizeof(int32_t) || !(size >= 1) || size > 9e15) return failed(env, EINVAL);
  void *address = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return address == MAP_FAILED ? failed(env, errno) : adopt(env, address, (size_t)size, false, handle);
}

// (bytes): blocks of that size and above are mapped one by one from now on, instead of the 8 MiB of `keep_freed_memory`.
static FUNCTION(set_map_threshold) {
  ARGUMENTS(1);
#ifdef M_MMAP_THRESHOLD
  mallopt(M_MMAP_THRESHOLD, to_i32(env, args[0]));
#else
  (void)args;
#endif
  return from_i32(env, 0);
}

// Gives what malloc has free in the middle of its arenas back to the kernel: its own limits look only at their ends.
static FUNCTION(trim_heap) {
  (void)info;
#ifdef __GLIBC__
  malloc_trim(0);
#endif
  return from_i32(env, 0);
}

// Maps one piece after another over `address`. @returns false with errno
static bool map_pieces(uint8_t *address, const double *pieces, uint32_t count) {
  for (uint32_t index = 0; index < count; index++) {
    const double *piece = pieces + (size_t)index * 3;
    void *mapped = mmap(address, (size_t)piece[2], PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, (int)piece[0], (off_t)piece[1]);
    if (mapped == MAP_FAILED) return false;
    address += (size_t)piece[2];
  }
  return true;
}

// (Float64Array of fd, offset, length; count; handle out): scattered pages as one contiguous mapping. Every piece must lie in its file.
static FUNCTION(map_window) {
  ARGUMENTS(3);
  View view = to_view(env, args[0]), handle = to_view(env, args[2]);
  uint32_t count = to_u32(env, args[1]);
  const double *pieces = (const double *)view.bytes;
  if (count == 0 || view.length / 24 < count || handle.length < sizeof(int32_t)) return failed(env, EINVAL);
  double page = (double)sysconf(_SC_PAGESIZE), total = 0;
  for (uint32_t index = 0; index < count; index++) {
    const double *piece = pieces + (size_t)index * 3;
    struct stat status;
    if (!(piece[1] >= 0 && piece[2] >= page && piece[1] < 9e15 && piece[2] < 9e15) || fmod(piece[1], page) != 0 || fmod(piece[2], page) != 0)
      return failed(env, EINVAL);
    if (!is_descriptor(piece[0])) return failed(env, EBADF);
    if (fstat((int)piece[0], &status) != 0) return failed(env, errno);
    if ((double)status.st_size < piece[1] + piece[2]) return failed(env, EOVERFLOW);
    total += piece[2];
  }
  if (total > 9e15) return failed(env, EINVAL);
  if (sigbus_install() != 0) return failed(env, errno);
  uint8_t *address = mmap(NULL, (size_t)total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (address == MAP_FAILED) return failed(env, errno);
  if (!map_pieces(address, pieces, count)) {
    int error = errno;
    munmap(address, (size_t)total);
    return failed(env, error);
  }
  return adopt(env, address, (size_t)total, true, handle);
}

// (buffer, handle): both, as only JavaScript can say which buffer to empty.
static FUNCTION(unmap) {
  ARGUMENTS(2);
  Mapping *mapping = mapping_of(env, args[1]);
  void *data = NULL;
  size_t length = 0;
  if (mapping == NULL || napi_get_arraybuffer_info(env, args[0], &data, &length) != napi_ok || data != mapping->address) return failed(env, EINVAL);
  if (gl_uses_memory(mapping->address, mapping->length)) return failed(env, EBUSY);
  if (napi_detach_arraybuffer(env, args[0]) != napi_ok) return failed(env, EINVAL);
  release_mapping(mapping); // the finaliser frees the struct
  return from_i32(env, 0);
}

static FUNCTION(is_damaged) {
  ARGUMENTS(1);
  Mapping *mapping = mapping_of(env, args[0]);
  return from_bool(env, mapping != NULL && sigbus_damaged(mapping->slot));
}

static FUNCTION(protect) {
  ARGUMENTS(2);
  Mapping *mapping = mapping_of(env, args[0]);
  if (mapping == NULL) return failed(env, EINVAL);
  int protection = to_bool(env, args[1]) ? PROT_READ | PROT_WRITE : PROT_READ;
  return from_result(env, mprotect(mapping->address, mapping->length, protection));
}

// (bytes, protection bits): for tests that prove that nobody touches memory. Whole pages only.
static FUNCTION(protect_pages) {
  ARGUMENTS(2);
  View view = to_view(env, args[0]);
  if (view.bytes == NULL) return failed(env, EINVAL);
  return from_result(env, mprotect(view.bytes, view.length, to_i32(env, args[1])));
}

static FUNCTION(count_mappings) {
  (void)info;
  return from_double(env, mapping_count);
}

static FUNCTION(install_sigbus_guard) {
  (void)info;
  return from_result(env, sigbus_install());
}

void memory_exports(napi_env env, napi_value exports) {
  export_function(env, exports, "createMemfd", create_memfd);
  export_function(env, exports, "fdSize", fd_size);
  export_function(env, exports, "closeFd", close_fd);
  export_function(env, exports, "duplicateFd", duplicate_fd);
  export_function(env, exports, "mapFd", map_fd);
  export_function(env, exports, "mapPrivate", map_private);
  export_function(env, exports, "mapWindow", map_window);
  export_function(env, exports, "protectPages", protect_pages);
  export_function(env, exports, "unmap", unmap);
  export_function(env, exports, "isDamaged", is_damaged);
  export_function(env, exports, "protect", protect);
  export_function(env, exports, "setMapThreshold", set_map_threshold);
  export_function(env, exports, "trimHeap", trim_heap);
  export_function(env, exports, "mappingCount", count_mappings);
  export_function(env, exports, "installSigbusGuard", install_sigbus_guard);
}
