// Extensions that change drawing, where they are offered: blending and masks per draw buffer, base vertices, several draws
// in one call, clamped polygon offset, timer queries, depth and stencil read-back, a flipped framebuffer, float blending.
#include "common.h"

#define SIZE 32
#define LOAD(type, name) type name = (type)eglGetProcAddress(#name)

static GLuint program;

static int offered(const char *feature, const char *extension) {
  char name[64];
  const int has = has_extension(extension);
  snprintf(name, sizeof name, "%s.offered", feature);
  text(name, "%d", has);
  return has;
}

static void indexed(void) {
  if (!offered("indexed", "GL_EXT_draw_buffers_indexed")) return;
  LOAD(PFNGLENABLEIEXTPROC, glEnableiEXT);
  LOAD(PFNGLDISABLEIEXTPROC, glDisableiEXT);
  LOAD(PFNGLBLENDFUNCSEPARATEIEXTPROC, glBlendFuncSeparateiEXT);
  LOAD(PFNGLBLENDEQUATIONIEXTPROC, glBlendEquationiEXT);
  LOAD(PFNGLCOLORMASKIEXTPROC, glColorMaskiEXT);
  GLuint framebuffer, textures[4];
  const GLenum formats[] = {GL_RGBA8, GL_RGB8, GL_RG8, GL_RGB10_A2};
  const GLenum all[] = {GL_COLOR_ATTACHMENT0, GL_COLOR_ATTACHMENT1, GL_COLOR_ATTACHMENT2, GL_COLOR_ATTACHMENT3};
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  for (int i = 0; i < 4; i++) {
    textures[i] = texture_2d(formats[i], SIZE, SIZE, 1);
    glFramebufferTexture2D(GL_FRAMEBUFFER, all[i], GL_TEXTURE_2D, textures[i], 0);
  }
  glDrawBuffers(4, all);
  target_check("indexed");
  glViewport(0, 0, SIZE, SIZE);
  GLuint four = program_create(VERTEX_PLAIN, ES3 "layout(location = 0) out vec4 a[4]; void main() { for (int i = 0; i < 4; i++) a[i] = vec4(float(i + 1) / 8.0, gl_FragCoord.xy / 32.0, 0.375); }");
  glUseProgram(four);
  for (int pass = 0; pass < 3; pass++) {
    clear_colour(0.3f, 0.5f, 0.7f, 0.9f);
    glEnableiEXT(GL_BLEND, 0);
    if (pass) glEnableiEXT(GL_BLEND, 2);
    glEnableiEXT(GL_BLEND, 3);
    glBlendFuncSeparateiEXT(0, GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ZERO);
    glBlendFuncSeparateiEXT(2, GL_DST_COLOR, pass == 2 ? GL_ONE : GL_ZERO, GL_ONE, GL_ONE);
    glBlendFuncSeparateiEXT(3, GL_ONE, GL_ONE, GL_ONE, GL_ONE);
    glBlendEquationiEXT(0, pass == 1 ? GL_FUNC_REVERSE_SUBTRACT : GL_FUNC_ADD);
    glBlendEquationiEXT(3, GL_MAX);
    glColorMaskiEXT(1, GL_FALSE, GL_TRUE, pass == 1, GL_TRUE);
    glColorMaskiEXT(3, GL_TRUE, pass == 2, GL_TRUE, GL_FALSE);
    draw_rectangle(-0.75f, -1, 1, 0.5f, 0);
    for (GLuint i = 0; i < 4; i++) {
      char name[32];
      glDisableiEXT(GL_BLEND, i);
      glColorMaskiEXT(i, GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
      glReadBuffer(all[i]);
      snprintf(name, sizeof name, "indexed.%d.%u", pass, i);
      pixels_near(name, 0, 0, SIZE, SIZE, 1, 0);
    }
  }
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDeleteFramebuffers(1, &framebuffer);
}

static void base_vertex(void) {
  if (!offered("base-vertex", "GL_EXT_draw_elements_base_vertex")) return;
  LOAD(PFNGLDRAWELEMENTSBASEVERTEXEXTPROC, glDrawElementsBaseVertexEXT);
  LOAD(PFNGLDRAWELEMENTSINSTANCEDBASEVERTEXEXTPROC, glDrawElementsInstancedBaseVertexEXT);
  GLuint flat = program_create(ES3 "in vec2 position; flat out vec4 colour; void main() { colour = vec4(float(gl_VertexID & 7) / 7.0, float(gl_VertexID >> 3) / 4.0, float(gl_InstanceID) / 2.0, 1.0); gl_Position = vec4(position + float(gl_InstanceID) * 0.17, 0.0, 1.0); }",
                               ES3 "flat in vec4 colour; out vec4 result; void main() { result = colour; }");
  float grid[32][2];
  for (int i = 0; i < 32; i++) {
    grid[i][0] = (float)(i % 8) * 0.25f - 0.93f;
    grid[i][1] = (float)(i / 8) * 0.43f - 0.87f;
  }
  const uint16_t indices[] = {0, 1, 8, 9, 1, 2, 10};
  GLuint buffers[2] = {buffer_create(GL_ARRAY_BUFFER, sizeof grid, grid, GL_STATIC_DRAW), buffer_create(GL_ELEMENT_ARRAY_BUFFER, sizeof indices, indices, GL_STATIC_DRAW)};
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, NULL);
  glEnableVertexAttribArray(0);
  glUseProgram(flat);
  glViewport(0, 0, WINDOW_SIZE, WINDOW_SIZE);
  clear_colour(0, 0, 0, 1);
  glDrawElementsBaseVertexEXT(GL_TRIANGLES, 3, GL_UNSIGNED_SHORT, NULL, 3);
  glDrawElementsBaseVertexEXT(GL_TRIANGLES, 3, GL_UNSIGNED_SHORT, (void *)8, 16);
  glDrawElementsInstancedBaseVertexEXT(GL_TRIANGLE_STRIP, 4, GL_UNSIGNED_SHORT, NULL, 3, 12);
  glDrawElementsBaseVertexEXT(GL_TRIANGLES, 3, GL_UNSIGNED_SHORT, (void *)6, -1);
  pixels("base-vertex.drawn", WINDOW_SIZE, WINDOW_SIZE);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, 0);
  glDeleteBuffers(2, buffers);
}

