// Which imports the board refuses, and the private copy behind those that it bounces.
#include "picky.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void fatal_reach(void) {
  fprintf(stderr, "picky host: dma-limit needs CAP_SYS_ADMIN to read page frames\n");
  _exit(99);
}

static int64_t used_bytes(const Picture *picture, const Plane *plane) {
  return (picture->height - 1) * plane->stride + picture->width * bytes_per_texel(picture->format);
}

// Whether a page of the range lies out of the board's reach: /proc/self/pagemap, as the kernel's swiotlb would know by itself.
static bool is_out_of_reach(int fd, uint64_t from, uint64_t to) {
  enum { PAGE = 4096 };
  static const uint64_t frame = (1ull << 55) - 1;
  uint64_t start = from / PAGE * PAGE, length = to - start;
  uint8_t *bytes = mmap(NULL, length, PROT_READ, MAP_SHARED, fd, (off_t)start);
  int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  bool is_far = false;
  if (bytes == MAP_FAILED || pagemap < 0) fatal_reach();
  for (uint64_t at = 0; at < length && !is_far; at += PAGE) {
    (void)*(volatile uint8_t *)(bytes + at);
    uint64_t entry = 0;
    if (pread(pagemap, &entry, sizeof entry, (off_t)((uintptr_t)(bytes + at) / PAGE * sizeof entry)) != sizeof entry || (entry & frame) == 0) fatal_reach();
    is_far = ((entry & frame) + 1) * PAGE > settings.dma_limit;
  }
  close(pagemap);
  munmap(bytes, length);
  return is_far;
}

static bool is_high(const Picture *picture) {
  for (int index = 0; settings.has_dma_limit && index < MAX_PLANES; index++) {
    const Plane *plane = &picture->planes[index];
    if (plane->has_fd && is_out_of_reach(plane->fd, (uint64_t)plane->offset, (uint64_t)(plane->offset + used_bytes(picture, plane)))) return true;
  }
  if (settings.high_to == 0) return false;
  for (int index = 0; index < MAX_PLANES; index++) {
    const Plane *plane = &picture->planes[index];
    if (!plane->has_fd) continue;
    uint64_t from = (uint64_t)plane->offset, to = from + (uint64_t)used_bytes(picture, plane);
    if (from < settings.high_to && to > settings.high_from) return true;
  }
  return false;
}

static bool has_format(uint32_t format) {
  for (int index = 0; index < settings.format_count; index++)
    if (settings.formats[index] == format) return true;
  return settings.format_count == 0;
}

static const char *plane_refusal(const Picture *picture, const Plane *plane) {
  if (settings.stride != 0 && plane->stride % settings.stride != 0) return "stride";
  if (settings.stride_texels != 0 && plane->stride % (settings.stride_texels * bytes_per_texel(picture->format)) != 0) return "stride-texels";
  if (settings.offset != 0 && plane->offset % settings.offset != 0) return "offset";
  if (settings.zero_offset_only && plane->offset != 0) return "offset";
  if (settings.modifier_needed && !plane->has_modifier) return "modifier";
  if (settings.modifier_refused && plane->has_modifier) return "modifier";
  return NULL;
}

const char *refusal(const Picture *picture, bool is_drm_display) {
  if (is_drm_display) return "drm-first";
  if (!has_format(picture->format)) return "formats";
  if (settings.max_width != 0 && (picture->width > settings.max_width || picture->height > settings.max_height)) return "size";
  for (int index = 0; index < MAX_PLANES; index++) {
    if (!picture->planes[index].has_fd) continue;
    const char *why = plane_refusal(picture, &picture->planes[index]);
    if (why != NULL) return why;
  }
  if (is_high(picture) && !settings.high_bounces) return "high";
  return NULL;
}

bool is_bounced(const Picture *picture) {
  return settings.bounces || (settings.high_bounces && is_high(picture));
}

int bounce_copy(const Picture *picture, const Plane *plane) {
  off_t size = lseek(plane->fd, 0, SEEK_END);
  int copy = memfd_create("picky-bounce", MFD_CLOEXEC);
  if (size <= 0 || copy < 0 || ftruncate(copy, size) != 0) return -1;
  uint8_t *from = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, plane->fd, 0);
  uint8_t *to = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, copy, 0);
  if (from == MAP_FAILED || to == MAP_FAILED) return -1;
  int64_t end = plane->offset + used_bytes(picture, plane);
  if (end > size) end = size;
  if (plane->offset >= 0 && end > plane->offset) memcpy(to + plane->offset, from + plane->offset, (size_t)(end - plane->offset));
  munmap(from, (size_t)size);
  munmap(to, (size_t)size);
  return copy;
}
