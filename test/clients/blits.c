// blitFramebuffer: scaling, mirroring, filters, clipping by scissor and by both framebuffers' bounds, format conversion,
// overlapping sizes, several draw buffers, depth and stencil, integer formats, window to texture and back.
#include "common.h"

#define SIZE 32

static uint8_t texels[SIZE * SIZE * 4];

static GLuint source_texture(GLenum format) {
  for (int i = 0; i < (int)sizeof texels; i++) texels[i] = noise((uint32_t)i);
  GLuint texture = texture_2d(format, SIZE, SIZE, 1);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, format == GL_RGB8 ? GL_RGB : GL_RGBA, GL_UNSIGNED_BYTE, texels);
  return texture;
}

static GLuint framebuffer_of(GLuint texture) {
  GLuint framebuffer;
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
  target_check("blit");
  return framebuffer;
}

struct blit {
  const char *name;
  int source[4], destination[4];
  GLenum filter;
};
// Nearest sources have odd sizes where they are scaled: then no sample falls on the edge between two texels, where GL
// leaves the choice open.
static const struct blit blits[] = {
    {"plain", {0, 0, 32, 32}, {0, 0, 32, 32}, GL_NEAREST},
    {"part", {3, 5, 20, 30}, {40, 17, 57, 42}, GL_NEAREST},
    {"double", {0, 0, 32, 32}, {10, 20, 74, 84}, GL_NEAREST},
    {"smooth", {4, 4, 20, 20}, {0, 0, 100, 60}, GL_LINEAR},
    {"shrink", {0, 0, 31, 31}, {64, 64, 80, 72}, GL_NEAREST},
    {"shrink-smooth", {0, 0, 32, 32}, {64, 64, 80, 80}, GL_LINEAR},
    {"mirror-x", {0, 0, 32, 32}, {96, 0, 64, 32}, GL_NEAREST},
    {"mirror-y", {0, 0, 32, 32}, {0, 96, 32, 64}, GL_NEAREST},
    {"mirror-both", {32, 32, 0, 0}, {0, 0, 64, 64}, GL_NEAREST},
    {"mirror-source", {32, 0, 8, 24}, {10, 10, 34, 34}, GL_NEAREST},
    {"clip-destination", {0, 0, 32, 32}, {112, -16, 144, 16}, GL_NEAREST},
    {"clip-source", {-8, -8, 40, 24}, {20, 20, 68, 52}, GL_NEAREST},
    {"clip-source-scaled", {-8, 0, 24, 32}, {0, 0, 64, 64}, GL_NEAREST},
};

static void window_blits(void) {
  GLuint framebuffer = framebuffer_of(source_texture(GL_RGBA8));
  for (int i = 0; i < COUNT(blits); i++) {
    const struct blit *b = &blits[i];
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    clear_colour(0, 0, 0.25f, 1);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer);
    glBlitFramebuffer(b->source[0], b->source[1], b->source[2], b->source[3], b->destination[0], b->destination[1], b->destination[2], b->destination[3],
                      GL_COLOR_BUFFER_BIT, b->filter);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, 0);
    pixels_near(b->name, 0, 0, WINDOW_SIZE, WINDOW_SIZE, b->filter == GL_LINEAR ? 2 : 0, 0);
  }
  // Scissored and mirrored; then the window is the source, into a texture.
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer);
  glEnable(GL_SCISSOR_TEST);
  glScissor(10, 30, 50, 20);
  glBlitFramebuffer(0, 0, 32, 32, 96, 96, 0, 0, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glDisable(GL_SCISSOR_TEST);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, 0);
  pixels("scissored", WINDOW_SIZE, WINDOW_SIZE);
  GLuint copy = framebuffer_of(texture_2d(GL_RGBA8, 64, 64, 1));
  glBindFramebuffer(GL_READ_FRAMEBUFFER, 0);
  glBlitFramebuffer(0, 0, 127, 127, 0, 0, 64, 64, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBlitFramebuffer(20, 20, 52, 52, 48, 48, 16, 16, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, copy);
  pixels("from-window", 64, 64);
}

