// Two EGL contexts take turns in the middle of a query and of a transform feedback: each continues where it stopped, with
// its own state, program, buffers and counts; with and without a share list.
#include "common.h"

struct side {
  EGLContext context;
  EGLSurface surface;
  GLuint program, capturing, query, written, buffer, vertices;
};

static const float points[8][4] = {{-0.74f, -0.74f, 0.1f, 1}, {0.26f, -0.74f, 0.2f, 1}, {-0.24f, 0.26f, 0.3f, 1}, {0.76f, 0.77f, 0.4f, 1},
                                   {0.01f, 0.02f, 0.5f, 1}, {-0.49f, 0.52f, 0.6f, 1}, {0.53f, -0.48f, 0.7f, 1}, {-0.77f, 0.28f, 0.8f, 1}};

static void side_open(struct side *side, EGLContext share, float scale) {
  side->surface = surface_create(WINDOW_SIZE, WINDOW_SIZE);
  side->context = context_create(3, share);
  make_current(side->surface, side->context);
  side->program = program_uniform_colour();
  char vertex[512];
  snprintf(vertex, sizeof vertex, ES3 "in vec4 position; out vec4 captured; void main() { captured = position * %f; gl_PointSize = 9.0; gl_Position = vec4(position.xyz, 1.0); }", (double)scale);
  side->capturing = program_unlinked(vertex, FRAGMENT_UNIFORM);
  const char *names[] = {"captured"};
  glTransformFeedbackVaryings(side->capturing, 1, names, GL_INTERLEAVED_ATTRIBS);
  program_link(side->capturing);
  glGenQueries(1, &side->query);
  glGenQueries(1, &side->written);
  uint8_t filler[256];
  memset(filler, 0xee, sizeof filler);
  side->buffer = buffer_create(GL_TRANSFORM_FEEDBACK_BUFFER, sizeof filler, filler, GL_DYNAMIC_READ);
  glBindBufferBase(GL_TRANSFORM_FEEDBACK_BUFFER, 0, side->buffer);
  side->vertices = buffer_create(GL_ARRAY_BUFFER, sizeof points, points, GL_STATIC_DRAW);
  glVertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, 0, NULL);
  glEnableVertexAttribArray(0);
  glEnable(GL_DEPTH_TEST);
  glClearColor(0, 0, scale / 8, 1);
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
}

static void enter(struct side *side) { make_current(side->surface, side->context); }

static void captured_record(const char *name, GLuint buffer) {
  glBindBuffer(GL_COPY_READ_BUFFER, buffer);
  const void *mapped = glMapBufferRange(GL_COPY_READ_BUFFER, 0, 256, GL_MAP_READ_BIT);
  bytes(name, mapped, 256);
  glUnmapBuffer(GL_COPY_READ_BUFFER);
}

static void round_of(const char *prefix, EGLContext share) {
  struct side left, right;
  char name[64];
  GLuint value = 0;
  side_open(&left, EGL_NO_CONTEXT, 2);
  side_open(&right, share == EGL_NO_CONTEXT ? EGL_NO_CONTEXT : left.context, 3);
  struct side *sides[2] = {&left, &right};

  // Queries: only the left side draws something visible, before the switch; the right one only something hidden.
  enter(&left);
  set_colour(left.program, 1, 0, 0, 1);
  glBeginQuery(GL_ANY_SAMPLES_PASSED, left.query);
  glDrawArrays(GL_TRIANGLES, 0, 3);
  enter(&right);
  glEnable(GL_SCISSOR_TEST);
  glScissor(0, 0, 0, 0);
  set_colour(right.program, 0, 1, 0, 1);
  glBeginQuery(GL_ANY_SAMPLES_PASSED_CONSERVATIVE, right.query);
  glDrawArrays(GL_TRIANGLES, 0, 3);
  enter(&left);
  glDepthFunc(GL_NEVER);
  glDrawArrays(GL_TRIANGLES, 3, 3);
  glEndQuery(GL_ANY_SAMPLES_PASSED);
  glDepthFunc(GL_LESS);
  enter(&right);
  glEndQuery(GL_ANY_SAMPLES_PASSED_CONSERVATIVE);
  glDisable(GL_SCISSOR_TEST);
  for (int i = 0; i < 2; i++) {
    enter(sides[i]);
    glGetQueryObjectuiv(sides[i]->query, GL_QUERY_RESULT, &value);
    snprintf(name, sizeof name, "%s.query.%d", prefix, i);
    text(name, "%u", value);
  }

  // Transform feedback with a primitives-written query, both sides at once, in turns, without pausing.
  for (int turn = 0; turn < 8; turn++) {
    struct side *side = sides[turn % 2];
    enter(side);
    if (turn < 2) {
      set_colour(side->capturing, (float)turn, 1, 0, 1);
      glBeginTransformFeedback(GL_POINTS);
      glBeginQuery(GL_TRANSFORM_FEEDBACK_PRIMITIVES_WRITTEN, side->written);
    }
    if (turn == 4) glPauseTransformFeedback();  // the left side's third turn is drawn only
    glDrawArrays(GL_POINTS, turn % 5, turn % 2 ? 2 : 3);
    if (turn == 4) glResumeTransformFeedback();
    if (turn >= 6) {
      glEndQuery(GL_TRANSFORM_FEEDBACK_PRIMITIVES_WRITTEN);
      glEndTransformFeedback();
    }
  }
  for (int i = 0; i < 2; i++) {
    enter(sides[i]);
    glGetQueryObjectuiv(sides[i]->written, GL_QUERY_RESULT, &value);
    snprintf(name, sizeof name, "%s.written.%d", prefix, i);
    text(name, "%u", value);
    snprintf(name, sizeof name, "%s.captured.%d", prefix, i);
    captured_record(name, sides[i]->buffer);
    snprintf(name, sizeof name, "%s.pixels.%d", prefix, i);
    pixels(name, WINDOW_SIZE, WINDOW_SIZE);
  }
  make_current(client_surface, client_context);
  for (int i = 0; i < 2; i++) {
    eglDestroyContext(client_display, sides[i]->context);
    eglDestroySurface(client_display, sides[i]->surface);
  }
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  round_of("apart", EGL_NO_CONTEXT);
  round_of("sharing", client_context);
  return client_close();
}
