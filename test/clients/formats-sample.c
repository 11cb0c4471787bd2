// Every sized format of ES 3.0 is uploaded and sampled: 2D, with a sub-image replaced, as a 3D or array texture, and (where
// it is filterable) with linear filtering. Integer formats are fetched and copied bit by bit into an RGBA32UI target.
#include "formats.h"

#define SIZE 16

static GLuint target_unsigned, target_float;

static GLuint program_for(const struct format *format, const char *kind, const char *coordinate) {
  char fragment[1024];
  const int bits = format->reading == READ_INTEGER || format->reading == READ_UNSIGNED;
  snprintf(fragment, sizeof fragment,
           ES3 "precision highp %ssampler%s; in vec2 at; uniform %ssampler%s image; uniform float layer; out %svec4 result;\n"
               "void main() { result = %s(texture(image, %s)); }",
           sampler_prefix(format), kind, sampler_prefix(format), kind, bits ? "u" : "", bits ? "uvec4" : "vec4", coordinate);
  return program_create(VERTEX_QUAD, fragment);
}

static void read_target(const char *name, const struct format *format, double tolerance) {
  if (format->reading == READ_INTEGER || format->reading == READ_UNSIGNED) pixels_integer(name, SIZE, SIZE, 0);
  else pixels_float(name, SIZE, SIZE, tolerance);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  struct target whole = target_create(GL_RGBA32UI, 0, SIZE, SIZE, 0);
  struct target real = target_create(GL_RGBA32F, 0, SIZE, SIZE, 0);
  target_unsigned = whole.framebuffer;
  target_float = real.framebuffer;
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  uint8_t *texels = malloc(SIZE * SIZE * 4 * 16);
  for (int i = 0; i < COUNT(formats); i++) {
    const struct format *format = &formats[i];
    const int bits = format->reading == READ_INTEGER || format->reading == READ_UNSIGNED;
    char name[64];
    glBindFramebuffer(GL_FRAMEBUFFER, bits ? target_unsigned : target_float);
    glViewport(0, 0, SIZE, SIZE);

    texels_make(format, texels, SIZE * SIZE * 4);
    GLuint texture = texture_2d(format->internal, SIZE, SIZE, 1);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, format->format, format->type, texels);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 5, 3, 7, 9, format->format, format->type, texels + 64 * format->texel_bytes);
    GLuint program = program_for(format, "2D", "at");
    glUseProgram(program);
    draw_full();
    snprintf(name, sizeof name, "%s.2d", format->name);
    read_target(name, format, format->internal == GL_SRGB8 || format->internal == GL_SRGB8_ALPHA8 ? 0.0005 : 0);
    // 32-bit floats and depth are not filterable in ES 3.0.
    if (!bits && format->reading != READ_DEPTH && strstr(format->name, "32f") == NULL) {
      texture_filter(GL_TEXTURE_2D, GL_LINEAR, GL_LINEAR);
      glViewport(-3, -2, SIZE + 8, SIZE + 5);
      draw_full();
      glViewport(0, 0, SIZE, SIZE);
      snprintf(name, sizeof name, "%s.linear", format->name);
      read_target(name, format, format->reading == READ_FLOAT ? 0.02 : 0.006);
    }
    glDeleteTextures(1, &texture);
    glDeleteProgram(program);

    if (format->reading != READ_DEPTH) {
      glGenTextures(1, &texture);
      glBindTexture(GL_TEXTURE_3D, texture);
      glTexStorage3D(GL_TEXTURE_3D, 1, format->internal, SIZE, SIZE, 4);
      texture_filter(GL_TEXTURE_3D, GL_NEAREST, GL_NEAREST);
      glTexSubImage3D(GL_TEXTURE_3D, 0, 0, 0, 0, SIZE, SIZE, 4, format->format, format->type, texels);
      program = program_for(format, "3D", "vec3(at, layer)");
      set_float(program, "layer", 0.6f);
      draw_full();
      snprintf(name, sizeof name, "%s.3d", format->name);
      read_target(name, format, format->internal == GL_SRGB8 || format->internal == GL_SRGB8_ALPHA8 ? 0.0005 : 0);
      glDeleteTextures(1, &texture);
      glDeleteProgram(program);
    }
    check_gl(format->name);
  }
  free(texels);
  return client_close();
}
