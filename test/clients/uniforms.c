// Plain uniforms: every type, arrays and structures, matrices transposed, as many vectors as ES 3.0 promises in both stages
// at once, changed between draws and between programs, samplers' default values.
#include "common.h"

static void cell(int index) { glViewport(index % 8 * 16, index / 8 * 16, 16, 16); }

static void types(void) {
  GLuint program = program_create(VERTEX_PLAIN, ES3
      "struct Light { vec3 place; float power[2]; ivec2 where; };\n"
      "uniform float f; uniform vec2 f2; uniform vec3 f3; uniform vec4 f4; uniform int i; uniform ivec3 i3; uniform uint u; uniform uvec4 u4; uniform bool b; uniform bvec2 b2;\n"
      "uniform mat2 m2; uniform mat3 m3; uniform mat4 m4; uniform mat2x3 m23; uniform mat4x2 m42; uniform Light lights[3]; uniform float list[9]; uniform int pick; out vec4 result;\n"
      "void main() { vec4 v;\n"
      "  if (pick == 0) v = vec4(f, f2, 1.0); else if (pick == 1) v = vec4(f3, 1.0) * f4; else if (pick == 2) v = vec4(float(i) / 10.0, vec3(i3) / 10.0);\n"
      "  else if (pick == 3) v = vec4(float(u) / 4294967295.0, vec3(u4.xyz) / 10.0) * float(u4.w); else if (pick == 4) v = vec4(b, b2, 1.0);\n"
      "  else if (pick == 5) v = vec4(m2 * f2, m3[2].xy); else if (pick == 6) v = m4 * f4; else if (pick == 7) v = vec4(m23 * f2, 1.0); else if (pick == 8) v = vec4(m42 * f4, m42[3]);\n"
      "  else if (pick < 12) v = vec4(lights[pick - 9].place.xy, lights[pick - 9].power[pick & 1], float(lights[pick - 9].where.y) / 10.0);\n"
      "  else v = vec4(list[pick - 12], list[(pick * 5) % 9], list[8], 1.0); result = v; }");
  glUseProgram(program);
#define AT(name) glGetUniformLocation(program, name)
  float values[16];
  for (int n = 0; n < 16; n++) values[n] = (float)noise((uint32_t)n) / 400;
  glUniform1f(AT("f"), 0.3f);
  glUniform2f(AT("f2"), 0.6f, 0.1f);
  glUniform3f(AT("f3"), 0.2f, 0.4f, 0.9f);
  glUniform4fv(AT("f4"), 1, values);
  glUniform1i(AT("i"), 7);
  glUniform3i(AT("i3"), 3, -2, 9);
  glUniform1ui(AT("u"), 0xc0000000u);
  glUniform4ui(AT("u4"), 1, 5, 9, 1);
  glUniform1i(AT("b"), 77);
  glUniform2i(AT("b2"), 0, 1);
  glUniformMatrix2fv(AT("m2"), 1, GL_TRUE, values);
  glUniformMatrix3fv(AT("m3"), 1, GL_FALSE, values + 1);
  glUniformMatrix4fv(AT("m4"), 1, GL_TRUE, values);
  glUniformMatrix2x3fv(AT("m23"), 1, GL_FALSE, values + 3);
  glUniformMatrix4x2fv(AT("m42"), 1, GL_TRUE, values + 5);
  for (int light = 0; light < 3; light++) {
    char name[64];
    snprintf(name, sizeof name, "lights[%d].place", light);
    glUniform3f(AT(name), (float)light / 3, 0.5f, 0);
    snprintf(name, sizeof name, "lights[%d].power", light);
    glUniform1fv(AT(name), 2, values + light * 2);
    snprintf(name, sizeof name, "lights[%d].where", light);
    glUniform2i(AT(name), 1, light * 4);
  }
  glUniform1fv(AT("list"), 9, values);
  glUniform1f(AT("list[4]"), 0.99f);
  for (int pick = 0; pick < 21; pick++) {
    set_int(program, "pick", pick);
    cell(pick);
    draw_full();
  }
  check_gl("types");
}

