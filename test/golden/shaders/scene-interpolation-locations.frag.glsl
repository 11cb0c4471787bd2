#version 320 es
precision highp float;
precision highp int;
centroid in vec4 v_generic0;
sample in vec4 v_generic1;
in vec4 v_generic2;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  vec4 t0;
  t0 = v_generic0 + v_generic1;
  out0 = t0 + v_generic2;
  frag0 = out0;
}
