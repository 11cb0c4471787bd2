/*
 * A painter for measurements of the 2D path: SECONDS of painting in one mode, by page flips of two pictures or by damage to one.
 *   kms-paint flip|damage WIDTH HEIGHT SECONDS
 * Every frame the CPU writes a band of 1/8 of the picture; `flip` shows the other picture whole, `damage` tells the band alone.
 */
#include <poll.h>
#include <time.h>
#include "kms-common.h"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void on_flip(int fd, unsigned sequence, unsigned s, unsigned us, void *waiting) {
  (void)fd, (void)sequence, (void)s, (void)us;
  *(int *)waiting = 0;
}

static void flip(int fd, uint32_t crtc, uint32_t framebuffer) {
  int waiting = 1;
  drmEventContext events = {.version = 2, .page_flip_handler = on_flip};
  if (drmModePageFlip(fd, crtc, framebuffer, DRM_MODE_PAGE_FLIP_EVENT, &waiting) != 0) fail("drmModePageFlip");
  while (waiting) {
    struct pollfd p = {.fd = fd, .events = POLLIN};
    if (poll(&p, 1, 5000) <= 0) fail("page flip");
    drmHandleEvent(fd, &events);
  }
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int flips = strcmp(argv[1], "flip") == 0;
  uint32_t width = (uint32_t)atoi(argv[2]), height = (uint32_t)atoi(argv[3]);
  double seconds = atof(argv[4]);
  int fd = open_card();
  struct head head[MAX_HEADS];
  if (find_heads(fd, width, height, head) < 1) {
    fprintf(stderr, "no output has a mode of %ux%u\n", width, height);
    return 1;
  }
  struct picture pictures[2] = {make_picture(fd, width, height, 1), make_picture(fd, width, height, 1)};
  paint_pattern(&pictures[0], 1);
  paint_pattern(&pictures[1], 2);
  if (drmModeSetCrtc(fd, head[0].crtc, pictures[0].framebuffer, 0, 0, &head[0].connector, 1, &head[0].mode) != 0)
    fail("drmModeSetCrtc");
  uint32_t frames = 0, band = height / 8;
  double start = now(), end = start;
  while (end - start < seconds) {
    const struct picture *p = &pictures[flips ? (frames + 1) & 1 : 0];
    uint32_t y = frames % 8 * band;
    memset(row_of(p, y), (int)(frames * 37 & 0xff), (size_t)band * p->stride_bytes);
    if (flips) {
      flip(fd, head[0].crtc, p->framebuffer);
    } else {
      drmModeClip clip = {.x1 = 0, .y1 = (uint16_t)y, .x2 = (uint16_t)width, .y2 = (uint16_t)(y + band)};
      if (drmModeDirtyFB(fd, p->framebuffer, &clip, 1) != 0) fail("drmModeDirtyFB");
    }
    frames++;
    end = now();
  }
  printf("PAINT:%s:%u frames:%.3f seconds\n", argv[1], frames, end - start);
  return 0;
}
