// Extensions that change how state is read, where they are offered: base instances, depth clamping, sRGB writes switched off.
#include "common.h"

#define SIZE 32
#define LOAD(type, name) type name = (type)eglGetProcAddress(#name)

static int offered(const char *feature, const char *extension) {
  char name[64];
  const int has = has_extension(extension);
  snprintf(name, sizeof name, "%s.offered", feature);
  text(name, "%d", has);
  return has;
}

// Points in a column per instance; instanced attributes start at the base instance, with and without a divisor, indexed and not.
static void base_instance(void) {
  if (!offered("base-instance", "GL_EXT_base_instance")) return;
  LOAD(PFNGLDRAWARRAYSINSTANCEDBASEINSTANCEEXTPROC, glDrawArraysInstancedBaseInstanceEXT);
  LOAD(PFNGLDRAWELEMENTSINSTANCEDBASEINSTANCEEXTPROC, glDrawElementsInstancedBaseInstanceEXT);
  LOAD(PFNGLDRAWELEMENTSINSTANCEDBASEVERTEXBASEINSTANCEEXTPROC, glDrawElementsInstancedBaseVertexBaseInstanceEXT);
  GLuint program = program_create(ES3
    "layout(location = 0) in float row; layout(location = 1) in float column; layout(location = 2) in vec3 shade; out vec3 tint;\n"
    "void main() { tint = shade * (1.0 - float(gl_InstanceID) * 0.125); gl_PointSize = 2.0; gl_Position = vec4(column, row, 0.0, 1.0); }",
    ES3 "in vec3 tint; out vec4 result; void main() { result = vec4(tint, 1.0); }");
  float rows[8], columns[12], shades[4][3];
  for (int i = 0; i < 8; i++) rows[i] = (float)i * 0.25f - 0.8743f;
  for (int i = 0; i < 12; i++) columns[i] = (float)i * 0.15625f - 0.8657f;
  for (int i = 0; i < 4; i++) for (int c = 0; c < 3; c++) shades[i][c] = (float)((i * 3 + c * 5) % 8) / 8.0f + 0.125f;
  const uint16_t indices[] = {7, 5, 3, 1, 0};
  GLuint array;
  glGenVertexArrays(1, &array);
  glBindVertexArray(array);
  GLuint buffers[4] = {buffer_create(GL_ARRAY_BUFFER, sizeof rows, rows, GL_STATIC_DRAW)};
  glVertexAttribPointer(0, 1, GL_FLOAT, GL_FALSE, 0, NULL);
  buffers[1] = buffer_create(GL_ARRAY_BUFFER, sizeof columns, columns, GL_STATIC_DRAW);
  glVertexAttribPointer(1, 1, GL_FLOAT, GL_FALSE, 0, NULL);
  glVertexAttribDivisor(1, 1);
  buffers[2] = buffer_create(GL_ARRAY_BUFFER, sizeof shades, shades, GL_STATIC_DRAW);
  glVertexAttribPointer(2, 3, GL_FLOAT, GL_FALSE, 0, NULL);
  glVertexAttribDivisor(2, 3);
  for (GLuint i = 0; i < 3; i++) glEnableVertexAttribArray(i);
  buffers[3] = buffer_create(GL_ELEMENT_ARRAY_BUFFER, sizeof indices, indices, GL_STATIC_DRAW);
  struct target target = target_create(GL_RGBA8, 0, SIZE, SIZE, 0);
  glUseProgram(program);
  for (int pass = 0; pass < 5; pass++) {
    char name[32];
    clear_colour(0, 0, 0, 1);
    if (pass == 0) glDrawArraysInstancedBaseInstanceEXT(GL_POINTS, 0, 8, 4, 5);
    if (pass == 1) glDrawArraysInstancedBaseInstanceEXT(GL_POINTS, 2, 3, 2, 0);
    if (pass == 2) glDrawElementsInstancedBaseInstanceEXT(GL_POINTS, 5, GL_UNSIGNED_SHORT, NULL, 3, 9);
    if (pass == 3) glDrawElementsInstancedBaseVertexBaseInstanceEXT(GL_POINTS, 2, GL_UNSIGNED_SHORT, (void *)6, 5, 4, 7);
    if (pass == 4) glDrawArraysInstanced(GL_POINTS, 0, 8, 4);
    snprintf(name, sizeof name, "base-instance.%d", pass);
    pixels(name, SIZE, SIZE);
  }
  target_delete(target);
  glBindVertexArray(0);
  glDeleteVertexArrays(1, &array);
  glDeleteBuffers(4, buffers);
}