static void multi_draw(void) {
  if (!offered("multi-draw", "GL_EXT_multi_draw_arrays")) return;
  LOAD(PFNGLMULTIDRAWARRAYSEXTPROC, glMultiDrawArraysEXT);
  LOAD(PFNGLMULTIDRAWELEMENTSEXTPROC, glMultiDrawElementsEXT);
  float corners[24][2];
  for (int i = 0; i < 24; i++) {
    corners[i][0] = (float)(i / 4) * 0.3f - 0.91f + (float)(i % 2) * 0.23f;
    corners[i][1] = (float)(i / 2 % 2) * 0.6f - 0.57f + (float)(i / 4) * 0.07f;
  }
  const GLint firsts[] = {0, 8, 16};
  const GLsizei counts[] = {4, 3, 4};
  const uint8_t indices[] = {4, 5, 6, 7, 12, 13, 14, 20, 21, 22, 23};
  const void *offsets[] = {(void *)0, (void *)4, (void *)7};
  GLuint buffers[2] = {buffer_create(GL_ARRAY_BUFFER, sizeof corners, corners, GL_STATIC_DRAW), buffer_create(GL_ELEMENT_ARRAY_BUFFER, sizeof indices, indices, GL_STATIC_DRAW)};
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, NULL);
  glEnableVertexAttribArray(0);
  clear_colour(0, 0, 0, 1);
  set_colour(program, 1, 0.5f, 0, 1);
  glMultiDrawArraysEXT(GL_TRIANGLE_STRIP, firsts, counts, 3);
  set_colour(program, 0, 0.5f, 1, 1);
  glMultiDrawElementsEXT(GL_TRIANGLE_STRIP, counts, GL_UNSIGNED_BYTE, offsets, 3);
  pixels("multi-draw.drawn", WINDOW_SIZE, WINDOW_SIZE);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, 0);
  glDeleteBuffers(2, buffers);
}

static void offset_clamp(void) {
  if (!offered("offset-clamp", "GL_EXT_polygon_offset_clamp")) return;
  LOAD(PFNGLPOLYGONOFFSETCLAMPEXTPROC, glPolygonOffsetClampEXT);
  const float slope[] = {-0.9f, -0.9f, -0.9f, 0.9f, -0.7f, 0.9f, 0, 0.9f, 0.3f};
  glEnable(GL_DEPTH_TEST);
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  set_colour(program, 1, 0, 0, 1);
  draw_vertices(GL_TRIANGLES, slope, 3, 3);
  glEnable(GL_POLYGON_OFFSET_FILL);
  for (int i = 0; i < 4; i++) {
    const float clamps[] = {0, 0.01f, -0.01f, 0.2f};
    glPolygonOffsetClampEXT(i % 2 ? 20 : -20, 5, clamps[i]);
    glEnable(GL_SCISSOR_TEST);
    glScissor(i * 32, 0, 32, 128);
    set_colour(program, 0, 1, (float)i / 4, 1);
    float nearer[9];
    memcpy(nearer, slope, sizeof slope);
    for (int v = 0; v < 3; v++) nearer[v * 3 + 2] += i % 2 ? -0.05f : 0.05f;
    draw_vertices(GL_TRIANGLES, nearer, 3, 3);
  }
  glDisable(GL_SCISSOR_TEST);
  glDisable(GL_POLYGON_OFFSET_FILL);
  glDisable(GL_DEPTH_TEST);
  pixels("offset-clamp.drawn", WINDOW_SIZE, WINDOW_SIZE);
}

