// A video player: every frame all texels of a texture are replaced from the program's own memory, then drawn.
#include "streaming.h"

enum { WIDTH = 1280, HEIGHT = 720, BYTES = WIDTH * HEIGHT * 4 };

static uint8_t *texels;

static void draw_frame(int frame) {
  memset(texels, frame & 0xff, BYTES);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, WIDTH, HEIGHT, GL_RGBA, GL_UNSIGNED_BYTE, texels);
  draw_full();
}

int main(int argc, char **argv) {
  if (argc < 3) fail("usage: stream-texture OUTPUT SECONDS [hold]");
  client_open(2, argv, 3);
  texels = malloc(BYTES);
  GLuint program = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; out vec4 result; void main() { result = texture(image, at); }");
  glUseProgram(program);
  glBindTexture(GL_TEXTURE_2D, texture_2d(GL_RGBA8, WIDTH, HEIGHT, 1));
  int last = stream_frames(atof(argv[2]), draw_frame) - 1;
  expect_colour(last & 0xff, last & 0xff, last & 0xff);
  return stream_close(argc, argv);
}