// Rectangles before the near plane and behind the far one: cut away, or drawn at the limits of the depth range.
static void depth_clamp(void) {
  if (!offered("depth-clamp", "GL_EXT_depth_clamp")) return;
  GLuint program = program_uniform_colour();
  glUseProgram(program);
  struct target target = target_create(GL_RGBA8, GL_DEPTH_COMPONENT24, SIZE, SIZE, 0);
  glEnable(GL_DEPTH_TEST);
  glDepthFunc(GL_LESS);
  for (int pass = 0; pass < 4; pass++) {
    char name[32];
    glDepthMask(GL_TRUE);
    clear_colour(0, 0, 0, 1);
    glClearDepthf(0.5f);
    glClear(GL_DEPTH_BUFFER_BIT);
    if (pass & 1) glEnable(GL_DEPTH_CLAMP_EXT);
    if (pass & 2) glDepthRangef(0.375f, 0.75f);
    set_colour(program, 1, 0, 0, 1);
    draw_rectangle(-1, -1, 0, 0, -1.5f);
    set_colour(program, 0, 1, 0, 1);
    draw_rectangle(-1, 0, 0, 1, 1.5f);
    glDepthFunc(GL_ALWAYS);
    set_colour(program, 0, 0, 1, 1);
    draw_rectangle(0, 0, 1, 1, 1.5f);
    glDepthFunc(GL_LESS);
    set_colour(program, 1, 1, 0, 1);
    draw_rectangle(-0.5f, -0.5f, 0.5f, 0.5f, -0.25f);
    snprintf(name, sizeof name, "depth-clamp.%d", pass);
    pixels(name, SIZE, SIZE);
    glDisable(GL_DEPTH_CLAMP_EXT);
    glDepthRangef(0, 1);
  }
  glDisable(GL_DEPTH_TEST);
  target_delete(target);
}

// Clears, draws and blends into an sRGB texture with the encoding on and off.
static void srgb_write(void) {
  if (!offered("srgb-write", "GL_EXT_sRGB_write_control")) return;
  GLuint program = program_uniform_colour();
  glUseProgram(program);
  struct target target = target_create(GL_SRGB8_ALPHA8, 0, SIZE, SIZE, 0);
  for (int pass = 0; pass < 2; pass++) {
    char name[32];
    if (pass) glDisable(GL_FRAMEBUFFER_SRGB_EXT);
    clear_colour(0.25f, 0.5f, 0.75f, 0.5f);
    set_colour(program, 0.5f, 0.125f, 0.375f, 0.25f);
    draw_rectangle(-1, -1, 0, 1, 0);
    glEnable(GL_BLEND);
    glBlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
    draw_rectangle(-0.5f, -1, 1, 0, 0);
    glDisable(GL_BLEND);
    snprintf(name, sizeof name, "srgb-write.%d", pass);
    pixels_near(name, 0, 0, SIZE, SIZE, 1, 0);
    glEnable(GL_FRAMEBUFFER_SRGB_EXT);
  }
  // Encoded once more: nothing of the switch is left behind.
  clear_colour(0.25f, 0.5f, 0.75f, 0.5f);
  pixels_near("srgb-write.after", 0, 0, SIZE, SIZE, 1, 0);
  target_delete(target);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  base_instance();
  depth_clamp();
  srgb_write();
  return client_close();
}
