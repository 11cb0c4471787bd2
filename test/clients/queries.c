// Occlusion queries (any samples, conservative) over plain draws, hidden draws, discarded fragments, scissored-away
// draws, framebuffer switches and clears; primitives written; several queries in flight, results fetched late.
#include "common.h"

static GLuint fetch(GLuint query) {
  GLuint value = 77;
  glGetQueryObjectuiv(query, GL_QUERY_RESULT, &value);
  return value;
}

static void occlusion(GLenum kind, const char *prefix) {
  GLuint colour = program_uniform_colour();
  GLuint discarding = program_create(VERTEX_PLAIN, ES3 "out vec4 result; void main() { if (gl_FragCoord.x > -1.0) discard; result = vec4(1); }");
  GLuint queries[8];
  char name[64];
  glGenQueries(8, queries);
  glEnable(GL_DEPTH_TEST);
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  set_colour(colour, 0.25f, 0.5f, 0.75f, 1);

  glBeginQuery(kind, queries[0]);  // visible
  draw_rectangle(-0.5f, -0.5f, 0.5f, 0.5f, 0);
  glEndQuery(kind);
  glBeginQuery(kind, queries[1]);  // hidden behind the first
  draw_rectangle(-0.25f, -0.25f, 0.25f, 0.25f, 0.5f);
  glEndQuery(kind);
  glBeginQuery(kind, queries[2]);  // nothing drawn
  glEndQuery(kind);
  glBeginQuery(kind, queries[3]);  // every fragment discarded
  glUseProgram(discarding);
  draw_rectangle(-1, -1, 1, 1, -0.5f);
  glEndQuery(kind);
  glBeginQuery(kind, queries[4]);  // hidden, then visible, then hidden: one pass is enough
  set_colour(colour, 1, 0, 0, 1);
  draw_rectangle(-0.25f, -0.25f, 0.25f, 0.25f, 0.5f);
  draw_rectangle(0.9f, 0.9f, 1, 1, 0);
  draw_rectangle(-0.25f, -0.25f, 0.25f, 0.25f, 0.5f);
  glEndQuery(kind);
  glBeginQuery(kind, queries[5]);  // scissored away
  glEnable(GL_SCISSOR_TEST);
  glScissor(0, 0, 0, 0);
  draw_rectangle(-1, -1, 1, 1, -0.9f);
  glDisable(GL_SCISSOR_TEST);
  glEndQuery(kind);
  glBeginQuery(kind, queries[6]);  // drawn into another framebuffer in the middle, with a clear and a blit there
  struct target target = target_create(GL_RGBA8, GL_DEPTH_COMPONENT16, 32, 32, 0);
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  draw_rectangle(-1, -1, 0, 0, 0);
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
  glBlitFramebuffer(0, 0, 32, 32, 0, 0, 16, 16, GL_COLOR_BUFFER_BIT, GL_LINEAR);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glViewport(0, 0, WINDOW_SIZE, WINDOW_SIZE);
  draw_rectangle(-0.25f, -0.25f, 0.25f, 0.25f, 0.5f);
  glEndQuery(kind);
  glBeginQuery(kind, queries[7]);  // a clear and a blit alone count nothing
  glClear(GL_DEPTH_BUFFER_BIT);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, target.framebuffer);
  glBlitFramebuffer(0, 0, 32, 32, 64, 64, 96, 80, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glEndQuery(kind);

  for (int i = 0; i < 8; i++) {
    snprintf(name, sizeof name, "%s.%d", prefix, i);
    text(name, "%u", fetch(queries[i]));
  }
  // The same query object again, with the opposite answer.
  glBeginQuery(kind, queries[0]);
  glEndQuery(kind);
  glBeginQuery(kind, queries[2]);
  draw_rectangle(-1, -1, 0.75f, 0.5f, -0.95f);
  glEndQuery(kind);
  GLuint available = 0;
  for (int tries = 0; !available && tries < 1000000; tries++) glGetQueryObjectuiv(queries[2], GL_QUERY_RESULT_AVAILABLE, &available);
  snprintf(name, sizeof name, "%s.reuse", prefix);
  text(name, "available %u: %u %u", available, fetch(queries[0]), fetch(queries[2]));
  pixels(prefix, WINDOW_SIZE, WINDOW_SIZE);
  glDeleteQueries(8, queries);
  target_delete(target);
  glDisable(GL_DEPTH_TEST);
}

static void primitives(void) {
  GLuint program = program_unlinked(ES3 "in vec4 position; out vec4 captured; void main() { captured = position + 1.0; gl_Position = position; }", FRAGMENT_UNIFORM);
  const char *names[] = {"captured"};
  glTransformFeedbackVaryings(program, 1, names, GL_INTERLEAVED_ATTRIBS);
  program_link(program);
  set_colour(program, 1, 1, 0, 1);
  GLuint buffer = buffer_create(GL_TRANSFORM_FEEDBACK_BUFFER, 16 * 7, NULL, GL_STREAM_READ);
  glBindBufferBase(GL_TRANSFORM_FEEDBACK_BUFFER, 0, buffer);
  const float points[9 * 4] = {0};
  GLuint queries[3];
  glGenQueries(3, queries);
  glEnable(GL_RASTERIZER_DISCARD);
  for (int i = 0; i < 3; i++) {
    const GLenum modes[] = {GL_POINTS, GL_LINES, GL_TRIANGLES};
    const int counts[] = {5, 6, 9};  // nine vertices do not fit: two triangles do
    glBeginTransformFeedback(modes[i]);
    glBeginQuery(GL_TRANSFORM_FEEDBACK_PRIMITIVES_WRITTEN, queries[i]);
    draw_vertices(modes[i], points, 4, counts[i] > 7 ? 6 : counts[i]);
    glEndQuery(GL_TRANSFORM_FEEDBACK_PRIMITIVES_WRITTEN);
    glEndTransformFeedback();
  }
  glDisable(GL_RASTERIZER_DISCARD);
  for (int i = 0; i < 3; i++) {
    char name[32];
    snprintf(name, sizeof name, "primitives.%d", i);
    text(name, "%u", fetch(queries[i]));
  }
  // Not active: nothing is written.
  glBeginQuery(GL_TRANSFORM_FEEDBACK_PRIMITIVES_WRITTEN, queries[0]);
  draw_full();
  glEndQuery(GL_TRANSFORM_FEEDBACK_PRIMITIVES_WRITTEN);
  text("primitives.inactive", "%u", fetch(queries[0]));
  check_gl("primitives");
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  occlusion(GL_ANY_SAMPLES_PASSED, "any");
  occlusion(GL_ANY_SAMPLES_PASSED_CONSERVATIVE, "conservative");
  primitives();
  return client_close();
}
