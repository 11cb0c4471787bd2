/* Two heads: a picture of its own for each, then one picture with a different part of it on each. */
#include "kms-common.h"

int main(void) {
  int fd = open_card();
  struct head heads[MAX_HEADS];
  int count = find_heads(fd, 0, 0, heads);
  printf("HEADS:%d\n", count);
  if (count != 2) return 1;
  for (int i = 0; i < 2; i++) {
    drmModeModeInfo *mode = &heads[i].mode;
    struct picture p = make_picture(fd, mode->hdisplay, mode->vdisplay, 1);
    paint_pattern(&p, (uint32_t)i + 1);
    if (drmModeSetCrtc(fd, heads[i].crtc, p.framebuffer, 0, 0, &heads[i].connector, 1, mode) != 0)
      fail("drmModeSetCrtc");
    drmModeDirtyFB(fd, p.framebuffer, NULL, 0);
  }
  step("two-pictures");

  uint32_t width = heads[0].mode.hdisplay + heads[1].mode.hdisplay;
  uint32_t height =
      heads[0].mode.vdisplay > heads[1].mode.vdisplay ? heads[0].mode.vdisplay : heads[1].mode.vdisplay;
  struct picture both = make_picture(fd, width, height, 1);
  paint_pattern(&both, 3);
  for (uint32_t i = 0, x = 0; i < 2; x += heads[i++].mode.hdisplay) {
    if (drmModeSetCrtc(fd, heads[i].crtc, both.framebuffer, x, 0, &heads[i].connector, 1, &heads[i].mode) != 0)
      fail("drmModeSetCrtc of a part");
  }
  drmModeDirtyFB(fd, both.framebuffer, NULL, 0);
  step("one-picture");
  return 0;
}