static void conversions(void) {
  static const struct {
    GLenum format;
    const char *name;
    double tolerance;
  } targets[] = {{GL_RGB565, "rgb565", 9}, {GL_RGBA4, "rgba4", 18}, {GL_RGB8, "rgb8", 0}, {GL_R8, "r8", 0}, {GL_RG8, "rg8", 0}, {GL_RGB10_A2, "rgb10a2", 1}, {GL_RGBA16F, "rgba16f", 1},
                 {GL_SRGB8_ALPHA8, "srgb8a8", 1}, {GL_R11F_G11F_B10F, "r11g11b10f", 5}};
  const GLenum sources[] = {GL_RGBA8, GL_RGB8, GL_SRGB8_ALPHA8};
  const int floats_renderable = has_extension("GL_EXT_color_buffer_float");
  for (int s = 0; s < COUNT(sources); s++) {
    GLuint source = framebuffer_of(source_texture(sources[s]));
    for (int i = 0; i < COUNT(targets); i++) {
      if ((targets[i].format == GL_RGBA16F || targets[i].format == GL_R11F_G11F_B10F) && !floats_renderable) continue;
      GLuint destination = framebuffer_of(texture_2d(targets[i].format, SIZE, SIZE, 1));
      char name[64];
      glBindFramebuffer(GL_READ_FRAMEBUFFER, source);
      glBlitFramebuffer(0, 0, SIZE, SIZE, 0, 0, SIZE, SIZE, GL_COLOR_BUFFER_BIT, GL_NEAREST);
      glBlitFramebuffer(0, 0, 31, 31, SIZE, 3, 5, SIZE, GL_COLOR_BUFFER_BIT, GL_NEAREST);
      glBindFramebuffer(GL_READ_FRAMEBUFFER, destination);
      snprintf(name, sizeof name, "convert.%d.%s", s, targets[i].name);
      if (targets[i].format == GL_RGBA16F || targets[i].format == GL_R11F_G11F_B10F) pixels_float(name, SIZE, SIZE, 0.02);
      else pixels_near(name, 0, 0, SIZE, SIZE, targets[i].tolerance + (sources[s] == GL_SRGB8_ALPHA8), 0);  // decoding sRGB may round
    }
  }
}

static void integers(void) {
  const GLenum formats[] = {GL_RGBA8I, GL_RGBA8UI, GL_R32I, GL_RGBA16UI};
  for (int i = 0; i < COUNT(formats); i++) {
    struct target from = target_create(formats[i], 0, SIZE, SIZE, 0), to = target_create(formats[i], 0, SIZE, SIZE, 0);
    const int is_signed = formats[i] == GL_RGBA8I || formats[i] == GL_R32I;
    const GLint whole[2][4] = {{1, -2, 3, -4}, {-100, 99, -98, 97}};
    const GLuint natural[2][4] = {{1, 2, 3, 4}, {200, 199, 198, 197}};
    for (int pass = 0; pass < 3; pass++) {
      glBindFramebuffer(GL_FRAMEBUFFER, pass == 2 ? to.framebuffer : from.framebuffer);
      if (pass == 1) glEnable(GL_SCISSOR_TEST);
      glScissor(3, 4, 15, 20);
      if (is_signed) glClearBufferiv(GL_COLOR, 0, whole[pass % 2]);
      else glClearBufferuiv(GL_COLOR, 0, natural[pass % 2]);
      glDisable(GL_SCISSOR_TEST);
    }
    glBindFramebuffer(GL_READ_FRAMEBUFFER, from.framebuffer);
    glBlitFramebuffer(0, 0, SIZE, SIZE, 30, 2, 7, 30, GL_COLOR_BUFFER_BIT, GL_NEAREST);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, to.framebuffer);
    char name[32];
    snprintf(name, sizeof name, "integer.%d", i);
    pixels_integer(name, SIZE, SIZE, is_signed);
    target_delete(from);
    target_delete(to);
  }
}