// 224 vectors in the fragment stage and 256 in the vertex stage (the minima of ES 3.0), indexed dynamically.
static void full(void) {
  GLuint program = program_create(
      ES3 "in vec2 position; uniform vec4 table[250]; uniform int from; flat out vec4 varied; void main() { varied = table[(from + gl_VertexID * 61) % 250]; gl_Position = vec4(position, 0.0, 1.0); }",
      ES3 "flat in vec4 varied; uniform vec4 entries[220]; uniform int at; out vec4 result; void main() { result = mix(varied, entries[(at + int(gl_FragCoord.x) * 13 + int(gl_FragCoord.y)) % 220], 0.5); }");
  float table[250][4];
  for (int i = 0; i < 1000; i++) table[i / 4][i % 4] = (float)noise((uint32_t)i + 77) / 255;
  glUseProgram(program);
  glUniform4fv(AT("table"), 250, table[0]);
  glUniform4fv(AT("entries"), 220, table[20]);
  for (int i = 0; i < 16; i++) {
    cell(24 + i);
    set_int(program, "from", i * 17);
    set_int(program, "at", i * 31);
    if (i % 4 == 3) glUniform4fv(AT("entries[100]"), 50, table[i]);
    draw_full();
  }
  check_gl("full");
}

// Many times the minimum, in both stages, beside a uniform block: a storage that is nearly full.
static void fuller(void) {
  GLuint program = program_create(
      ES3 "in vec2 position; uniform vec4 table[1000]; uniform int from; flat out vec4 varied; void main() { varied = table[(from + gl_VertexID * 61) % 1000]; gl_Position = vec4(position, 0.0, 1.0); }",
      ES3 "flat in vec4 varied; layout(std140) uniform Block { vec4 extra[4]; }; uniform vec4 entries[1000]; uniform int at; out vec4 result; void main() { result = mix(varied, entries[(at + int(gl_FragCoord.x) * 113 + int(gl_FragCoord.y)) % 1000], 0.5) + extra[at & 3]; }");
  static float table[1000][4];
  const float extra[16] = {0.125f, 0, 0, 0, 0, 0.125f, 0, 0, 0, 0, 0.125f};
  for (int i = 0; i < 4000; i++) table[i / 4][i % 4] = (float)noise((uint32_t)i + 977) / 300;
  buffer_create(GL_UNIFORM_BUFFER, sizeof extra, extra, GL_STATIC_DRAW);
  GLuint buffer = buffer_create(GL_UNIFORM_BUFFER, sizeof extra, extra, GL_STATIC_DRAW);
  glBindBufferBase(GL_UNIFORM_BUFFER, 0, buffer);
  glUseProgram(program);
  glUniform4fv(AT("table"), 1000, table[0]);
  for (int i = 0; i < 8; i++) {
    glViewport(i * 16, 0, 16, 16);
    glUniform4fv(AT("entries"), 1000 - i * 10, table[i * 10]);
    set_int(program, "from", i * 117);
    set_int(program, "at", i * 131);
    draw_full();
  }
  pixels_near("fuller", 0, 0, WINDOW_SIZE, 16, 1, 0);
}

// Two programs take turns; each keeps its uniforms, and only what changes is sent.
static void turns(void) {
  GLuint programs[2] = {program_uniform_colour(), program_create(VERTEX_PLAIN, ES3 "uniform vec4 colour; uniform vec4 more; out vec4 result; void main() { result = colour.bgra + more; }")};
  for (int i = 0; i < 24; i++) {
    GLuint program = programs[i % 2];
    glUseProgram(program);
    if (i % 5 == 0) set_colour(program, (float)i / 24, 0.5f, 1 - (float)i / 24, 1);
    if (i % 2 && i % 3 == 0) glUniform4f(AT("more"), 0.1f, (float)i / 48, 0, 0);
    cell(40 + i);
    draw_full();
  }
  check_gl("turns");
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  clear_colour(0, 0, 0, 1);
  types();
  full();
  turns();
  pixels_near("all", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);  // sums of products: one unit of rounding
  fuller();
  return client_close();
}
