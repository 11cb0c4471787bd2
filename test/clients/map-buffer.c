// Mapped buffers: read, write, invalidate range and buffer, unsynchronized, flush explicit, while draws are in flight;
// bufferSubData between draws, orphaning, copyBufferSubData (between buffers, within one), buffers of every target.
#include "common.h"

static void buffer_record(const char *name, GLuint buffer, size_t offset, size_t length) {
  glBindBuffer(GL_COPY_READ_BUFFER, buffer);
  const void *data = glMapBufferRange(GL_COPY_READ_BUFFER, (GLintptr)offset, (GLsizeiptr)length, GL_MAP_READ_BIT);
  if (data == NULL) fail("glMapBufferRange");
  bytes(name, data, length);
  glUnmapBuffer(GL_COPY_READ_BUFFER);
  check_gl(name);
}

static void fill(uint8_t *to, int length, uint32_t seed) {
  for (int i = 0; i < length; i++) to[i] = noise(seed + (uint32_t)i);
}

static void write_modes(void) {
  uint8_t data[4096];
  fill(data, sizeof data, 1);
  GLuint buffer = buffer_create(GL_ARRAY_BUFFER, sizeof data, data, GL_DYNAMIC_DRAW);
  uint8_t *mapped = glMapBufferRange(GL_ARRAY_BUFFER, 100, 200, GL_MAP_WRITE_BIT);
  fill(mapped, 200, 1000);
  text("unmap", "%d", glUnmapBuffer(GL_ARRAY_BUFFER));
  buffer_record("write", buffer, 0, sizeof data);

  mapped = glMapBufferRange(GL_ARRAY_BUFFER, 512, 64, GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_RANGE_BIT);
  fill(mapped, 64, 2000);
  glUnmapBuffer(GL_ARRAY_BUFFER);
  mapped = glMapBufferRange(GL_ARRAY_BUFFER, 1024, 1024, GL_MAP_WRITE_BIT | GL_MAP_FLUSH_EXPLICIT_BIT);
  fill(mapped, 16, 3000);
  glFlushMappedBufferRange(GL_ARRAY_BUFFER, 0, 16);
  fill(mapped + 500, 33, 4000);
  glFlushMappedBufferRange(GL_ARRAY_BUFFER, 500, 33);
  glUnmapBuffer(GL_ARRAY_BUFFER);
  mapped = glMapBufferRange(GL_ARRAY_BUFFER, 3000, 96, GL_MAP_WRITE_BIT | GL_MAP_UNSYNCHRONIZED_BIT);
  fill(mapped, 96, 5000);
  glUnmapBuffer(GL_ARRAY_BUFFER);
  buffer_record("modes", buffer, 0, sizeof data);

  mapped = glMapBufferRange(GL_ARRAY_BUFFER, 40, 400, GL_MAP_READ_BIT | GL_MAP_WRITE_BIT);
  for (int i = 0; i < 399; i++) mapped[i] = (uint8_t)(mapped[i] ^ mapped[i + 1]);
  glUnmapBuffer(GL_ARRAY_BUFFER);
  buffer_record("read-write", buffer, 33, 1001);

  mapped = glMapBufferRange(GL_ARRAY_BUFFER, 0, sizeof data, GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_BUFFER_BIT);
  fill(mapped, sizeof data, 6000);
  glUnmapBuffer(GL_ARRAY_BUFFER);
  buffer_record("invalidated", buffer, 0, sizeof data);
  glBufferData(GL_ARRAY_BUFFER, 512, NULL, GL_DYNAMIC_DRAW);
  glBufferSubData(GL_ARRAY_BUFFER, 0, 512, data);
  glBufferSubData(GL_ARRAY_BUFFER, 13, 77, data + 1000);
  buffer_record("respecified", buffer, 0, 512);
  glDeleteBuffers(1, &buffer);
}

