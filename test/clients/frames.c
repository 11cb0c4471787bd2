// An application's loop: swaps, invalidated framebuffers, fences, flushes and finishes, partial redraws, a second window of
// another size that appears and goes, read-back between frames.
#include "common.h"

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  GLuint program = program_uniform_colour();
  char name[64];
  struct target target = target_create(GL_RGBA8, GL_DEPTH24_STENCIL8, 64, 64, 4);
  for (int frame = 0; frame < 12; frame++) {
    glBindFramebuffer(GL_FRAMEBUFFER, target.framebuffer);
    glViewport(0, 0, 64, 64);
    glClearColor((float)frame / 12, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
    set_colour(program, 0, (float)frame / 12, 1, 1);
    draw_rectangle(-0.5f, -0.5f, (float)frame / 12, 0.5f, 0);
    const GLenum depth_only[] = {GL_DEPTH_ATTACHMENT, GL_STENCIL_ATTACHMENT};
    glInvalidateFramebuffer(GL_FRAMEBUFFER, 2, depth_only);
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
    const GLenum window_depth[] = {GL_DEPTH, GL_STENCIL};
    glInvalidateFramebuffer(GL_DRAW_FRAMEBUFFER, 2, window_depth);
    glClearColor(0, 0.25f, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    struct target single = target_create(GL_RGBA8, 0, 64, 64, 0);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, target.framebuffer);
    glBlitFramebuffer(0, 0, 64, 64, 0, 0, 64, 64, GL_COLOR_BUFFER_BIT, GL_NEAREST);
    const GLenum colour = GL_COLOR_ATTACHMENT0;
    glInvalidateSubFramebuffer(GL_READ_FRAMEBUFFER, 1, &colour, 0, 0, 64, 64);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, single.framebuffer);
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
    glViewport(0, 0, WINDOW_SIZE, WINDOW_SIZE);
    glBlitFramebuffer(0, 0, 64, 64, frame * 4, frame * 2, frame * 4 + 64, frame * 2 + 64, GL_COLOR_BUFFER_BIT, GL_NEAREST);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    set_colour(program, 1, 1, 0, 1);
    draw_rectangle(-1, 0.9f, (float)frame / 6 - 1, 1, 0);
    GLsync sync = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (frame % 3 == 0) {
      GLenum result = glClientWaitSync(sync, GL_SYNC_FLUSH_COMMANDS_BIT, 2000000000ull);
      snprintf(name, sizeof name, "sync.%d", frame);
      text(name, "%d", result == GL_ALREADY_SIGNALED || result == GL_CONDITION_SATISFIED);
      GLint status = 0;
      glGetSynciv(sync, GL_SYNC_STATUS, 1, NULL, &status);
      snprintf(name, sizeof name, "sync.%d.status", frame);
      text(name, "0x%x", status);
    } else if (frame % 3 == 1) {
      glWaitSync(sync, 0, GL_TIMEOUT_IGNORED);
      glFlush();
    } else {
      glFinish();
    }
    glDeleteSync(sync);
    if (frame % 2) {
      snprintf(name, sizeof name, "frame.%d", frame);
      pixels(name, WINDOW_SIZE, WINDOW_SIZE);
    }
    eglSwapBuffers(client_display, client_surface);
    target_delete(single);
  }
  // A second window: same context, another size, then back.
  EGLSurface second = surface_create(50, 70);
  make_current(second, client_context);
  glViewport(0, 0, 50, 70);
  clear_colour(0.5f, 0, 0.5f, 1);
  set_colour(program, 0, 1, 0, 1);
  draw_rectangle(-0.8f, -0.8f, 0.2f, 0.6f, 0);
  pixels("second", 50, 70);
  make_current(client_surface, client_context);
  glViewport(0, 0, WINDOW_SIZE, WINDOW_SIZE);
  clear_colour(0, 0, 0, 1);
  draw_rectangle(-1, -1, 0, 0, 0);
  pixels("first-again", WINDOW_SIZE, WINDOW_SIZE);
  make_current(second, client_context);
  glViewport(0, 0, 50, 70);
  draw_rectangle(0, 0, 1, 1, 0);
  pixels_near("second-again", 25, 35, 25, 35, 0, 0);  // what was there before a swap stays; after it, it is undefined
  make_current(client_surface, client_context);
  eglDestroySurface(client_display, second);
  return client_close();
}
