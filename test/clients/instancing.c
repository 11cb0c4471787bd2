// Instanced draws with divisors 0, 1, 2 and 3, arrays and elements, integer attributes, base offsets, zero instances,
// and a divisor that changes between draws of one vertex array.
#include "common.h"

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  GLuint program = program_create(
      ES3 "layout(location = 0) in vec2 position; layout(location = 1) in vec2 offset; layout(location = 2) in vec3 shade;\n"
          "layout(location = 3) in uint step; flat out vec4 colour;\n"
          "void main() { colour = vec4(shade, 1.0) * (float(step) / 4.0); colour.b += float(gl_InstanceID) / 32.0; colour.a = 1.0;\n"
          "  gl_Position = vec4(position * 0.1 + offset, 0.0, 1.0); }",
      ES3 "flat in vec4 colour; out vec4 result; void main() { result = colour; }");
  const float corners[] = {-1, -1, 1, -1, -1, 1, 1, 1};
  float offsets[16][2], shades[8][3];
  uint32_t steps[6];
  for (int i = 0; i < 16; i++) {
    offsets[i][0] = (float)(i % 4) * 0.5f - 0.75f;
    offsets[i][1] = (float)(i / 4) * 0.5f - 0.75f;
  }
  for (int i = 0; i < 24; i++) shades[i / 3][i % 3] = (float)noise((uint32_t)i) / 255;
  for (int i = 0; i < 6; i++) steps[i] = (uint32_t)(i % 4 + 1);
  const uint16_t indices[] = {0, 1, 2, 2, 1, 3};

  GLuint array;
  glGenVertexArrays(1, &array);
  glBindVertexArray(array);
  buffer_create(GL_ARRAY_BUFFER, sizeof corners, corners, GL_STATIC_DRAW);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, NULL);
  buffer_create(GL_ARRAY_BUFFER, sizeof offsets, offsets, GL_STATIC_DRAW);
  glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, 0, NULL);
  glVertexAttribDivisor(1, 1);
  buffer_create(GL_ARRAY_BUFFER, sizeof shades, shades, GL_STATIC_DRAW);
  glVertexAttribPointer(2, 3, GL_FLOAT, GL_FALSE, 0, NULL);
  glVertexAttribDivisor(2, 2);
  buffer_create(GL_ARRAY_BUFFER, sizeof steps, steps, GL_STATIC_DRAW);
  glVertexAttribIPointer(3, 1, GL_UNSIGNED_INT, 0, NULL);
  glVertexAttribDivisor(3, 3);
  for (GLuint i = 0; i < 4; i++) glEnableVertexAttribArray(i);
  buffer_create(GL_ELEMENT_ARRAY_BUFFER, sizeof indices, indices, GL_STATIC_DRAW);
  glUseProgram(program);

  clear_colour(0, 0, 0, 1);
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, 16);
  pixels("arrays", WINDOW_SIZE, WINDOW_SIZE);

  clear_colour(0, 0, 0, 1);
  glDrawElementsInstanced(GL_TRIANGLES, 6, GL_UNSIGNED_SHORT, NULL, 11);
  glDrawElementsInstanced(GL_TRIANGLES, 3, GL_UNSIGNED_SHORT, (void *)(3 * 2), 13);
  pixels("elements", WINDOW_SIZE, WINDOW_SIZE);

  clear_colour(0, 0, 0, 1);
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, 0);
  pixels_near("none", 0, 0, 4, 4, 0, 0);
  glVertexAttribDivisor(2, 1);  // eight shades: eight instances at most
  glVertexAttribDivisor(3, 0);  // per vertex now
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, 8);
  pixels("changed", WINDOW_SIZE, WINDOW_SIZE);

  clear_colour(0, 0, 0, 1);
  glDisableVertexAttribArray(2);
  glVertexAttrib3f(2, 1, 0.5f, 0.25f);
  glDisableVertexAttribArray(3);
  glVertexAttribI4ui(3, 3, 0, 0, 1);
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, 16);
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);  // an instanced attribute in a plain draw: its first element
  pixels("current-values", WINDOW_SIZE, WINDOW_SIZE);
  return client_close();
}
