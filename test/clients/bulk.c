// Amounts: thousands of small draws with state changes in one frame, a texture of 2048², buffers of several MiB written
// whole and in pieces, an index buffer of 300,000 elements, hundreds of live objects made and freed.
#include "common.h"

static void many_draws(void) {
  GLuint programs[3] = {program_uniform_colour(), program_create(VERTEX_PLAIN, ES3 "uniform vec4 colour; out vec4 result; void main() { result = colour.gbra; }"),
                        program_create(VERTEX_PLAIN, ES3 "uniform vec4 colour; out vec4 result; void main() { result = vec4(1.0) - colour; }")};
  float squares[64 * 64][8];
  for (int i = 0; i < 64 * 64; i++) {
    const float x = (float)(i % 64) / 32 - 1, y = (float)(i / 64) / 32 - 1, w = 1.0f / 32;
    const float corners[8] = {x, y, x + w, y, x, y + w, x + w, y + w};
    memcpy(squares[i], corners, sizeof corners);
  }
  GLuint buffer = buffer_create(GL_ARRAY_BUFFER, sizeof squares, squares, GL_STATIC_DRAW);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, NULL);
  glEnableVertexAttribArray(0);
  clear_colour(0, 0, 0, 1);
  for (int i = 0; i < 64 * 64; i++) {
    const GLuint program = programs[noise((uint32_t)i) % 3];
    set_colour(program, (float)(i % 64) / 64, (float)(i / 64) / 64, (float)(i % 7) / 7, 1);
    if (i % 11 == 0) glEnable(GL_BLEND);
    if (i % 11 == 5) glDisable(GL_BLEND);
    glBlendFunc(GL_ONE, i % 13 ? GL_ONE : GL_ZERO);
    glDrawArrays(GL_TRIANGLE_STRIP, i * 4, 4);
  }
  glDisable(GL_BLEND);
  pixels_near("draws", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
  glDeleteBuffers(1, &buffer);
}

static void large_texture(void) {
  GLint limit = 0;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &limit);
  if (limit < 2048) fail("ES 3.0 promises textures of 2048");
  uint32_t *texels = malloc(2048 * 2048 * 4);
  for (uint32_t i = 0; i < 2048 * 2048; i++) texels[i] = (i * 2654435761u) | 0xff000000u;
  texture_2d(GL_RGBA8, 2048, 2048, 12);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, 2048, 2048, GL_RGBA, GL_UNSIGNED_BYTE, texels);
  for (int i = 0; i < 2048; i += 97) glTexSubImage2D(GL_TEXTURE_2D, 0, 0, i, 2048, 1, GL_RGBA, GL_UNSIGNED_BYTE, texels + i * 3);
  glGenerateMipmap(GL_TEXTURE_2D);
  GLuint program = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; uniform float level; out vec4 result; void main() { result = texelFetch(image, ivec2(gl_FragCoord.xy) * (16 >> int(level)) + ivec2(5, 3) * (1 - int(level) / 8), int(level)); }");
  for (int level = 0; level < 3; level += 2) {
    char name[32];
    set_float(program, "level", (float)level);
    draw_full();
    snprintf(name, sizeof name, "texture.%d", level);
    pixels_near(name, 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
  }
  // All of it back, as a checksum.
  GLuint framebuffer, texture;
  glGetIntegerv(GL_TEXTURE_BINDING_2D, (GLint *)&texture);
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
  glReadPixels(0, 0, 2048, 2048, GL_RGBA, GL_UNSIGNED_BYTE, texels);
  uint64_t sum = 1469598103934665603ull;
  for (int i = 0; i < 2048 * 2048; i++) sum = (sum ^ texels[i]) * 1099511628211ull;
  text("texture.checksum", "%016llx", (unsigned long long)sum);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDeleteTextures(1, &texture);
  free(texels);
}

static void large_buffers(void) {
  const int vertices = 250000;
  float *data = malloc((size_t)vertices * 8);
  for (int i = 0; i < vertices; i++) {
    data[i * 2] = (float)(i % 500) / 250 - 1;
    data[i * 2 + 1] = (float)(i / 500) / 250 - 1;
  }
  GLuint buffer = buffer_create(GL_ARRAY_BUFFER, (size_t)vertices * 8, NULL, GL_DYNAMIC_DRAW);
  glBufferSubData(GL_ARRAY_BUFFER, 0, (GLsizeiptr)vertices * 8, data);
  for (int i = 0; i < 40; i++) glBufferSubData(GL_ARRAY_BUFFER, i * 50000 + 8, 4096, data + 11);
  uint32_t *indices = malloc(300000 * 4);
  for (uint32_t i = 0; i < 300000; i++) indices[i] = (i * 48271u) % (uint32_t)vertices;
  GLuint elements = buffer_create(GL_ELEMENT_ARRAY_BUFFER, 300000 * 4, indices, GL_STATIC_DRAW);
  GLuint program = program_create(ES3 "in vec2 position; flat out vec4 colour; void main() { colour = vec4(float(gl_VertexID & 255) / 255.0, float(gl_VertexID >> 8 & 255) / 255.0, 1.0, 1.0); gl_PointSize = 1.0; gl_Position = vec4((floor((position * 0.5 + 0.5) * 127.0 + 0.01) + 0.6) / 64.0 - 1.0, 0.0, 1.0); }",
                                  ES3 "flat in vec4 colour; out vec4 result; void main() { result = colour; }");
  glUseProgram(program);
  clear_colour(0, 0, 0, 1);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, NULL);
  glDrawElements(GL_POINTS, 300000, GL_UNSIGNED_INT, NULL);
  pixels("buffers", WINDOW_SIZE, WINDOW_SIZE);
  glDeleteBuffers(1, &buffer);
  glDeleteBuffers(1, &elements);
  free(data);
  free(indices);
}

static void many_objects(void) {
  GLuint textures[400], program = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; out vec4 result; void main() { result = texture(image, at); }");
  clear_colour(0, 0, 0, 1);
  glUseProgram(program);
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 400; i++) {
      uint8_t texel[4] = {noise((uint32_t)(i * 3 + round)), noise((uint32_t)i + 9), (uint8_t)(round * 100), 255};
      textures[i] = texture_2d(GL_RGBA8, 1, 1, 1);
      glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE, texel);
    }
    for (int i = 0; i < 400; i++) {
      glBindTexture(GL_TEXTURE_2D, textures[(i * 7) % 400]);
      glViewport(i % 20 * 6 + round, i / 20 * 6, 6, 6);
      draw_full();
    }
    glDeleteTextures(400, textures);
  }
  glViewport(0, 0, WINDOW_SIZE, WINDOW_SIZE);
  pixels("objects", WINDOW_SIZE, WINDOW_SIZE);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  many_draws();
  large_texture();
  large_buffers();
  many_objects();
  return client_close();
}
