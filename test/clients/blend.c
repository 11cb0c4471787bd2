// Blending: every equation and factor, separately for colour and alpha, the constant colour, colour masks, on formats with
// and without alpha (where destination alpha reads as 1), dither off; min and max; two draws over each other.
#include "common.h"

static const GLenum equations[] = {GL_FUNC_ADD, GL_FUNC_SUBTRACT, GL_FUNC_REVERSE_SUBTRACT, GL_MIN, GL_MAX};
static const GLenum factors[] = {GL_ZERO, GL_ONE, GL_SRC_COLOR, GL_ONE_MINUS_SRC_COLOR, GL_DST_COLOR, GL_ONE_MINUS_DST_COLOR, GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA,
                                 GL_DST_ALPHA, GL_ONE_MINUS_DST_ALPHA, GL_CONSTANT_COLOR, GL_ONE_MINUS_CONSTANT_COLOR, GL_CONSTANT_ALPHA, GL_ONE_MINUS_CONSTANT_ALPHA, GL_SRC_ALPHA_SATURATE};

// Every blend state costs a software driver a compilation: `destinations` and `pairs` bound how many are tried.
static void grid(GLuint program, const char *name, int size, int destinations, int pairs) {
  char label[64];
  clear_colour(0.4f, 0.7f, 0.2f, 0.6f);
  glEnable(GL_BLEND);
  glBlendColor(0.3f, 0.6f, 0.9f, 0.45f);
  for (int s = 0; s < 15; s++)
    for (int n = 0; n < destinations; n++) {
      const int d = (s * 4 + n * 3 + 1) % 15;
      if (factors[d] == GL_SRC_ALPHA_SATURATE && s % 2) continue;
      glViewport(s * size / 15, d * size / 15, size / 15, size / 15);
      glBlendEquation(equations[(s + d) % 3]);
      glBlendFunc(factors[s], factors[d]);
      set_colour(program, 0.6f, 0.1f, 0.8f, 0.35f);
      draw_full();
    }
  snprintf(label, sizeof label, "%s.factors", name);
  pixels_near(label, 0, 0, size, size, 1, 0);

  glDisable(GL_BLEND);
  clear_colour(0.4f, 0.7f, 0.2f, 0.6f);
  glEnable(GL_BLEND);
  for (int i = 0; i < pairs; i++) {
    glViewport(i % 8 * size / 8, i / 8 * size / 8, size / 8, size / 8);
    glBlendEquationSeparate(equations[i % 5], equations[(i / 5 + 2) % 5]);
    glBlendFuncSeparate(factors[(i * 3) % 14], factors[(i * 5 + 1) % 14], factors[(i * 7 + 2) % 14], factors[(i * 11 + 6) % 14]);
    glBlendColor((float)i / 64, 0.5f, 1 - (float)i / 64, (float)(i % 4) / 4);
    set_colour(program, (float)(i % 8) / 8, 0.3f, (float)(i / 8) / 8, 0.7f);
    draw_full();
    if (i % 3 == 0) draw_rectangle(-0.5f, -0.5f, 1, 1, 0);
  }
  glDisable(GL_BLEND);
  snprintf(label, sizeof label, "%s.separate", name);
  pixels_near(label, 0, 0, size, size, 1, 0);

  clear_colour(0.4f, 0.7f, 0.2f, 0.6f);
  for (int i = 0; i < 16; i++) {
    glViewport(i % 4 * size / 4, i / 4 * size / 4, size / 4, size / 4);
    glColorMask(i & 1, i >> 1 & 1, i >> 2 & 1, i >> 3 & 1);
    set_colour(program, 1, 0, 1, 0.1f);
    draw_rectangle(-0.8f, -0.8f, 0.8f, 0.8f, 0);
    glEnable(GL_SCISSOR_TEST);
    glScissor(i % 4 * size / 4 + 2, i / 4 * size / 4, 4, size / 4);
    clear_colour(0, 0.25f, 0.5f, 0.9f);
    glDisable(GL_SCISSOR_TEST);
  }
  glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  snprintf(label, sizeof label, "%s.mask", name);
  pixels_near(label, 0, 0, size, size, 1, 0);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  GLuint program = program_uniform_colour();
  glDisable(GL_DITHER);
  grid(program, "window", 120, 5, 40);
  const GLenum formats[] = {GL_RGBA8, GL_RGB8, GL_RG8, GL_R8, GL_RGBA16F};
  const char *names[] = {"rgba8", "rgb8", "rg8", "r8", "rgba16f"};
  for (int i = 0; i < COUNT(formats); i++) {
    if (formats[i] == GL_RGBA16F && !has_extension("GL_EXT_color_buffer_float")) continue;
    struct target target = target_create(formats[i], 0, 120, 120, 0);
    if (formats[i] == GL_RGBA16F) {
      // Read as RGBA8 through a blit-free copy: the shader clamps.
      target_delete(target);
      GLuint texture = texture_2d(GL_RGBA16F, 120, 120, 1), framebuffer;
      glGenFramebuffers(1, &framebuffer);
      glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
      glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
      clear_colour(2, -1, 0.5f, 1);
      glEnable(GL_BLEND);
      glBlendFunc(GL_ONE, GL_ONE);
      glBlendEquation(GL_FUNC_ADD);
      glViewport(0, 0, 60, 60);
      set_colour(program, 3, -2, 0.25f, 0.5f);
      draw_full();
      glDisable(GL_BLEND);
      pixels_float("rgba16f", 120, 120, 0.01);
      glDeleteFramebuffers(1, &framebuffer);
      continue;
    }
    grid(program, names[i], 120, 2, 10);
    target_delete(target);
  }
  return client_close();
}
