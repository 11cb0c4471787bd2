// Transform feedback: interleaved and separate buffers, every component type, offsets and sizes of bound ranges,
// pause and resume around other draws and program changes, strips and fans captured as lists, capture while drawing.
#include "common.h"

// Points and lines stay off the pixel grid: which neighbour a vertex on the grid belongs to depends on which way up the
// window system's surface is, and that differs between a native pbuffer and a guest's.
#define TF_VERTEX ES3 \
  "layout(location = 0) in vec4 position; layout(location = 1) in ivec2 whole;\n" \
  "out vec4 sum; out float single; flat out ivec2 doubled; flat out uvec3 natural; out vec2 pair[2];\n" \
  "void main() { sum = position * 2.0 + 1.0; single = position.x; doubled = whole * 2; natural = uvec3(gl_VertexID, whole);\n" \
  "  pair[0] = position.xy; pair[1] = position.yx; gl_Position = vec4(position.xy + vec2(0.0043, 0.0031), position.z, 1.0); gl_PointSize = 3.0; }"
#define TF_FRAGMENT ES3 "in vec4 sum; flat in ivec2 doubled; out vec4 result; void main() { result = vec4(sum.xy * 0.25 + 0.5, float(doubled.x) / 32.0, 1.0); }"

static float positions[12][4];
static int32_t wholes[12][2];
static GLuint position_buffer, whole_buffer;

static void input_set(void) {
  for (int i = 0; i < 12; i++) {
    positions[i][0] = (float)(i % 4) * 0.5f - 0.75f;
    positions[i][1] = (float)(i / 4) * 0.5f - 0.75f;
    positions[i][2] = (float)i * 0.0625f;
    positions[i][3] = (float)-i;
    wholes[i][0] = i * 3;
    wholes[i][1] = -i;
  }
  position_buffer = buffer_create(GL_ARRAY_BUFFER, sizeof positions, positions, GL_STATIC_DRAW);
  glVertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, 0, NULL);
  glEnableVertexAttribArray(0);
  whole_buffer = buffer_create(GL_ARRAY_BUFFER, sizeof wholes, wholes, GL_STATIC_DRAW);
  glVertexAttribIPointer(1, 2, GL_INT, 0, NULL);
  glEnableVertexAttribArray(1);
}

static GLuint program_capturing(int count, const char *const *names, GLenum mode) {
  GLuint program = program_unlinked(TF_VERTEX, TF_FRAGMENT);
  glTransformFeedbackVaryings(program, count, names, mode);
  return program_link(program);
}

// A capture buffer filled with 0xee, so that what was not written shows.
static GLuint capture_buffer(size_t length) {
  uint8_t *filler = malloc(length);
  memset(filler, 0xee, length);
  GLuint buffer = buffer_create(GL_TRANSFORM_FEEDBACK_BUFFER, length, filler, GL_DYNAMIC_READ);
  free(filler);
  return buffer;
}

static void buffer_record(const char *name, GLuint buffer, size_t length) {
  glBindBuffer(GL_COPY_READ_BUFFER, buffer);
  const void *data = glMapBufferRange(GL_COPY_READ_BUFFER, 0, (GLsizeiptr)length, GL_MAP_READ_BIT);
  if (data == NULL) fail("glMapBufferRange");
  bytes(name, data, length);
  glUnmapBuffer(GL_COPY_READ_BUFFER);
  check_gl(name);
}

static void interleaved(void) {
  const char *names[] = {"sum", "single", "doubled", "natural", "pair[0]", "pair[1]"};
  const size_t vertex_bytes = (4 + 1 + 2 + 3 + 2 + 2) * 4;
  GLuint program = program_capturing(COUNT(names), names, GL_INTERLEAVED_ATTRIBS);
  GLuint buffer = capture_buffer(vertex_bytes * 14);
  glUseProgram(program);
  glBindBufferBase(GL_TRANSFORM_FEEDBACK_BUFFER, 0, buffer);
  glEnable(GL_RASTERIZER_DISCARD);
  glBeginTransformFeedback(GL_POINTS);
  glDrawArrays(GL_POINTS, 0, 12);
  glEndTransformFeedback();
  glDisable(GL_RASTERIZER_DISCARD);
  buffer_record("interleaved", buffer, vertex_bytes * 14);
  glDeleteBuffers(1, &buffer);
}

static void separate(void) {
  const char *names[] = {"single", "doubled", "sum", "gl_Position"};
  GLuint program = program_capturing(COUNT(names), names, GL_SEPARATE_ATTRIBS);
  GLuint buffers[4];
  glUseProgram(program);
  for (int i = 0; i < 4; i++) {
    buffers[i] = capture_buffer(16 * 12 + 64);
    glBindBufferRange(GL_TRANSFORM_FEEDBACK_BUFFER, (GLuint)i, buffers[i], 16 * i, 16 * 12);
  }
  glEnable(GL_RASTERIZER_DISCARD);
  glBeginTransformFeedback(GL_TRIANGLES);
  glDrawArrays(GL_TRIANGLES, 3, 9);
  glEndTransformFeedback();
  glDisable(GL_RASTERIZER_DISCARD);
  for (int i = 0; i < 4; i++) {
    char name[32];
    snprintf(name, sizeof name, "separate.%d", i);
    buffer_record(name, buffers[i], 16 * 12 + 64);
  }
  glDeleteBuffers(4, buffers);
}

