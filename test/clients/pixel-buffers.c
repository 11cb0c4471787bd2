// Pixel buffer objects and pixel store: unpack with row length, skips, image height and alignment, from a buffer at an
// offset; pack into a buffer with the same, read back by mapping; several read-backs in flight.
#include "common.h"

#define SIZE 32

static void show(const char *name) {
  GLuint program = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; out vec4 result; void main() { result = texture(image, at); }");
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glViewport(0, 0, SIZE, SIZE);
  glUseProgram(program);
  draw_full();
  pixels(name, SIZE, SIZE);
  glDeleteProgram(program);
}

static void store_reset(void) {
  const GLenum names[] = {GL_UNPACK_ROW_LENGTH, GL_UNPACK_SKIP_PIXELS, GL_UNPACK_SKIP_ROWS, GL_UNPACK_IMAGE_HEIGHT, GL_UNPACK_SKIP_IMAGES,
                          GL_PACK_ROW_LENGTH, GL_PACK_SKIP_PIXELS, GL_PACK_SKIP_ROWS};
  for (int i = 0; i < COUNT(names); i++) glPixelStorei(names[i], 0);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glPixelStorei(GL_PACK_ALIGNMENT, 4);
}

static void unpack(const uint8_t *data, size_t length) {
  for (int from_buffer = 0; from_buffer < 2; from_buffer++) {
    GLuint buffer = 0;
    const uint8_t *base = data;
    char name[64];
    if (from_buffer) {
      buffer = buffer_create(GL_PIXEL_UNPACK_BUFFER, length, data, GL_STATIC_DRAW);
      base = NULL;
    }
    GLuint texture = texture_2d(GL_RGBA8, SIZE, SIZE, 1);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 41);
    glPixelStorei(GL_UNPACK_SKIP_PIXELS, 3);
    glPixelStorei(GL_UNPACK_SKIP_ROWS, 2);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, base + 64);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 7, 5, 9, 11, GL_RGBA, GL_UNSIGNED_BYTE, base + 1024);
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    snprintf(name, sizeof name, "unpack.rgba.%d", from_buffer);
    store_reset();
    show(name);

    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, buffer);
    texture = texture_2d(GL_RGB8, SIZE, SIZE, 1);
    for (int alignment = 1; alignment <= 8; alignment *= 2) {
      glPixelStorei(GL_UNPACK_ALIGNMENT, alignment);
      glTexSubImage2D(GL_TEXTURE_2D, 0, 1, alignment * 3, 15, 3, GL_RGB, GL_UNSIGNED_BYTE, base + alignment * 100);
    }
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 17, 0, 13, 32, GL_RGB, GL_UNSIGNED_BYTE, base + 17);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, 17, 3, GL_RGB, GL_UNSIGNED_BYTE, base);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 3, 1, 29, GL_RGB, GL_UNSIGNED_BYTE, base + 2);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 30, 0, 2, 32, GL_RGB, GL_UNSIGNED_BYTE, base + 3);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 16, 3, 1, 29, GL_RGB, GL_UNSIGNED_BYTE, base + 2);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 1, 27, 15, 5, GL_RGB, GL_UNSIGNED_BYTE, base + 5);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 1, 9, 15, 3, GL_RGB, GL_UNSIGNED_BYTE, base + 5);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 1, 15, 15, 9, GL_RGB, GL_UNSIGNED_BYTE, base + 5);
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    snprintf(name, sizeof name, "unpack.rgb.%d", from_buffer);
    store_reset();
    show(name);

    // A box out of a larger volume: row length, image height and all three skips.
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, buffer);
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D_ARRAY, texture);
    glTexStorage3D(GL_TEXTURE_2D_ARRAY, 1, GL_RGBA8, 8, 8, 4);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 11);
    glPixelStorei(GL_UNPACK_IMAGE_HEIGHT, 10);
    glPixelStorei(GL_UNPACK_SKIP_IMAGES, 1);
    glPixelStorei(GL_UNPACK_SKIP_ROWS, 1);
    glPixelStorei(GL_UNPACK_SKIP_PIXELS, 2);
    glTexSubImage3D(GL_TEXTURE_2D_ARRAY, 0, 0, 0, 0, 8, 8, 4, GL_RGBA, GL_UNSIGNED_BYTE, base);
    store_reset();
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    GLuint framebuffer;
    glGenFramebuffers(1, &framebuffer);
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    for (int layer = 0; layer < 4; layer++) {
      glFramebufferTextureLayer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, texture, 0, layer);
      snprintf(name, sizeof name, "unpack.box.%d.%d", from_buffer, layer);
      pixels(name, 8, 8);
    }
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glDeleteFramebuffers(1, &framebuffer);
    glDeleteBuffers(1, &buffer);
  }
}

static void pack(const uint8_t *data) {
  GLuint texture = texture_2d(GL_RGBA8, SIZE, SIZE, 1), framebuffer, buffers[3];
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, data);
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
  const size_t length = 8192;
  uint8_t *filler = malloc(length);
  memset(filler, 0xcc, length);
  for (int i = 0; i < 3; i++) {
    buffers[i] = buffer_create(GL_PIXEL_PACK_BUFFER, length, filler, GL_STREAM_READ);
    if (i == 1) {
      glPixelStorei(GL_PACK_ROW_LENGTH, 37);
      glPixelStorei(GL_PACK_SKIP_PIXELS, 2);
      glPixelStorei(GL_PACK_SKIP_ROWS, 1);
    }
    glReadPixels(i * 3, i, 23, 19, GL_RGBA, GL_UNSIGNED_BYTE, (void *)(size_t)(i * 128));
    store_reset();
  }
  for (int i = 0; i < 3; i++) {  // all three were in flight
    char name[32];
    snprintf(name, sizeof name, "pack.%d", i);
    glBindBuffer(GL_PIXEL_PACK_BUFFER, buffers[i]);
    const void *mapped = glMapBufferRange(GL_PIXEL_PACK_BUFFER, 0, (GLsizeiptr)length, GL_MAP_READ_BIT);
    if (mapped == NULL) fail("glMapBufferRange");
    bytes(name, mapped, length);
    glUnmapBuffer(GL_PIXEL_PACK_BUFFER);
  }
  glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
  // Into user memory with the same store, rows of odd length.
  memset(filler, 0xcc, length);
  glPixelStorei(GL_PACK_ROW_LENGTH, 29);
  glPixelStorei(GL_PACK_SKIP_PIXELS, 1);
  glReadPixels(2, 3, 13, 17, GL_RGBA, GL_UNSIGNED_BYTE, filler);
  store_reset();
  bytes("pack.user", filler, length);
  // Pack, then unpack from the same buffer.
  glBindBuffer(GL_PIXEL_PACK_BUFFER, buffers[0]);
  glReadPixels(0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
  glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
  glBindBuffer(GL_PIXEL_UNPACK_BUFFER, buffers[0]);
  texture_2d(GL_RGBA8, SIZE, SIZE, 1);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE / 2, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, (void *)128);
  glTexSubImage2D(GL_TEXTURE_2D, 0, SIZE / 2, 0, SIZE / 2, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
  glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
  show("turnaround");
  free(filler);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  uint8_t *data = malloc(16384);
  for (int i = 0; i < 16384; i++) data[i] = noise((uint32_t)i);
  unpack(data, 16384);
  pack(data);
  free(data);
  return client_close();
}