// Vertices are rewritten between draws in four ways; every draw must see its own.
static void streaming(void) {
  GLuint program = program_uniform_colour();
  clear_colour(0, 0, 0, 1);
  float corners[8];
  GLuint buffer = buffer_create(GL_ARRAY_BUFFER, 16 * sizeof corners, NULL, GL_STREAM_DRAW);
  glEnableVertexAttribArray(0);
  glUseProgram(program);
  for (int i = 0; i < 64; i++) {
    const float x = (float)(i % 8) / 4 - 1, y = (float)(i / 8) / 4 - 1, w = 0.2f;
    const float next[8] = {x, y, x + w, y, x, y + w, x + w, y + w * (float)(i % 3)};
    const int slot = i % 16;
    memcpy(corners, next, sizeof corners);
    set_colour(program, (float)(i % 8) / 7, (float)(i / 8) / 7, (float)(i % 4) / 3, 1);
    if (i / 16 == 0) {
      glBufferData(GL_ARRAY_BUFFER, 16 * sizeof corners, NULL, GL_STREAM_DRAW);
      glBufferSubData(GL_ARRAY_BUFFER, slot * (GLintptr)sizeof corners, sizeof corners, corners);
    } else if (i / 16 == 1) {
      glBufferSubData(GL_ARRAY_BUFFER, slot % 2 * (GLintptr)sizeof corners, sizeof corners, corners);
    } else {
      const GLbitfield flags = i / 16 == 2 ? GL_MAP_WRITE_BIT | GL_MAP_UNSYNCHRONIZED_BIT : GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_RANGE_BIT;
      void *mapped = glMapBufferRange(GL_ARRAY_BUFFER, (i / 16 == 2 ? slot : 3) * (GLintptr)sizeof corners, sizeof corners, flags);
      memcpy(mapped, corners, sizeof corners);
      glUnmapBuffer(GL_ARRAY_BUFFER);
    }
    const int used = i / 16 == 1 ? slot % 2 : i / 16 == 3 ? 3 : slot;
    glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, (void *)(used * sizeof corners));
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    if (i / 16 == 2 && slot == 15) glFinish();  // before the slots that were written unsynchronized are used again
  }
  pixels("streaming", WINDOW_SIZE, WINDOW_SIZE);
  glDeleteBuffers(1, &buffer);
}

static void copies(void) {
  uint8_t data[2048], other[2048];
  fill(data, sizeof data, 7);
  fill(other, sizeof other, 70000);
  const GLenum targets[] = {GL_ARRAY_BUFFER, GL_ELEMENT_ARRAY_BUFFER, GL_UNIFORM_BUFFER, GL_PIXEL_PACK_BUFFER, GL_PIXEL_UNPACK_BUFFER, GL_TRANSFORM_FEEDBACK_BUFFER, GL_COPY_WRITE_BUFFER};
  for (int i = 0; i < COUNT(targets); i++) {
    GLuint from = buffer_create(GL_COPY_READ_BUFFER, sizeof data, data, GL_STATIC_DRAW);
    GLuint to = buffer_create(targets[i], sizeof other, other, GL_DYNAMIC_READ);
    glCopyBufferSubData(GL_COPY_READ_BUFFER, targets[i], 100, 7, 333);
    glCopyBufferSubData(GL_COPY_READ_BUFFER, targets[i], 3, 1021, 1000);
    glCopyBufferSubData(targets[i], targets[i], 0, 1024, 512);
    char name[32];
    snprintf(name, sizeof name, "copy.%d", i);
    buffer_record(name, to, 0, sizeof other);
    glBindBuffer(targets[i], 0);
    glDeleteBuffers(1, &from);
    glDeleteBuffers(1, &to);
  }
  // Copied vertices are drawn from at once, and rewritten by another copy after the draw.
  GLuint program = program_uniform_colour();
  const float squares[2][8] = {{-1, -1, 0, -1, -1, 0, 0, 0}, {0, 0, 1, 0, 0, 1, 1, 1}};
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  clear_colour(0, 0, 0, 1);
  GLuint source = buffer_create(GL_COPY_READ_BUFFER, sizeof squares, squares, GL_STATIC_COPY);
  GLuint vertices = buffer_create(GL_ARRAY_BUFFER, sizeof squares[0], NULL, GL_DYNAMIC_DRAW);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, NULL);
  for (int i = 0; i < 2; i++) {
    glCopyBufferSubData(GL_COPY_READ_BUFFER, GL_ARRAY_BUFFER, i * 32, 0, 32);
    set_colour(program, (float)i, 1, 0.5f, 1);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  }
  pixels("copy.drawn", WINDOW_SIZE, WINDOW_SIZE);
  glDeleteBuffers(1, &source);
  glDeleteBuffers(1, &vertices);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  write_modes();
  streaming();
  copies();
  return client_close();
}
