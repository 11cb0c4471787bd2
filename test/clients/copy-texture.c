// copyTexImage2D, copyTexSubImage2D and 3D from the window and from textures, with conversions, clipping at the source's
// edges, into levels, layers and faces.
#include "common.h"

static GLuint reader;

static void texture_record(const char *name, GLenum attachment_target, GLuint texture, int level, int layer, int width, int height) {
  glBindFramebuffer(GL_FRAMEBUFFER, reader);
  if (layer >= 0) glFramebufferTextureLayer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, texture, level, layer);
  else glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, attachment_target, texture, level);
  target_check(name);
  pixels(name, width, height);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

static void window_fill(void) {
  GLuint program = program_create(VERTEX_PLAIN, ES3 "out vec4 result; void main() { ivec2 p = ivec2(gl_FragCoord.xy);\n"
                                  "result = vec4(float((p.x * 7 + p.y) & 255), float((p.y * 5 ^ p.x) & 255), float((p.x * p.y) & 255), float(p.x + p.y & 255)) / 255.0; }");
  glUseProgram(program);
  glViewport(0, 0, WINDOW_SIZE, WINDOW_SIZE);
  draw_full();
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  glGenFramebuffers(1, &reader);
  window_fill();
  pixels("window", WINDOW_SIZE, WINDOW_SIZE);
  GLuint texture;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  texture_filter(GL_TEXTURE_2D, GL_NEAREST, GL_NEAREST);
  glCopyTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, 10, 20, 64, 48, 0);
  texture_record("image.rgba", GL_TEXTURE_2D, texture, 0, -1, 64, 48);
  glCopyTexSubImage2D(GL_TEXTURE_2D, 0, 5, 7, 60, 70, 20, 30);
  texture_record("sub", GL_TEXTURE_2D, texture, 0, -1, 64, 48);
  glCopyTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, -10, -6, 30, 20);  // outside the window: those texels are left alone or undefined
  glBindFramebuffer(GL_FRAMEBUFFER, reader);
  pixels_near("sub.clipped", 10, 6, 54, 42, 0, 0);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glCopyTexImage2D(GL_TEXTURE_2D, 0, GL_RGB, 3, 2, 40, 40, 0);
  texture_record("image.rgb", GL_TEXTURE_2D, texture, 0, -1, 40, 40);
  glCopyTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, 0, 0, 32, 32, 0);
  for (int level = 1; level < 6; level++) glCopyTexImage2D(GL_TEXTURE_2D, level, GL_RGBA8, level * 9, level * 11, 32 >> level, 32 >> level, 0);
  for (int level = 0; level < 6; level++) {
    char name[32];
    snprintf(name, sizeof name, "level.%d", level);
    texture_record(name, GL_TEXTURE_2D, texture, level, -1, 32 >> level, 32 >> level);
  }

  const GLenum kinds[] = {GL_TEXTURE_3D, GL_TEXTURE_2D_ARRAY};
  for (int k = 0; k < 2; k++) {
    GLuint layered;
    glGenTextures(1, &layered);
    glBindTexture(kinds[k], layered);
    glTexStorage3D(kinds[k], 2, GL_RGBA8, 32, 32, 4);
    uint8_t zero[32 * 32 * 4 * 4] = {0};
    glTexSubImage3D(kinds[k], 0, 0, 0, 0, 32, 32, 4, GL_RGBA, GL_UNSIGNED_BYTE, zero);
    for (int layer = 0; layer < 4; layer++) glCopyTexSubImage3D(kinds[k], 0, layer * 2, layer, layer, layer * 20, layer * 15, 20, 25 - layer);
    glCopyTexSubImage3D(kinds[k], 1, 0, 0, 1, 50, 50, 16, 16);
    for (int layer = 0; layer < 4; layer++) {
      char name[32];
      snprintf(name, sizeof name, "layer.%d.%d", k, layer);
      texture_record(name, 0, layered, 0, layer, 32, 32);
    }
    texture_record(k ? "layer.1.level" : "layer.0.level", 0, layered, 1, 1, 16, 16);
  }

  // From a texture: the framebuffer's other formats, and cube faces.
  GLuint cube;
  glGenTextures(1, &cube);
  glBindTexture(GL_TEXTURE_CUBE_MAP, cube);
  glTexStorage2D(GL_TEXTURE_CUBE_MAP, 1, GL_RGBA8, 32, 32);
  glBindFramebuffer(GL_FRAMEBUFFER, reader);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
  for (int face = 0; face < 6; face++) glCopyTexSubImage2D((GLenum)(GL_TEXTURE_CUBE_MAP_POSITIVE_X + face), 0, face, 2, face * 2, 1, 24, 28);
  for (int face = 0; face < 6; face++) {
    char name[32];
    snprintf(name, sizeof name, "face.%d", face);
    glBindFramebuffer(GL_FRAMEBUFFER, reader);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, (GLenum)(GL_TEXTURE_CUBE_MAP_POSITIVE_X + face), cube, 0);
    pixels_near(name, face, 2, 24, 28, 0, 0);
  }
  // Narrowing: RGBA8 to R8, RG8 and luminance-like RGB565 (rounded).
  const GLenum narrow[] = {GL_R8, GL_RG8, GL_RGB565};
  for (int i = 0; i < 3; i++) {
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    GLuint copy;
    glGenTextures(1, &copy);
    glBindTexture(GL_TEXTURE_2D, copy);
    texture_filter(GL_TEXTURE_2D, GL_NEAREST, GL_NEAREST);
    if (i < 2) glCopyTexImage2D(GL_TEXTURE_2D, 0, narrow[i], 8, 8, 24, 24, 0);
    else {
      glTexStorage2D(GL_TEXTURE_2D, 1, narrow[i], 24, 24);
      glCopyTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, 8, 8, 24, 24);
    }
    check_gl("narrow");
    glBindFramebuffer(GL_FRAMEBUFFER, reader);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, copy, 0);
    char name[32];
    snprintf(name, sizeof name, "narrow.%d", i);
    pixels_near(name, 0, 0, 24, 24, i == 2 ? 9 : 0, 0);
  }
  return client_close();
}
