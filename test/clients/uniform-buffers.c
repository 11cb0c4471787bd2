// Uniform blocks: twelve per stage in both stages at once beside the default block, std140 layouts, dynamic indices into
// arrays and block arrays by constant, a 64 KiB block (or the limit, if smaller), ranges at offsets, buffer updates
// between draws, and one buffer behind several blocks.
#include "common.h"

#define CELL 8

static void cell(int index) { glViewport(index % 16 * CELL, index / 16 * CELL, CELL, CELL); }

static void twelve_per_stage(void) {
  char vertex[4096] = ES3 "in vec2 position; uniform vec4 scale; flat out vec4 varied;\n", fragment[4096] = ES3 "flat in vec4 varied; uniform vec4 tint; out vec4 result;\n";
  char vertex_sum[1024] = "", fragment_sum[1024] = "", line[256];
  for (int i = 0; i < 12; i++) {
    snprintf(line, sizeof line, "layout(std140) uniform V%d { vec4 first%d; vec4 second%d; };\n", i, i, i);
    strcat(vertex, line);
    snprintf(line, sizeof line, "layout(std140) uniform F%d { vec4 left%d; vec4 right%d; };\n", i, i, i);
    strcat(fragment, line);
    snprintf(line, sizeof line, " + first%d * %d.0 + second%d", i, i + 1, i);
    strcat(vertex_sum, line);
    snprintf(line, sizeof line, " + left%d - right%d * %d.0", i, i, i);
    strcat(fragment_sum, line);
  }
  snprintf(vertex + strlen(vertex), sizeof vertex - strlen(vertex), "void main() { varied = scale%s; gl_Position = vec4(position, 0.0, 1.0); }", vertex_sum);
  snprintf(fragment + strlen(fragment), sizeof fragment - strlen(fragment), "void main() { result = (varied%s) * tint; }", fragment_sum);
  GLuint program = program_create(vertex, fragment);
  float data[24][64];
  for (int block = 0; block < 24; block++)
    for (int i = 0; i < 64; i++) data[block][i] = (float)(noise((uint32_t)(block * 64 + i)) % 16) / 1024;
  GLuint buffer = buffer_create(GL_UNIFORM_BUFFER, sizeof data, data, GL_STATIC_DRAW);
  for (int i = 0; i < 24; i++) {
    snprintf(line, sizeof line, "%c%d", i < 12 ? 'V' : 'F', i % 12);
    glUniformBlockBinding(program, glGetUniformBlockIndex(program, line), (GLuint)i);
    glBindBufferRange(GL_UNIFORM_BUFFER, (GLuint)i, buffer, i * 256, 32);
  }
  glUseProgram(program);
  glUniform4f(glGetUniformLocation(program, "scale"), 0.125f, 0.25f, 0.5f, 1);
  for (int i = 0; i < 16; i++) {
    cell(i);
    glUniform4f(glGetUniformLocation(program, "tint"), 1, (float)i / 16, 0.5f, 1);
    glBindBufferRange(GL_UNIFORM_BUFFER, (GLuint)(i % 12), buffer, (i + 8) % 24 * 256, 32);
    draw_full();
  }
  check_gl("twelve");
}

#define LAYOUT_BLOCK \
  "struct Inner { float a; vec2 b; vec3 c; mat2 d; };\n" \
  "layout(std140) uniform Layout { float one; vec2 two; vec3 three; float tail; int whole; uint natural; bool flag; mat3 nine;\n" \
  "  layout(row_major) mat2x3 six; Inner inner[3]; float scalars[5]; vec4 last; };\n"
static void std140(void) {
  GLuint program = program_create(VERTEX_PLAIN, ES3 LAYOUT_BLOCK
      "uniform int pick; uniform int at; out vec4 result;\n"
      "void main() {\n"
      "  vec4 v = vec4(0);\n"
      "  if (pick == 0) v = vec4(one, two, three.z);\n"
      "  else if (pick == 1) v = vec4(three.xy, tail, float(whole));\n"
      "  else if (pick == 2) v = vec4(float(natural), flag ? 1.0 : 0.0, nine[1].yz);\n"
      "  else if (pick == 3) v = vec4(nine[at], six[1].z);\n"
      "  else if (pick == 4) v = vec4(inner[at].a, inner[at].b, inner[at].c.z);\n"
      "  else if (pick == 5) v = vec4(inner[2].d[at & 1], inner[at].d[1]);\n"
      "  else if (pick == 6) v = vec4(scalars[at], scalars[4 - at], last.xw);\n"
      "  else v = last * float(at + 1);\n"
      "  result = v; }");
  const char *fields[] = {"one", "two", "three", "tail", "whole", "natural", "flag", "nine", "six", "inner[0].a", "inner[0].b", "inner[0].c",
                          "inner[0].d", "inner[1].a", "inner[2].d", "scalars[0]", "last"};
  GLuint indices[COUNT(fields)];
  GLint offsets[COUNT(fields)];
  glGetUniformIndices(program, COUNT(fields), fields, indices);
  glGetActiveUniformsiv(program, COUNT(fields), indices, GL_UNIFORM_OFFSET, offsets);
  char list[512] = "";
  for (int i = 0; i < COUNT(fields); i++) snprintf(list + strlen(list), sizeof list - strlen(list), "%s=%d ", fields[i], offsets[i]);
  text("std140.offsets", "%s", list);
  union { float f[256]; int32_t i[256]; } block;
  for (int i = 0; i < 256; i++) block.f[i] = (float)noise((uint32_t)i + 5000) / 255;
  block.i[offsets[4] / 4] = 1;
  block.i[offsets[5] / 4] = 1;
  block.i[offsets[6] / 4] = 1;
  GLuint buffer = buffer_create(GL_UNIFORM_BUFFER, sizeof block, &block, GL_DYNAMIC_DRAW);
  glBindBufferBase(GL_UNIFORM_BUFFER, 3, buffer);
  glUniformBlockBinding(program, glGetUniformBlockIndex(program, "Layout"), 3);
  for (int i = 0; i < 24; i++) {
    cell(32 + i);
    set_int(program, "pick", i % 8);
    set_int(program, "at", i / 8);
    draw_full();
  }
  // The same block after a sub-range was replaced.
  const float replacement[] = {1, 0.25f, 0.5f, 0.75f};
  glBufferSubData(GL_UNIFORM_BUFFER, offsets[16], sizeof replacement, replacement);
  cell(56);
  set_int(program, "pick", 7);
  set_int(program, "at", 0);
  draw_full();
  check_gl("std140");
}

