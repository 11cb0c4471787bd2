/* A cursor of 64 x 64 pixels with a hot spot, shown over a picture, moved, and hidden. */
#include "kms-common.h"

enum { SIDE = 64, HOT_X = 5, HOT_Y = 9 };

int main(void) {
  int fd = open_card();
  struct head head[MAX_HEADS];
  if (find_heads(fd, 0, 0, head) < 1) return 1;
  struct picture screen = make_picture(fd, head[0].mode.hdisplay, head[0].mode.vdisplay, 1);
  paint_pattern(&screen, 1);
  if (drmModeSetCrtc(fd, head[0].crtc, screen.framebuffer, 0, 0, &head[0].connector, 1, &head[0].mode) != 0)
    fail("drmModeSetCrtc");
  struct picture image = make_picture(fd, SIDE, SIDE, 0);
  for (uint32_t y = 0; y < SIDE; y++)
    for (uint32_t x = 0; x < SIDE; x++) row_of(&image, y)[x] = (x + y < SIDE ? 0xffu << 24 : 0) | pattern(7, x, y);
  if (drmModeMoveCursor(fd, head[0].crtc, 100, 50) != 0) fail("drmModeMoveCursor");
  if (drmModeSetCursor2(fd, head[0].crtc, image.handle, SIDE, SIDE, HOT_X, HOT_Y) != 0) fail("drmModeSetCursor2");
  step("cursor-shown");
  if (drmModeMoveCursor(fd, head[0].crtc, 321, 234) != 0) fail("drmModeMoveCursor");
  step("cursor-moved");
  if (drmModeSetCursor(fd, head[0].crtc, 0, 0, 0) != 0) fail("hide cursor");
  step("cursor-hidden");
  return 0;
}
