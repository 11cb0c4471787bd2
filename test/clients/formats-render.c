// Every colour-renderable format of ES 3.0 (float ones with EXT_color_buffer_float): cleared, drawn into with and without a
// colour mask, blended where blendable, read back in the format's own type; then sampled again. Renderbuffer and texture.
#include "formats.h"

#define SIZE 16

static GLuint program_writing(const struct format *format) {
  switch (format->reading) {
    case READ_INTEGER:
      return program_create(VERTEX_PLAIN, ES3 "uniform int base; out ivec4 result; void main() { ivec2 p = ivec2(gl_FragCoord.xy); result = ivec4(p.x - 5, p.y * base, -p.x * p.y, base - 7); }");
    case READ_UNSIGNED:
      return program_create(VERTEX_PLAIN, ES3 "uniform int base; out uvec4 result; void main() { uvec2 p = uvec2(gl_FragCoord.xy); result = uvec4(p.x, p.y * uint(base), p.x * p.y & 127u, base & 3); }");
    default:
      return program_create(VERTEX_PLAIN, ES3 "uniform int base; out vec4 result; void main() { vec2 p = gl_FragCoord.xy / 16.0; result = vec4(p, p.x * p.y, float(base) / 8.0); }");
  }
}

static void read_format(const struct format *format, const char *stage) {
  char name[64];
  snprintf(name, sizeof name, "%s.%s", format->name, stage);
  if (format->reading == READ_INTEGER || format->reading == READ_UNSIGNED) pixels_integer(name, SIZE, SIZE, format->reading == READ_INTEGER);
  else if (format->reading == READ_FLOAT) pixels_float(name, SIZE, SIZE, 0.01);  // rounding to few mantissa bits may go either way
  else pixels_near(name, 0, 0, SIZE, SIZE, strstr(format->name, "565") || strstr(format->name, "4") || strstr(format->name, "5a1") ? 9 : 1, 0);
}

static void clear_format(const struct format *format) {
  const GLint whole[] = {-3, 100, 25, 2};
  const GLuint natural[] = {3, 200, 25, 2};
  if (format->reading == READ_INTEGER) glClearBufferiv(GL_COLOR, 0, whole);
  else if (format->reading == READ_UNSIGNED) glClearBufferuiv(GL_COLOR, 0, natural);
  else clear_colour(0.25f, 0.5f, 0.75f, 1);
}

static void exercise(const struct format *format, const char *prefix, GLuint program) {
  char stage[64];
  glViewport(0, 0, SIZE, SIZE);
  clear_format(format);
  snprintf(stage, sizeof stage, "%s.cleared", prefix);
  read_format(format, stage);
  // RGB5_A1 may be stored with more bits of alpha: there alpha is drawn as 1, which every storage holds.
  const int opaque = format->internal == GL_RGB5_A1;
  set_int(program, "base", opaque ? 8 : 3);
  draw_rectangle(-0.5f, -0.75f, 0.9f, 0.25f, 0);
  glColorMask(GL_TRUE, GL_FALSE, GL_TRUE, GL_FALSE);
  set_int(program, "base", opaque ? 8 : 6);
  draw_rectangle(-1, 0, 0, 1, 0);
  glEnable(GL_SCISSOR_TEST);
  glScissor(1, 2, 5, 3);
  clear_format(format);
  glDisable(GL_SCISSOR_TEST);
  glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  // 32-bit float blending needs another extension.
  if (format->reading == READ_NORMALISED || (format->reading == READ_FLOAT && strstr(format->name, "32f") == NULL)) {
    glEnable(GL_BLEND);
    glBlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
    draw_rectangle(0.25f, -1, 1, 1, 0);
    glDisable(GL_BLEND);
  }
  snprintf(stage, sizeof stage, "%s.drawn", prefix);
  read_format(format, stage);
  check_gl(format->name);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  const int floats_renderable = has_extension("GL_EXT_color_buffer_float");
  text("float-renderable", "%d", floats_renderable);
  // Applications ask what is renderable by attaching it; that must not disturb what follows.
  GLuint asking;
  glGenFramebuffers(1, &asking);
  for (int i = 0; i < COUNT(formats); i++) {
    glBindFramebuffer(GL_FRAMEBUFFER, asking);
    GLuint texture = texture_2d(formats[i].internal, SIZE, SIZE, 1);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
    if (formats[i].renderable == 1) target_check(formats[i].name);
    else (void)glCheckFramebufferStatus(GL_FRAMEBUFFER);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    clear_colour((float)i / COUNT(formats), 0, 0, 1);
    glDeleteTextures(1, &texture);
  }
  glDeleteFramebuffers(1, &asking);
  for (int i = 0; i < COUNT(formats); i++) {
    const struct format *format = &formats[i];
    if (format->renderable == 0 || (format->renderable == 2 && !floats_renderable)) continue;
    GLuint program = program_writing(format);
    struct target target = target_create(format->internal, 0, SIZE, SIZE, 0);
    exercise(format, "renderbuffer", program);
    target_delete(target);

    GLuint texture = texture_2d(format->internal, SIZE, SIZE, 1), framebuffer;
    glGenFramebuffers(1, &framebuffer);
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
    target_check(format->name);
    exercise(format, "texture", program);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glDeleteFramebuffers(1, &framebuffer);

    // What was drawn, sampled: the shader must see what the read-back saw.
    char fragment[512];
    snprintf(fragment, sizeof fragment, ES3 "precision highp %ssampler2D; in vec2 at; uniform %ssampler2D image; out vec4 result;\n"
             "void main() { %svec4 t = texture(image, at); result = vec4(t)%s; }", sampler_prefix(format), sampler_prefix(format), sampler_prefix(format),
             format->reading == READ_INTEGER || format->reading == READ_UNSIGNED ? " / 255.0" : "");
    GLuint sampling = program_create(VERTEX_QUAD, fragment);
    glUseProgram(sampling);
    glViewport(0, 0, SIZE, SIZE);
    draw_full();
    char name[64];
    snprintf(name, sizeof name, "%s.sampled", format->name);
    pixels_near(name, 0, 0, SIZE, SIZE, strstr(format->name, "565") || strstr(format->name, "4") || strstr(format->name, "5a1") ? 9 : 1, 0);
    glDeleteTextures(1, &texture);
    glDeleteProgram(program);
    glDeleteProgram(sampling);
  }
  return client_close();
}
