// Sampler objects and texture parameters: wrap modes, filters, LOD limits and bias, a sampler over several units, sampler
// against texture state, swizzles; border colours and anisotropy where the extension is offered.
#include "common.h"

static uint8_t texels[32 * 32 * 4];
static GLuint program, texture, sampler;

static void cell(int x, int y) { glViewport(x * 16, y * 16, 16, 16); }

static void begin(void) {
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glUseProgram(program);
  clear_colour(0, 0, 0, 1);
}

static void wraps(void) {
  const GLenum modes[] = {GL_REPEAT, GL_CLAMP_TO_EDGE, GL_MIRRORED_REPEAT};
  begin();
  glBindSampler(0, sampler);
  for (int s = 0; s < 3; s++)
    for (int t = 0; t < 3; t++)
      for (int filter = 0; filter < 2; filter++) {
        glSamplerParameteri(sampler, GL_TEXTURE_WRAP_S, (GLint)modes[s]);
        glSamplerParameteri(sampler, GL_TEXTURE_WRAP_T, (GLint)modes[t]);
        glSamplerParameteri(sampler, GL_TEXTURE_MIN_FILTER, filter ? GL_LINEAR : GL_NEAREST);
        glSamplerParameteri(sampler, GL_TEXTURE_MAG_FILTER, filter ? GL_LINEAR : GL_NEAREST);
        glUniform4f(glGetUniformLocation(program, "transform"), 2.9f, 2.7f, -1.0f, -0.9f);
        cell(s + filter * 4, t);
        draw_full();
      }
  glBindSampler(0, 0);
  pixels_near("wrap", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
}

static void levels(void) {
  const GLenum filters[] = {GL_NEAREST, GL_LINEAR, GL_NEAREST_MIPMAP_NEAREST, GL_LINEAR_MIPMAP_NEAREST, GL_NEAREST_MIPMAP_LINEAR, GL_LINEAR_MIPMAP_LINEAR};
  begin();
  for (int f = 0; f < COUNT(filters); f++)
    for (int scale = 0; scale < 8; scale++) {
      texture_filter(GL_TEXTURE_2D, filters[f], f % 2 ? GL_LINEAR : GL_NEAREST);
      const float s = 0.3f * powf(1.7f, (float)scale);  // magnified first, then ever smaller
      glUniform4f(glGetUniformLocation(program, "transform"), s, s, 0.07f, 0.03f);
      cell(scale, f);
      draw_full();
    }
  // The level of detail is computed from derivatives and interpolated: a few units between implementations of a draw.
  pixels_near("level", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 2, 0);
}

static void lod_limits(void) {
  GLuint explicit_lod = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; uniform float level; uniform float bias; out vec4 result;\n"
                                       "void main() { result = at.y < 0.5 ? textureLod(image, at, level) : texture(image, at * 2.0, bias); }");
  begin();
  glBindSampler(0, sampler);
  glSamplerParameteri(sampler, GL_TEXTURE_MIN_FILTER, GL_NEAREST_MIPMAP_NEAREST);
  glSamplerParameteri(sampler, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glSamplerParameteri(sampler, GL_TEXTURE_WRAP_S, GL_REPEAT);
  glSamplerParameteri(sampler, GL_TEXTURE_WRAP_T, GL_REPEAT);
  for (int low = 0; low < 4; low++)
    for (int level = 0; level < 6; level++) {
      glSamplerParameterf(sampler, GL_TEXTURE_MIN_LOD, (float)low);
      glSamplerParameterf(sampler, GL_TEXTURE_MAX_LOD, (float)low + 1.25f);
      set_float(explicit_lod, "level", (float)level);
      set_float(explicit_lod, "bias", (float)level - 1.5f);
      cell(level, low);
      draw_full();
    }
  glSamplerParameterf(sampler, GL_TEXTURE_MIN_LOD, -1000);
  glSamplerParameterf(sampler, GL_TEXTURE_MAX_LOD, 1000);
  glBindSampler(0, 0);
  // The same limits as texture parameters.
  glTexParameterf(GL_TEXTURE_2D, GL_TEXTURE_MIN_LOD, 1);
  glTexParameterf(GL_TEXTURE_2D, GL_TEXTURE_MAX_LOD, 3);
  texture_filter(GL_TEXTURE_2D, GL_NEAREST_MIPMAP_NEAREST, GL_NEAREST);
  for (int level = 0; level < 6; level++) {
    set_float(explicit_lod, "level", (float)level);
    set_float(explicit_lod, "bias", 0);
    cell(level, 5);
    draw_full();
  }
  glTexParameterf(GL_TEXTURE_2D, GL_TEXTURE_MIN_LOD, -1000);
  glTexParameterf(GL_TEXTURE_2D, GL_TEXTURE_MAX_LOD, 1000);
  pixels("lod", WINDOW_SIZE, WINDOW_SIZE);
}

// Two units read one texture through different samplers in one draw.
static void two_units(void) {
  GLuint both = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D first; uniform sampler2D second; out vec4 result;\n"
                               "void main() { result = at.x < 0.5 ? texture(first, at * 3.0) : texture(second, at * 3.0); }");
  GLuint other;
  glGenSamplers(1, &other);
  glSamplerParameteri(other, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glSamplerParameteri(other, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glSamplerParameteri(other, GL_TEXTURE_WRAP_S, GL_MIRRORED_REPEAT);
  glSamplerParameteri(other, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  begin();
  set_int(both, "first", 3);
  set_int(both, "second", 9);
  for (int unit = 3; unit <= 9; unit += 6) {
    glActiveTexture((GLenum)(GL_TEXTURE0 + unit));
    glBindTexture(GL_TEXTURE_2D, texture);
    glBindSampler((GLuint)unit, unit == 3 ? sampler : other);
  }
  glActiveTexture(GL_TEXTURE0);
  glViewport(0, 0, WINDOW_SIZE, WINDOW_SIZE);
  draw_full();
  glBindSampler(3, other);
  glBindSampler(9, sampler);
  glViewport(0, 0, 64, 64);
  draw_full();
  glBindSampler(3, 0);
  glBindSampler(9, 0);
  glDeleteSamplers(1, &other);
  pixels("two-units", WINDOW_SIZE, WINDOW_SIZE);
}

static void swizzles(void) {
  const GLint values[] = {GL_RED, GL_GREEN, GL_BLUE, GL_ALPHA, GL_ZERO, GL_ONE};
  const GLenum formats[] = {GL_RGBA8, GL_RGB8, GL_RG8, GL_R8};
  const GLenum uploads[] = {GL_RGBA, GL_RGB, GL_RG, GL_RED};
  begin();
  glUniform4f(glGetUniformLocation(program, "transform"), 1, 1, 0, 0);
  for (int f = 0; f < 4; f++) {
    GLuint swizzled = texture_2d(formats[f], 8, 8, 1);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, 8, 8, uploads[f], GL_UNSIGNED_BYTE, texels);
    for (int i = 0; i < 8; i++) {
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_R, values[(i + f) % 6]);
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_G, values[(i * 2 + 1) % 6]);
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_B, values[(i * 5 + 2) % 6]);
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_A, values[(i + 3) % 6]);
      cell(i, f);
      draw_full();
    }
    glDeleteTextures(1, &swizzled);
  }
  // Integers are swizzled too.
  GLuint whole = program_create(VERTEX_QUAD, ES3 "precision highp usampler2D; in vec2 at; uniform usampler2D image; out vec4 result; void main() { result = vec4(texture(image, at)) / 255.0; }");
  glUseProgram(whole);
  texture_2d(GL_RGBA8UI, 8, 8, 1);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, 8, 8, GL_RGBA_INTEGER, GL_UNSIGNED_BYTE, texels);
  for (int i = 0; i < 8; i++) {
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_R, values[i % 6]);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_B, values[(i + 1) % 6]);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_A, values[(i + 4) % 6]);
    cell(i, 5);
    draw_full();
  }
  pixels("swizzle", WINDOW_SIZE, WINDOW_SIZE);
  glBindTexture(GL_TEXTURE_2D, texture);
}

