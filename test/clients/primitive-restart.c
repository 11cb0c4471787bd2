// Primitive restart with the fixed index of each index type, in every strip-like mode and lists, from buffers and from
// user memory, with instances, and switched off again (where the largest index is an ordinary vertex).
#include "common.h"

static const GLenum types[] = {GL_UNSIGNED_BYTE, GL_UNSIGNED_SHORT, GL_UNSIGNED_INT};

static size_t indices_make(int type, const int *from, int count, void *to) {
  for (int i = 0; i < count; i++) {
    if (type == 0) ((uint8_t *)to)[i] = (uint8_t)from[i];
    if (type == 1) ((uint16_t *)to)[i] = (uint16_t)from[i];
    if (type == 2) ((uint32_t *)to)[i] = (uint32_t)from[i];
  }
  return (size_t)count * (1u << type);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  GLuint program = program_create(
      ES3 "layout(location = 0) in vec2 position; uniform vec2 shift; flat out int instance; flat out int vertex;\n"
          "void main() { instance = gl_InstanceID; vertex = gl_VertexID; gl_PointSize = 5.0;\n"
          "  gl_Position = vec4(position * 0.2 + shift + float(gl_InstanceID) * vec2(0.0, 0.1), 0.0, 1.0); }",
      ES3 "flat in int instance; flat in int vertex; out vec4 result;\n"
          "void main() { result = vec4(float(vertex & 15) / 15.0, float(instance) / 2.0, float(vertex >> 4) / 15.0, 1.0); }");
  float positions[256][2];
  for (int i = 0; i < 256; i++) {
    positions[i][0] = (float)(i / 2 % 5) * 0.5f - 1;
    positions[i][1] = (float)(i % 2) * 0.8f - 0.9f + (float)(i / 10 % 5) * 0.125f;
  }
  const int restarting[] = {0, 1, 2, 3, -1, 4, 5, 6, 7, -1, -1, 20, 21, 22, -1, 23, -1, 24, 25, 26, 27, 28};
  const GLenum modes[] = {GL_TRIANGLE_STRIP, GL_TRIANGLE_FAN, GL_LINE_STRIP, GL_LINE_LOOP, GL_TRIANGLES, GL_LINES, GL_POINTS};
  uint32_t memory[64];
  buffer_create(GL_ARRAY_BUFFER, sizeof positions, positions, GL_STATIC_DRAW);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, NULL);
  glEnableVertexAttribArray(0);
  glUseProgram(program);
  GLint shift = glGetUniformLocation(program, "shift");
  for (int pass = 0; pass < 4; pass++) {  // buffer, user memory, instanced, offset
    glEnable(GL_PRIMITIVE_RESTART_FIXED_INDEX);
    clear_colour(0, 0, 0, 1);
    for (int type = 0; type < 3; type++) {
      size_t length = indices_make(type, restarting, COUNT(restarting), memory);
      GLuint buffer = 0;
      if (pass != 1) buffer = buffer_create(GL_ELEMENT_ARRAY_BUFFER, length, memory, GL_STATIC_DRAW);
      for (int mode = 0; mode < COUNT(modes); mode++) {
        glUniform2f(shift, (float)mode * 0.28f - 0.8f, (float)type * 0.6f - 0.6f);
        const void *start = pass == 1 ? (void *)memory : NULL;
        if (pass == 2) glDrawElementsInstanced(modes[mode], COUNT(restarting), types[type], start, 3);
        else if (pass == 3) glDrawElements(modes[mode], 12, types[type], (void *)((size_t)3 << type));
        else glDrawElements(modes[mode], COUNT(restarting), types[type], start);
      }
      if (buffer != 0) glDeleteBuffers(1, &buffer);
    }
    char name[32];
    snprintf(name, sizeof name, "restart.%d", pass);
    pixels(name, WINDOW_SIZE, WINDOW_SIZE);
  }
  // Off: index 255 is vertex 255, and a strip runs through it.
  glDisable(GL_PRIMITIVE_RESTART_FIXED_INDEX);
  clear_colour(0, 0, 0, 1);
  const int through[] = {0, 1, 2, 255, 3};
  indices_make(0, through, COUNT(through), memory);
  glUniform2f(shift, 0, 0);
  glDrawElements(GL_TRIANGLE_STRIP, COUNT(through), GL_UNSIGNED_BYTE, memory);
  pixels("off", WINDOW_SIZE, WINDOW_SIZE);
  return client_close();
}