// Depth and stencil go together and apart; what arrived is shown by testing against it.
static void depth_stencil(void) {
  GLuint program = program_uniform_colour();
  const GLbitfield masks[] = {GL_DEPTH_BUFFER_BIT, GL_STENCIL_BUFFER_BIT, GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT};
  const GLenum formats[] = {GL_DEPTH24_STENCIL8, GL_DEPTH32F_STENCIL8};
  for (int f = 0; f < 2; f++)
    for (int m = 0; m < 3; m++) {
      struct target from = target_create(GL_RGBA8, formats[f], SIZE, SIZE, 0);
      glClearStencil(1);
      glClearDepthf(0.75f);
      glClear(GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
      glEnable(GL_SCISSOR_TEST);
      glScissor(5, 9, 14, 12);
      glClearStencil(2);
      glClearDepthf(0.25f);
      glClear(GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
      glDisable(GL_SCISSOR_TEST);
      struct target to = target_create(GL_RGBA8, formats[f], SIZE, SIZE, 0);
      clear_colour(0, 0, 0, 1);
      glClearStencil(0);
      glClearDepthf(1);
      glClear(GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
      glBindFramebuffer(GL_READ_FRAMEBUFFER, from.framebuffer);
      if (m == 0) glBlitFramebuffer(0, 0, SIZE, SIZE, SIZE, 0, 0, SIZE, masks[m], GL_NEAREST);
      else if (m == 1) glBlitFramebuffer(0, 0, 31, 31, 0, 0, 16, 16, masks[m], GL_NEAREST);
      else glBlitFramebuffer(0, 0, SIZE, SIZE, 0, 0, SIZE, SIZE, masks[m], GL_NEAREST);
      glBindFramebuffer(GL_FRAMEBUFFER, to.framebuffer);
      glEnable(GL_DEPTH_TEST);
      glDepthMask(GL_FALSE);
      glEnable(GL_STENCIL_TEST);
      glStencilOp(GL_KEEP, GL_KEEP, GL_KEEP);
      for (int s = 0; s < 3; s++) {
        glEnable(GL_BLEND);
        glBlendFunc(GL_ONE, GL_ONE);
        glStencilFunc(GL_EQUAL, s, 255);
        set_colour(program, s == 0 ? 1 : 0, s == 1 ? 1 : 0, s == 2 ? 1 : 0, 0);
        draw_rectangle(-1, -1, 1, 1, -0.75f);
        glStencilFunc(GL_ALWAYS, 0, 255);
        set_colour(program, 0.125f, 0.25f, 0.0625f, 0);
        draw_rectangle(-1, -1, 1, 1, (float)s * 0.5f - 0.25f);
        glDisable(GL_BLEND);
      }
      glDepthMask(GL_TRUE);
      glDisable(GL_DEPTH_TEST);
      glDisable(GL_STENCIL_TEST);
      char name[32];
      snprintf(name, sizeof name, "depth-stencil.%d.%d", f, m);
      pixels_near(name, 0, 0, SIZE, SIZE, 1, 0);
      target_delete(from);
      target_delete(to);
    }
}

// One source into two draw buffers at once.
static void several_targets(void) {
  GLuint source = framebuffer_of(source_texture(GL_RGBA8));
  GLuint textures[2] = {texture_2d(GL_RGBA8, SIZE, SIZE, 1), texture_2d(GL_RGBA8, SIZE, SIZE, 1)}, framebuffer = framebuffer_of(textures[0]);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT1, GL_TEXTURE_2D, textures[1], 0);
  const GLenum buffers[] = {GL_COLOR_ATTACHMENT0, GL_COLOR_ATTACHMENT1};
  glDrawBuffers(2, buffers);
  clear_colour(0, 1, 0, 1);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, source);
  glBlitFramebuffer(0, 0, SIZE, SIZE, 4, 28, 28, 4, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer);
  for (int i = 0; i < 2; i++) {
    char name[32];
    snprintf(name, sizeof name, "several.%d", i);
    glReadBuffer(buffers[i]);
    pixels(name, SIZE, SIZE);
  }
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  window_blits();
  conversions();
  integers();
  depth_stencil();
  several_targets();
  return client_close();
}
