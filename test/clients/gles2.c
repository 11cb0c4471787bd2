// An OpenGL ES 2.0 program as the older applications are: luminance and alpha textures, BGRA, user arrays with indices,
// non-power-of-two textures, generated mipmaps, packed 16-bit texels, framebuffer objects, GLSL ES 1.00.
#include "common.h"

#define VERTEX_100 "attribute vec2 position; varying vec2 at; void main() { at = position * 0.5 + 0.5; gl_Position = vec4(position, 0.0, 1.0); }"
#define FRAGMENT_100 "precision mediump float; varying vec2 at; uniform sampler2D image; void main() { gl_FragColor = texture2D(image, at); }"

static void cell(int index) { glViewport(index % 8 * 16, index / 8 * 16, 16, 16); }

int main(int argc, char **argv) {
  client_open(argc, argv, 2);
  GLuint program = program_create(VERTEX_100, FRAGMENT_100);
  uint8_t texels[64 * 64 * 4];
  for (int i = 0; i < (int)sizeof texels; i++) texels[i] = noise((uint32_t)i);
  static const struct {
    GLenum format, type;
    const char *extension;
  } uploads[] = {{GL_ALPHA, GL_UNSIGNED_BYTE, NULL}, {GL_LUMINANCE, GL_UNSIGNED_BYTE, NULL}, {GL_LUMINANCE_ALPHA, GL_UNSIGNED_BYTE, NULL}, {GL_RGB, GL_UNSIGNED_BYTE, NULL}, {GL_RGBA, GL_UNSIGNED_BYTE, NULL},
                 {GL_RGB, GL_UNSIGNED_SHORT_5_6_5, NULL}, {GL_RGBA, GL_UNSIGNED_SHORT_4_4_4_4, NULL}, {GL_RGBA, GL_UNSIGNED_SHORT_5_5_5_1, NULL}, {GL_BGRA_EXT, GL_UNSIGNED_BYTE, "GL_EXT_texture_format_BGRA8888"}};
  clear_colour(0.25f, 0.5f, 0, 0.5f);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glUseProgram(program);
  const GLfloat corners[] = {-1, -1, 1, -1, -1, 1, 1, 1};
  const GLubyte order[] = {0, 1, 2, 2, 1, 3};
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, corners);
  glEnableVertexAttribArray(0);
  for (int i = 0; i < COUNT(uploads); i++) {
    if (uploads[i].extension != NULL) {
      text("bgra.offered", "%d", has_extension(uploads[i].extension));
      if (!has_extension(uploads[i].extension)) continue;
    }
    GLuint texture;
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    texture_filter(GL_TEXTURE_2D, GL_NEAREST, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexImage2D(GL_TEXTURE_2D, 0, (GLint)uploads[i].format, 13, 11, 0, uploads[i].format, uploads[i].type, texels);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 4, 3, 5, 6, uploads[i].format, uploads[i].type, texels + 2000);
    cell(i);
    glDrawElements(GL_TRIANGLES, 6, GL_UNSIGNED_BYTE, order);
    texture_filter(GL_TEXTURE_2D, GL_LINEAR, GL_LINEAR);
    cell(i + 16);
    glDrawElements(GL_TRIANGLES, 6, GL_UNSIGNED_BYTE, order);
    cell(i + 32);
    glEnable(GL_BLEND);
    glBlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    glDisable(GL_BLEND);
    glDeleteTextures(1, &texture);
    check_gl("upload");
  }
  // A generated chain of a power-of-two texture, drawn small.
  GLuint texture, framebuffer, depth;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, 64, 64, 0, GL_RGBA, GL_UNSIGNED_BYTE, texels);
  glGenerateMipmap(GL_TEXTURE_2D);
  texture_filter(GL_TEXTURE_2D, GL_LINEAR_MIPMAP_NEAREST, GL_LINEAR);
  for (int i = 0; i < 8; i++) {
    cell(48 + i);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  }
  // Linear filtering: one unit of rounding.
  pixels_near("textures", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);

  // Render to texture with depth, then use it.
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  GLuint target;
  glGenTextures(1, &target);
  glBindTexture(GL_TEXTURE_2D, target);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, 50, 30, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
  texture_filter(GL_TEXTURE_2D, GL_NEAREST, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, target, 0);
  glGenRenderbuffers(1, &depth);
  glBindRenderbuffer(GL_RENDERBUFFER, depth);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_DEPTH_COMPONENT16, 50, 30);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER, depth);
  target_check("ES 2");
  glViewport(0, 0, 50, 30);
  glClearColor(0, 0, 1, 1);
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  glEnable(GL_DEPTH_TEST);
  GLuint coloured = program_create("attribute vec3 position; attribute vec4 shade; uniform mat4 turn; varying lowp vec4 colour; void main() { colour = shade; gl_Position = turn * vec4(position, 1.0); }",
                                   "varying lowp vec4 colour; void main() { gl_FragColor = colour; }");
  const GLint shade = glGetAttribLocation(coloured, "shade");
  const GLfloat solid[] = {-0.8f, -0.6f, -0.3f, 0.7f, -0.8f, 0.4f, 0.1f, 0.9f, 0.1f, -0.7f, 0.8f, 0.3f, 0.9f, 0.5f, -0.2f, -0.1f, -0.9f, 0.2f};
  const GLubyte shades[] = {255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 0, 128, 0, 255, 255, 128, 255, 0, 255, 128};
  const GLushort triangles[] = {0, 1, 2, 3, 4, 5, 0, 4, 2};
  const GLfloat turn[] = {0.9f, 0.2f, 0, 0, -0.2f, 0.9f, 0, 0, 0, 0, 0.8f, 0.2f, 0, 0, 0, 1};
  glUseProgram(coloured);
  glUniformMatrix4fv(glGetUniformLocation(coloured, "turn"), 1, GL_FALSE, turn);
  glVertexAttribPointer((GLuint)shade, 4, GL_UNSIGNED_BYTE, GL_TRUE, 0, shades);
  glEnableVertexAttribArray((GLuint)shade);
  glVertexAttribPointer((GLuint)glGetAttribLocation(coloured, "position"), 3, GL_FLOAT, GL_FALSE, 0, solid);
  glEnableVertexAttribArray((GLuint)glGetAttribLocation(coloured, "position"));
  glDrawElements(GL_TRIANGLES, 9, GL_UNSIGNED_SHORT, triangles);
  glDisable(GL_DEPTH_TEST);
  pixels_near("target", 0, 0, 50, 30, 1, 0);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDisableVertexAttribArray((GLuint)shade);
  glUseProgram(program);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, corners);
  glViewport(10, 20, 100, 90);
  glClear(GL_COLOR_BUFFER_BIT);
  glDrawElements(GL_TRIANGLES, 6, GL_UNSIGNED_BYTE, order);
  pixels_near("sampled", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
  return client_close();
}
