// A user interface or particle system: every frame all vertices are written anew into one buffer, then drawn.
#include "streaming.h"

typedef struct {
  float x, y;
  uint8_t colour[4];
} Vertex;

enum { TRIANGLES = 8192, VERTICES = TRIANGLES * 3, BYTES = VERTICES * sizeof(Vertex) };

static Vertex *vertices;

// Triangles too small for a pixel, but the last, which covers the window.
static void draw_frame(int frame) {
  uint8_t value = (uint8_t)(frame & 0xff);
  for (int i = 0; i < VERTICES - 3; i++) vertices[i] = (Vertex){0.001f * (float)(i % 3), 0.5f, {value, 0, 0, 255}};
  for (int i = 0; i < 3; i++)
    vertices[VERTICES - 3 + i] = (Vertex){i == 1 ? 3.0f : -1.0f, i == 2 ? 3.0f : -1.0f, {value, 64, 255 - value, 255}};
  glBufferSubData(GL_ARRAY_BUFFER, 0, BYTES, vertices);
  glDrawArrays(GL_TRIANGLES, 0, VERTICES);
}

int main(int argc, char **argv) {
  if (argc < 3) fail("usage: stream-vertices OUTPUT SECONDS [hold]");
  client_open(2, argv, 3);
  vertices = malloc(BYTES);
  GLuint program = program_create(
    ES3 "layout(location = 0) in vec2 position; layout(location = 1) in vec4 colour; out vec4 shade;"
        "void main() { shade = colour; gl_Position = vec4(position, 0.0, 1.0); }",
    ES3 "in vec4 shade; out vec4 result; void main() { result = shade; }");
  glUseProgram(program);
  buffer_create(GL_ARRAY_BUFFER, BYTES, NULL, GL_STREAM_DRAW);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, sizeof(Vertex), (void *)0);
  glVertexAttribPointer(1, 4, GL_UNSIGNED_BYTE, GL_TRUE, sizeof(Vertex), (void *)offsetof(Vertex, colour));
  glEnableVertexAttribArray(0);
  glEnableVertexAttribArray(1);
  int last = stream_frames(atof(argv[2]), draw_frame) - 1;
  expect_colour((uint8_t)(last & 0xff), 64, (uint8_t)(255 - (last & 0xff)));
  return stream_close(argc, argv);
}
