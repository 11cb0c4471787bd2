// The fixed stages around the shaders: scissor, viewport (also partly outside, and inverted depth ranges), depth functions
// and masks, polygon offset, rasterizer discard, line widths; in the window and in a framebuffer object.
#include "common.h"

static GLuint program;
static const float triangle[] = {-0.93f, -0.81f, -0.7f, 0.87f, -0.42f, 0.6f, -0.13f, 0.91f, 0.1f};

static void viewports(const char *prefix, int size) {
  char name[64];
  GLuint coordinates = program_create(VERTEX_PLAIN, ES3 "out vec4 result; void main() { result = vec4(fract(gl_FragCoord.xy / 32.0), gl_FragCoord.z, 1.0); }");
  clear_colour(0, 0, 0, 1);
  glUseProgram(coordinates);
  const int boxes[][4] = {{0, 0, 40, 40}, {44, 3, 33, 17}, {-20, 50, 60, 60}, {70, 70, 100, 100}, {50, 30, 1, 30}, {60, 25, 30, 1}};
  const float ranges[][2] = {{0, 1}, {1, 0}, {0.25f, 0.5f}, {0.5f, 0.5f}, {0, 0.1f}, {0.9f, 0.2f}};
  for (int i = 0; i < COUNT(boxes); i++) {
    glViewport(boxes[i][0], boxes[i][1], boxes[i][2], boxes[i][3]);
    glDepthRangef(ranges[i][0], ranges[i][1]);
    draw_vertices(GL_TRIANGLES, triangle, 3, 3);
  }
  glDepthRangef(0, 1);
  glViewport(0, 0, size, size);
  snprintf(name, sizeof name, "%s.viewports", prefix);
  pixels_near(name, 0, 0, size, size, 1, 0);

  clear_colour(0.25f, 0.25f, 0.25f, 1);
  glEnable(GL_SCISSOR_TEST);
  const int scissors[][4] = {{0, 0, 20, 20}, {10, 30, 25, 5}, {size - 10, size - 7, 50, 50}, {40, 0, 0, 10}, {60, 10, 1, 70}, {30, 40, 25, 20}};
  for (int i = 0; i < COUNT(scissors); i++) {
    glScissor(scissors[i][0], scissors[i][1], scissors[i][2], scissors[i][3]);
    if (i % 2) clear_colour((float)i / 6, 1, 0, 1);
    else {
      set_colour(program, 1, (float)i / 6, 0.5f, 1);
      draw_full();
    }
  }
  glDisable(GL_SCISSOR_TEST);
  snprintf(name, sizeof name, "%s.scissors", prefix);
  pixels(name, size, size);
}

static void depth(const char *prefix, int size) {
  const GLenum functions[] = {GL_NEVER, GL_LESS, GL_LEQUAL, GL_GREATER, GL_GEQUAL, GL_EQUAL, GL_NOTEQUAL, GL_ALWAYS};
  char name[64];
  glEnable(GL_DEPTH_TEST);
  glClearDepthf(0.5f);
  clear_colour(0, 0, 0, 1);
  glClear(GL_DEPTH_BUFFER_BIT);
  for (int f = 0; f < 8; f++) {
    glDepthFunc(functions[f]);
    for (int z = 0; z < 3; z++) {
      glDepthMask(z != 1);
      set_colour(program, (float)z / 2, (float)f / 8, 1, 1);
      draw_rectangle((float)f * 0.25f - 1, (float)z * 0.5f - 1, (float)f * 0.25f - 0.8f, (float)z * 0.5f, (float)(z - 1) * 0.25f);
    }
  }
  glDepthMask(GL_TRUE);
  glDepthFunc(GL_LESS);
  glClearDepthf(1);
  snprintf(name, sizeof name, "%s.depth", prefix);
  pixels(name, size, size);

  // Coplanar rectangles with offsets: factor on slopes, units on flat ones.
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  const float offsets[][2] = {{0, 0}, {0, -4}, {0, 4}, {-1, 0}, {1, 0}, {2, -8}, {-2, 8}};
  glDepthFunc(GL_LESS);
  set_colour(program, 1, 0, 0, 1);
  draw_vertices(GL_TRIANGLES, triangle, 3, 3);
  glEnable(GL_POLYGON_OFFSET_FILL);
  for (int i = 0; i < COUNT(offsets); i++) {
    glEnable(GL_SCISSOR_TEST);
    glScissor(0, i * size / 7, size, size / 7);
    glPolygonOffset(offsets[i][0], offsets[i][1]);
    set_colour(program, 0, 1, (float)i / 7, 1);
    draw_vertices(GL_TRIANGLES, triangle, 3, 3);
  }
  glDisable(GL_SCISSOR_TEST);
  glDisable(GL_POLYGON_OFFSET_FILL);
  glDisable(GL_DEPTH_TEST);
  snprintf(name, sizeof name, "%s.offset", prefix);
  pixels(name, size, size);
}

static void discard(const char *prefix, int size) {
  char name[64];
  clear_colour(0, 0, 0.25f, 1);
  glEnable(GL_RASTERIZER_DISCARD);
  set_colour(program, 1, 1, 1, 1);
  draw_full();
  glDisable(GL_RASTERIZER_DISCARD);
  set_colour(program, 0, 1, 0, 1);
  draw_rectangle(-0.25f, -0.25f, 0.25f, 0.25f, 0);
  snprintf(name, sizeof name, "%s.discard", prefix);
  pixels(name, size, size);
}

static void primitives(const char *prefix, int size) {
  const GLenum modes[] = {GL_POINTS, GL_LINES, GL_LINE_STRIP, GL_LINE_LOOP, GL_TRIANGLES, GL_TRIANGLE_STRIP, GL_TRIANGLE_FAN};
  GLuint flat = program_create(ES3 "in vec2 position; flat out vec4 colour; void main() { colour = vec4(gl_VertexID & 1, gl_VertexID >> 1 & 1, gl_VertexID >> 2 & 1, 1); gl_PointSize = 4.0; gl_Position = vec4(position, 0.0, 1.0); }",
                               ES3 "flat in vec4 colour; out vec4 result; void main() { result = colour + vec4(0.25, 0.25, 0.25, 0.0); }");
  // Off the pixel grid, and no edge runs through pixel centres.
  const float corners[] = {-0.81f, -0.73f, 0.77f, -0.61f, 0.31f, 0.23f, 0.89f, 0.83f, -0.13f, 0.57f, -0.87f, 0.91f, -0.57f, -0.11f};
  char name[64];
  glUseProgram(flat);
  for (int m = 0; m < COUNT(modes); m++)
    for (int width = 1; width <= (m > 0 && m < 4 ? 3 : 1); width += 2) {
      glViewport(0, 0, size, size);
      clear_colour(0, 0, 0, 1);
      GLfloat range[2];
      glGetFloatv(GL_ALIASED_LINE_WIDTH_RANGE, range);
      if ((float)width > range[1]) continue;
      glLineWidth((float)width);
      draw_vertices(modes[m], corners, 2, 7);
      snprintf(name, sizeof name, "%s.mode.%d.%d", prefix, m, width);
      pixels(name, size, size);
    }
  glLineWidth(1);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  program = program_uniform_colour();
  for (int pass = 0; pass < 2; pass++) {
    const char *prefix = pass ? "texture" : "window";
    const int size = pass ? 96 : WINDOW_SIZE;
    if (pass) target_create(GL_RGBA8, GL_DEPTH_COMPONENT24, size, size, 0);
    viewports(prefix, size);
    depth(prefix, size);
    discard(prefix, size);
    primitives(prefix, size);
  }
  return client_close();
}
