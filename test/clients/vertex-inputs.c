// Vertex arrays: user memory and buffers, every component type (normalised, scaled, integer, half, packed), strides and
// offsets, current values, index types with offsets, ranges, gl_VertexID, attributes switched on and off, many attributes.
#include "common.h"

static void cell(int index) { glViewport(index % 8 * 16, index / 8 * 16, 16, 16); }

struct input {
  GLenum type;
  int size;
  GLboolean normalised;
  int bytes;
};
static const struct input inputs[] = {
    {GL_FLOAT, 1, 0, 4},          {GL_FLOAT, 2, 0, 8},           {GL_FLOAT, 3, 0, 12},         {GL_FLOAT, 4, 0, 16},         {GL_HALF_FLOAT, 1, 0, 2},  {GL_HALF_FLOAT, 2, 0, 4},
    {GL_HALF_FLOAT, 3, 0, 6},     {GL_HALF_FLOAT, 4, 0, 8},      {GL_BYTE, 1, 1, 1},           {GL_BYTE, 2, 1, 2},           {GL_BYTE, 3, 1, 3},        {GL_BYTE, 4, 1, 4},
    {GL_UNSIGNED_BYTE, 3, 1, 3},  {GL_UNSIGNED_BYTE, 4, 1, 4},   {GL_UNSIGNED_BYTE, 4, 0, 4},  {GL_BYTE, 4, 0, 4},           {GL_SHORT, 1, 1, 2},       {GL_SHORT, 2, 1, 4},
    {GL_SHORT, 3, 0, 6},          {GL_SHORT, 4, 1, 8},           {GL_UNSIGNED_SHORT, 2, 1, 4}, {GL_UNSIGNED_SHORT, 4, 0, 8}, {GL_INT, 2, 0, 8},         {GL_INT, 4, 1, 16},
    {GL_UNSIGNED_INT, 3, 1, 12},  {GL_UNSIGNED_INT, 4, 0, 16},   {GL_FIXED, 2, 0, 8},          {GL_FIXED, 4, 0, 16},         {GL_INT_2_10_10_10_REV, 4, 1, 4}, {GL_INT_2_10_10_10_REV, 4, 0, 4},
    {GL_UNSIGNED_INT_2_10_10_10_REV, 4, 1, 4}, {GL_UNSIGNED_INT_2_10_10_10_REV, 4, 0, 4},
};

static void input_bytes(const struct input *input, uint8_t *to, int vertices, int stride) {
  for (int i = 0; i < vertices * stride; i++) to[i] = noise((uint32_t)(i * 5) + input->type);
  for (int v = 0; v < vertices; v++)
    for (int c = 0; c < input->size; c++) {
      float value = (float)noise((uint32_t)(v * 4 + c) + input->type) / 200;
      if (input->type == GL_FLOAT) memcpy(to + v * stride + c * 4, &value, 4);
      if (input->type == GL_HALF_FLOAT) to[v * stride + c * 2 + 1] = (uint8_t)((to[v * stride + c * 2 + 1] & 0x87) | 0x38);
    }
}

// Each type's four vertex values are recorded by transform feedback: no rasterisation in between.
static void types(int user_memory) {
  GLuint program = program_unlinked(ES3 "layout(location = 3) in vec4 value; out vec4 captured; void main() { captured = value; gl_Position = vec4(0); }", ES3 "void main() { }");
  const char *names[] = {"captured"};
  glTransformFeedbackVaryings(program, 1, names, GL_INTERLEAVED_ATTRIBS);
  glUseProgram(program_link(program));
  glEnable(GL_RASTERIZER_DISCARD);
  glDisableVertexAttribArray(0);
  glEnableVertexAttribArray(3);
  for (int i = 0; i < COUNT(inputs); i++) {
    const struct input *input = &inputs[i];
    uint8_t data[512];
    const int stride = i % 3 == 0 ? input->bytes : (input->bytes + 3) / 4 * 4 + (i % 3) * 4;
    input_bytes(input, data, 6, stride);
    GLuint captured = buffer_create(GL_TRANSFORM_FEEDBACK_BUFFER, 16 * 6, NULL, GL_STREAM_READ), buffer = 0;
    glBindBufferBase(GL_TRANSFORM_FEEDBACK_BUFFER, 0, captured);
    if (user_memory) {
      glBindBuffer(GL_ARRAY_BUFFER, 0);
      glVertexAttribPointer(3, input->size, input->type, input->normalised, i % 3 == 0 ? 0 : stride, data);
    } else {
      buffer = buffer_create(GL_ARRAY_BUFFER, sizeof data, data, GL_STATIC_DRAW);
      glVertexAttribPointer(3, input->size, input->type, input->normalised, i % 3 == 0 ? 0 : stride, NULL);
    }
    glBeginTransformFeedback(GL_POINTS);
    glDrawArrays(GL_POINTS, 0, 6);
    glEndTransformFeedback();
    const float *mapped = glMapBufferRange(GL_TRANSFORM_FEEDBACK_BUFFER, 0, 16 * 6, GL_MAP_READ_BIT);
    char name[64];
    snprintf(name, sizeof name, "type.%d.0x%04x.%d%s", user_memory, input->type, input->size, input->normalised ? ".normalised" : "");
    // Normalisation multiplies by or divides by 2^n - 1: one unit in the last place of a float near 1. llvmpipe divides
    // 16.16 numbers by 65535; a guest's Mesa, which converts them itself, by 65536.
    floats(name, mapped, 24, input->type == GL_FIXED ? 0.51 : input->normalised ? 1.3e-7 : 0);
    glUnmapBuffer(GL_TRANSFORM_FEEDBACK_BUFFER);
    glDeleteBuffers(1, &captured);
    glDeleteBuffers(1, &buffer);
  }
  glDisable(GL_RASTERIZER_DISCARD);
  glDisableVertexAttribArray(3);
  glDeleteProgram(program);
}

