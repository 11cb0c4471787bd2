// Stencil: every function and operation, masks, two-sided states, depth-fail, reference values, clears through the mask;
// in the window and in a framebuffer object.
#include "common.h"

static GLuint program;

// Shows the stencil buffer's low three bits as colour.
static void show(const char *name, int size) {
  glStencilMask(0);
  glStencilOp(GL_KEEP, GL_KEEP, GL_KEEP);
  glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  glDisable(GL_DEPTH_TEST);
  clear_colour(0, 0, 0, 1);
  glEnable(GL_BLEND);
  glBlendFunc(GL_ONE, GL_ONE);
  for (int bit = 0; bit < 8; bit++) {
    glStencilFunc(GL_EQUAL, 255, 1u << bit);
    const float weight = bit < 3 ? 0.5f : bit < 6 ? 0.25f : 0.125f;
    set_colour(program, bit % 3 == 0 ? weight : 0, bit % 3 == 1 ? weight : 0, bit % 3 == 2 ? weight : 0, 0);
    draw_full();
  }
  glDisable(GL_BLEND);
  glStencilMask(255);
  pixels_near(name, 0, 0, size, size, 1, 0);
}

static void functions(const char *prefix, int size) {
  const GLenum functions[] = {GL_NEVER, GL_LESS, GL_LEQUAL, GL_GREATER, GL_GEQUAL, GL_EQUAL, GL_NOTEQUAL, GL_ALWAYS};
  const GLenum operations[] = {GL_KEEP, GL_ZERO, GL_REPLACE, GL_INCR, GL_INCR_WRAP, GL_DECR, GL_DECR_WRAP, GL_INVERT};
  char name[64];
  glEnable(GL_STENCIL_TEST);
  glClearStencil(3);
  glStencilMask(255);
  glClear(GL_STENCIL_BUFFER_BIT);
  glStencilFunc(GL_ALWAYS, 5, 255);
  glStencilOp(GL_KEEP, GL_KEEP, GL_REPLACE);
  set_colour(program, 1, 1, 1, 1);
  draw_rectangle(-1, -1, 0.3f, 0.2f, 0);
  glColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_FALSE);
  for (int f = 0; f < 8; f++) {
    glStencilFunc(functions[f], 4 + f % 2, f % 3 ? 255 : 6);
    glStencilOp(operations[(f + 3) % 8], GL_KEEP, operations[f]);
    draw_rectangle((float)f * 0.25f - 1, -0.9f, (float)f * 0.25f - 0.8f, 0.9f, 0);
  }
  snprintf(name, sizeof name, "%s.functions", prefix);
  show(name, size);

  // Saturating and wrapping at both ends, and a write mask.
  glClearStencil(254);
  glClear(GL_STENCIL_BUFFER_BIT);
  glColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_FALSE);
  glStencilFunc(GL_ALWAYS, 0x5a, 255);
  for (int o = 0; o < 8; o++) {
    glStencilMask(o % 2 ? 255 : 0x3f);
    for (int times = 0; times < 3; times++) {
      glStencilOp(GL_KEEP, GL_KEEP, operations[o]);
      draw_rectangle((float)o * 0.25f - 1, (float)times * 0.5f - 1, (float)o * 0.25f - 0.8f, 1, 0);
    }
  }
  glStencilMask(0x0f);
  glEnable(GL_SCISSOR_TEST);
  glScissor(0, size / 2, size, 8);
  glClearStencil(0xa5);
  glClear(GL_STENCIL_BUFFER_BIT);  // through the mask
  glDisable(GL_SCISSOR_TEST);
  snprintf(name, sizeof name, "%s.operations", prefix);
  show(name, size);

  // Two-sided: front and back faces count differently; depth failures count apart.
  glStencilMask(255);
  glClearStencil(8);
  glEnable(GL_DEPTH_TEST);
  glClear(GL_STENCIL_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  glColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_FALSE);
  glStencilFuncSeparate(GL_FRONT, GL_ALWAYS, 1, 255);
  glStencilFuncSeparate(GL_BACK, GL_NOTEQUAL, 8, 7);
  glStencilOpSeparate(GL_FRONT, GL_KEEP, GL_DECR_WRAP, GL_INCR_WRAP);
  glStencilOpSeparate(GL_BACK, GL_INVERT, GL_INCR, GL_REPLACE);
  glStencilMaskSeparate(GL_BACK, 0x7f);
  const float fan[] = {-0.8f, -0.8f, 0, 0.7f, -0.6f, 0.3f, 0.6f, 0.75f, -0.3f, -0.7f, 0.6f, 0.5f};
  draw_vertices(GL_TRIANGLE_FAN, fan, 3, 4);
  const float reversed[] = {-0.8f, -0.6f, 0.1f, -0.5f, 0.9f, -0.1f, 0.8f, 0.1f, 0.2f};
  draw_vertices(GL_TRIANGLES, reversed, 3, 3);
  glFrontFace(GL_CW);
  draw_vertices(GL_TRIANGLES, reversed, 3, 3);
  glFrontFace(GL_CCW);
  glStencilMask(255);
  snprintf(name, sizeof name, "%s.two-sided", prefix);
  show(name, size);
  glDisable(GL_STENCIL_TEST);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  program = program_uniform_colour();
  functions("window", WINDOW_SIZE);
  target_create(GL_RGBA8, GL_DEPTH24_STENCIL8, 64, 64, 0);
  functions("texture", 64);
  return client_close();
}