// A block of `vectors` vec4 in the fragment stage, then the same buffer as a block of the vertex stage.
static void large(int vectors, const char *name) {
  char source[512];
  snprintf(source, sizeof source, ES3 "layout(std140) uniform Large { vec4 values[%d]; }; uniform int at; out vec4 result;\n"
           "void main() { result = values[at] + values[(at * 7 + int(gl_FragCoord.x)) %% %d] * 0.25; }", vectors, vectors);
  GLuint program = program_create(VERTEX_PLAIN, source);
  float *data = malloc((size_t)vectors * 16);
  for (int i = 0; i < vectors * 4; i++) data[i] = (float)(noise((uint32_t)i * 3) % 64) / 100;
  GLuint buffer = buffer_create(GL_UNIFORM_BUFFER, (size_t)vectors * 16, data, GL_STATIC_DRAW);
  glBindBufferBase(GL_UNIFORM_BUFFER, 0, buffer);
  glUniformBlockBinding(program, glGetUniformBlockIndex(program, "Large"), 0);
  clear_colour(0, 0, 0, 1);
  for (int i = 0; i < 16; i++) {
    cell(i);
    set_int(program, "at", i * (vectors - 1) / 15);
    draw_full();
  }
  snprintf(source, sizeof source, ES3 "in vec2 position; layout(std140) uniform Other { vec4 entries[%d]; }; uniform int from; flat out vec4 varied;\n"
           "void main() { varied = entries[from + gl_VertexID]; gl_Position = vec4(position, 0.0, 1.0); }", vectors);
  GLuint both = program_create(source, ES3 "flat in vec4 varied; out vec4 result; void main() { result = varied; }");
  glUniformBlockBinding(both, glGetUniformBlockIndex(both, "Other"), 0);
  for (int i = 0; i < 16; i++) {
    cell(16 + i);
    set_int(both, "from", i * (vectors - 8) / 15);
    draw_full();
  }
  free(data);
  pixels_near(name, 0, 0, WINDOW_SIZE, 16, 1, 0);
}

// One block read at many aligned offsets of a buffer, by ranges exactly as long as the block, and block arrays.
static void offsets(void) {
  GLint alignment = 0;
  glGetIntegerv(GL_UNIFORM_BUFFER_OFFSET_ALIGNMENT, &alignment);
  if (alignment < 16) alignment = 16;
  const int step = alignment < 256 ? 256 : alignment;
  GLuint program = program_create(VERTEX_PLAIN, ES3
      "layout(std140) uniform Part { vec4 colour; float gain; } parts[3]; out vec4 result;\n"
      "void main() { result = parts[0].colour * parts[0].gain + parts[1].colour * parts[1].gain + parts[2].colour * parts[2].gain; }");
  float *data = calloc(32, (size_t)step);
  for (int i = 0; i < 32 * step / 4; i++) data[i] = (float)(noise((uint32_t)(i % (step / 4) + i / (step / 4) * 64)) % 32) / 128;
  GLuint buffer = buffer_create(GL_UNIFORM_BUFFER, (size_t)step * 32, data, GL_STATIC_DRAW);
  for (int part = 0; part < 3; part++) {
    char name[32];
    snprintf(name, sizeof name, "Part[%d]", part);
    glUniformBlockBinding(program, glGetUniformBlockIndex(program, name), (GLuint)part + 7);
  }
  glUseProgram(program);
  for (int i = 0; i < 16; i++) {
    cell(64 + i);
    for (int part = 0; part < 3; part++) glBindBufferRange(GL_UNIFORM_BUFFER, (GLuint)part + 7, buffer, (i * 2 + part * 5) % 32 * step, 32);
    draw_full();
  }
  free(data);
  check_gl("offsets");
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  GLint counts[2] = {0, 0};
  glGetIntegerv(GL_MAX_VERTEX_UNIFORM_BLOCKS, &counts[0]);
  glGetIntegerv(GL_MAX_FRAGMENT_UNIFORM_BLOCKS, &counts[1]);
  text("at-least-twelve", "%d %d", counts[0] >= 12, counts[1] >= 12);
  clear_colour(0, 0, 0, 1);
  twelve_per_stage();
  std140();
  offsets();
  pixels_near("all", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);  // sums of many floats: one unit of rounding
  GLint limit = 0;
  glGetIntegerv(GL_MAX_UNIFORM_BLOCK_SIZE, &limit);
  text("large-64k.offered", "%d", limit >= 65536);
  large(1024, "large-16k");
  if (limit >= 65536) large(4096, "large-64k.drawn");
  return client_close();
}