static void extensions(void) {
  const int border = has_extension("GL_EXT_texture_border_clamp") || has_extension("GL_OES_texture_border_clamp");
  text("border.offered", "%d", border);
  if (border) {
    begin();
    glBindSampler(0, sampler);
    glSamplerParameteri(sampler, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glSamplerParameteri(sampler, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    for (int i = 0; i < 8; i++) {
      const float colour[] = {(float)(i % 2), (float)(i / 2 % 2), (float)(i / 4), (float)i / 7};
      glSamplerParameterfv(sampler, GL_TEXTURE_BORDER_COLOR_EXT, colour);
      glSamplerParameteri(sampler, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_BORDER_EXT);
      glSamplerParameteri(sampler, GL_TEXTURE_WRAP_T, i % 3 ? GL_CLAMP_TO_BORDER_EXT : GL_REPEAT);
      glUniform4f(glGetUniformLocation(program, "transform"), 3.1f, 2.9f, -1, -1.1f);
      cell(i, 0);
      draw_full();
    }
    glBindSampler(0, 0);
    pixels_near("border.drawn", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
  }
  const int anisotropic = has_extension("GL_EXT_texture_filter_anisotropic");
  text("anisotropy.offered", "%d", anisotropic);
  if (anisotropic) {
    begin();
    for (int i = 0; i < 5; i++) {
      texture_filter(GL_TEXTURE_2D, GL_LINEAR_MIPMAP_LINEAR, GL_LINEAR);
      glTexParameterf(GL_TEXTURE_2D, GL_TEXTURE_MAX_ANISOTROPY_EXT, (float)(1 << i));
      glUniform4f(glGetUniformLocation(program, "transform"), 9.1f, 1.3f, 0, 0);
      cell(i, 0);
      draw_full();
    }
    glTexParameterf(GL_TEXTURE_2D, GL_TEXTURE_MAX_ANISOTROPY_EXT, 1);
    pixels_near("anisotropy.drawn", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 2, 0);
  }
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  program = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; uniform vec4 transform; out vec4 result; void main() { result = texture(image, at * transform.xy + transform.zw); }");
  texture = texture_2d(GL_RGBA8, 32, 32, 6);
  for (int level = 0; level < 6; level++) {
    for (int i = 0; i < (int)sizeof texels; i++) texels[i] = noise((uint32_t)(i + level * 999));
    glTexSubImage2D(GL_TEXTURE_2D, level, 0, 0, 32 >> level, 32 >> level, GL_RGBA, GL_UNSIGNED_BYTE, texels);
  }
  glGenSamplers(1, &sampler);
  wraps();
  levels();
  lod_limits();
  two_units();
  swizzles();
  extensions();
  return client_close();
}