static void integers(void) {
  GLuint program = program_unlinked(ES3 "layout(location = 1) in ivec4 a; layout(location = 2) in uvec4 b; flat out ivec4 left; flat out uvec4 right; void main() { left = a; right = b; gl_Position = vec4(0); }", ES3 "void main() { }");
  const char *names[] = {"left", "right"};
  glTransformFeedbackVaryings(program, 2, names, GL_INTERLEAVED_ATTRIBS);
  glUseProgram(program_link(program));
  const GLenum signed_types[] = {GL_BYTE, GL_SHORT, GL_INT}, unsigned_types[] = {GL_UNSIGNED_BYTE, GL_UNSIGNED_SHORT, GL_UNSIGNED_INT};
  uint8_t data[512];
  for (int i = 0; i < (int)sizeof data; i++) data[i] = noise((uint32_t)i * 13);
  buffer_create(GL_ARRAY_BUFFER, sizeof data, data, GL_STATIC_DRAW);
  glEnable(GL_RASTERIZER_DISCARD);
  glEnableVertexAttribArray(1);
  glEnableVertexAttribArray(2);
  for (int type = 0; type < 3; type++)
    for (int size = 1; size <= 4; size++) {
      GLuint captured = buffer_create(GL_TRANSFORM_FEEDBACK_BUFFER, 32 * 5, NULL, GL_STREAM_READ);
      glBindBufferBase(GL_TRANSFORM_FEEDBACK_BUFFER, 0, captured);
      glVertexAttribIPointer(1, size, signed_types[type], 20, (void *)(size_t)(4 << type));
      glVertexAttribIPointer(2, size, unsigned_types[type], 0, (void *)64);
      glBeginTransformFeedback(GL_POINTS);
      glDrawArrays(GL_POINTS, 1, 5);
      glEndTransformFeedback();
      const void *mapped = glMapBufferRange(GL_TRANSFORM_FEEDBACK_BUFFER, 0, 32 * 5, GL_MAP_READ_BIT);
      char name[32];
      snprintf(name, sizeof name, "integer.%d.%d", type, size);
      unsigneds(name, mapped, 40);
      glUnmapBuffer(GL_TRANSFORM_FEEDBACK_BUFFER);
      glDeleteBuffers(1, &captured);
    }
  glDisable(GL_RASTERIZER_DISCARD);
  glDisableVertexAttribArray(1);
  glDisableVertexAttribArray(2);
}