// Two feedback objects, each paused while the other and plain draws run; the buffers must continue where they stopped.
static void pause_resume(void) {
  const char *names[] = {"sum"};
  GLuint program = program_capturing(1, names, GL_INTERLEAVED_ATTRIBS);
  GLuint plain = program_create(ES3 "in vec4 position; void main() { gl_PointSize = 3.0; gl_Position = vec4(position.xy + vec2(0.0043, 0.0031), position.z, 1.0); }", FRAGMENT_UNIFORM);
  GLuint objects[2], buffers[2];
  glGenTransformFeedbacks(2, objects);
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  glUseProgram(program);
  for (int i = 0; i < 2; i++) {
    glBindTransformFeedback(GL_TRANSFORM_FEEDBACK, objects[i]);
    buffers[i] = capture_buffer(16 * 10);
    glBindBufferBase(GL_TRANSFORM_FEEDBACK_BUFFER, 0, buffers[i]);
    glBeginTransformFeedback(GL_POINTS);
    glDrawArrays(GL_POINTS, i, 2 + i);
    glPauseTransformFeedback();
  }
  glDrawArrays(GL_POINTS, 6, 3);  // paused: drawn, not captured
  set_colour(plain, 0, 0.5f, 0, 1);
  glDrawArrays(GL_POINTS, 9, 3);  // another program while paused
  glBindBuffer(GL_ARRAY_BUFFER, 0);
  struct target target = target_create(GL_RGBA8, 0, 16, 16, 0);
  clear_colour(1, 0, 0, 1);
  target_delete(target);
  glViewport(0, 0, WINDOW_SIZE, WINDOW_SIZE);
  for (int i = 0; i < 2; i++) {
    glBindTransformFeedback(GL_TRANSFORM_FEEDBACK, objects[i]);
    glUseProgram(program);
    glResumeTransformFeedback();
    glDrawArrays(GL_POINTS, 4, 3);
    glPauseTransformFeedback();
    glResumeTransformFeedback();
    glDrawArrays(GL_POINTS, 11, 1);
    glEndTransformFeedback();
  }
  glBindTransformFeedback(GL_TRANSFORM_FEEDBACK, 0);
  pixels("pause.drawn", WINDOW_SIZE, WINDOW_SIZE);
  buffer_record("pause.first", buffers[0], 16 * 10);
  buffer_record("pause.second", buffers[1], 16 * 10);
  glDeleteTransformFeedbacks(2, objects);
  glDeleteBuffers(2, buffers);
}

// Capture of strips and fans gives separate triangles and lines; the draw itself stays visible.
static void assembled(GLenum mode, GLenum captured, const char *name) {
  const char *names[] = {"natural"};
  GLuint program = program_capturing(1, names, GL_INTERLEAVED_ATTRIBS);
  const size_t length = 12 * 32;
  GLuint buffer = capture_buffer(length);
  char label[64];
  glUseProgram(program);
  glBindBufferBase(GL_TRANSFORM_FEEDBACK_BUFFER, 0, buffer);
  glClear(GL_COLOR_BUFFER_BIT);
  glBeginTransformFeedback(captured);
  glDrawArrays(mode, 0, 6);
  glDrawArraysInstanced(mode, 4, 3, 2);
  glEndTransformFeedback();
  snprintf(label, sizeof label, "%s.captured", name);
  buffer_record(label, buffer, length);
  // Interpolated colours of thin primitives: one unit of rounding.
  pixels_near(name, 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
  glDeleteBuffers(1, &buffer);
}

// What one pass captured is the next pass's vertex data.
static void feedback_loop(void) {
  const char *names[] = {"sum"};
  GLuint program = program_capturing(1, names, GL_INTERLEAVED_ATTRIBS);
  GLuint buffers[2] = {buffer_create(GL_ARRAY_BUFFER, sizeof positions, positions, GL_DYNAMIC_COPY), capture_buffer(sizeof positions)};
  glUseProgram(program);
  glEnable(GL_RASTERIZER_DISCARD);
  for (int pass = 0; pass < 5; pass++) {
    glBindBuffer(GL_ARRAY_BUFFER, buffers[pass % 2]);
    glVertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, 0, NULL);
    glBindBufferBase(GL_TRANSFORM_FEEDBACK_BUFFER, 0, buffers[(pass + 1) % 2]);
    glBeginTransformFeedback(GL_POINTS);
    glDrawArrays(GL_POINTS, 0, 12);
    glEndTransformFeedback();
  }
  glDisable(GL_RASTERIZER_DISCARD);
  glBindBufferBase(GL_TRANSFORM_FEEDBACK_BUFFER, 0, 0);
  buffer_record("loop", buffers[1], sizeof positions);
  glDeleteBuffers(2, buffers);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  input_set();
  interleaved();
  separate();
  pause_resume();
  assembled(GL_TRIANGLE_STRIP, GL_TRIANGLES, "strip");
  assembled(GL_TRIANGLE_FAN, GL_TRIANGLES, "fan");
  assembled(GL_LINE_STRIP, GL_LINES, "lines");
  assembled(GL_LINE_LOOP, GL_LINES, "loop-lines");
  feedback_loop();
  return client_close();
}
