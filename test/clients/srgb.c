// sRGB textures decode, sRGB framebuffers encode (cleared, drawn, blended in linear light, blitted, mipmapped); the
// attachment's encoding is told.
#include "common.h"

#define SIZE 32

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  GLuint ramp = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform float alpha; out vec4 result; void main() { result = vec4(at.x, at.y, at.x * at.y, alpha); }");
  GLuint copy = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; out vec4 result; void main() { result = texture(image, at); }");
  GLuint textures[2], framebuffers[2];
  const GLenum formats[] = {GL_SRGB8_ALPHA8, GL_RGBA8};
  glGenFramebuffers(2, framebuffers);
  for (int i = 0; i < 2; i++) {
    char name[32];
    textures[i] = texture_2d(formats[i], SIZE, SIZE, 6);
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffers[i]);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, textures[i], 0);
    GLint encoding = 0;
    glGetFramebufferAttachmentParameteriv(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_FRAMEBUFFER_ATTACHMENT_COLOR_ENCODING, &encoding);
    snprintf(name, sizeof name, "encoding.%d", i);
    text(name, "0x%x", encoding);
    glViewport(0, 0, SIZE, SIZE);
    clear_colour(0.2f, 0.4f, 0.6f, 0.8f);
    snprintf(name, sizeof name, "cleared.%d", i);
    pixels_near(name, 0, 0, SIZE, SIZE, 1, 0);
    set_float(ramp, "alpha", 1);
    draw_rectangle(-0.9f, -0.9f, 0.9f, 0.9f, 0);
    glEnable(GL_BLEND);
    glBlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
    set_float(ramp, "alpha", 0.4f);
    draw_rectangle(-1, 0, 1, 0.5f, 0);
    glDisable(GL_BLEND);
    snprintf(name, sizeof name, "drawn.%d", i);
    pixels_near(name, 0, 0, SIZE, SIZE, 1, 0);
    glGenerateMipmap(GL_TEXTURE_2D);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    clear_colour(0, 0, 0, 1);
    glUseProgram(copy);
    for (int level = 0; level < 4; level++) {
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_BASE_LEVEL, level);
      glViewport(level * SIZE, 0, SIZE, SIZE);
      draw_full();
    }
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_BASE_LEVEL, 0);
    snprintf(name, sizeof name, "sampled.%d", i);
    pixels_near(name, 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
  }
  // Uploaded bytes, sRGB8 and SRGB8_ALPHA8, filtered linearly after decoding.
  uint8_t texels[8 * 8 * 4];
  for (int i = 0; i < (int)sizeof texels; i++) texels[i] = noise((uint32_t)i);
  for (int i = 0; i < 2; i++) {
    char name[32];
    texture_2d(i ? GL_SRGB8_ALPHA8 : GL_SRGB8, 8, 8, 1);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, 8, 8, i ? GL_RGBA : GL_RGB, GL_UNSIGNED_BYTE, texels);
    glUseProgram(copy);
    glViewport(0, 0, SIZE, SIZE);
    draw_full();
    texture_filter(GL_TEXTURE_2D, GL_LINEAR, GL_LINEAR);
    glViewport(64, 0, 64, 128);
    draw_full();
    snprintf(name, sizeof name, "uploaded.%d", i);
    pixels_near(name, 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
  }
  // Blits decode and encode when both sides differ.
  for (int i = 0; i < 2; i++) {
    char name[32];
    glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffers[i]);
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, framebuffers[1 - i]);
    glBlitFramebuffer(0, 0, SIZE, SIZE / 2, 0, SIZE / 2, SIZE, SIZE, GL_COLOR_BUFFER_BIT, GL_NEAREST);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffers[1 - i]);
    snprintf(name, sizeof name, "blitted.%d", i);
    pixels_near(name, 0, 0, SIZE, SIZE, 1, 0);
  }
  return client_close();
}