static void indices(void) {
  GLuint program = program_create(ES3 "layout(location = 0) in vec2 position; uniform int counted; flat out vec4 colour; void main() {\n"
                                  // Mesa may turn a draw from user memory into one without indices, where gl_VertexID is another.
                                  "int i = counted != 0 ? gl_VertexID : int(round(position.x * 7.0 + 7.0)) + 15 * int(round(position.y * 10.0 + 10.0)); colour = vec4(float(i & 7) / 7.0, float(i >> 3 & 7) / 7.0, float(i >> 6) / 4.0, 1.0); gl_Position = vec4(position, 0.0, 1.0); }",
                                  ES3 "flat in vec4 colour; out vec4 result; void main() { result = colour; }");
  float grid[300][2];
  for (int i = 0; i < 300; i++) {
    grid[i][0] = (float)(i % 15) / 7 - 1;
    grid[i][1] = (float)(i / 15) / 10 - 1;
  }
  uint32_t list[48];
  for (int i = 0; i < 48; i++) list[i] = (uint32_t)(noise((uint32_t)i) + (i >= 24 ? 40 : 0));
  glUseProgram(program);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  clear_colour(0, 0, 0, 1);
  int at = 0;
  for (int user = 0; user < 2; user++)
    for (int type = 0; type < 3; type++) {
      set_int(program, "counted", !user);
      uint8_t narrow[48];
      uint16_t middle[48];
      for (int i = 0; i < 48; i++) {
        narrow[i] = (uint8_t)list[i];
        middle[i] = (uint16_t)list[i];
      }
      const void *data = type == 0 ? (void *)narrow : type == 1 ? (void *)middle : (void *)list;
      const GLenum types[] = {GL_UNSIGNED_BYTE, GL_UNSIGNED_SHORT, GL_UNSIGNED_INT};
      GLuint vertices = 0, elements = 0;
      if (!user) {
        vertices = buffer_create(GL_ARRAY_BUFFER, sizeof grid, grid, GL_STATIC_DRAW);
        elements = buffer_create(GL_ELEMENT_ARRAY_BUFFER, 48u << type, data, GL_STATIC_DRAW);
      } else {
        glBindBuffer(GL_ARRAY_BUFFER, 0);
        glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, 0);
      }
      glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, user ? (void *)grid : NULL);
      glEnableVertexAttribArray(0);
      const uint8_t *base = user ? data : NULL;
      cell(at++);
      glDrawElements(GL_TRIANGLES, 24, types[type], base);
      cell(at++);
      glDrawElements(GL_TRIANGLES, 21, types[type], base + (27u << type));
      cell(at++);
      glDrawRangeElements(GL_TRIANGLE_STRIP, 0, 299, 9, types[type], base + (2u << type));
      glDeleteBuffers(1, &vertices);
      glDeleteBuffers(1, &elements);
    }
  // Two vertex arrays of different layout, switched between draws; a first vertex other than 0.
  GLuint arrays[2];
  glGenVertexArrays(2, arrays);
  for (int i = 0; i < 2; i++) {
    glBindVertexArray(arrays[i]);
    buffer_create(GL_ARRAY_BUFFER, sizeof grid, grid, GL_STATIC_DRAW);
    glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, i ? 24 : 0, (void *)(size_t)(i * 40));
    glEnableVertexAttribArray(0);
  }
  for (int i = 0; i < 6; i++) {
    glBindVertexArray(arrays[i % 2]);
    cell(at++);
    glDrawArrays(i % 3 ? GL_TRIANGLES : GL_TRIANGLE_FAN, i * 7, 15);
  }
  glBindVertexArray(0);
  pixels("indices", WINDOW_SIZE, WINDOW_SIZE);
}

// All sixteen attributes at once, some from one interleaved buffer, some from their own, some current values, a matrix.
static void many(void) {
  GLuint program = program_create(ES3 "layout(location = 0) in vec2 position; layout(location = 1) in mat4 m; layout(location = 5) in mat4 e; layout(location = 9) in mat4 f; layout(location = 13) in vec3 b; layout(location = 14) in ivec2 c; layout(location = 15) in float d;\n"
                                  "out vec4 varied; void main() { varied = m * e[0]; for (int i = 1; i < 8; i++) varied += (i < 4 ? e[i] : f[i - 4]) * float(i); varied = fract(varied + vec4(b, d) + float(c.x - c.y) / 64.0); varied.a = 1.0; gl_Position = vec4(position, 0.0, 1.0); }",
                                  ES3 "in vec4 varied; out vec4 result; void main() { result = varied; }");
  float data[64 * 4];
  for (int i = 0; i < COUNT(data); i++) data[i] = (float)noise((uint32_t)i + 31337) / 1024;
  const float corners[] = {-1, -1, 1, -1, -1, 1, 1, 1};
  glBindBuffer(GL_ARRAY_BUFFER, 0);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, corners);
  GLuint shared = buffer_create(GL_ARRAY_BUFFER, sizeof data, data, GL_STATIC_DRAW);
  for (GLuint i = 1; i <= 9; i++) glVertexAttribPointer(i, 4, GL_FLOAT, GL_FALSE, 160, (void *)(size_t)(i * 16));
  GLuint own = buffer_create(GL_ARRAY_BUFFER, sizeof data, data, GL_STATIC_DRAW);
  glVertexAttribPointer(10, 3, GL_UNSIGNED_BYTE, GL_TRUE, 8, (void *)4);
  glVertexAttribPointer(13, 3, GL_SHORT, GL_TRUE, 8, NULL);
  for (GLuint i = 0; i < 16; i++) {
    if (i == 11 || i == 12 || i == 14 || i == 15) glDisableVertexAttribArray(i);
    else glEnableVertexAttribArray(i);
  }
  glVertexAttrib4f(11, 0.1f, 0.2f, 0.3f, 0.4f);
  glVertexAttrib2f(12, 0.5f, 0.25f);
  glVertexAttribI4i(14, 7, -9, 0, 0);
  glVertexAttrib1f(15, 0.75f);
  glUseProgram(program);
  glViewport(0, 0, WINDOW_SIZE, WINDOW_SIZE);
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  // fract() of a sum may jump from 1 to 0 where the sum is within rounding of a whole number.
  pixels_near("many", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 2, 0.002);
  for (GLuint i = 0; i < 16; i++) glDisableVertexAttribArray(i);
  glDeleteBuffers(1, &shared);
  glDeleteBuffers(1, &own);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  types(0);
  types(1);
  integers();
  indices();
  many();
  return client_close();
}
