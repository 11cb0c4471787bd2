/* Prints the glyphs with which the console draws a text, a line `GLYPH:code:rows in hex` for each character. */
#include <fcntl.h>
#include <linux/kd.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

/* The console's fonts have 32 bytes a row group and glyph, whatever their height. */
enum { GLYPH_BYTES = 32 };

int main(int argc, char **argv) {
  static unsigned char data[512 * GLYPH_BYTES * 4];
  struct console_font_op op = {.op = KD_FONT_OP_GET, .width = 16, .height = 32, .charcount = 512, .data = data};
  int fd = open("/dev/tty1", O_RDWR);
  if (argc != 2 || fd < 0 || ioctl(fd, KDFONTOP, &op) != 0) {
    perror("KDFONTOP");
    return 1;
  }
  unsigned row_bytes = (op.width + 7) / 8;
  printf("FONT:%ux%u\n", op.width, op.height);
  for (const unsigned char *c = (const unsigned char *)argv[1]; *c != 0; c++) {
    printf("GLYPH:%u:", *c);
    for (unsigned i = 0; i < op.height * row_bytes; i++) printf("%02x", data[*c * GLYPH_BYTES * row_bytes + i]);
    printf("\n");
  }
  return 0;
}
