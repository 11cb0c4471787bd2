// What the streaming clients share: they draw for a time, say how many frames that were, and prove the last one right.
//
//   CLIENT OUTPUT SECONDS [hold]
//
// prints "frames N fps F" (F without the first half second). With `hold` it then stays connected until it is ended.
#ifndef VIRTGPU_STREAMING_H
#define VIRTGPU_STREAMING_H

#include "../common.h"
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#define WARM_UP_SECONDS 0.5

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// Draws `draw(frame)` until the time is over, each frame finished before the next begins, as with a screen. Returns the frames.
static int stream_frames(double seconds, void (*draw)(int frame)) {
  double started = now(), warm = 0;
  int frame = 0, warm_frames = 0;
  for (; frame < 3 || now() - started < seconds; frame++) {
    if (warm == 0 && now() - started >= WARM_UP_SECONDS) {
      warm = now();
      warm_frames = frame;
    }
    draw(frame);
    glFinish();
  }
  double rate = warm == 0 ? frame / (now() - started) : (frame - warm_frames) / (now() - warm);
  printf("frames %d fps %.2f\n", frame, rate);
  return frame;
}

// The window's first pixel must have this colour.
static void expect_colour(uint8_t red, uint8_t green, uint8_t blue) {
  uint8_t pixel[4] = {0};
  glReadPixels(0, 0, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE, pixel);
  if (pixel[0] == red && pixel[1] == green && pixel[2] == blue && glGetError() == GL_NO_ERROR) return;
  fprintf(stderr, "wrong pixel: %d %d %d instead of %d %d %d\n", pixel[0], pixel[1], pixel[2], red, green, blue);
  exit(1);
}

static int stream_close(int argc, char **argv) {
  fflush(stdout);
  if (argc > 3 && strcmp(argv[3], "hold") == 0) pause();
  return client_close();
}

#endif
