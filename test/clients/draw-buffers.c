// Several render targets of different formats: glDrawBuffers with holes and reordering, clearBuffer* of each, integer
// targets beside float ones, one colour mask and blending over all, read-back of each attachment.
#include "common.h"

#define SIZE 24

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  const GLenum formats[] = {GL_RGBA8, GL_RGBA8UI, GL_RGB10_A2, GL_R32I};
  GLuint textures[4], framebuffer;
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  for (int i = 0; i < 4; i++) {
    textures[i] = texture_2d(formats[i], SIZE, SIZE, 1);
    glFramebufferTexture2D(GL_FRAMEBUFFER, (GLenum)(GL_COLOR_ATTACHMENT0 + i), GL_TEXTURE_2D, textures[i], 0);
  }
  GLuint depth;
  glGenRenderbuffers(1, &depth);
  glBindRenderbuffer(GL_RENDERBUFFER, depth);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_DEPTH24_STENCIL8, SIZE, SIZE);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_STENCIL_ATTACHMENT, GL_RENDERBUFFER, depth);
  const GLenum all[] = {GL_COLOR_ATTACHMENT0, GL_COLOR_ATTACHMENT1, GL_COLOR_ATTACHMENT2, GL_COLOR_ATTACHMENT3};
  const GLenum holes[] = {GL_COLOR_ATTACHMENT0, GL_NONE, GL_NONE, GL_COLOR_ATTACHMENT3};
  glDrawBuffers(4, all);
  target_check("draw buffers");
  glViewport(0, 0, SIZE, SIZE);
  GLuint program = program_create(VERTEX_PLAIN, ES3
      "layout(location = 0) out vec4 a; layout(location = 1) out uvec4 b; layout(location = 2) out vec4 c; layout(location = 3) out int d; uniform int base;\n"
      "void main() { ivec2 p = ivec2(gl_FragCoord.xy); a = vec4(vec2(p) / 24.0, 0.5, 0.5); b = uvec4(p, base, 255); c = vec4(1.0 - float(p.x) / 24.0, 0.0, float(base) / 16.0, 1.0); d = p.x * p.y * -base; }");
  GLuint other = program_create(VERTEX_PLAIN, ES3 "layout(location = 0) out vec4 a; layout(location = 3) out int d; void main() { a = vec4(1.0, 0.25, 0.5, 0.25); d = 12345678; }");

  for (int pass = 0; pass < 4; pass++) {
    const GLfloat real[] = {0.25f, 0.5f, 0.75f, 1}, more[] = {1, 0, 0.5f, 0};
    const GLuint small[] = {1, 2, 30, 4};
    const GLint whole[] = {-70000, 0, 0, 0};
    glDrawBuffers(4, all);
    glClearBufferfv(GL_COLOR, 0, real);
    glClearBufferuiv(GL_COLOR, 1, small);
    glClearBufferfv(GL_COLOR, 2, more);
    glClearBufferiv(GL_COLOR, 3, whole);
    glClearBufferfi(GL_DEPTH_STENCIL, 0, 0.5f, 3);
    if (pass == 1) {
      glDrawBuffers(4, holes);
      glEnable(GL_SCISSOR_TEST);
      glScissor(2, 2, 5, 9);
      glClearBufferfv(GL_COLOR, 0, more);
      const GLint third[] = {77, 0, 0, 0};
      glClearBufferiv(GL_COLOR, 3, third);
      glDisable(GL_SCISSOR_TEST);
    }
    if (pass == 2) glColorMask(GL_FALSE, GL_TRUE, GL_FALSE, GL_TRUE);
    if (pass == 3) {
      glEnable(GL_BLEND);  // integer targets ignore it
      glBlendFunc(GL_ONE, GL_ONE);
      glEnable(GL_DEPTH_TEST);
    }
    set_int(program, "base", pass + 2);
    draw_rectangle(-0.5f, -0.5f, 1, 0.75f, pass == 3 ? -0.5f : 0.5f);
    glUseProgram(other);
    glDrawBuffers(4, holes);
    draw_rectangle(-1, 0, 0, 1, 0.25f);  // behind the cleared depth in the last pass
    glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    glDisable(GL_BLEND);
    glDisable(GL_DEPTH_TEST);
    for (int i = 0; i < 4; i++) {
      char name[32];
      snprintf(name, sizeof name, "pass.%d.%d", pass, i);
      glReadBuffer(all[i]);
      if (i == 1 || i == 3) pixels_integer(name, SIZE, SIZE, i == 3);
      else pixels_near(name, 0, 0, SIZE, SIZE, 1, 0);
    }
  }
  // All targets of one format: each gets its own value, the attachments shuffled between draws.
  for (int i = 0; i < 4; i++) {
    textures[i] = texture_2d(GL_RGBA8, SIZE, SIZE, 1);
    glFramebufferTexture2D(GL_FRAMEBUFFER, (GLenum)(GL_COLOR_ATTACHMENT0 + i), GL_TEXTURE_2D, textures[i], 0);
  }
  glDrawBuffers(4, all);
  clear_colour(0.5f, 0.5f, 0.5f, 1);
  GLuint four = program_create(VERTEX_PLAIN, ES3 "layout(location = 0) out vec4 a[4]; void main() { for (int i = 0; i < 4; i++) a[i] = vec4(float(i) / 4.0, gl_FragCoord.x / 24.0, 0.0, 1.0); }");
  glUseProgram(four);
  draw_rectangle(-1, -1, 0.5f, 0.5f, 0);
  for (int i = 0; i < 4; i++) glFramebufferTexture2D(GL_FRAMEBUFFER, (GLenum)(GL_COLOR_ATTACHMENT0 + i), GL_TEXTURE_2D, textures[3 - i], 0);
  draw_rectangle(-0.25f, -0.25f, 1, 1, 0);
  for (int i = 0; i < 4; i++) {
    char name[32];
    snprintf(name, sizeof name, "shuffled.%d", i);
    glReadBuffer(all[i]);
    pixels(name, SIZE, SIZE);
  }
  return client_close();
}
