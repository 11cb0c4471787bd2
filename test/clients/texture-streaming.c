// A video player's pattern: every frame some texels of a texture are replaced while earlier draws from it are in flight,
// from user memory, through an orphaned unpack buffer, and by redefining the image; each frame's draw sees its own.
#include "common.h"

#define SIZE 64
#define FRAMES 24

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  GLuint program = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; out vec4 result; void main() { result = texture(image, at); }");
  glUseProgram(program);
  clear_colour(0, 0, 0, 1);
  static uint8_t texels[SIZE * SIZE * 4];
  for (int method = 0; method < 4; method++) {
    GLuint textures[2], buffer = 0;
    for (int i = 0; i < 2; i++) {
      textures[i] = texture_2d(GL_RGBA8, SIZE, SIZE, 1);
      if (method == 3) {  // not immutable
        glDeleteTextures(1, &textures[i]);
        glGenTextures(1, &textures[i]);
        glBindTexture(GL_TEXTURE_2D, textures[i]);
        texture_filter(GL_TEXTURE_2D, GL_NEAREST, GL_NEAREST);
      }
      memset(texels, 0x40, sizeof texels);
      if (method != 3) glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, texels);
    }
    for (int frame = 0; frame < FRAMES; frame++) {
      for (int i = 0; i < (int)sizeof texels; i++) texels[i] = noise((uint32_t)(i + frame * 17 + method * 3001));
      glBindTexture(GL_TEXTURE_2D, textures[method == 0 ? 0 : frame % 2]);
      if (method < 2) {
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, texels);
        glTexSubImage2D(GL_TEXTURE_2D, 0, frame, frame * 2 % 40, 9, 13, GL_RGBA, GL_UNSIGNED_BYTE, texels + 512);
      } else if (method == 2) {
        if (buffer == 0) buffer = buffer_create(GL_PIXEL_UNPACK_BUFFER, sizeof texels, NULL, GL_STREAM_DRAW);
        void *mapped = glMapBufferRange(GL_PIXEL_UNPACK_BUFFER, 0, sizeof texels, GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_BUFFER_BIT);
        memcpy(mapped, texels, sizeof texels);
        glUnmapBuffer(GL_PIXEL_UNPACK_BUFFER);
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
      } else {
        const int size = SIZE >> (frame % 3);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, size, size, 0, GL_RGBA, GL_UNSIGNED_BYTE, texels);
      }
      // A strip of the window keeps what each frame looked like.
      glViewport(frame % 8 * 16, (frame / 8 + method % 2 * 4) * 16, 16, 16);
      draw_full();
      if (frame % 6 == 5) {
        eglSwapBuffers(client_display, client_surface);
        glFlush();
      }
    }
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    glDeleteTextures(2, textures);
    char name[32];
    snprintf(name, sizeof name, "method.%d", method);
    pixels(name, WINDOW_SIZE, WINDOW_SIZE);
  }
  return client_close();
}
