// Many contexts: state stays with its context while they take turns, objects of a share list are seen by all of it, a
// context's end leaves the others alone; textures made in one context are drawn in another after a fence.
#include "common.h"

#define CONTEXTS 12

static void state_of_many(void) {
  EGLContext contexts[CONTEXTS];
  EGLSurface surfaces[CONTEXTS];
  GLuint programs[CONTEXTS];
  for (int i = 0; i < CONTEXTS; i++) {
    surfaces[i] = surface_create(32 + i, 32);
    contexts[i] = context_create(i % 4 == 3 ? 2 : 3, EGL_NO_CONTEXT);
    make_current(surfaces[i], contexts[i]);
    programs[i] = i % 4 == 3 ? program_create("attribute vec4 position; void main() { gl_Position = position; }", "precision mediump float; uniform vec4 colour; void main() { gl_FragColor = colour; }") : program_uniform_colour();
    set_colour(programs[i], (float)i / CONTEXTS, 1 - (float)i / CONTEXTS, (float)(i % 3) / 2, 0.5f);
    glClearColor(0, 0, (float)i / CONTEXTS, 1);
    glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
    if (i % 2) glEnable(GL_BLEND);
    glBlendFunc(GL_SRC_ALPHA, i % 3 ? GL_ONE : GL_ONE_MINUS_SRC_ALPHA);
    if (i % 3 == 1) glEnable(GL_SCISSOR_TEST);
    glScissor(i, 4, 20, 20);
    glViewport(i / 2, 0, 24, 32);
  }
  for (int turn = 0; turn < 3; turn++)
    for (int i = 0; i < CONTEXTS; i++) {
      const int k = (i * 5 + turn) % CONTEXTS;
      if (turn == 2 && k % 6 == 0) continue;
      make_current(surfaces[k], contexts[k]);
      draw_rectangle(-1 + (float)turn * 0.4f, -0.8f, -0.2f + (float)turn * 0.4f, 0.1f + (float)turn * 0.3f, 0);
      if (turn == 1 && k % 6 == 0) {  // these end early
        char name[32];
        snprintf(name, sizeof name, "early.%d", k);
        pixels_near(name, 0, 0, 32 + k, 32, 1, 0);
        make_current(client_surface, client_context);
        eglDestroyContext(client_display, contexts[k]);
        eglDestroySurface(client_display, surfaces[k]);
      }
    }
  for (int i = 0; i < CONTEXTS; i++) {
    if (i % 6 == 0) continue;
    char name[32];
    make_current(surfaces[i], contexts[i]);
    snprintf(name, sizeof name, "many.%d", i);
    pixels_near(name, 0, 0, 32 + i, 32, 1, 0);
    make_current(client_surface, client_context);
    eglDestroyContext(client_display, contexts[i]);
    eglDestroySurface(client_display, surfaces[i]);
  }
}

static void sharing(void) {
  EGLContext other = context_create(3, client_context);
  EGLSurface surface = surface_create(64, 64);
  make_current(client_surface, client_context);
  GLuint texture = texture_2d(GL_RGBA8, 16, 16, 1);
  uint8_t texels[16 * 16 * 4];
  for (int i = 0; i < (int)sizeof texels; i++) texels[i] = noise((uint32_t)i);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, 16, 16, GL_RGBA, GL_UNSIGNED_BYTE, texels);
  GLuint program = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; out vec4 result; void main() { result = texture(image, at); }");
  const float corners[] = {-0.9f, -0.9f, 0.9f, -0.9f, -0.9f, 0.9f, 0.9f, 0.9f};
  GLuint buffer = buffer_create(GL_ARRAY_BUFFER, sizeof corners, corners, GL_STATIC_DRAW);
  GLsync sync = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
  glFlush();

  make_current(surface, other);
  glWaitSync(sync, 0, GL_TIMEOUT_IGNORED);
  glDeleteSync(sync);
  clear_colour(0.5f, 0, 0, 1);
  glUseProgram(program);
  glBindTexture(GL_TEXTURE_2D, texture);
  glBindBuffer(GL_ARRAY_BUFFER, buffer);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, NULL);
  glEnableVertexAttribArray(0);
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  pixels("shared.first", 64, 64);
  // The other context renders into a shared texture, which the first then samples.
  GLuint target = texture_2d(GL_RGBA8, 32, 32, 1), framebuffer;
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, target, 0);
  glViewport(0, 0, 32, 32);
  clear_colour(0, 1, 0, 1);
  glBindTexture(GL_TEXTURE_2D, texture);
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  glFinish();

  make_current(client_surface, client_context);
  eglDestroyContext(client_display, other);
  eglDestroySurface(client_display, surface);
  glViewport(0, 0, WINDOW_SIZE, WINDOW_SIZE);
  clear_colour(0, 0, 0, 1);
  glUseProgram(program);
  glBindTexture(GL_TEXTURE_2D, target);
  draw_full();
  pixels("shared.second", WINDOW_SIZE, WINDOW_SIZE);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  state_of_many();
  sharing();
  return client_close();
}
