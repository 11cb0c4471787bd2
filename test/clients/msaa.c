// Multisampled renderbuffers in every filterable colour format, resolved by blitFramebuffer, with depth and stencil;
// partial resolves; alpha to coverage; sample coverage and its inversion; a depth resolve.
#include "common.h"

#define SIZE 32

static void slanted(GLuint program, float shade, float alpha) {
  const float triangle[] = {-0.9f, -0.7f, 0.0f, 0.8f, -0.3f, 0.2f, -0.2f, 0.9f, 0.4f};
  set_colour(program, shade, 1 - shade, 0.5f, alpha);
  draw_vertices(GL_TRIANGLES, triangle, 3, 3);
}

static void resolve(struct target from, GLbitfield mask) {
  glBindFramebuffer(GL_READ_FRAMEBUFFER, from.framebuffer);
  glBlitFramebuffer(0, 0, SIZE, SIZE, 0, 0, SIZE, SIZE, mask, GL_NEAREST);
}

static void format_resolve(GLuint program, GLenum format, const char *name) {
  struct target many = target_create(format, GL_DEPTH24_STENCIL8, SIZE, SIZE, 4);
  GLint samples = 0;
  glBindRenderbuffer(GL_RENDERBUFFER, many.colour);
  glGetRenderbufferParameteriv(GL_RENDERBUFFER, GL_RENDERBUFFER_SAMPLES, &samples);
  char label[64];
  snprintf(label, sizeof label, "%s.samples", name);
  text(label, "%d", samples);
  glClearColor(0.125f, 0.25f, 0.5f, 1);
  glClearDepthf(1);
  glClearStencil(0);
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
  glEnable(GL_DEPTH_TEST);
  // RGB5_A1 may be stored with more bits than it has: its alpha is drawn as 1, its colours may be rounded to 5 bits.
  slanted(program, 1, format == GL_RGB5_A1 ? 1 : 0.75f);
  set_colour(program, 0, 1, 0, 1);
  draw_rectangle(-0.5f, -1, 0.11f, 1, 0.3f);
  glDisable(GL_DEPTH_TEST);
  struct target single = target_create(format, 0, SIZE, SIZE, 0);
  clear_colour(0, 0, 0, 0);
  resolve(many, GL_COLOR_BUFFER_BIT);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, single.framebuffer);
  pixels_near(name, 0, 0, SIZE, SIZE, format == GL_RGB5_A1 || format == GL_RGB565 || format == GL_RGBA4 ? 9 : 1, 0);
  target_delete(many);
  target_delete(single);
}

static void coverage(GLuint program) {
  struct target many = target_create(GL_RGBA8, 0, SIZE, SIZE, 4);
  struct target single = target_create(GL_RGBA8, 0, SIZE, SIZE, 0);
  const float values[] = {0, 0.25f, 0.5f, 0.75f, 1};
  for (int mode = 0; mode < 3; mode++) {
    char name[32];
    glBindFramebuffer(GL_FRAMEBUFFER, many.framebuffer);
    clear_colour(0, 0, 0, 1);
    for (int i = 0; i < 5; i++) {
      if (mode == 0) glEnable(GL_SAMPLE_ALPHA_TO_COVERAGE);
      else glEnable(GL_SAMPLE_COVERAGE);
      glSampleCoverage(values[i], mode == 2);
      set_colour(program, 1, 1, 1, mode == 0 ? values[i] : 1);
      draw_rectangle(-1, -1 + 0.4f * (float)i, 1, -0.6f + 0.4f * (float)i, 0);
      glDisable(GL_SAMPLE_ALPHA_TO_COVERAGE);
      glDisable(GL_SAMPLE_COVERAGE);
    }
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, single.framebuffer);
    resolve(many, GL_COLOR_BUFFER_BIT);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, single.framebuffer);
    snprintf(name, sizeof name, "coverage.%d", mode);
    pixels(name, SIZE, SIZE);
  }
  target_delete(many);
  target_delete(single);
}

// The resolved depth of a 4-sampled buffer is one sample's depth: it is shown by drawing at known depths over it.
static void depth_resolve(GLuint program) {
  struct target many = target_create(GL_RGBA8, GL_DEPTH24_STENCIL8, SIZE, SIZE, 4);
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
  glEnable(GL_DEPTH_TEST);
  glEnable(GL_STENCIL_TEST);
  glStencilFunc(GL_ALWAYS, 5, 255);
  glStencilOp(GL_KEEP, GL_KEEP, GL_REPLACE);
  set_colour(program, 1, 0, 0, 1);
  draw_rectangle(-0.5f, -0.5f, 0.5f, 0.5f, 0.25f);
  struct target single = target_create(GL_RGBA8, GL_DEPTH24_STENCIL8, SIZE, SIZE, 0);
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
  resolve(many, GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
  glBindFramebuffer(GL_FRAMEBUFFER, single.framebuffer);
  glStencilFunc(GL_EQUAL, 5, 255);
  glStencilOp(GL_KEEP, GL_KEEP, GL_KEEP);
  set_colour(program, 0, 1, 0, 1);
  draw_rectangle(-1, -1, 0, 1, 0.125f);  // nearer: passes inside the square only
  set_colour(program, 0, 0, 1, 1);
  draw_rectangle(0, -1, 1, 1, 0.5f);  // farther: hidden
  glDisable(GL_STENCIL_TEST);
  glDisable(GL_DEPTH_TEST);
  pixels("depth-stencil", SIZE, SIZE);
  target_delete(many);
  target_delete(single);
}

// A scissored resolve into the window, and into a corner of a larger buffer by a clipped rectangle.
static void partial(GLuint program) {
  struct target many = target_create(GL_RGBA8, 0, SIZE, SIZE, 4);
  clear_colour(0.5f, 0.5f, 0, 1);
  slanted(program, 0.5f, 0.75f);
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
  clear_colour(0, 0, 0.25f, 1);
  glEnable(GL_SCISSOR_TEST);
  glScissor(4, 8, 12, 16);
  resolve(many, GL_COLOR_BUFFER_BIT);
  glDisable(GL_SCISSOR_TEST);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, 0);
  pixels_near("partial", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
  target_delete(many);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  GLuint program = program_uniform_colour();
  format_resolve(program, GL_RGBA8, "rgba8");
  format_resolve(program, GL_RGB8, "rgb8");
  format_resolve(program, GL_RGB565, "rgb565");
  format_resolve(program, GL_RGBA4, "rgba4");
  format_resolve(program, GL_RGB5_A1, "rgb5a1");
  format_resolve(program, GL_RGB10_A2, "rgb10a2");
  format_resolve(program, GL_R8, "r8");
  format_resolve(program, GL_RG8, "rg8");
  format_resolve(program, GL_SRGB8_ALPHA8, "srgb8a8");
  coverage(program);
  depth_resolve(program);
  partial(program);
  return client_close();
}