static void timers(void) {
  if (!offered("timer", "GL_EXT_disjoint_timer_query")) return;
  LOAD(PFNGLQUERYCOUNTEREXTPROC, glQueryCounterEXT);
  LOAD(PFNGLGETQUERYOBJECTUI64VEXTPROC, glGetQueryObjectui64vEXT);
  GLuint queries[4];
  GLuint64 values[4];
  glGenQueries(4, queries);
  glQueryCounterEXT(queries[0], GL_TIMESTAMP_EXT);
  glBeginQuery(GL_TIME_ELAPSED_EXT, queries[1]);
  for (int i = 0; i < 10; i++) draw_full();
  glEndQuery(GL_TIME_ELAPSED_EXT);
  glQueryCounterEXT(queries[2], GL_TIMESTAMP_EXT);
  glBeginQuery(GL_TIME_ELAPSED_EXT, queries[3]);
  glEndQuery(GL_TIME_ELAPSED_EXT);
  for (int i = 0; i < 4; i++) glGetQueryObjectui64vEXT(queries[i], GL_QUERY_RESULT, &values[i]);
  text("timer.order", "%d", values[0] > 0 && values[2] >= values[0]);
  text("timer.elapsed", "%d", values[1] > 0 && values[1] <= values[2] - values[0] + 1000000 && values[3] < 1000000000);
  glDeleteQueries(4, queries);
}

static void read_depth(void) {
  if (!offered("read-depth", "GL_NV_read_depth_stencil")) return;
  struct target target = target_create(GL_RGBA8, GL_DEPTH24_STENCIL8, SIZE, SIZE, 0);
  glEnable(GL_DEPTH_TEST);
  glEnable(GL_STENCIL_TEST);
  glClearStencil(7);
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
  glStencilFunc(GL_ALWAYS, 200, 255);
  glStencilOp(GL_KEEP, GL_KEEP, GL_REPLACE);
  const float slope[] = {-0.9f, -0.8f, -0.9f, 0.9f, -0.7f, 0.9f, 0, 0.9f, 0.3f};
  set_colour(program, 1, 1, 1, 1);
  draw_vertices(GL_TRIANGLES, slope, 3, 3);
  uint32_t depths[SIZE * SIZE];
  uint8_t stencils[SIZE * SIZE];
  glReadPixels(0, 0, SIZE, SIZE, GL_DEPTH_COMPONENT, GL_UNSIGNED_INT, depths);
  record("read-depth.depth", "u32", SIZE, SIZE, 512, 0, depths, sizeof depths);  // 24 bits stretched to 32
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, SIZE, SIZE, GL_STENCIL_INDEX_OES, GL_UNSIGNED_BYTE, stencils);
  glPixelStorei(GL_PACK_ALIGNMENT, 4);
  bytes("read-depth.stencil", stencils, sizeof stencils);
  check_gl("read-depth");
  glDisable(GL_DEPTH_TEST);
  glDisable(GL_STENCIL_TEST);
  glClearStencil(0);
  target_delete(target);
}

static void flipped(void) {
  if (!offered("flip", "GL_MESA_framebuffer_flip_y")) return;
  LOAD(PFNGLFRAMEBUFFERPARAMETERIMESAPROC, glFramebufferParameteriMESA);
  struct target target = target_create(GL_RGBA8, 0, SIZE, SIZE, 0);
  glFramebufferParameteriMESA(GL_FRAMEBUFFER, GL_FRAMEBUFFER_FLIP_Y_MESA, 1);
  GLuint coordinates = program_create(VERTEX_PLAIN, ES3 "out vec4 result; void main() { result = vec4(gl_FragCoord.xy / 32.0, dFdy(gl_FragCoord.y) > 0.0, gl_FrontFacing); }");
  clear_colour(0, 0, 0, 1);
  glUseProgram(coordinates);
  const float triangle[] = {-0.9f, -0.8f, 0, 0.7f, -0.9f, 0, 0.1f, 0.6f, 0};
  draw_vertices(GL_TRIANGLES, triangle, 3, 3);
  pixels_near("flip.drawn", 0, 0, SIZE, SIZE, 1, 0);
  glFramebufferParameteriMESA(GL_FRAMEBUFFER, GL_FRAMEBUFFER_FLIP_Y_MESA, 0);
  pixels_near("flip.back", 0, 0, SIZE, SIZE, 1, 0);
  target_delete(target);
}

static void float_blend(void) {
  if (!offered("float-blend", "GL_EXT_float_blend")) return;
  struct target target = target_create(GL_RGBA32F, 0, SIZE, SIZE, 0);
  clear_colour(-1.5f, 0.25f, 1000, 2);
  glEnable(GL_BLEND);
  glBlendFunc(GL_ONE, GL_DST_ALPHA);
  set_colour(program, 0.5f, -3, 0.125f, 4);
  draw_rectangle(-0.5f, -0.5f, 1, 0.75f, 0);
  draw_rectangle(0, 0, 1, 1, 0);
  glDisable(GL_BLEND);
  pixels_float("float-blend.drawn", SIZE, SIZE, 0);
  target_delete(target);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  program = program_uniform_colour();
  indexed();
  base_vertex();
  multi_draw();
  offset_clamp();
  timers();
  read_depth();
  flipped();
  float_blend();
  return client_close();
}
