/* What our guest programs for the display share: a card, its connected outputs, and pictures in memory that CPU paints. */
#ifndef KMS_COMMON_H
#define KMS_COMMON_H

#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <drm_fourcc.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define MAX_HEADS 4

struct head {
  uint32_t connector;
  uint32_t crtc;
  drmModeModeInfo mode;
};

struct picture {
  uint32_t handle;
  uint32_t framebuffer;
  uint32_t width, height, stride_bytes;
  uint64_t size_bytes;
  uint8_t *pixels;
};

static __attribute__((noreturn)) void fail(const char *what) {
  perror(what);
  exit(1);
}

/* Tells the host that a step is reached and waits for its line. */
static __attribute__((unused)) void step(const char *name) {
  char line[64];
  printf("GUEST-STEP:%s\n", name);
  fflush(stdout);
  if (fgets(line, sizeof line, stdin) == NULL) exit(1);
}

static __attribute__((unused)) int open_card(void) {
  int fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
  if (fd < 0) fail("/dev/dri/card0");
  return fd;
}

/* The preferred mode of a connector, or the one of this size (0: any). */
static int choose_mode(const drmModeConnector *connector, uint32_t width, uint32_t height, drmModeModeInfo *mode) {
  for (int i = 0; i < connector->count_modes; i++) {
    const drmModeModeInfo *m = &connector->modes[i];
    if (width != 0 && (m->hdisplay != width || m->vdisplay != height)) continue;
    *mode = *m;
    return 1;
  }
  return 0;
}

/* Connected outputs in the card's order, the n-th with the n-th CRTC, as virtio-gpu has them. */
static __attribute__((unused)) int find_heads(int fd, uint32_t width, uint32_t height, struct head *heads) {
  drmModeRes *resources = drmModeGetResources(fd);
  int count = 0;
  if (resources == NULL) fail("drmModeGetResources");
  for (int i = 0; i < resources->count_connectors && i < resources->count_crtcs && count < MAX_HEADS; i++) {
    drmModeConnector *connector = drmModeGetConnector(fd, resources->connectors[i]);
    if (connector == NULL) continue;
    if (connector->connection == DRM_MODE_CONNECTED && choose_mode(connector, width, height, &heads[count].mode)) {
      heads[count].connector = connector->connector_id;
      heads[count].crtc = resources->crtcs[i];
      count++;
    }
    drmModeFreeConnector(connector);
  }
  drmModeFreeResources(resources);
  return count;
}

/* A 32-bit picture that the CPU writes; with a framebuffer of depth 24 if asked. */
static __attribute__((unused)) struct picture make_picture(int fd, uint32_t width, uint32_t height, int framebuffer) {
  struct drm_mode_create_dumb create = {.width = width, .height = height, .bpp = 32};
  struct picture p = {.width = width, .height = height};
  if (drmIoctl(fd, DRM_IOCTL_MODE_CREATE_DUMB, &create) != 0) fail("create dumb buffer");
  p.handle = create.handle;
  p.stride_bytes = create.pitch;
  p.size_bytes = create.size;
  struct drm_mode_map_dumb map = {.handle = p.handle};
  if (drmIoctl(fd, DRM_IOCTL_MODE_MAP_DUMB, &map) != 0) fail("map dumb buffer");
  p.pixels = mmap(NULL, p.size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)map.offset);
  if (p.pixels == MAP_FAILED) fail("mmap");
  if (framebuffer && drmModeAddFB(fd, width, height, 24, 32, p.stride_bytes, p.handle, &p.framebuffer) != 0)
    fail("drmModeAddFB");
  return p;
}

static __attribute__((unused)) uint32_t *row_of(const struct picture *p, uint32_t y) {
  return (uint32_t *)(p->pixels + (uint64_t)y * p->stride_bytes);
}

/* Test pattern, told apart by seed: every pixel has a colour that follows from its place. The host computes the same. */
static __attribute__((unused)) uint32_t pattern(uint32_t seed, uint32_t x, uint32_t y) {
  return ((x * 3 + seed * 70) & 0xff) << 16 | ((y * 5 + seed * 30) & 0xff) << 8 | ((x ^ y) + seed) % 256;
}

static __attribute__((unused)) void paint_pattern(const struct picture *p, uint32_t seed) {
  for (uint32_t y = 0; y < p->height; y++)
    for (uint32_t x = 0; x < p->width; x++) row_of(p, y)[x] = pattern(seed, x, y);
}

#endif
